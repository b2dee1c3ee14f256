//! One stream with what its owner set, and the lock around it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::consumer::Consumer;
use super::error::Error;
use super::limits::{RECORD_KIB, RETENTION};
use super::name::StreamName;
use super::shard_id::ShardId;
use super::stream::{Entry, Sequence, Stream};
use super::subscriptions::Subscriptions;
use crate::agenda::{Agenda, Alarm, Sleeper};
use crate::aws::tags::Tags;
use crate::clock::Timestamp;
use crate::sync::{Mutex, MutexGuard};

/// What expires is dropped together, so many milliseconds at a time. No reader sees it in any case.
const TOGETHER: u64 = 60_000;

/// A stream.
#[derive(Debug)]
pub(super) struct HostedStream {
    pub(super) name: StreamName,
    pub(super) arn: String,
    pub(super) created: Timestamp,
    /// Tells streams that had the same name one after another.
    pub(super) incarnation: u64,
    state: Mutex<State>,
}

/// What of a stream changes.
#[derive(Debug)]
pub(super) struct State {
    pub(super) stream: Stream,
    pub(super) mode: Mode,
    pub(super) strategy: Strategy,
    /// KiB of a record with its key.
    pub(super) record_kib: u32,
    /// The throughput that its owner wants to be there at once.
    pub(super) warm_throughput: Option<i32>,
    /// The key that it is said to be encrypted by.
    pub(super) key: Option<String>,
    /// The metrics that each shard is said to have.
    pub(super) metrics: BTreeSet<&'static str>,
    pub(super) tags: Tags,
    pub(super) policy: Option<String>,
    pub(super) consumers: BTreeMap<String, Consumer>,
    pub(super) subscriptions: Subscriptions,
    /// What it is on the way to, and when it is there.
    transition: Option<(Transition, Timestamp)>,
    /// When what has been held for long enough is dropped.
    alarm: Option<Alarm>,
    agenda: Weak<Agenda>,
}

/// How a stream's capacity is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Provisioned,
    OnDemand,
}

impl Mode {
    pub(super) const WORDS: [&str; 2] = ["PROVISIONED", "ON_DEMAND"];

    pub(super) fn parse(word: &str) -> Self {
        match word {
            "ON_DEMAND" => Self::OnDemand,
            _ => Self::Provisioned,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Provisioned => "PROVISIONED",
            Self::OnDemand => "ON_DEMAND",
        }
    }
}

/// What decides which shard gets a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strategy {
    /// Its partition key.
    PartitionKey,
    /// The stream: the shards take turns.
    Auto,
}

impl Strategy {
    pub(super) const WORDS: [&str; 2] = ["AUTO", "USER_PARTITION_KEY"];

    pub(super) fn parse(word: &str) -> Self {
        match word {
            "AUTO" => Self::Auto,
            _ => Self::PartitionKey,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::PartitionKey => "USER_PARTITION_KEY",
            Self::Auto => "AUTO",
        }
    }
}

/// What a stream is on the way to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transition {
    Creating,
    Updating,
    Deleting,
}

/// Which shard gets a record.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Hash(u128),
    InTurn,
}

impl State {
    pub(super) fn new(stream: Stream, mode: Mode, agenda: &Arc<Agenda>) -> Self {
        Self {
            stream,
            mode,
            strategy: Strategy::PartitionKey,
            record_kib: RECORD_KIB,
            warm_throughput: None,
            key: None,
            metrics: BTreeSet::new(),
            tags: Tags::new(),
            policy: None,
            consumers: BTreeMap::new(),
            subscriptions: Subscriptions::default(),
            transition: None,
            alarm: None,
            agenda: Arc::downgrade(agenda),
        }
    }

    /// Puts it on the way to another state, where it is at `until`.
    pub(super) fn pass(&mut self, transition: Transition, until: Timestamp) {
        self.transition = Some((transition, until));
        // A shard may be closed, or all of it about to go.
        self.subscriptions.ring_all();
    }

    /// It is there at once, unless it is being deleted.
    pub(super) fn settle(&mut self) {
        let transition = self.transition.take();
        self.transition = transition.filter(|(to, _)| *to == Transition::Deleting);
    }

    fn transition(&self, now: Timestamp) -> Option<Transition> {
        let (transition, until) = self.transition?;
        (now < until).then_some(transition)
    }

    /// Whether it cannot be read and written yet.
    pub(super) fn is_creating(&self, now: Timestamp) -> bool {
        self.transition(now) == Some(Transition::Creating)
    }

    /// Whether its deletion is complete.
    pub(super) fn is_gone(&self, now: Timestamp) -> bool {
        let transition = self.transition;
        transition.is_some_and(|(to, until)| to == Transition::Deleting && until <= now)
    }

    /// The word for its state.
    pub(super) fn status(&self, now: Timestamp) -> &'static str {
        match self.transition(now) {
            None => "ACTIVE",
            Some(Transition::Creating) => "CREATING",
            Some(Transition::Updating) => "UPDATING",
            Some(Transition::Deleting) => "DELETING",
        }
    }

    /// Hours for which records are held.
    pub(super) fn retention_hours(&self) -> i32 {
        let hours = self.stream.retention().as_secs() / 3600;
        i32::try_from(hours).expect("it was an i32")
    }

    /// `KMS` if it is said to be encrypted.
    pub(super) fn encryption(&self) -> Option<&'static str> {
        self.key.as_ref().map(|_| "KMS")
    }
}

