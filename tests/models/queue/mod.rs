//! Random histories of two queues, each of which may be the other's dead-letter queue, held against the simplest
//! possible queues. After every step the answers must be equal, and so must the counts and the next change; at its end
//! a history is drained, so that nothing is lost.
//!
//! `TOPIQ_MODEL_HISTORIES` says how many histories there are for each kind of queue. A failure prints the shortest
//! history that still fails.

mod reference;

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseResult;
use reference::{Letter, Reference, Seen};
use topiq::aws::AccountId;
use topiq::aws::message::{Body, Sender};
use topiq::clock::Timestamp;
use topiq::ids::MessageId;
use topiq::services::sqs::queue::{
    Counts, DeduplicationScope, Kind, NewMessage, Queue, Receipt, ReceiptExpired, Receive,
    Received, Redrive, Settings,
};

const ARNS: [&str; 2] = ["arn:0", "arn:1"];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn standard_queues_do_as_the_reference_does(history in history()) {
        World::new(Kind::Standard).live(&history)?;
    }

    #[test]
    fn fifo_queues_do_as_the_reference_does(history in history()) {
        World::new(Kind::Fifo).live(&history)?;
    }
}

fn config() -> ProptestConfig {
    let histories = std::env::var("TOPIQ_MODEL_HISTORIES");
    let histories = histories.map(|number| number.parse().expect("a number of histories"));
    ProptestConfig {
        cases: histories.unwrap_or(500),
        failure_persistence: None,
        max_shrink_iters: 100_000,
        ..ProptestConfig::default()
    }
}

/// One thing that happens to the queue `0` or `1`.
#[derive(Clone, Debug)]
struct Step {
    queue: usize,
    action: Action,
}

#[derive(Clone, Debug)]
enum Action {
    Send {
        group: u8,
        deduplication_id: Option<u8>,
        delay_seconds: Option<u32>,
    },
    Receive {
        max_messages: usize,
        visibility_timeout: Option<u32>,
        attempt: Option<u8>,
        target_exists: bool,
    },
    Delete(Index),
    ChangeVisibility(Index, u32),
    GiveBack(Vec<Index>),
    Wait(u64),
    WaitForNextChange,
    Set(Change),
    Purge,
    Move {
        max: usize,
        needs_source: bool,
    },
}

#[derive(Clone, Debug)]
enum Change {
    Delay(u32),
    Retention(u32),
    VisibilityTimeout(u32),
    Scope(DeduplicationScope),
    Redrive(Option<u32>),
    InFlightLimit(usize),
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..80)
}

fn step() -> impl Strategy<Value = Step> {
    let queue = prop_oneof![4 => Just(0), 1 => Just(1)];
    (queue, action()).prop_map(|(queue, action)| Step { queue, action })
}

fn action() -> impl Strategy<Value = Action> {
    let long = (43_150u32..=43_200).prop_map(|secs| secs / 10 * 10);
    let timeout = prop_oneof![2 => Just(0), 5 => tens(6), 1 => tens(60), 1 => long];
    let receipts = prop::collection::vec(any::<Index>(), 1..4);
    prop_oneof![
        24 => send(),
        24 => receive(),
        12 => any::<Index>().prop_map(Action::Delete),
        8 => (any::<Index>(), timeout).prop_map(|(receipt, to)| Action::ChangeVisibility(receipt, to)),
        4 => receipts.prop_map(Action::GiveBack),
        12 => prop_oneof![0u64..2_000, millis(4), millis(31)].prop_map(Action::Wait),
        6 => Just(Action::WaitForNextChange),
        4 => change().prop_map(Action::Set),
        1 => Just(Action::Purge),
        2 => (1usize..4, any::<bool>())
            .prop_map(|(max, needs_source)| Action::Move { max, needs_source }),
    ]
}

