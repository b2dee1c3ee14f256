//! The races of long polls, one by one. The clock stands still unless a test moves it.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::*;
use crate::aws::AccountId;
use crate::aws::message::{Body, Sender};
use crate::clock::ManualClock;
use crate::ids::MessageId;
use crate::services::sqs::queue::input::{
    AcceptDeadLetters, ChangeVisibility, Count, Delete, Purge, Send, SetSettings,
};
use crate::services::sqs::queue::{Counts, Kind, NewMessage, Receipt, Redrive, Settings};

const START: Timestamp = Timestamp::from_secs(1_000_000);

/// One queue, a clock and the alarms.
struct Bench {
    queue: Arc<WaitingQueue>,
    clock: ManualClock,
    agenda: Arc<Agenda>,
}

fn bench(kind: Kind, change: impl FnOnce(&mut Settings)) -> Bench {
    let no_dead_letters: Weak<NoQueue> = Weak::new();
    bench_with(kind, no_dead_letters, change)
}

fn bench_with(
    kind: Kind,
    dead_letters: Weak<dyn DeadLetters>,
    change: impl FnOnce(&mut Settings),
) -> Bench {
    let mut settings = Settings::default();
    change(&mut settings);
    let clock = ManualClock::new(START);
    let agenda = Arc::new(Agenda::new(Arc::new(clock.clone())));
    let core = Queue::new(kind, "arn:source".into(), settings);
    let queue = WaitingQueue::new(core, dead_letters, agenda.clone(), Arc::default());
    Bench {
        queue,
        clock,
        agenda,
    }
}

struct NoQueue;

impl DeadLetters for NoQueue {
    fn exists(&self, _target_arn: &str) -> bool {
        false
    }

    fn deliver(&self, _now: Timestamp, _target_arn: &str, _dead_letters: Vec<DeadLetter>) {}
}

impl Bench {
    fn send(&self, body: &str) {
        self.send_to_group(body, None);
    }

    fn send_to_group(&self, body: &str, group: Option<&str>) {
        let message = NewMessage {
            id: MessageId::from_u128(1),
            body: Body::new(body),
            attributes: None,
            trace_header: None,
            sender: Sender::User(AccountId::DEFAULT),
            delay_seconds: None,
            group_id: group.map(Into::into),
            deduplication_id: group.map(|_| body.into()),
        };
        let sent = self.queue.apply(self.clock.now(), Send(message));
        sent.expect("the queue is there");
    }

    fn receive_now(&self) -> Vec<Delivery> {
        self.queue
            .receive_now(self.clock.now(), &request())
            .expect("the queue is there")
    }

    /// A long poll of 20 seconds.
    fn poll(&self) -> Pin<Box<dyn Future<Output = Served> + '_>> {
        let deadline = self.clock.now() + Duration::from_secs(20);
        Box::pin(self.queue.receive_until(&self.clock, request(), deadline))
    }

    /// Moves the clock, with the alarms ringing meanwhile.
    async fn advance(&self, seconds: u64) {
        tokio::select! {
            biased;
            () = self.agenda.run() => unreachable!("it never returns"),
            () = self.clock.advance(Duration::from_secs(seconds)) => {}
        }
    }
}

fn request() -> Receive {
    Receive {
        max_messages: 1,
        visibility_timeout: None,
        attempt_id: None,
        target_exists: None,
        passed_over: 0,
    }
}

fn change_visibility(receipt: Receipt, visibility_timeout: u32) -> ChangeVisibility {
    ChangeVisibility {
        receipt,
        visibility_timeout,
    }
}

/// Polls a future once, as its task would when it is woken.
fn poll_once(future: &mut Pin<Box<dyn Future<Output = Served> + '_>>) -> Option<Served> {
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(served) => Some(served),
        Poll::Pending => None,
    }
}

fn bodies(served: Option<Served>) -> Vec<String> {
    let deliveries = served.expect("an answer").expect("no failure");
    deliveries
        .iter()
        .map(|delivery| delivery.body.text().to_string())
        .collect()
}

#[test]
fn a_message_wakes_exactly_one_waiter_in_order_of_arrival() {
    let bench = bench(Kind::Standard, |_| {});
    let (mut first, mut second, mut third) = (bench.poll(), bench.poll(), bench.poll());
    for poll in [&mut first, &mut second, &mut third] {
        assert!(poll_once(poll).is_none());
    }
    bench.send("a");
    assert_eq!(bench.queue.waiters(), 2);
    // The second is asked first, and has nothing: the message is the first's already.
    assert!(poll_once(&mut second).is_none());
    assert_eq!(bodies(poll_once(&mut first)), ["a"]);
    bench.send("b");
    assert!(poll_once(&mut third).is_none());
    assert_eq!(bodies(poll_once(&mut second)), ["b"]);
}

