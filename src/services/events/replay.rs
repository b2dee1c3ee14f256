//! Replays: the events of an archive are brought to its bus again, under the name of the replay.
//!
//! A replay goes in turns, each when its alarm comes: others put events in between, and nothing is locked while its events
//! are delivered.

use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::Events;
use super::archive::Archive;
use super::archive::store::Cursor;
use super::error::Error;
use super::event::Event;
use super::limits;
use crate::agenda::Sleeper;
use crate::aws::{AccountId, Caller, Named};
use crate::clock::Timestamp;

/// How many of an archive's events a turn looks at.
const TURN: usize = 100;

/// How many of them are taken out of the archive at once.
const LOT: usize = 10;

/// After how many rules that got its events a turn ends.
const RULES: usize = 500;

/// How long the record of a replay stays, and its name is taken.
const REMEMBERED: Duration = Duration::from_hours(90 * 24);

/// The states' names, in the order of the model.
pub(super) const STATES: &[&str] = &[
    "STARTING",
    "RUNNING",
    "CANCELLING",
    "COMPLETED",
    "CANCELLED",
    "FAILED",
];

/// How far a replay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Starting,
    Running,
    Cancelling,
    Completed,
    Cancelled,
    Failed,
}

/// Where replayed events go.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Destination {
    /// Required: `StartReplay` refuses one without.
    pub(super) arn: Option<String>,
    /// The rules that get them; all of the bus, if there is no list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) filter_arns: Option<Vec<String>>,
}

/// What is to be replayed.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) description: Option<String>,
    pub(super) archive: Arc<Archive>,
    /// The first and the last time of its events.
    pub(super) window: [Timestamp; 2],
    pub(super) destination: Destination,
}

/// A replay: what was asked for, and its progress.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) name: Box<str>,
    pub(super) arn: String,
    pub(super) asked: Asked,
    pub(super) started_at: Timestamp,
    only_for: Option<Arc<[String]>>,
    progress: Mutex<Progress>,
    events: Weak<Events>,
}

/// How far a replay is, and how it ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Progress {
    pub(super) state: State,
    pub(super) reason: Option<&'static str>,
    /// The time of the event that was replayed last.
    pub(super) last_replayed: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    cursor: Cursor,
}

/// The replays of all accounts and regions.
#[derive(Debug, Default)]
pub(super) struct Replays {
    replays: Named<Replay>,
    /// Held while one is added, so that there are not too many.
    adding: Mutex<()>,
}

impl State {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Starting => STATES[0],
            Self::Running => STATES[1],
            Self::Cancelling => STATES[2],
            Self::Completed => STATES[3],
            Self::Cancelled => STATES[4],
            Self::Failed => STATES[5],
        }
    }

    const fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled | Self::Failed)
    }
}

impl Replays {
    /// The caller's replay of this name.
    pub(super) fn get(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
        name: &str,
    ) -> Result<Arc<Replay>, Error> {
        let found = self.replays.get(caller.account, caller.region, name);
        let found = found.filter(|replay| !replay.is_forgotten(now));
        found.ok_or_else(|| Error::ReplayDoesNotExist(name.to_owned()))
    }

    /// Forgets an account's replays; those that run end here.
    pub(super) fn forget(&self, account: AccountId) {
        self.replays.take(account);
    }

    /// The caller's replays, ordered by name, after the one named `last`.
    pub(super) fn after<'r>(
        &'r self,
        caller: &Caller<'_>,
        now: Timestamp,
        last: Option<&str>,
    ) -> impl Iterator<Item = Arc<Replay>> + use<'r> {
        let replays = self.replays.after(caller.account, caller.region, last);
        replays.filter(move |replay| !replay.is_forgotten(now))
    }

    /// Starts a replay: its first turn comes with the next alarm.
    pub(super) fn start(
        &self,
        events: &Events,
        caller: &Caller<'_>,
        name: &str,
        asked: Asked,
    ) -> Result<Arc<Replay>, Error> {
        let now = events.now();
        let Caller {
            account, region, ..
        } = *caller;
        let _adding = self.adding.lock();
        let mut active = 0;
        for replay in self.replays.of(account, region) {
            if replay.is_forgotten(now) {
                self.replays.remove(account, region, &replay.name, &replay);
            } else if !replay.progress().state.has_ended() {
                active += 1;
            }
        }
        if self.replays.get(account, region, name).is_some() {
            return Err(Error::ReplayExists(name.to_owned()));
        }
        if active >= limits::REPLAYS {
            return Err(Error::LimitExceeded);
        }
        let partition = region.partition();
        let make = || Replay {
            name: name.into(),
            arn: format!("arn:{partition}:events:{region}:{account}:replay/{name}"),
            only_for: asked.destination.filter_arns.clone().map(Arc::from),
            asked,
            started_at: now,
            progress: Mutex::new(Progress {
                state: State::Starting,
                reason: None,
                last_replayed: None,
                ended_at: None,
                cursor: Cursor::default(),
            }),
            events: events.itself.weak(),
        };
        let (replay, _) = self.replays.get_or_insert(account, region, name, make);
        replay.set_alarm(events, now);
        Ok(replay)
    }
}

