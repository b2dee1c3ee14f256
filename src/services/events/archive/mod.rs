//! Archives: the events of a bus that a pattern lets through, kept for replays.
//!
//! In reading order: [`record`] is an event as it is kept, [`store`] the events of one archive, a core. This file has
//! archives as the service holds them: `Archives` finds one, and a bus has the `Archiving` of its events.
//!
//! On AWS an archive is a rule of the bus. Here it has one to show ([`managed`](super::managed)), and is itself asked before
//! the rules.

pub mod record;
pub mod store;

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard, RwLock};

use super::buses::BusName;
use super::event::Event;
use super::rule::Pattern;
use crate::agenda::{Agenda, Alarm, Sleeper};
use crate::aws::{AccountId, Arn, Caller, Named, Region};
use crate::clock::Timestamp;
use crate::pattern;
use record::{Kept, Record};
use store::{Cursor, Store, Totals, Window};

const DAY: Duration = Duration::from_hours(24);

/// Events that are over are forgotten together, so many milliseconds at a time. A replay has none of them in any case.
const TOGETHER: u64 = 60_000;

/// How many events are forgotten while an archive is locked.
const FORGOTTEN_AT_ONCE: usize = 1000;

/// The states' names, in the order of the model.
pub(super) const STATES: &[&str] = &[
    ENABLED,
    "DISABLED",
    "CREATING",
    "UPDATING",
    "CREATE_FAILED",
    "UPDATE_FAILED",
];

/// The state of all archives.
pub(super) const ENABLED: &str = "ENABLED";

/// An archive's name, account and region, which make its ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ArchiveName {
    account: AccountId,
    region: Region,
    pub(super) name: Box<str>,
}

/// What callers have set of an archive.
#[derive(Clone, Debug, Default)]
pub(super) struct ArchiveSettings {
    pub(super) description: Option<String>,
    pub(super) pattern: Option<Arc<Pattern>>,
    /// The pattern of its rule, if it has one of its own: see [`managed`](super::managed).
    pub(super) of_rule: Option<Arc<Pattern>>,
    /// How many days events are kept; without it, they are never deleted.
    pub(super) retention_days: u32,
    pub(super) kms_key_identifier: Option<String>,
}

/// An archive as the service holds it.
#[derive(Debug)]
pub(super) struct Archive {
    pub(super) name: ArchiveName,
    pub(super) arn: String,
    pub(super) bus: BusName,
    pub(super) created_at: Timestamp,
    state: Mutex<State>,
    agenda: Arc<Agenda>,
}

#[derive(Debug, Default)]
struct State {
    settings: ArchiveSettings,
    store: Store,
    /// When what is over is forgotten.
    alarm: Option<Alarm>,
    is_deleted: bool,
}

/// The archives of one bus.
#[derive(Debug, Default)]
pub(super) struct Archiving {
    archives: RwLock<Vec<Arc<Archive>>>,
}

/// The archives of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Archives {
    archives: Named<Archive>,
    changing: Mutex<()>,
}

impl ArchiveName {
    /// An archive of the caller's.
    pub(super) fn owned(caller: &Caller<'_>, name: &str) -> Self {
        Self {
            account: caller.account,
            region: caller.region,
            name: name.into(),
        }
    }

    /// The archive with this ARN.
    pub(super) fn parse(arn: &str) -> Option<Self> {
        let arn = Arn::parse(arn).filter(|arn| arn.service == "events")?;
        Some(Self {
            account: AccountId::parse(arn.account)?,
            region: Region::parse(arn.region)?,
            name: arn.resource.strip_prefix("archive/")?.into(),
        })
    }

    fn arn(&self) -> String {
        let Self {
            account,
            region,
            name,
        } = self;
        let partition = region.partition();
        format!("arn:{partition}:events:{region}:{account}:archive/{name}")
    }
}

impl Archives {
    /// All of them.
    pub(super) const fn named(&self) -> &Named<Archive> {
        &self.archives
    }

    /// Held while an archive comes, changes or goes, and its rule with it.
    pub(super) fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock()
    }

    pub(super) fn get(&self, name: &ArchiveName) -> Option<Arc<Archive>> {
        self.archives.get(name.account, name.region, &name.name)
    }

    /// Adds an archive; none if its name is taken.
    pub(super) fn add(
        &self,
        name: &ArchiveName,
        bus: BusName,
        settings: ArchiveSettings,
        agenda: &Arc<Agenda>,
    ) -> Option<Arc<Archive>> {
        let make = || Archive {
            arn: name.arn(),
            name: name.clone(),
            bus,
            created_at: agenda.clock().now(),
            state: Mutex::new(State {
                settings,
                ..State::default()
            }),
            agenda: agenda.clone(),
        };
        let (archive, is_new) =
            self.archives
                .get_or_insert(name.account, name.region, &name.name, make);
        is_new.then_some(archive)
    }

    /// Removes this archive, unless another has its name by now.
    pub(super) fn remove(&self, archive: &Arc<Archive>) {
        let ArchiveName {
            account,
            region,
            name,
        } = &archive.name;
        self.archives.remove(*account, *region, name, archive);
        archive.delete();
    }

    /// The caller's archives, ordered by name, after the one named `last`.
    pub(super) fn after<'a>(
        &'a self,
        caller: &Caller<'_>,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Archive>> + use<'a> {
        self.archives.after(caller.account, caller.region, last)
    }
}

