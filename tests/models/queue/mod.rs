//! Random histories of two queues, each of which may be the other's dead-letter queue, compared with the simplest
//! possible queues. Both get the same inputs, and must give the same outputs; after every step the counts, the next
//! change and the blocked groups must be equal too. At its end a history is drained, so that nothing is lost.
//!
//! `TOPIQ_MODEL_HISTORIES` sets the number of histories for each kind of queue. A failure prints the shortest
//! history that still fails.

mod reference;

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestCaseResult;
use reference::Reference;
use topiq::aws::AccountId;
use topiq::aws::message::{Body, Sender};
use topiq::clock::Timestamp;
use topiq::ids::MessageId;
use topiq::services::sqs::queue::input::{
    AcceptDeadLetters, ChangeVisibility, Count, Delete, Expire, GiveBack, Movable, Purge, Receive,
    Send, SetSettings, TakeForMove,
};
use topiq::services::sqs::queue::{
    Applied, Counts, DeduplicationScope, Input, Kind, NewMessage, Output, Queue, Receipt, Redrive,
    Settings, Taken,
};

const ARNS: [&str; 2] = ["arn:0", "arn:1"];
const GROUPS: u8 = 3;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn standard_queues_match_the_reference(past in past(), history in history()) {
        World::new(Kind::Standard).live(&past, &history)?;
    }

    #[test]
    fn fifo_queues_match_the_reference(past in past(), history in history()) {
        World::new(Kind::Fifo).live(&past, &history)?;
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

/// What the first queue has behind it: a queue keeps its messages by 64, and few of a history's steps would go from one
/// 64 to the next.
#[derive(Clone, Debug)]
struct Past {
    /// How many messages it had, and lost by a purge.
    purged: usize,
    /// How many messages it has.
    stored: usize,
}

/// One event of the queue `0` or `1`.
#[derive(Clone, Debug)]
struct Step {
    queue: usize,
    /// How long ago the caller read the clock, in milliseconds.
    lag: u64,
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
    Expire(usize),
    Move {
        max: usize,
        destination: Destination,
    },
}

/// The destination of a move task's messages.
#[derive(Clone, Copy, Debug)]
enum Destination {
    /// To the other queue, all of them.
    One,
    /// Back to their source, which exists.
    Source,
    /// Back to their source, which does not.
    MissingSource,
}

#[derive(Clone, Debug)]
enum Change {
    Delay(u32),
    Retention(u32),
    VisibilityTimeout(u32),
    Scope {
        scope: DeduplicationScope,
        delay: u32,
    },
    Redrive(Option<u32>),
    InFlightLimit(usize),
}

fn past() -> impl Strategy<Value = Past> {
    let stored = prop_oneof![7 => Just(0), 1 => 50usize..=140];
    (0usize..64, stored).prop_map(|(purged, stored)| Past { purged, stored })
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..80)
}

fn step() -> impl Strategy<Value = Step> {
    let queue = prop_oneof![4 => Just(0), 1 => Just(1)];
    let lag = prop_oneof![4 => Just(0), 1 => 0u64..20_000];
    (queue, lag, action()).prop_map(|(queue, lag, action)| Step { queue, lag, action })
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
        3 => prop_oneof![1usize..4, Just(1000)].prop_map(Action::Expire),
        2 => (1usize..4, destination())
            .prop_map(|(max, destination)| Action::Move { max, destination }),
    ]
}

fn destination() -> impl Strategy<Value = Destination> {
    prop_oneof![
        Just(Destination::One),
        Just(Destination::Source),
        Just(Destination::MissingSource)
    ]
}

fn send() -> impl Strategy<Value = Action> {
    let deduplication_id = prop_oneof![3 => Just(None), 1 => (0u8..4).prop_map(Some)];
    let delay_seconds = prop_oneof![4 => Just(None), 1 => tens(3).prop_map(Some)];
    (0..GROUPS, deduplication_id, delay_seconds).prop_map(
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
        (scope, prop_oneof![Just(0), Just(60)])
            .prop_map(|(scope, delay)| Change::Scope { scope, delay }),
        prop_oneof![1 => Just(None), 3 => (1u32..4).prop_map(Some)].prop_map(Change::Redrive),
        prop_oneof![1usize..5, Just(120_000)].prop_map(Change::InFlightLimit),
    ]
}

/// Seconds, in steps of ten, so that events often fall on the same moment.
fn tens(max: u32) -> impl Strategy<Value = u32> {
    (0..=max).prop_map(|tens| tens * 10)
}

fn millis(max_tens: u32) -> impl Strategy<Value = u64> {
    tens(max_tens).prop_map(|secs| u64::from(secs) * 1000)
}

/// Two queues with their references, and the receipts that they have returned.
struct World {
    now: Timestamp,
    pairs: [Pair; 2],
    sent: u32,
}

struct Pair {
    queue: Queue,
    reference: Reference,
    /// With the attempt that each was given to.
    receipts: Vec<(Receipt, Option<Arc<str>>)>,
}