fn send() -> impl Strategy<Value = Action> {
    let deduplication_id = prop_oneof![3 => Just(None), 1 => (0u8..4).prop_map(Some)];
    let delay_seconds = prop_oneof![4 => Just(None), 1 => tens(3).prop_map(Some)];
    (0u8..3, deduplication_id, delay_seconds).prop_map(
        |(group, deduplication_id, delay_seconds)| Action::Send {
            group,
            deduplication_id,
            delay_seconds,
        },
    )
}

fn receive() -> impl Strategy<Value = Action> {
    let max_messages = prop_oneof![1usize..4, Just(10)];
    let timeout = prop_oneof![3 => Just(None), 2 => Just(Some(0)), 3 => tens(6).prop_map(Some)];
    let attempt = prop_oneof![4 => Just(None), 1 => (0u8..2).prop_map(Some)];
    let target_exists = prop::bool::weighted(0.8);
    (max_messages, timeout, attempt, target_exists).prop_map(
        |(max_messages, visibility_timeout, attempt, target_exists)| Action::Receive {
            max_messages,
            visibility_timeout,
            attempt,
            target_exists,
        },
    )
}

fn change() -> impl Strategy<Value = Change> {
    let scope = prop_oneof![
        Just(DeduplicationScope::Queue),
        Just(DeduplicationScope::MessageGroup)
    ];
    prop_oneof![
        tens(6).prop_map(Change::Delay),
        tens(60).prop_map(|secs| Change::Retention(secs + 60)),
        tens(6).prop_map(Change::VisibilityTimeout),
        scope.prop_map(Change::Scope),
        prop_oneof![1 => Just(None), 3 => (1u32..4).prop_map(Some)].prop_map(Change::Redrive),
        prop_oneof![1usize..5, Just(120_000)].prop_map(Change::InFlightLimit),
    ]
}

/// Seconds, in steps of ten, so that what happens often happens at the same moment.
fn tens(max: u32) -> impl Strategy<Value = u32> {
    (0..=max).prop_map(|tens| tens * 10)
}

fn millis(max_tens: u32) -> impl Strategy<Value = u64> {
    tens(max_tens).prop_map(|secs| u64::from(secs) * 1000)
}

/// Two queues with their references, and the receipts that they have given.
struct World {
    now: Timestamp,
    pairs: [Pair; 2],
    sent: u32,
}

struct Pair {
    queue: Queue,
    reference: Reference,
    receipts: Vec<Receipt>,
}

impl World {
    fn new(kind: Kind) -> Self {
        let pair = |of: usize| {
            let settings = Settings {
                delay_seconds: 0,
                message_retention_period: 600,
                visibility_timeout: 30,
                deduplication_scope: DeduplicationScope::Queue,
                redrive: (of == 0).then(|| redrive(1, 2)),
                in_flight_limit: 120_000,
            };
            Pair {
                queue: Queue::new(kind, ARNS[of].into(), settings.clone()),
                reference: Reference::new(kind, ARNS[of].into(), settings),
                receipts: Vec::new(),
            }
        };
        Self {
            now: Timestamp::from_secs(1_700_000_000),
            pairs: [pair(0), pair(1)],
            sent: 0,
        }
    }

    fn live(mut self, history: &[Step]) -> TestCaseResult {
        for step in history {
            self.take(step)?;
            self.compare()?;
        }
        self.drain()
    }