/// So many hours.
pub(super) fn hours(count: i32) -> Duration {
    Duration::from_hours(u64::try_from(count).unwrap_or_default())
}

/// How long a new stream holds its records.
pub(super) fn retention() -> Duration {
    hours(RETENTION)
}

impl HostedStream {
    pub(super) fn new(name: StreamName, now: Timestamp, incarnation: u64, state: State) -> Self {
        Self {
            arn: name.arn(),
            name,
            created: now,
            incarnation,
            state: Mutex::new(state),
        }
    }

    /// The shard that a request names.
    pub(super) fn shard_id(&self, text: &str) -> Result<ShardId, Error> {
        ShardId::read(text).ok_or_else(|| Error::no_shard(text, &self.name))
    }

    /// Its state, locked.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Its state, locked, if nothing else is under way.
    pub(super) fn lock_active(&self, now: Timestamp) -> Result<MutexGuard<'_, State>, Error> {
        let state = self.lock();
        match state.status(now) {
            "ACTIVE" => Ok(state),
            other => Err(Error::not_active(&self.name, other)),
        }
    }

    /// Whether its deletion is complete.
    pub(super) fn is_gone(&self, now: Timestamp) -> bool {
        self.lock().is_gone(now)
    }

    /// Puts records, in order.
    pub(super) fn put<'e>(
        self: &Arc<Self>,
        now: Timestamp,
        state: &mut State,
        entries: impl Iterator<Item = (Place, Entry<'e>)>,
    ) -> Vec<Sequence> {
        let put = |(place, entry): (Place, Entry<'e>)| match place {
            Place::Hash(hash) => state.stream.put(now, hash, &entry),
            Place::InTurn => state.stream.put_in_turn(now, &entry),
        };
        let sequences: Vec<_> = entries.map(put).collect();
        if !state.subscriptions.is_empty() {
            for sequence in &sequences {
                state.subscriptions.ring(sequence.shard);
            }
        }
        if state.alarm.is_none() {
            self.set_alarm(state);
        }
        sequences
    }

    /// Sets how long records are held. What is over stays so.
    pub(super) fn retain(self: &Arc<Self>, now: Timestamp, state: &mut State, retention: Duration) {
        state.stream.retain(now, retention);
        self.set_alarm(state);
    }

    /// Has the agenda drop what expires, so that its memory is given back though nobody calls.
    fn set_alarm(self: &Arc<Self>, state: &mut State) {
        let Some(agenda) = state.agenda.upgrade() else {
            return;
        };
        if let Some(alarm) = state.alarm.take() {
            agenda.cancel(alarm);
        }
        if let Some(over) = state.stream.expires_at() {
            let moment = Timestamp::from_millis(over.as_millis().next_multiple_of(TOGETHER));
            let sleeper: Weak<Self> = Arc::downgrade(self);
            state.alarm = Some(agenda.set(moment, sleeper));
        }
    }
}

impl Sleeper for HostedStream {
    fn wake(self: Arc<Self>, now: Timestamp) {
        let mut state = self.lock();
        state.stream.expire(now);
        self.set_alarm(&mut state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{AccountId, Region};
    use crate::clock::ManualClock;

    const START: Timestamp = Timestamp::from_secs(1_767_312_000);

    /// A stream that holds its records for so many hours, with what wakes it.
    fn stream(retention: i32) -> (Arc<HostedStream>, Arc<Agenda>) {
        let agenda = Arc::new(Agenda::new(Arc::new(ManualClock::new(START))));
        let name = StreamName {
            account: AccountId::DEFAULT,
            region: Region::default(),
            name: "s".into(),
        };
        let stream = Stream::new(START, 1, hours(retention));
        let state = State::new(stream, Mode::Provisioned, &agenda);
        (Arc::new(HostedStream::new(name, START, 1, state)), agenda)
    }

    fn put(stream: &Arc<HostedStream>, now: Timestamp) {
        let entry = Entry {
            key: "k",
            data: b"d",
            is_encrypted: false,
        };
        stream.put(
            now,
            &mut stream.lock(),
            [(Place::InTurn, entry)].into_iter(),
        );
    }

    fn holds_any(stream: &HostedStream) -> bool {
        stream.lock().stream.expires_at().is_some()
    }

    #[tokio::test]
    async fn records_are_dropped_after_a_shorter_retention_though_nobody_calls() {
        let (stream, agenda) = stream(48);
        put(&stream, START);
        stream.retain(START, &mut stream.lock(), hours(24));
        assert_eq!(agenda.len(), 1);
        agenda.advance(hours(24)).await.expect("a manual clock");
        assert!(!holds_any(&stream));
        assert_eq!(agenda.len(), 0);
    }

    #[tokio::test]
    async fn records_that_come_one_after_the_other_are_dropped_together() {
        let (stream, agenda) = stream(24);
        for millis in 1..1000 {
            put(&stream, START + Duration::from_millis(millis));
        }
        // All are over, and the next minute has not begun.
        let over = hours(24) + Duration::from_secs(59);
        agenda.advance(over).await.expect("a manual clock");
        assert!(holds_any(&stream));
        let rest = Duration::from_secs(1);
        agenda.advance(rest).await.expect("a manual clock");
        assert!(!holds_any(&stream));
    }
}