impl World {
    fn new(kind: Kind) -> Self {
        let pair = |of: usize| {
            let settings = Settings {
                delay_seconds: 0,
                message_retention_period: 600,
                visibility_timeout: 30,
                deduplication_scope: DeduplicationScope::Queue,
                deduplication_scope_delay: 0,
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

    fn live(mut self, past: &Past, history: &[Step]) -> TestCaseResult {
        self.send_many(past.purged)?;
        self.apply(0, self.now, Input::Purge(Purge))?;
        self.send_many(past.stored)?;
        for step in history {
            self.take(step)?;
            self.compare()?;
        }
        self.drain()
    }

    /// Sends to the first queue, to all groups in turn.
    fn send_many(&mut self, messages: usize) -> TestCaseResult {
        for group in (0..GROUPS).cycle().take(messages) {
            let message = self.message(0, group, None, None);
            self.apply(0, self.now, Input::Send(Send(message)))?;
        }
        Ok(())
    }

    fn take(&mut self, step: &Step) -> TestCaseResult {
        let of = step.queue;
        let moment = self.now - Duration::from_millis(step.lag);
        let given = |index: &Index| self.pairs[of].receipt(*index);
        let receipt = |index: &Index| given(index).map(|(receipt, _)| receipt);
        let input = match &step.action {
            Action::Wait(millis) => {
                self.now = self.now + Duration::from_millis(*millis);
                return Ok(());
            }
            Action::WaitForNextChange => return self.wait_for_next_change(of),
            Action::Move { max, destination } => {
                return self.move_messages(of, moment, *max, *destination);
            }
            Action::Receive {
                max_messages,
                visibility_timeout,
                attempt,
                target_exists,
            } => {
                let receive = Receive {
                    max_messages: *max_messages,
                    visibility_timeout: *visibility_timeout,
                    attempt_id: attempt.map(|attempt| attempt.to_string().into()),
                    target_exists: None,
                    passed_over: 0,
                };
                return self.receive(of, moment, receive, *target_exists);
            }
            Action::Send {
                group,
                deduplication_id,
                delay_seconds,
            } => {
                let message = self.message(of, *group, *deduplication_id, *delay_seconds);
                Some(Input::Send(Send(message)))
            }
            Action::Delete(index) => {
                receipt(index).map(|receipt| Input::Delete(Delete { receipt }))
            }
            Action::ChangeVisibility(index, timeout) => receipt(index).map(|receipt| {
                Input::ChangeVisibility(ChangeVisibility {
                    receipt,
                    visibility_timeout: *timeout,
                })
            }),
            Action::GiveBack(indices) => {
                let attempt_id = given(&indices[0]).and_then(|(_, attempt_id)| attempt_id);
                let given = indices.iter().filter_map(given);
                let of_attempt = given.filter(|(_, given_to)| *given_to == attempt_id);
                Some(Input::GiveBack(GiveBack {
                    receipts: of_attempt.map(|(receipt, _)| receipt).collect(),
                    attempt_id,
                }))
            }
            Action::Set(change) => {
                let mut settings = self.pairs[of].queue.settings().clone();
                change.apply(&mut settings, of);
                Some(Input::SetSettings(SetSettings(settings)))
            }
            Action::Purge => Some(Input::Purge(Purge)),
            Action::Expire(max_messages) => Some(Input::Expire(Expire {
                max_messages: *max_messages,
            })),
        };
        if let Some(input) = input {
            self.apply(of, moment, input)?;
        }
        Ok(())
    }

    /// Applies an input to a queue and to its reference, whose outputs must be the same.
    fn apply(
        &mut self,
        of: usize,
        moment: Timestamp,
        input: Input,
    ) -> Result<Output, TestCaseError> {
        let pair = &mut self.pairs[of];
        let expected: Applied<Output> = pair.reference.apply(moment, &input);
        let applied = pair.queue.apply(moment, input);
        prop_assert_eq!(&applied, &expected);
        Ok(applied.output)
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
            group_id: Some(group_id(group).into()),
            deduplication_id: (kind == Kind::Fifo).then(|| id.into()),
        }
    }

    /// Receives, and passes on the dead letters.
    fn receive(
        &mut self,
        of: usize,
        moment: Timestamp,
        receive: Receive,
        target_exists: bool,
    ) -> TestCaseResult {
        let attempt_id = receive.attempt_id.clone();
        let output = self.apply(of, moment, Input::Receive(receive.clone()))?;
        let Output::Received(Ok(mut received)) = output else {
            return Ok(());
        };
        if received.needs_target {
            let receive = Receive {
                target_exists: Some(target_exists),
                ..receive
            };
            let output = self.apply(of, moment, Input::Receive(receive))?;
            let Output::Received(Ok(answered)) = output else {
                return Err(TestCaseError::fail(
                    "a receive was refused the second time it was tried",
                ));
            };
            prop_assert!(!answered.needs_target);
            received = answered;
        }
        let deliveries = received.deliveries.iter();
        let receipts = deliveries.map(|delivery| (delivery.receipt, attempt_id.clone()));
        self.pairs[of].receipts.extend(receipts);
        let accept = AcceptDeadLetters(received.dead_letters);
        self.apply(1 - of, moment, Input::AcceptDeadLetters(accept))?;
        Ok(())
    }

    /// Just before its next change, a queue must offer what it offers now; the moment of the change itself is up to the
    /// next step.
    fn wait_for_next_change(&mut self, of: usize) -> TestCaseResult {
        if let Some(change) = self.pairs[of].queue.next_change() {
            prop_assert!(change > self.now, "{} is over at {}", change, self.now);
            let visible = self.counts(of)?.visible;
            self.now = change - Duration::from_millis(1);
            prop_assert!(self.counts(of)?.visible <= visible);
            self.compare()?;
            self.now = change;
        }
        Ok(())
    }

    /// Moves messages to the other queue, as new ones. The first one that may not be moved stays as it was.
    fn move_messages(
        &mut self,
        of: usize,
        moment: Timestamp,
        max: usize,
        destination: Destination,
    ) -> TestCaseResult {
        let mut take = TakeForMove {
            max_messages: max,
            movable: match destination {
                Destination::One => Movable::All(u32::MAX),
                _ => Movable::DeadLettersOf(Vec::new()),
            },
        };
        let mut taken = self.take_for_move(of, moment, take.clone())?;
        if let Some(kept) = &taken.kept
            && let Some(source) = kept.dead_letter_source.clone()
            && let Destination::Source = destination
        {
            let before = self.counts(of)?;
            take.movable = Movable::DeadLettersOf(vec![(source, u32::MAX)]);
            taken = self.take_for_move(of, moment, take)?;
            let after = self.counts(of)?;
            prop_assert_eq!(before.visible - after.visible, taken.messages.len());
        }
        for taken in taken.messages {
            self.sent += 1;
            let message = NewMessage {
                id: MessageId::from_u128(u128::from(self.sent)),
                ..taken.message
            };
            self.apply(1 - of, moment, Input::Send(Send(message)))?;
        }
        Ok(())
    }

    fn take_for_move(
        &mut self,
        of: usize,
        moment: Timestamp,
        take: TakeForMove,
    ) -> Result<Taken, TestCaseError> {
        match self.apply(of, moment, Input::TakeForMove(take))? {
            Output::Taken(taken) => Ok(taken),
            output => Err(TestCaseError::fail(format!("not taken: {output:?}"))),
        }
    }

    fn counts(&mut self, of: usize) -> Result<Counts, TestCaseError> {
        match self.apply(of, self.now, Input::Count(Count))? {
            Output::Counted(counts) => Ok(counts),
            output => Err(TestCaseError::fail(format!("not counted: {output:?}"))),
        }
    }

    fn compare(&mut self) -> TestCaseResult {
        for of in [0, 1] {
            self.counts(of)?;
            let Pair {
                queue, reference, ..
            } = &self.pairs[of];
            prop_assert_eq!(queue.next_change(), reference.next_change());
            for group in (0..GROUPS).map(group_id) {
                prop_assert_eq!(queue.blocker(&group), reference.blocker(&group));
            }
        }
        Ok(())
    }

    /// Receives and deletes until both queues are empty.
    fn drain(mut self) -> TestCaseResult {
        let receive = Receive {
            max_messages: 1000,
            visibility_timeout: Some(1),
            attempt_id: None,
            target_exists: Some(false),
            passed_over: 0,
        };
        for of in [0, 1] {
            self.take(&Step {
                queue: of,
                lag: 0,
                action: Action::Set(Change::InFlightLimit(1000)),
            })?;
            while self.counts(of)? != Counts::default() {
                let (first, before) = (self.pairs[of].receipts.len(), self.now);
                self.receive(of, before, receive.clone(), false)?;
                let receipts = self.pairs[of].receipts.split_off(first);
                for (receipt, _) in &receipts {
                    let delete = Delete { receipt: *receipt };
                    self.apply(of, before, Input::Delete(delete))?;
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
    /// One of the receipts returned so far, preferably a recent one.
    fn receipt(&self, index: Index) -> Option<(Receipt, Option<Arc<str>>)> {
        let latest = &self.receipts[self.receipts.len().saturating_sub(8)..];
        (!latest.is_empty()).then(|| index.get(latest).clone())
    }
}

impl Change {
    fn apply(&self, settings: &mut Settings, of: usize) {
        match *self {
            Self::Delay(seconds) => settings.delay_seconds = seconds,
            Self::Retention(seconds) => settings.message_retention_period = seconds,
            Self::VisibilityTimeout(seconds) => settings.visibility_timeout = seconds,
            Self::Scope { scope, delay } => {
                settings.deduplication_scope = scope;
                settings.deduplication_scope_delay = delay;
            }
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

fn group_id(group: u8) -> String {
    format!("group {group}")
}