impl Replay {
    pub(super) fn progress(&self) -> Progress {
        *self.progress.lock()
    }

    /// Has it end before its next turn.
    pub(super) fn cancel(&self) -> Result<(), Error> {
        let mut progress = self.progress.lock();
        if !matches!(progress.state, State::Starting | State::Running) {
            return Err(Error::IllegalReplayState(self.name.to_string()));
        }
        progress.state = State::Cancelling;
        Ok(())
    }

    fn is_forgotten(&self, now: Timestamp) -> bool {
        let ended_at = self.progress.lock().ended_at;
        ended_at.is_some_and(|ended_at| ended_at + REMEMBERED <= now)
    }

    fn set_alarm(self: &Arc<Self>, events: &Events, now: Timestamp) {
        let myself: Weak<Self> = Arc::downgrade(self);
        events.agenda.set(now, myself);
    }

    /// Delivers some events; returns how the replay has ended, if it has.
    fn turn(&self, events: &Events, now: Timestamp) -> Option<(State, Option<&'static str>)> {
        let mut progress = self.progress.lock();
        match progress.state {
            State::Cancelling => return Some((State::Cancelled, None)),
            State::Starting => progress.state = State::Running,
            _ => {}
        }
        let mut cursor = progress.cursor;
        drop(progress);
        let archive = &self.asked.archive;
        if archive.is_deleted() {
            return Some((State::Failed, Some("The archive was deleted.")));
        }
        if events.buses.get(&archive.bus).is_none() {
            return Some((State::Failed, Some("The event bus was deleted.")));
        }
        let (window, until) = (self.asked.window, self.started_at);
        let (mut looked_at, mut rules, mut last_replayed) = (0, 0, None);
        while looked_at < TURN && rules < RULES {
            let Some(found) = archive.next(now, &mut cursor, window, until, LOT) else {
                break;
            };
            looked_at += LOT;
            for (kept, behind) in &found {
                if let Some(record) = kept.record() {
                    let event = Event::replayed(&record, &self.name, now);
                    rules += events.replay(archive.bus.clone(), event, self.only_for.clone());
                    last_replayed = Some(record.time);
                }
                if rules >= RULES {
                    cursor = *behind;
                    break;
                }
            }
        }
        if looked_at == 0 {
            return Some((State::Completed, None));
        }
        let mut progress = self.progress.lock();
        progress.cursor = cursor;
        progress.last_replayed = last_replayed.or(progress.last_replayed);
        None
    }
}