    fn take(&mut self, step: &Step) -> TestCaseResult {
        let (now, of) = (self.now, step.queue);
        let pair = &mut self.pairs[of];
        match &step.action {
            Action::Send {
                group,
                deduplication_id,
                delay_seconds,
            } => {
                let message = self.message(of, *group, *deduplication_id, *delay_seconds);
                self.send(of, message)?;
            }
            Action::Receive {
                max_messages,
                visibility_timeout,
                attempt,
                target_exists,
            } => {
                let request = Receive {
                    max_messages: *max_messages,
                    visibility_timeout: *visibility_timeout,
                    attempt_id: attempt.map(|attempt| attempt.to_string().into()),
                };
                self.receive(of, &request, *target_exists)?;
            }
            Action::Delete(index) => {
                if let Some(receipt) = pair.receipt(*index) {
                    pair.delete(now, receipt)?;
                }
            }
            Action::ChangeVisibility(index, timeout) => {
                if let Some(receipt) = pair.receipt(*index) {
                    let changed = pair.queue.change_visibility(now, receipt, *timeout);
                    let expected = pair.reference.change_visibility(now, receipt, *timeout);
                    prop_assert_eq!(changed, expected);
                }
            }
            Action::GiveBack(indices) => {
                let receipts = indices.iter().filter_map(|index| pair.receipt(*index));
                let receipts: Vec<_> = receipts.collect();
                pair.queue.give_back(now, &receipts);
                pair.reference.give_back(now, &receipts);
            }
            Action::Wait(millis) => self.now = now + Duration::from_millis(*millis),
            Action::WaitForNextChange => self.wait_for_next_change(of)?,
            Action::Set(change) => {
                let mut settings = pair.queue.settings().clone();
                change.apply(&mut settings, of);
                pair.queue.set_settings(now, settings.clone());
                pair.reference.set_settings(now, settings);
            }
            Action::Purge => {
                pair.queue.purge();
                pair.reference.purge();
            }
            Action::Move { max, needs_source } => self.move_messages(of, *max, *needs_source)?,
        }
        Ok(())
    }

    fn message(
        &mut self,
        of: usize,
        group: u8,
        deduplication_id: Option<u8>,
        delay_seconds: Option<u32>,
    ) -> NewMessage {
        self.sent += 1;
        let kind = self.pairs[of].queue.kind();
        let unique = || format!("unique {}", self.sent);
        let id = deduplication_id.map_or_else(unique, |id| format!("shared {id}"));
        NewMessage {
            id: MessageId::from_u128(u128::from(self.sent)),
            body: Body::new("body"),
            attributes: None,
            trace_header: None,
            sender: Sender::User(AccountId::DEFAULT),
            delay_seconds,
            group_id: Some(format!("group {group}").into()),
            deduplication_id: (kind == Kind::Fifo).then(|| id.into()),
        }
    }

    fn send(&mut self, of: usize, message: NewMessage) -> TestCaseResult {
        let pair = &mut self.pairs[of];
        let expected = pair.reference.send(self.now, &message);
        let sent = pair.queue.send(self.now, message);
        prop_assert_eq!((sent.id, sent.sequence_number, sent.is_duplicate), expected);
        Ok(())
    }

    /// Receives, and passes the dead letters on.
    fn receive(&mut self, of: usize, request: &Receive, target_exists: bool) -> TestCaseResult {
        let (now, pair) = (self.now, &mut self.pairs[of]);
        let target = ARNS[1 - of];
        let mut exists = |arn: &str| arn == target && target_exists;
        let received = pair.queue.receive(now, request, &mut exists);
        let expected = pair.reference.receive(now, request, target_exists);
        prop_assert_eq!(received.as_ref().map(seen).map_err(|&why| why), expected);
        let received = received.unwrap_or_default();
        let deliveries = received.deliveries.iter();
        pair.receipts
            .extend(deliveries.map(|delivery| delivery.receipt));
        for letter in received.dead_letters {
            let target = &mut self.pairs[1 - of];
            target.reference.accept_dead_letter(now, &letter);
            target.queue.accept_dead_letter(now, letter);
        }
        Ok(())
    }

    /// Just before its next change, a queue must offer what it offers now; at the change is the next step's matter.
    fn wait_for_next_change(&mut self, of: usize) -> TestCaseResult {
        let pair = &mut self.pairs[of];
        if let Some(change) = pair.queue.next_change() {
            prop_assert!(change > self.now, "{} is over at {}", change, self.now);
            let visible = pair.queue.counts(self.now).visible;
            self.now = change - Duration::from_millis(1);
            prop_assert!(pair.queue.counts(self.now).visible <= visible);
            self.compare()?;
            self.now = change;
        }
        Ok(())
    }

