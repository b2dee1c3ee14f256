//! The cost of a queue's core, without I/O: `cargo bench --bench core`.
//!
//! A sample is a thousand messages. The number after a name is that of other stored messages: the cost should hardly
//! rise with it.

use std::sync::Arc;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use topiq::aws::AccountId;
use topiq::aws::message::{Body, Sender};
use topiq::clock::Timestamp;
use topiq::ids::MessageId;
use topiq::pattern::{Event, Index, Policy, Scope};
use topiq::services::sns::bench::Notification;
use topiq::services::sqs::queue::input::{Delete, Receive, Send};
use topiq::services::sqs::queue::{Kind, NewMessage, Queue, Received, Settings};

const STORED: [usize; 4] = [0, 10, 100_000, 1_000_000];

fn main() {
    divan::main();
}

/// Send, receive, delete: each on a queue in which `stored` older messages wait.
#[divan::bench(args = STORED)]
fn standard_cycle(bencher: Bencher<'_, '_>, stored: usize) {
    let mut load = Load::new(Kind::Standard, Groups::None);
    load.store(stored);
    bench_cycles(bencher, load);
}

/// The same with ten thousand message groups.
#[divan::bench(args = STORED)]
fn fifo_cycle(bencher: Bencher<'_, '_>, stored: usize) {
    let mut load = Load::new(Kind::Fifo, Groups::Many);
    load.store(stored);
    bench_cycles(bencher, load);
}

/// The same with all messages in one message group.
#[divan::bench(args = STORED)]
fn fifo_single_group_cycle(bencher: Bencher<'_, '_>, stored: usize) {
    let mut load = Load::new(Kind::Fifo, Groups::One);
    load.store(stored);
    bench_cycles(bencher, load);
}

/// Ten sends, a receive of ten, ten deletes; a hundred times.
#[divan::bench(args = [Kind::Standard, Kind::Fifo])]
fn ten_at_once(bencher: Bencher<'_, '_>, kind: Kind) {
    let mut load = Load::new(kind, Groups::Many);
    bencher.counter(ItemsCount::new(1000u32)).bench_local(|| {
        for _ in 0..100 {
            load.store(10);
            let received = load.receive(10);
            load.delete(&received);
        }
    });
}

/// Sends alone: the queue keeps growing.
#[divan::bench(args = [Kind::Standard, Kind::Fifo])]
fn send(bencher: Bencher<'_, '_>, kind: Kind) {
    let mut load = Load::new(kind, Groups::Many);
    let counted = bencher.counter(ItemsCount::new(1000u32));
    counted.bench_local(|| load.store(1000));
}

/// Receives from a queue that has nothing but 100,000 messages in flight.
#[divan::bench]
fn empty_receive(bencher: Bencher<'_, '_>) {
    let mut load = Load::new(Kind::Standard, Groups::None);
    load.store(100_000);
    assert_eq!(load.receive(100_000).deliveries.len(), 100_000);
    bencher.bench_local(|| load.receive(10));
}

/// The envelope of a further delivery of a message that was received before.
#[divan::bench]
fn envelope(bencher: Bencher<'_, '_>) {
    let notification = Notification::new(&"x".repeat(100));
    bencher.bench(|| notification.envelope());
}

/// The additional cost of each message's first delivery.
#[divan::bench(args = ["SHA-1", "SHA-256"])]
fn signature(bencher: Bencher<'_, '_>, hash: &str) {
    let notification = Notification::new(&"x".repeat(100));
    bencher.bench(|| notification.sign(hash == "SHA-256"));
}

/// The additional cost of a server's first signature.
#[divan::bench]
fn certificate(bencher: Bencher<'_, '_>) {
    bencher.bench(Notification::certificate);
}

/// A message against filter policies of which one accepts it; they differ in the value that they require. One policy is
/// compared with ten thousand.
#[divan::bench(args = [1, 10_000])]
fn filter_policies(bencher: Bencher<'_, '_>, policies: usize) {
    let index = filters(policies);
    let event = order();
    let mut found = Vec::new();
    bencher.bench_local(|| {
        found.clear();
        index.matches(&event, &mut found);
        assert_eq!(found, [0]);
    });
}