impl Archiving {
    pub(super) fn begin(&self, archive: &Arc<Archive>) {
        self.archives.write().push(archive.clone());
    }

    pub(super) fn end(&self, archive: &Arc<Archive>) {
        let mut archives = self.archives.write();
        archives.retain(|one| !Arc::ptr_eq(one, archive));
    }

    /// The same for the archive whose rule has this name.
    pub(super) fn end_by_rule(&self, name: &str) {
        let mut archives = self.archives.write();
        archives.retain(|archive| archive.rule_name() != name);
    }

    /// Keeps an event that has come to the bus at `now`, unless it is replayed.
    pub(super) fn keep(&self, now: Timestamp, event: &Event) {
        let archives = self.archives.read();
        if archives.is_empty() {
            return;
        }
        let Some(record) = Record::of(&event.text) else {
            return;
        };
        let members = pattern::Event::from_json(&event.text);
        for archive in &*archives {
            archive.keep(now, &members, &record);
        }
    }
}

impl Archive {
    pub(super) fn settings(&self) -> ArchiveSettings {
        self.state.lock().settings.clone()
    }

    /// How much it holds.
    pub(super) fn totals(&self) -> Totals {
        self.state.lock().store.totals()
    }

    pub(super) fn change(self: &Arc<Self>, change: impl FnOnce(&mut ArchiveSettings)) {
        let mut state = self.state.lock();
        change(&mut state.settings);
        self.set_alarm(&mut state);
    }

    /// Forgets its events, and takes no others.
    pub(super) fn delete(&self) {
        let mut state = self.state.lock();
        state.is_deleted = true;
        state.store = Store::default();
    }

    fn keep(self: &Arc<Self>, now: Timestamp, members: &pattern::Event<'_>, record: &Record<'_>) {
        let pattern = self.state.lock().settings.of_rule.clone();
        if pattern.is_some_and(|pattern| !pattern.parsed.matches(members)) {
            return;
        }
        let mut state = self.state.lock();
        if state.is_deleted {
            return;
        }
        state.store.keep(now, record);
        if state.alarm.is_none() {
            self.set_alarm(&mut state);
        }
    }

    /// A window's next events after a cursor: see [`Store::next`]. `None` also when the archive is deleted.
    pub(super) fn next(
        &self,
        now: Timestamp,
        cursor: &mut Cursor,
        time: [Timestamp; 2],
        received_until: Timestamp,
        count: usize,
    ) -> Option<Vec<(Kept, Cursor)>> {
        let state = self.state.lock();
        let window = Window {
            time,
            received: [state.settings.first_kept(now), received_until],
        };
        state.store.next(cursor, &window, count)
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.state.lock().is_deleted
    }

    /// Sees to it that what is over is forgotten.
    fn set_alarm(self: &Arc<Self>, state: &mut State) {
        if let Some(alarm) = state.alarm.take() {
            self.agenda.cancel(alarm);
        }
        let oldest = state.store.oldest().zip(state.settings.retention());
        let Some((oldest, retention)) = oldest else {
            return;
        };
        let over = (oldest + retention).as_millis();
        let moment = Timestamp::from_millis(over.next_multiple_of(TOGETHER));
        let myself: Weak<Self> = Arc::downgrade(self);
        state.alarm = Some(self.agenda.set(moment, myself));
    }
}

impl Sleeper for Archive {
    fn wake(self: Arc<Self>, now: Timestamp) {
        let mut state = self.state.lock();
        if let Some(retention) = state.settings.retention() {
            state.store.forget(now - retention, FORGOTTEN_AT_ONCE);
        }
        self.set_alarm(&mut state);
    }
}

impl ArchiveSettings {
    fn retention(&self) -> Option<Duration> {
        (self.retention_days > 0).then(|| DAY.saturating_mul(self.retention_days))
    }

    /// When the first event was received that is not over.
    fn first_kept(&self, now: Timestamp) -> Timestamp {
        let retention = self.retention();
        retention.map_or_else(Timestamp::default, |retention| {
            now - retention + Duration::from_millis(1)
        })
    }
}
