//! Random histories of a topic against the simplest possible reference: lists that are walked.
//!
//! `PROPTEST_CASES=100000 cargo test --release --lib topic::model` looks longer.

use std::sync::Arc;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use super::deduplication::Original;
use super::message::Message;
use super::protocol::Protocol;
use super::testing::{TestSubscriber, at, fifo_message, replay, subscriber};
use super::{Accepted, Events, Memory, ReplayWindow, Subscribers, ThroughputScope};
use crate::aws::message::SequenceNumber;
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::pattern::{Event, Policy, Scope, Work};

/// One thing that happens to a topic.
#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Subscribe(TestSubscriber),
    Unsubscribe(u8),
    Publish {
        scope: ThroughputScope,
        group: &'static str,
        id: &'static str,
        /// Whether the message has another text for subscribers over HTTP.
        has_texts: bool,
    },
    SetArchiveDays(Option<u32>),
    /// Replays the archive of the last hours to a subscriber.
    Replay(u8, u64),
}

const IDS: [&str; 4] = ["a", "b", "c", "d"];

fn wanted() -> impl Strategy<Value = Option<Policy>> {
    let scope = prop::sample::select(&[Scope::MessageAttributes, Scope::MessageBody][..]);
    let policy = prop::sample::select(
        &[
            r#"{"id":["a"]}"#,
            r#"{"id":["b","c"]}"#,
            r#"{"id":[{"anything-but":"a"}]}"#,
            r#"{"id":[{"prefix":"d"}],"other":[{"exists":false}]}"#,
        ][..],
    );
    let policy = (policy, scope).prop_map(|(text, scope)| {
        Policy::parse(text, scope).expect("a policy that is within the limits")
    });
    prop::option::of(policy)
}

fn window() -> impl Strategy<Value = Option<ReplayWindow>> {
    let end = prop::option::of(0..200_000_u64);
    let window = (0..100_000_u64, end).prop_map(|(start, end)| ReplayWindow {
        starting_point: at(start),
        ending_point: end.map(at),
    });
    prop::option::weighted(0.3, window)
}