impl Sleeper for Replay {
    fn wake(self: Arc<Self>, now: Timestamp) {
        let Some(events) = self.events.upgrade() else {
            return;
        };
        match self.turn(&events, now) {
            None => self.set_alarm(&events, now),
            Some((state, reason)) => {
                let mut progress = self.progress.lock();
                // It may have been cancelled since the turn began.
                progress.state = match progress.state {
                    State::Cancelling => State::Cancelled,
                    _ => state,
                };
                progress.reason = reason;
                progress.ended_at = Some(now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda::Agenda;
    use crate::aws::AccountId;
    use crate::clock::ManualClock;

    use crate::services::events::Events;
    use crate::services::events::archive::{ArchiveName, ArchiveSettings};
    use crate::services::events::buses::BusName;
    use crate::services::events::entry::Checked;
    use crate::services::events::event::Origin;
    use crate::services::{Environment, Service};

    const NOW: Timestamp = Timestamp::from_secs(1_767_312_000);

    fn caller() -> Caller<'static> {
        Caller::within(
            AccountId::DEFAULT,
            crate::aws::Region::default(),
            "",
            "http://localhost:4566",
        )
    }

    /// A service whose agenda nobody runs, and an archive of this many events.
    fn fixture(count: usize) -> (Arc<Events>, Arc<Archive>) {
        let environment = Environment::at(Arc::new(Agenda::new(Arc::new(ManualClock::new(NOW)))));
        let events = Arc::new(Events::new(&environment));
        events.register(&environment);
        let caller = caller();
        let bus = events.bus(&caller, None).expect("a bus");
        let name = ArchiveName::owned(&caller, "a");
        let archives = &events.archives;
        let archive = archives.add(
            &name,
            bus.name.clone(),
            ArchiveSettings::default(),
            &events.agenda,
        );
        let archive = archive.expect("a new one");
        bus.archiving.begin(&archive);
        for second in 0..count as u64 {
            let origin = Origin {
                account: caller.account,
                region: caller.region,
                received_at: NOW,
                time: NOW + Duration::from_secs(second),
            };
            let entry = Checked {
                source: "s",
                detail_type: "t",
                detail: "{}".into(),
            };
            let id = events.ids.message_id();
            bus.archiving.keep(
                NOW,
                &Event::new(id, origin, &entry, std::iter::empty(), None),
            );
        }
        (events, archive)
    }

    fn start(events: &Events, archive: &Arc<Archive>, name: &str) -> Result<Arc<Replay>, Error> {
        let asked = Asked {
            description: None,
            archive: archive.clone(),
            window: [NOW, Timestamp::MAX],
            destination: Destination {
                arn: None,
                filter_arns: None,
            },
        };
        events.replays.start(events, &caller(), name, asked)
    }

    fn wake(replay: &Arc<Replay>) -> State {
        replay.clone().wake(NOW);
        replay.progress().state
    }

    #[test]
    fn a_replay_goes_in_turns() {
        let (events, archive) = fixture(2 * TURN + 1);
        let replay = start(&events, &archive, "r").expect("a replay");
        assert_eq!(replay.progress().state, State::Starting);
        for turn in 1..=3 {
            assert_eq!(wake(&replay), State::Running);
            let last = (turn * TURN).min(2 * TURN + 1) as u64 - 1;
            let last = NOW + Duration::from_secs(last);
            assert_eq!(replay.progress().last_replayed, Some(last));
        }
        assert_eq!(wake(&replay), State::Completed);
        assert_eq!(replay.progress().ended_at, Some(NOW));
        assert_eq!(archive.totals().events, 2 * TURN as u64 + 1);
    }

    #[test]
    fn a_cancelled_replay_has_no_further_turn() {
        let (events, archive) = fixture(2 * TURN);
        for turns in 0..2 {
            let replay = start(&events, &archive, &format!("r{turns}")).expect("a replay");
            for _ in 0..turns {
                assert_eq!(wake(&replay), State::Running);
            }
            assert_eq!(replay.cancel(), Ok(()));
            let refused = Err(Error::IllegalReplayState(format!("r{turns}")));
            assert_eq!(replay.cancel(), refused);
            let before = replay.progress().last_replayed;
            assert_eq!(wake(&replay), State::Cancelled);
            assert_eq!(replay.progress().last_replayed, before);
            assert_eq!(replay.cancel(), refused);
        }
    }

    #[test]
    fn a_replay_fails_without_its_archive_or_its_bus() {
        let (events, archive) = fixture(1);
        let replay = start(&events, &archive, "r").expect("a replay");
        events.archives.remove(&archive);
        assert_eq!(wake(&replay), State::Failed);
        assert_eq!(replay.progress().reason, Some("The archive was deleted."));

        let (events, _) = fixture(0);
        let caller = caller();
        let bus = BusName::owned(&caller, "b");
        let name = ArchiveName::owned(&caller, "b");
        let archives = &events.archives;
        let archive = archives.add(&name, bus, ArchiveSettings::default(), &events.agenda);
        let replay = start(&events, &archive.expect("a new one"), "r").expect("a replay");
        assert_eq!(wake(&replay), State::Failed);
        assert_eq!(replay.progress().reason, Some("The event bus was deleted."));
    }

    #[test]
    fn ten_replays_are_active_at_most() {
        let (events, archive) = fixture(0);
        let first = start(&events, &archive, "first").expect("a replay");
        for number in 1..limits::REPLAYS {
            start(&events, &archive, &format!("r{number}")).expect("a replay");
        }
        let refused = start(&events, &archive, "more").map(|_| ());
        assert_eq!(refused, Err(Error::LimitExceeded));
        assert_eq!(wake(&first), State::Completed);
        start(&events, &archive, "more").expect("one has ended");
    }
}