#[test]
fn a_waiter_that_is_gone_waits_no_more() {
    let bench = bench(Kind::Standard, |_| {});
    let (mut first, mut second) = (bench.poll(), bench.poll());
    assert!(poll_once(&mut first).is_none());
    assert!(poll_once(&mut second).is_none());
    drop(first);
    assert_eq!(bench.queue.waiters(), 1);
    bench.send("a");
    assert_eq!(bodies(poll_once(&mut second)), ["a"]);
}

#[test]
fn a_message_handed_to_a_waiter_that_is_gone_goes_to_the_next() {
    let bench = bench(Kind::Standard, |_| {});
    let (mut first, mut second) = (bench.poll(), bench.poll());
    assert!(poll_once(&mut first).is_none());
    assert!(poll_once(&mut second).is_none());
    bench.send("a");
    drop(first);
    let served = poll_once(&mut second)
        .expect("an answer")
        .expect("no failure");
    // Nobody saw the first delivery: it does not count.
    assert_eq!((&*served[0].body.text(), served[0].receive_count), ("a", 1));
}

#[test]
fn a_message_handed_to_the_only_waiter_that_is_gone_stays() {
    let bench = bench(Kind::Fifo, |_| {});
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.send_to_group("a", Some("g"));
    bench.send_to_group("b", Some("g"));
    drop(poll);
    let received = bench.receive_now();
    assert_eq!(
        (&*received[0].body.text(), received[0].receive_count),
        ("a", 1)
    );
}

#[test]
fn a_poll_that_was_never_begun_takes_nothing() {
    let bench = bench(Kind::Standard, |_| {});
    bench.send("a");
    drop(bench.poll());
    assert_eq!(bench.receive_now()[0].receive_count, 1);
}

#[tokio::test]
async fn an_empty_poll_ends_at_its_deadline_and_not_before() {
    let bench = bench(Kind::Standard, |_| {});
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.advance(19).await;
    assert!(poll_once(&mut poll).is_none());
    bench.advance(1).await;
    assert_eq!(bodies(poll_once(&mut poll)), [""; 0]);
    assert_eq!(bench.queue.waiters(), 0);
}

#[tokio::test]
async fn a_message_of_the_last_moment_counts() {
    let bench = bench(Kind::Standard, |_| {});
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.advance(20).await;
    bench.send("late");
    assert_eq!(bodies(poll_once(&mut poll)), ["late"]);
}