/// The same, with the message parsed each time.
#[divan::bench(args = [1, 10_000])]
fn filter_policies_and_reading(bencher: Bencher<'_, '_>, policies: usize) {
    let index = filters(policies);
    let mut found = Vec::new();
    bencher.bench_local(|| {
        found.clear();
        index.matches(&order(), &mut found);
        assert_eq!(found, [0]);
    });
}

/// One policy, evaluated without an index.
#[divan::bench]
fn one_filter_policy_alone(bencher: Bencher<'_, '_>) {
    let policy = filter(0);
    let event = order();
    bencher.bench_local(|| assert!(black_box(&policy).matches(&event)));
}

fn filter(customer: usize) -> Policy {
    let policy = format!(
        r#"{{"store":["example"],"customer":["c-{customer}"],"price":[{{"numeric":[">=",100]}}]}}"#
    );
    Policy::parse(&policy, Scope::MessageAttributes).expect("a policy")
}

fn filters(policies: usize) -> Index<usize> {
    let mut index = Index::default();
    for customer in 0..policies {
        index.insert(customer, filter(customer));
    }
    index
}

fn order() -> Event<'static> {
    Event::from_attributes([
        ("store", "String", Some("example")),
        ("customer", "String", Some("c-0")),
        ("price", "Number", Some("210.75")),
        ("interests", "String.Array", Some(r#"["soccer","rugby"]"#)),
    ])
}

fn bench_cycles(bencher: Bencher<'_, '_>, mut load: Load) {
    bencher.counter(ItemsCount::new(1000u32)).bench_local(|| {
        for _ in 0..1000 {
            load.store(1);
            let received = load.receive(1);
            load.delete(&received);
        }
    });
}

#[derive(Clone, Copy)]
enum Groups {
    None,
    One,
    Many,
}

/// A queue, and the state needed to keep it busy.
struct Load {
    queue: Queue,
    groups: Vec<Arc<str>>,
    sent: usize,
}

impl Load {
    fn new(kind: Kind, groups: Groups) -> Self {
        let groups = match groups {
            Groups::None => 0,
            Groups::One => 1,
            Groups::Many => 10_000,
        };
        let settings = Settings::default();
        Self {
            queue: Queue::new(kind, "arn:aws:sqs:eu-west-1:0:bench".into(), settings),
            groups: (0..groups)
                .map(|group| format!("group-{group}").into())
                .collect(),
            sent: 0,
        }
    }

    /// A hundred messages per millisecond: the five minutes of deduplication then hold 30 million sends at most.
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000 + self.sent as u64 / 100)
    }

    fn store(&mut self, messages: usize) {
        for _ in 0..messages {
            let message = self.message();
            black_box(self.queue.apply(self.now(), Send(message)));
        }
    }

    fn message(&mut self) -> NewMessage {
        const BODY: &str = "A body of a hundred bytes, as a small event or a job may have: who did what, \
                            when, where and why?";
        self.sent += 1;
        let is_fifo = self.queue.kind() == Kind::Fifo;
        NewMessage {
            id: MessageId::from_u128(self.sent as u128),
            body: Body::Text {
                text: BODY.into(),
                md5: [7; 16],
            },
            attributes: None,
            trace_header: None,
            sender: Sender::User(AccountId::DEFAULT),
            delay_seconds: None,
            group_id: self
                .groups
                .get(self.sent % self.groups.len().max(1))
                .cloned(),
            deduplication_id: is_fifo.then(|| self.sent.to_string().into()),
        }
    }

    fn receive(&mut self, max_messages: usize) -> Received {
        let request = Receive {
            max_messages,
            visibility_timeout: None,
            attempt_id: None,
            target_exists: None,
            passed_over: 0,
        };
        let received = self.queue.apply(self.now(), &request);
        received.output.expect("the queue is not at its limit")
    }

    fn delete(&mut self, received: &Received) {
        let now = self.now();
        for delivery in &received.deliveries {
            let receipt = delivery.receipt;
            let deleted = self.queue.apply(now, Delete { receipt });
            deleted
                .output
                .expect("the visibility timeout has just begun");
        }
    }
}