    /// Moves messages to the other queue, as new ones.
    fn move_messages(&mut self, of: usize, max: usize, needs_source: bool) -> TestCaseResult {
        let pair = &mut self.pairs[of];
        let mut accept = |source: Option<&Arc<str>>| source.is_some() || !needs_source;
        let taken = pair.queue.take_for_move(self.now, max, &mut accept);
        let ids: Vec<_> = taken
            .messages
            .iter()
            .map(|(message, _)| message.id)
            .collect();
        let expected = pair.reference.take_for_move(self.now, max, needs_source);
        prop_assert_eq!((ids, taken.refused), expected);
        for (message, _) in taken.messages {
            self.sent += 1;
            let id = MessageId::from_u128(u128::from(self.sent));
            self.send(1 - of, NewMessage { id, ..message })?;
        }
        Ok(())
    }

    fn compare(&mut self) -> TestCaseResult {
        for pair in &mut self.pairs {
            let expected = pair.reference.counts(self.now);
            prop_assert_eq!(pair.queue.counts(self.now), expected);
            prop_assert_eq!(pair.queue.next_change(), pair.reference.next_change());
        }
        Ok(())
    }

    /// Receives and deletes until both queues are empty.
    fn drain(mut self) -> TestCaseResult {
        let request = Receive {
            max_messages: 1000,
            visibility_timeout: Some(1),
            attempt_id: None,
        };
        for of in [0, 1] {
            self.take(&Step {
                queue: of,
                action: Action::Set(Change::InFlightLimit(1000)),
            })?;
            while self.pairs[of].queue.counts(self.now) != Counts::default() {
                let (first, before) = (self.pairs[of].receipts.len(), self.now);
                self.receive(of, &request, false)?;
                let receipts = self.pairs[of].receipts.split_off(first);
                for receipt in &receipts {
                    self.pairs[of].delete(self.now, *receipt)?;
                }
                self.wait_for_next_change(of)?;
                self.compare()?;
                let is_stuck = receipts.is_empty() && self.now == before;
                prop_assert!(
                    !is_stuck,
                    "queue {} has messages that nobody can receive",
                    of
                );
            }
        }
        Ok(())
    }
}

impl Pair {
    /// One of the receipts given so far, the latest ones for choice.
    fn receipt(&self, index: Index) -> Option<Receipt> {
        let latest = &self.receipts[self.receipts.len().saturating_sub(8)..];
        (!latest.is_empty()).then(|| *index.get(latest))
    }

    fn delete(&mut self, now: Timestamp, receipt: Receipt) -> TestCaseResult {
        let expected = self.reference.delete(now, receipt);
        let deleted = self.queue.delete(now, receipt);
        prop_assert_eq!(deleted, expected.then_some(()).ok_or(ReceiptExpired));
        Ok(())
    }
}

impl Change {
    fn apply(&self, settings: &mut Settings, of: usize) {
        match *self {
            Self::Delay(seconds) => settings.delay_seconds = seconds,
            Self::Retention(seconds) => settings.message_retention_period = seconds,
            Self::VisibilityTimeout(seconds) => settings.visibility_timeout = seconds,
            Self::Scope(scope) => settings.deduplication_scope = scope,
            Self::Redrive(max) => settings.redrive = max.map(|max| redrive(1 - of, max)),
            Self::InFlightLimit(limit) => settings.in_flight_limit = limit,
        }
    }
}

fn redrive(target: usize, max_receive_count: u32) -> Redrive {
    Redrive {
        target: ARNS[target].into(),
        max_receive_count,
    }
}

fn seen(received: &Received) -> (Vec<Seen>, Vec<Letter>) {
    let seen = received.deliveries.iter().map(Seen::from).collect();
    let letters = received.dead_letters.iter().map(Letter::from).collect();
    (seen, letters)
}
