//! One consumer's subscription to one shard: a position that goes on as its client takes what there is.
//!
//! It holds no records: it looks at the shard when its client can take more, and is woken when something comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use super::ShardId;
use super::error::Error;
use super::hosted_stream::{HostedStream, State};
use super::limits::{EVENT, PAGE_OF_RECORDS, SILENCE, SUBSCRIPTION};
use super::operations::described::ChildShard;
use super::resource::no_consumer;
use super::stream::{Batch, Most, Record, Sequence};
use super::subscriptions::Bell;
use crate::agenda::{Agenda, Alarm};
use crate::clock::Timestamp;

/// What an event has at most.
const MOST: Most = Most {
    records: PAGE_OF_RECORDS,
    bytes: EVENT,
};

/// What is read, and for whom.
#[derive(Debug)]
pub(super) struct Reading {
    /// The consumer's name.
    pub(super) consumer: String,
    /// The consumer's ARN.
    pub(super) arn: String,
    pub(super) shard: u32,
    /// The next record's index.
    pub(super) index: u64,
}

/// A subscription.
#[derive(Debug)]
pub(super) struct Subscription {
    stream: Arc<HostedStream>,
    reading: Reading,
    ticket: u64,
    /// What its client has.
    last: Sequence,
    /// When it speaks next, though it has nothing to say.
    speaks: Timestamp,
    ends: Timestamp,
    is_over: bool,
    bell: Arc<Bell>,
    agenda: Arc<Agenda>,
    alarm: Option<(Timestamp, Alarm)>,
    /// Whether no call waits any more.
    is_closed: Arc<AtomicBool>,
}

/// An event.
#[derive(Debug)]
pub(super) struct Pushed {
    pub(super) records: Vec<(Sequence, Record)>,
    /// Behind which another subscription goes on; `None` at the end of a closed shard.
    pub(super) last: Option<Sequence>,
    pub(super) behind: Duration,
    /// The shards that continue this one, at its end.
    pub(super) children: Option<Vec<ChildShard>>,
}

impl Subscription {
    /// A subscription to a shard of `stream`, which takes over from the one that the consumer has. `None` if there is no such
    /// shard any more.
    pub(super) fn begin(
        now: Timestamp,
        stream: &Arc<HostedStream>,
        state: &mut State,
        reading: Reading,
        agenda: &Arc<Agenda>,
        is_closed: &Arc<AtomicBool>,
    ) -> Option<Self> {
        let (consumer, shard) = (&reading.consumer, reading.shard);
        let last = state.stream.before(shard, reading.index)?;
        let bell = Arc::<Bell>::default();
        let subscriptions = &mut state.subscriptions;
        let ticket = subscriptions.add(now, shard, consumer, Arc::clone(&bell));
        Some(Self {
            stream: Arc::clone(stream),
            reading,
            ticket,
            last,
            speaks: now,
            ends: now + SUBSCRIPTION,
            is_over: false,
            bell,
            agenda: Arc::clone(agenda),
            alarm: None,
            is_closed: Arc::clone(is_closed),
        })
    }

    /// The next event; `None` at the end. After an error there is no more.
    pub(super) fn poll_next(&mut self, cx: &Context<'_>) -> Poll<Option<Result<Pushed, Error>>> {
        self.bell.set(cx.waker());
        let now = self.agenda.clock().now();
        if self.is_over || now >= self.ends || self.is_closed.load(Ordering::SeqCst) {
            return Poll::Ready(None);
        }
        let pushed = self.look(now).transpose();
        if pushed.is_none() {
            self.set_alarm(now);
            return Poll::Pending;
        }
        self.speaks = now + SILENCE;
        Poll::Ready(pushed)
    }

    /// What there is to say now.
    fn look(&mut self, now: Timestamp) -> Result<Option<Pushed>, Error> {
        let stream = Arc::clone(&self.stream);
        let mut state = stream.lock();
        self.check(now, &state)?;
        let batch = state
            .stream
            .read(now, self.reading.shard, self.reading.index, MOST);
        let nothing = || Error::nothing_to_read(ShardId(self.reading.shard), &stream.name);
        let batch = batch.ok_or_else(nothing)?;
        if batch.records.is_empty() && batch.next.is_some() && now < self.speaks {
            return Ok(None);
        }
        Ok(Some(self.push(&state, batch)))
    }