#[tokio::test]
async fn the_end_of_a_visibility_timeout_wakes() {
    let bench = bench(Kind::Standard, |settings| settings.visibility_timeout = 5);
    bench.send("a");
    assert_eq!(bench.receive_now().len(), 1);
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.advance(4).await;
    assert!(poll_once(&mut poll).is_none());
    bench.advance(1).await;
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[tokio::test]
async fn the_end_of_a_delay_wakes() {
    let bench = bench(Kind::Standard, |settings| settings.delay_seconds = 5);
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.send("a");
    assert!(poll_once(&mut poll).is_none());
    bench.advance(5).await;
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[tokio::test]
async fn an_alarm_of_a_waiter_that_left_serves_those_behind() {
    let bench = bench(Kind::Standard, |settings| settings.visibility_timeout = 5);
    bench.send("a");
    assert_eq!(bench.receive_now().len(), 1);
    let (mut first, mut second) = (bench.poll(), bench.poll());
    assert!(poll_once(&mut first).is_none());
    assert!(poll_once(&mut second).is_none());
    drop(first);
    bench.advance(5).await;
    assert_eq!(bodies(poll_once(&mut second)), ["a"]);
}

#[tokio::test]
async fn an_earlier_end_sets_an_earlier_alarm() {
    let bench = bench(Kind::Standard, |_| {});
    bench.send("a");
    let Delivery { receipt, id, .. } = bench.receive_now().remove(0);
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    let changed = bench
        .queue
        .apply(bench.clock.now(), change_visibility(receipt, 3));
    assert_eq!(changed, Some(Ok(id)));
    bench.advance(3).await;
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[test]
fn a_visibility_timeout_set_to_zero_wakes_at_once() {
    let bench = bench(Kind::Standard, |_| {});
    bench.send("a");
    let Delivery { receipt, id, .. } = bench.receive_now().remove(0);
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    let changed = bench
        .queue
        .apply(bench.clock.now(), change_visibility(receipt, 0));
    assert_eq!(changed, Some(Ok(id)));
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[test]
fn a_deletion_that_frees_a_fifo_group_wakes() {
    let bench = bench(Kind::Fifo, |_| {});
    bench.send_to_group("a", Some("g"));
    bench.send_to_group("b", Some("g"));
    let Delivery { receipt, id, .. } = bench.receive_now().remove(0);
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    let deleted = bench.queue.apply(bench.clock.now(), Delete { receipt });
    assert_eq!(deleted, Some(Ok(Some(id))));
    assert_eq!(bodies(poll_once(&mut poll)), ["b"]);
}

#[test]
fn a_newcomer_does_not_overtake_at_the_moment_a_message_returns() {
    let bench = bench(Kind::Standard, |settings| settings.visibility_timeout = 5);
    bench.send("a");
    assert_eq!(bench.receive_now().len(), 1);
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    // The time has come, and the alarm has not rung yet.
    let later = bench.clock.now() + Duration::from_secs(5);
    let newcomer = bench
        .queue
        .receive_now(later, &request())
        .expect("the queue is there");
    assert!(newcomer.is_empty());
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[test]
fn a_purge_leaves_waiters_waiting() {
    let bench = bench(Kind::Standard, |_| {});
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.queue.apply(START, Purge).expect("the queue is there");
    assert!(poll_once(&mut poll).is_none());
    bench.send("a");
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[test]
fn a_purge_after_a_hand_over_takes_the_message_along() {
    let bench = bench(Kind::Standard, |_| {});
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.send("a");
    bench.queue.apply(START, Purge).expect("the queue is there");
    drop(poll);
    assert!(bench.receive_now().is_empty());
}

#[test]
fn a_deleted_queue_ends_its_polls_and_takes_no_more() {
    let bench = bench(Kind::Standard, |_| {});
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.queue.delete();
    let gone = Some(Err(ReceiveFailed::QueueGone));
    assert_eq!(poll_once(&mut poll).map(|served| served.map(|_| ())), gone);
    assert_eq!(
        poll_once(&mut bench.poll()).map(|served| served.map(|_| ())),
        gone
    );
    assert!(bench.queue.apply(START, Count).is_none());
    assert!(bench.queue.apply(START, Purge).is_none());
}

#[test]
fn a_message_handed_over_before_the_queue_was_deleted_is_delivered() {
    let bench = bench(Kind::Standard, |_| {});
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.send("a");
    bench.queue.delete();
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[test]
fn a_stop_answers_polls_empty_and_lets_nobody_wait() {
    let bench = bench(Kind::Standard, |_| {});
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.queue.stop_waiting();
    assert_eq!(bodies(poll_once(&mut poll)), [""; 0]);
    assert_eq!(bodies(poll_once(&mut bench.poll())), [""; 0]);
    bench.send("a");
    assert_eq!(bodies(poll_once(&mut bench.poll())), ["a"]);
}

#[test]
fn a_long_poll_waits_at_the_in_flight_limit_where_a_short_one_is_refused() {
    let bench = bench(Kind::Standard, |settings| settings.in_flight_limit = 1);
    bench.send("a");
    bench.send("b");
    let Delivery { receipt, id, .. } = bench.receive_now().remove(0);
    let refused = bench.queue.receive_now(START, &request()).map(|_| ());
    assert_eq!(
        refused,
        Err(ReceiveFailed::Refused(ReceiveRefused::OverLimit))
    );
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    let deleted = bench.queue.apply(START, Delete { receipt });
    assert_eq!(deleted, Some(Ok(Some(id))));
    assert_eq!(bodies(poll_once(&mut poll)), ["b"]);
}

/// A dead-letter queue that is one queue.
struct OneQueue(Arc<WaitingQueue>);

impl DeadLetters for OneQueue {
    fn exists(&self, _target_arn: &str) -> bool {
        true
    }

    fn deliver(&self, now: Timestamp, _target_arn: &str, dead_letters: Vec<DeadLetter>) {
        self.0.apply(now, AcceptDeadLetters(dead_letters));
    }
}

#[test]
fn a_dead_letter_wakes_at_its_queue_and_not_at_its_source() {
    let target = bench(Kind::Standard, |_| {});
    let dead_letters: Arc<dyn DeadLetters> = Arc::new(OneQueue(target.queue.clone()));
    let source = bench_with(Kind::Standard, Arc::downgrade(&dead_letters), |settings| {
        settings.visibility_timeout = 0;
        settings.redrive = Some(Redrive {
            target: "arn:target".into(),
            max_receive_count: 1,
        });
    });
    source.send("a");
    assert_eq!(source.receive_now().len(), 1);
    let mut at_target = target.poll();
    assert!(poll_once(&mut at_target).is_none());
    let mut at_source = source.poll();
    assert!(poll_once(&mut at_source).is_none());
    let served = poll_once(&mut at_target)
        .expect("an answer")
        .expect("no failure");
    assert_eq!((&*served[0].body.text(), served[0].receive_count), ("a", 2));
    assert_eq!(served[0].dead_letter_source.as_deref(), Some("arn:source"));
    assert!(poll_once(&mut at_source).is_none());
}

/// A dead-letter queue that does not exist, and how often that was asked.
#[derive(Default)]
struct MissingQueue(AtomicUsize);

impl DeadLetters for MissingQueue {
    fn exists(&self, _target_arn: &str) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed);
        false
    }

    fn deliver(&self, _now: Timestamp, _target_arn: &str, _dead_letters: Vec<DeadLetter>) {
        unreachable!("there is no such queue");
    }
}

#[test]
fn the_target_is_asked_for_once_and_only_when_a_message_is_at_the_limit() {
    let target = Arc::new(MissingQueue::default());
    let dead_letters: Arc<dyn DeadLetters> = target.clone();
    let bench = bench_with(Kind::Standard, Arc::downgrade(&dead_letters), |settings| {
        settings.visibility_timeout = 0;
        settings.redrive = Some(Redrive {
            target: "arn:target".into(),
            max_receive_count: 1,
        });
    });
    bench.send("a");
    bench.send("b");
    let all = Receive {
        max_messages: 10,
        ..request()
    };
    let receive = || bench.queue.receive_now(START, &all).map(|all| all.len());
    assert_eq!(receive(), Ok(2));
    assert_eq!(target.0.load(Ordering::Relaxed), 0);
    assert_eq!(receive(), Ok(2), "they are delivered on");
    assert_eq!(target.0.load(Ordering::Relaxed), 1);
}

#[test]
fn a_call_that_read_the_clock_earlier_does_not_turn_time_back() {
    let bench = bench(Kind::Standard, |settings| settings.visibility_timeout = 5);
    bench.send("a");
    let later = START + Duration::from_secs(10);
    assert_eq!(
        bench
            .queue
            .receive_now(later, &request())
            .expect("the queue is there")
            .len(),
        1
    );
    bench.send("b");
    let received = bench.queue.receive_now(START, &request());
    let received = received.expect("the queue is there");
    assert_eq!(
        (received[0].sent_at, received[0].first_received_at),
        (later, later)
    );
}

#[test]
fn a_count_of_an_earlier_moment_does_not_turn_time_back() {
    let bench = bench(Kind::Standard, |settings| settings.delay_seconds = 5);
    bench.send("a");
    let later = START + Duration::from_secs(5);
    let visible = Some(Counts {
        visible: 1,
        ..Counts::default()
    });
    assert_eq!(bench.queue.apply(later, Count), visible);
    assert_eq!(bench.queue.apply(START, Count), visible);
    // A count is a moment that the queue has seen, as any other input is.
    let received = bench.queue.receive_now(START, &request());
    let received = received.expect("the queue is there");
    assert_eq!(received[0].first_received_at, later);
}

#[test]
fn a_count_at_the_moment_a_message_returns_serves_those_who_wait() {
    let bench = bench(Kind::Standard, |settings| settings.delay_seconds = 5);
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.send("a");
    let later = START + Duration::from_secs(5);
    bench.queue.apply(later, Count);
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[test]
fn a_purge_of_an_earlier_moment_purges_all_the_same() {
    let bench = bench(Kind::Standard, |_| {});
    bench.send("a");
    let later = START + Duration::from_secs(10);
    assert!(bench.queue.receive_now(later, &request()).is_ok());
    bench.send("b");
    assert_eq!(bench.queue.apply(START, Purge), Some(()));
    let counts = bench.queue.apply(START, Count);
    assert_eq!(counts, Some(Counts::default()));
}

#[test]
fn a_look_changes_nothing() {
    let bench = bench(Kind::Standard, |settings| settings.delay_seconds = 5);
    bench.send("a");
    let next_change = bench.queue.look(Queue::next_change);
    assert_eq!(next_change, Some(START + Duration::from_secs(5)));
    assert_eq!(bench.queue.look(Queue::next_change), next_change);
}

#[test]
fn a_shorter_delay_of_a_fifo_queue_wakes() {
    let bench = bench(Kind::Fifo, |settings| settings.delay_seconds = 5);
    let mut poll = bench.poll();
    assert!(poll_once(&mut poll).is_none());
    bench.send_to_group("a", Some("g"));
    assert!(poll_once(&mut poll).is_none());
    let mut settings = bench.queue.look(|core| core.settings().clone());
    settings.delay_seconds = 0;
    bench.queue.apply(START, SetSettings(settings));
    assert_eq!(bodies(poll_once(&mut poll)), ["a"]);
}

#[tokio::test]
async fn polls_on_other_tasks_are_woken() {
    let bench = Arc::new(bench(Kind::Standard, |_| {}));
    let poller = bench.clone();
    let poll = tokio::spawn(async move { bodies(Some(poll_on(&poller).await)) });
    while bench.queue.waiters() == 0 {
        tokio::task::yield_now().await;
    }
    bench.send("a");
    assert_eq!(poll.await.expect("no panic"), ["a"]);
}

async fn poll_on(bench: &Bench) -> Served {
    let deadline = bench.clock.now() + Duration::from_secs(20);
    let poll = pin!(bench.queue.receive_until(&bench.clock, request(), deadline));
    poll.await
}

/// What is stored and remembered, as nobody has asked the core since.
fn held(bench: &Bench) -> [usize; 3] {
    bench.queue.look(Queue::held)
}

#[tokio::test]
async fn what_is_over_in_a_queue_that_nobody_calls_is_let_go_of() {
    let bench = bench(Kind::Fifo, |settings| {
        settings.message_retention_period = 600;
    });
    bench.send_to_group("a", Some("g"));
    let attempt = Receive {
        attempt_id: Some("try".into()),
        visibility_timeout: Some(1000),
        ..request()
    };
    let received = bench.queue.receive_now(bench.clock.now(), &attempt);
    assert_eq!(bodies(Some(received)), ["a"]);
    bench.advance(299).await;
    assert_eq!(held(&bench), [1, 1, 1]);
    bench.advance(1).await;
    assert_eq!(held(&bench), [1, 0, 0], "five minutes are over");
    bench.advance(299).await;
    assert_eq!(held(&bench), [1, 0, 0]);
    bench.advance(1).await;
    assert_eq!(held(&bench), [0, 0, 0], "and so is its retention");
    assert_eq!(bench.agenda.len(), 0, "there is nothing more to wake for");
}

#[tokio::test]
async fn queue_is_cleared_once_a_minute_at_most() {
    let bench = bench(Kind::Standard, |settings| {
        settings.message_retention_period = 60;
    });
    for body in ["a", "b", "c"] {
        bench.send(body);
        bench.advance(10).await;
    }
    bench.advance(30).await;
    assert_eq!(held(&bench), [2, 0, 0], "a was over at 60");
    bench.advance(59).await;
    assert_eq!(held(&bench), [2, 0, 0]);
    bench.advance(1).await;
    assert_eq!(held(&bench), [0, 0, 0]);
}

#[tokio::test]
async fn many_messages_are_let_go_of_at_their_moment_too() {
    let bench = bench(Kind::Standard, |settings| {
        settings.message_retention_period = 60;
    });
    for _ in 0..=2 * CLEARED_AT_ONCE {
        bench.send("a");
    }
    let minute = Duration::from_mins(1);
    let advanced = bench.agenda.advance(minute).await;
    advanced.expect("the clock is manual");
    assert_eq!(held(&bench), [0, 0, 0]);
}

#[tokio::test]
async fn shorter_retention_is_kept_in_a_queue_that_nobody_calls() {
    let bench = bench(Kind::Standard, |_| {});
    bench.send("a");
    let mut settings = bench.queue.look(|core| core.settings().clone());
    settings.message_retention_period = 60;
    let set = bench.queue.apply(bench.clock.now(), SetSettings(settings));
    set.expect("the queue is there");
    assert_eq!(bench.agenda.len(), 1, "one alarm at a time");
    bench.advance(60).await;
    assert_eq!(held(&bench), [0, 0, 0]);
}

#[test]
fn deleted_queue_leaves_nothing_on_the_agenda() {
    let bench = bench(Kind::Standard, |_| {});
    assert_eq!(bench.agenda.len(), 0, "an empty queue needs no alarm");
    bench.send("a");
    assert_eq!(bench.agenda.len(), 1);
    bench.queue.delete();
    assert_eq!(bench.agenda.len(), 0);
}