fn any_subscriber() -> impl Strategy<Value = TestSubscriber> {
    let protocol = prop::sample::select(&[Protocol::Sqs, Protocol::Http, Protocol::Lambda][..]);
    (0..6_u8, protocol, any::<bool>(), wanted(), window()).prop_map(
        |(number, protocol, is_confirmed, filter_policy, replay_window)| TestSubscriber {
            // What never changes of a subscription follows from its id.
            id: Id::from_u128(u128::from(number) * 10 + protocol as u128),
            protocol,
            is_confirmed,
            filter_policy,
            replay_window,
            ..subscriber(number)
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    let scope = prop::sample::select(&[ThroughputScope::Topic, ThroughputScope::MessageGroup][..]);
    let group = prop::sample::select(&["g", "h"][..]);
    let id = prop::sample::select(&IDS[..]);
    prop_oneof![
        1 => prop::sample::select(&[1, 100, 299, 40_000][..]).prop_map(Step::Wait),
        4 => any_subscriber().prop_map(Step::Subscribe),
        1 => any::<u8>().prop_map(Step::Unsubscribe),
        6 => (scope, group, id, any::<bool>()).prop_map(|(scope, group, id, has_texts)| {
            Step::Publish { scope, group, id, has_texts }
        }),
        1 => prop::option::of(1..3_u32).prop_map(Step::SetArchiveDays),
        1 => (any::<u8>(), 0..30_u64).prop_map(|(place, hours)| Step::Replay(place, hours)),
    ]
}

/// The reference: the subscriptions and the published messages, in lists.
#[derive(Default)]
struct Naive {
    subscribers: Vec<TestSubscriber>,
    deleted: usize,
    accepted: Vec<(ThroughputScope, Arc<Message>)>,
    archive_since: Option<Timestamp>,
    archive_days: u32,
    archived: Vec<Arc<Message>>,
}

impl Naive {
    /// The message that this one repeats.
    fn original_of(&self, scope: ThroughputScope, message: &Message) -> Option<&Arc<Message>> {
        let window = Duration::from_mins(5);
        let repeated = self.accepted.iter().find(|(other_scope, other)| {
            *other_scope == scope
                && other.deduplication_id == message.deduplication_id
                && (scope == ThroughputScope::Topic || other.group_id == message.group_id)
                && other.published_at + window > message.published_at
        });
        repeated.map(|(_, original)| original)
    }

    /// The place of some subscriber.
    fn place(&self, number: u8) -> Option<usize> {
        usize::from(number).checked_rem(self.subscribers.len())
    }

    fn set_archive_days(&mut self, now: Timestamp, days: Option<u32>) {
        let Some(days) = days else {
            (self.archive_since, self.archived) = (None, Vec::new());
            return;
        };
        // A longer archive does not bring back what the shorter one should have forgotten.
        self.forget(now);
        self.archive_since.get_or_insert(now);
        self.archive_days = days;
        self.forget(now);
    }

    fn forget(&mut self, now: Timestamp) {
        let begins_at = self.archive_begins_at(now);
        self.archived
            .retain(|one| begins_at <= Some(one.published_at));
    }

    fn archive_begins_at(&self, now: Timestamp) -> Option<Timestamp> {
        let days = Duration::from_secs(u64::from(self.archive_days) * 86_400);
        self.archive_since.map(|since| since.max(now - days))
    }

    fn replayed(&self, now: Timestamp, one: &TestSubscriber) -> Vec<Id> {
        let (Some(window), Some(first)) = (one.replay_window, self.archive_begins_at(now)) else {
            return Vec::new();
        };
        let last = window.ending_point.unwrap_or(now);
        let archived = self.archived.iter().filter(|message| {
            let at = message.published_at;
            at >= first && at >= window.starting_point && at <= last && is_let_through(one, message)
        });
        archived.map(|message| message.id).collect()
    }
}

fn is_let_through(one: &TestSubscriber, message: &Message) -> bool {
    let Some(policy) = &one.filter_policy else {
        return true;
    };
    let text = message.text_for(one.protocol.as_str());
    match policy.scope() {
        Scope::MessageAttributes => {
            let id = message.deduplication_id.as_deref();
            policy.matches(&Event::from_attributes([("id", "String", id)]))
        }
        Scope::MessageBody => policy.matches(&Event::from_body(text)),
    }
}

fn gets(now: Timestamp, one: &TestSubscriber, message: &Message) -> bool {
    let window = one.replay_window;
    let is_paused = window.is_some_and(|window| window.ending_point.is_some_and(|end| end < now));
    one.is_confirmed && !is_paused && is_let_through(one, message)
}

/// The core and its reference, to which the same happens.
#[derive(Default)]
struct Pair {
    memory: Memory,
    table: Subscribers<TestSubscriber>,
    naive: Naive,
    seconds: u64,
    published: u128,
    last_number: Option<SequenceNumber>,
}

impl Pair {
    fn take(&mut self, step: Step) -> Result<(), TestCaseError> {
        match step {
            Step::Wait(seconds) => self.seconds += seconds,
            Step::Subscribe(one) => {
                self.table.put(Arc::new(one.clone()));
                let subscribers = &mut self.naive.subscribers;
                subscribers.retain(|other| other.id != one.id);
                subscribers.push(one);
            }
            Step::Unsubscribe(place) => self.unsubscribe(place)?,
            Step::Publish {
                scope,
                group,
                id,
                has_texts,
            } => {
                self.published += 1;
                let mut message = Message {
                    id: Id::from_u128(self.published),
                    ..fifo_message(self.seconds, group, id)
                };
                if has_texts {
                    let text = r#"{"id":"d"}"#.into();
                    message.texts.insert("http".into(), text);
                }
                check_recipients(&self.table, &self.naive, self.now(), &message)?;
                self.publish(scope, message)?;
            }
            Step::SetArchiveDays(days) => {
                self.memory.set_archive_days(self.now(), days);
                self.naive.set_archive_days(self.now(), days);
            }
            Step::Replay(place, hours) => self.replay(place, hours)?,
        }
        check_table(&self.table, &self.naive)?;
        let begins_at = self.naive.archive_begins_at(self.now());
        prop_assert_eq!(self.memory.archive_begins_at(self.now()), begins_at);
        Ok(())
    }

    fn now(&self) -> Timestamp {
        at(self.seconds)
    }

    fn unsubscribe(&mut self, place: u8) -> Result<(), TestCaseError> {
        let Some(place) = self.naive.place(place) else {
            return Ok(());
        };
        let one = self.naive.subscribers.remove(place);
        self.naive.deleted += 1;
        prop_assert!(self.table.remove(one.id).is_some());
        prop_assert!(self.table.remove(one.id).is_none());
        Ok(())
    }

    fn publish(&mut self, scope: ThroughputScope, message: Message) -> Result<(), TestCaseError> {
        let naive = &mut self.naive;
        let original = naive.original_of(scope, &message).cloned();
        let (id, expected) = (
            message.id,
            original.map(|one| (one.id, one.sequence_number)),
        );
        match self.memory.accept(scope, message) {
            Accepted::Duplicate(Original {
                id,
                sequence_number,
            }) => prop_assert_eq!(Some((id, Some(sequence_number))), expected),
            Accepted::New(accepted) => {
                prop_assert_eq!(None, expected);
                prop_assert_eq!(accepted.id, id);
                prop_assert!(accepted.sequence_number > self.last_number);
                self.last_number = accepted.sequence_number;
                if naive.archive_since.is_some() {
                    naive.archived.push(accepted.clone());
                }
                naive.accepted.push((scope, accepted));
            }
        }
        Ok(())
    }

    /// A subscriber asks for the last hours once more.
    fn replay(&mut self, place: u8, hours: u64) -> Result<(), TestCaseError> {
        let Some(place) = self.naive.place(place) else {
            return Ok(());
        };
        let mut one = self.naive.subscribers[place].clone();
        let ending_point = one.replay_window.and_then(|window| window.ending_point);
        one.replay_window = Some(ReplayWindow {
            starting_point: self.now() - Duration::from_hours(hours),
            ending_point,
        });
        let now = self.now();
        let replayed = replay(&mut self.memory, now, &one);
        let replayed: Vec<_> = replayed.iter().map(|message| message.id).collect();
        prop_assert_eq!(replayed, self.naive.replayed(self.now(), &one));
        Ok(())
    }
}

/// Every subscription gets the message, or there is a reason why not; never both.
fn check_recipients(
    table: &Subscribers<TestSubscriber>,
    naive: &Naive,
    now: Timestamp,
    message: &Message,
) -> Result<(), TestCaseError> {
    let selection = table.select(&mut Events::new(message), &mut Work::unlimited());
    let got = table.recipients(now, &selection).map(|one| one.id);
    let mut got: Vec<_> = got.collect();
    got.sort_unstable();
    let mut expected: Vec<_> = naive
        .subscribers
        .iter()
        .filter(|one| gets(now, one, message))
        .map(|one| one.id)
        .collect();
    expected.sort_unstable();
    prop_assert_eq!(&got, &expected);
    let withheld = table.explain(now, message).map(|(one, _)| one.id);
    got.extend(withheld);
    got.sort_unstable();
    let mut all: Vec<_> = naive.subscribers.iter().map(|one| one.id).collect();
    all.sort_unstable();
    prop_assert_eq!(got, all);
    Ok(())
}

fn check_table(table: &Subscribers<TestSubscriber>, naive: &Naive) -> Result<(), TestCaseError> {
    let count = |is_counted: fn(&TestSubscriber) -> bool| {
        let counted = naive.subscribers.iter().filter(|one| is_counted(one));
        counted.count()
    };
    let counts = table.counts();
    prop_assert_eq!(counts.confirmed, count(|one| one.is_confirmed));
    prop_assert_eq!(counts.pending, count(|one| !one.is_confirmed));
    prop_assert_eq!(counts.deleted, naive.deleted);
    prop_assert_eq!(table.len(), naive.subscribers.len());
    prop_assert_eq!(table.all().count(), naive.subscribers.len());
    let filtered = count(|one| one.filter_policy.is_some());
    prop_assert_eq!(table.filter_policies(), filtered);
    for one in &naive.subscribers {
        let found = table.of_endpoint(one.protocol, &one.endpoint);
        prop_assert_eq!(found.map(|found| found.id), Some(one.id));
        prop_assert!(table.get(one.id).is_some());
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_topic_does_what_its_reference_does(steps in vec(step(), 1..60)) {
        let mut pair = Pair::default();
        for step in steps {
            pair.take(step)?;
        }
    }
}