    fn push(&mut self, state: &State, batch: Batch) -> Pushed {
        if let Some((last, _)) = batch.records.last() {
            self.last = *last;
        }
        let children = if let Some(index) = batch.next {
            self.reading.index = index;
            None
        } else {
            self.is_over = true;
            let children = state.stream.children(self.reading.shard);
            Some(children.map(ChildShard::from).collect())
        };
        Pushed {
            records: batch.records,
            last: children.is_none().then_some(self.last),
            behind: batch.behind,
            children,
        }
    }

    /// Refuses to go on where its stream, its consumer or its right to the shard is gone.
    fn check(&self, now: Timestamp, state: &State) -> Result<(), Error> {
        let (name, reading) = (&self.stream.name, &self.reading);
        if state.status(now) == "DELETING" || state.is_gone(now) {
            return Err(Error::no_stream(name));
        }
        let consumer = state.consumers.get(&reading.consumer);
        if consumer.is_none_or(|consumer| consumer.arn != reading.arn) {
            return Err(no_consumer(&reading.consumer, name));
        }
        if !state.subscriptions.has(reading.shard, self.ticket) {
            return Err(Error::subscribed(&reading.arn, ShardId(reading.shard)));
        }
        Ok(())
    }

    /// Has the agenda wake it when it speaks or ends, unless that does before.
    fn set_alarm(&mut self, now: Timestamp) {
        let moment = self.speaks.min(self.ends);
        if let Some((set, alarm)) = self.alarm.take() {
            if now < set && set <= moment {
                self.alarm = Some((set, alarm));
                return;
            }
            self.agenda.cancel(alarm);
        }
        let bell = Arc::<Bell>::downgrade(&self.bell);
        self.alarm = Some((moment, self.agenda.set(moment, bell)));
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some((_, alarm)) = self.alarm.take() {
            self.agenda.cancel(alarm);
        }
        let mut state = self.stream.lock();
        state.subscriptions.remove(self.reading.shard, self.ticket);
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::{Wake, Waker};

    use super::super::consumer::Consumer;
    use super::super::hosted_stream::{Mode, Place, hours};
    use super::super::name::StreamName;
    use super::super::stream::{Entry, Start, Stream};
    use super::*;
    use crate::aws::tags::Tags;
    use crate::aws::{AccountId, Region};
    use crate::clock::ManualClock;

    const START: Timestamp = Timestamp::from_secs(1_767_312_000);

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    impl Count {
        fn take(&self) -> usize {
            self.0.swap(0, Ordering::Relaxed)
        }
    }

    /// A stream of two shards with a consumer.
    struct Stage {
        agenda: Arc<Agenda>,
        stream: Arc<HostedStream>,
        arn: String,
        woken: Arc<Count>,
    }

    impl Stage {
        fn new() -> Self {
            let agenda = Arc::new(Agenda::new(Arc::new(ManualClock::new(START))));
            let name = StreamName {
                account: AccountId::DEFAULT,
                region: Region::default(),
                name: "s".into(),
            };
            let stream = Stream::new(START, 2, hours(24));
            let mut state = State::new(stream, Mode::Provisioned, &agenda);
            let consumer = Consumer::new(&name.arn(), "c", START, Tags::new());
            let arn = consumer.arn.clone();
            state.consumers.insert("c".to_owned(), consumer);
            Self {
                agenda,
                stream: Arc::new(HostedStream::new(name, START, 1, state)),
                arn,
                woken: Arc::default(),
            }
        }

        fn now(&self) -> Timestamp {
            self.agenda.clock().now()
        }

        fn subscribe(&self, start: Start) -> Subscription {
            let mut state = self.stream.lock();
            let now = self.now();
            let index = state.stream.index(now, 0, start).expect("a shard");
            let reading = Reading {
                consumer: "c".to_owned(),
                arn: self.arn.clone(),
                shard: 0,
                index,
            };
            let (agenda, closed) = (&self.agenda, Arc::default());
            Subscription::begin(now, &self.stream, &mut state, reading, agenda, &closed)
                .expect("a shard")
        }

        fn put(&self, hash: u128, length: usize) {
            let entry = Entry {
                key: "k",
                data: &vec![b'd'; length],
                is_encrypted: false,
            };
            let entries = [(Place::Hash(hash), entry)].into_iter();
            self.stream
                .put(self.now(), &mut self.stream.lock(), entries);
        }

        fn poll(&self, subscription: &mut Subscription) -> Poll<Option<Result<Pushed, Error>>> {
            let waker = Waker::from(self.woken.clone());
            subscription.poll_next(&Context::from_waker(&waker))
        }

        /// How many records the next event has.
        fn records(&self, subscription: &mut Subscription) -> usize {
            let Poll::Ready(Some(Ok(pushed))) = self.poll(subscription) else {
                panic!("no event")
            };
            assert!(pushed.last.is_some() && pushed.children.is_none());
            pushed.records.len()
        }
    }

    #[test]
    fn it_is_woken_by_records_of_its_shard_alone() {
        let stage = Stage::new();
        let mut subscription = stage.subscribe(Start::Latest);
        assert_eq!(stage.records(&mut subscription), 0);
        assert!(stage.poll(&mut subscription).is_pending());
        stage.put(u128::MAX, 1);
        assert_eq!(stage.woken.take(), 0);
        stage.put(0, 1);
        stage.put(0, 1);
        assert_eq!(stage.woken.take(), 1);
        assert_eq!(stage.records(&mut subscription), 2);
        assert!(stage.poll(&mut subscription).is_pending());
    }

    #[test]
    fn an_event_has_a_mebibyte_and_one_record_at_least() {
        let stage = Stage::new();
        for length in [600 << 10, 400 << 10, 400 << 10, 3 << 20, 1] {
            stage.put(0, length);
        }
        let mut subscription = stage.subscribe(Start::TrimHorizon);
        for expected in [2, 1, 1, 1] {
            assert_eq!(stage.records(&mut subscription), expected);
        }
        assert!(stage.poll(&mut subscription).is_pending());
    }

    #[tokio::test]
    async fn time_wakes_it_and_nothing_is_left_of_it() {
        let stage = Stage::new();
        let mut subscription = stage.subscribe(Start::Latest);
        stage.records(&mut subscription);
        assert!(stage.poll(&mut subscription).is_pending());
        assert_eq!(stage.agenda.len(), 1);
        stage.agenda.advance(SILENCE).await.expect("a manual clock");
        assert_eq!(stage.woken.take(), 1);
        assert_eq!(stage.records(&mut subscription), 0);
        assert!(stage.poll(&mut subscription).is_pending());
        stage
            .agenda
            .advance(SUBSCRIPTION)
            .await
            .expect("a manual clock");
        assert_eq!(stage.woken.take(), 1);
        assert!(matches!(stage.poll(&mut subscription), Poll::Ready(None)));

        let mut other = stage.subscribe(Start::Latest);
        stage.records(&mut other);
        assert!(stage.poll(&mut other).is_pending());
        drop((subscription, other));
        assert_eq!(stage.agenda.len(), 0);
        assert!(stage.stream.lock().subscriptions.is_empty());
    }

    #[test]
    fn another_takes_over() {
        let stage = Stage::new();
        let mut first = stage.subscribe(Start::Latest);
        stage.records(&mut first);
        assert!(stage.poll(&mut first).is_pending());
        let mut second = stage.subscribe(Start::Latest);
        assert_eq!(stage.woken.take(), 1);
        let last = stage.poll(&mut first);
        assert!(
            matches!(last, Poll::Ready(Some(Err(Error::InUse(_))))),
            "{last:?}"
        );
        drop(first);
        assert_eq!(stage.records(&mut second), 0);
    }

    #[test]
    fn positions_go_on_where_records_have_expired() {
        let stage = Stage::new();
        stage.put(0, 1);
        let mut subscription = stage.subscribe(Start::TrimHorizon);
        stage.stream.lock().stream.expire(START + hours(25));
        let Poll::Ready(Some(Ok(pushed))) = stage.poll(&mut subscription) else {
            panic!("no event")
        };
        assert!(pushed.records.is_empty());
        let last = pushed.last.expect("a position");
        assert_eq!(last.index, 0, "nothing was read");
        stage.put(0, 1);
        assert_eq!(stage.records(&mut subscription), 1);
    }
}
