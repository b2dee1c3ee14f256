//! The agenda under a manual clock.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use super::*;
use crate::clock::{ManualClock, SystemClock};

const START: Timestamp = Timestamp::from_secs(1_000_000);

fn agenda() -> (Arc<Agenda>, ManualClock) {
    let clock = ManualClock::new(START);
    (Arc::new(Agenda::new(Arc::new(clock.clone()))), clock)
}

const fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(START.as_secs() + seconds)
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What happened, by moment.
type Log = Arc<parking_lot::Mutex<Vec<(Timestamp, &'static str)>>>;

/// Logs that it was woken.
struct Note(&'static str, Log);

impl Sleeper for Note {
    fn wake(self: Arc<Self>, now: Timestamp) {
        self.1.lock().push((now, self.0));
    }
}

/// What takes time: a task that ends long after the wake-up, and has a next turn ten seconds later.
struct Attempts(Arc<Agenda>, Log);

impl Sleeper for Attempts {
    fn wake(self: Arc<Self>, now: Timestamp) {
        let busy = self.0.busy();
        tokio::spawn(async move {
            for _ in 0..1000 {
                tokio::task::yield_now().await;
            }
            self.1.lock().push((now, "attempt"));
            let weak = Arc::downgrade(&self);
            self.0.set(now + seconds(10), weak);
            drop(busy);
        });
    }
}

fn note(agenda: &Agenda, moment: Timestamp, name: &'static str, log: &Log) -> Arc<Note> {
    let note = Arc::new(Note(name, log.clone()));
    let weak = Arc::downgrade(&note);
    agenda.set(moment, weak);
    note
}

fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn time_moves_on_when_what_fell_due_is_done() {
    let (agenda, clock) = agenda();
    let log = Log::default();
    let attempts = Arc::new(Attempts(agenda.clone(), log.clone()));
    let weak = Arc::downgrade(&attempts);
    agenda.set(at(5), weak);
    let _notes = [(12, "a"), (20, "b"), (31, "too late")]
        .map(|(moment, name)| note(&agenda, at(moment), name, &log));
    agenda.advance(seconds(30)).await.unwrap();
    let expected = [
        (at(5), "attempt"),
        (at(12), "a"),
        (at(15), "attempt"),
        (at(20), "b"),
        (at(25), "attempt"),
    ];
    assert_eq!(*log.lock(), expected);
    assert_eq!(clock.now(), at(30));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_is_the_same_on_many_threads_and_beside_the_task_that_wakes_by_itself() {
    for _ in 0..100 {
        let (agenda, _) = agenda();
        let running = agenda.clone();
        let task = tokio::spawn(async move { running.run().await });
        let log = Log::default();
        let attempts = Arc::new(Attempts(agenda.clone(), log.clone()));
        let weak = Arc::downgrade(&attempts);
        agenda.set(at(0), weak);
        let (waiting, told) = (agenda.clone(), log.clone());
        let wait = tokio::spawn(async move {
            let _busy = waiting.sleep_until(at(15)).await;
            told.lock().push((waiting.clock.now(), "the wait ends"));
        });
        let _notes = [15, 15].map(|moment| note(&agenda, at(moment), "note", &log));
        while !agenda.state.lock().due.keys().any(|key| key.is_wait) {
            tokio::task::yield_now().await;
        }
        agenda.advance(seconds(9)).await.unwrap();
        let mut expected = vec![(at(0), "attempt")];
        assert_eq!(*log.lock(), expected);
        agenda.advance(seconds(10)).await.unwrap();
        wait.await.unwrap();
        expected.extend([
            (at(10), "attempt"),
            (at(15), "note"),
            (at(15), "note"),
            (at(15), "the wait ends"),
        ]);
        assert_eq!(*log.lock(), expected);
        task.abort();
    }
}

#[tokio::test]
async fn at_one_moment_waits_end_last() {
    let (agenda, _) = agenda();
    let log = Log::default();
    let (waiting, told) = (agenda.clone(), log.clone());
    let wait = tokio::spawn(async move {
        let _busy = waiting.sleep_until(at(5)).await;
        told.lock().push((at(5), "the wait ends"));
    });
    tokio::task::yield_now().await;
    let _note = note(&agenda, at(5), "an alarm that was set later", &log);
    agenda.advance(seconds(5)).await.unwrap();
    let expected = [
        (at(5), "an alarm that was set later"),
        (at(5), "the wait ends"),
    ];
    assert_eq!(*log.lock(), expected);
    wait.await.unwrap();
}

#[tokio::test]
async fn a_wait_that_is_given_up_leaves_nothing_behind() {
    let (agenda, _) = agenda();
    let mut early = Box::pin(agenda.sleep_until(at(5)));
    assert!(poll_once(early.as_mut()).is_pending());
    drop(early);
    assert!(agenda.state.lock().due.is_empty());
    // Given up when its moment has come: time need not wait for it.
    let mut late = Box::pin(agenda.sleep_until(at(5)));
    assert!(poll_once(late.as_mut()).is_pending());
    let mut advance = pin!(agenda.advance(seconds(10)));
    for _ in 0..10 {
        assert!(poll_once(advance.as_mut()).is_pending());
    }
    assert_eq!(agenda.state.lock().busy, 1);
    drop(late);
    advance.await.unwrap();
    assert_eq!(agenda.state.lock().busy, 0);
}

#[tokio::test]
async fn a_moment_that_has_passed_is_not_waited_for() {
    let (agenda, _) = agenda();
    assert!(poll_once(pin!(agenda.sleep_until(at(0)))).is_ready());
    let state = agenda.state.lock();
    assert_eq!((state.due.len(), state.busy), (0, 0));
}

#[tokio::test]
async fn an_earlier_alarm_wakes_earlier() {
    let (agenda, clock) = agenda();
    let running = agenda.clone();
    let task = tokio::spawn(async move { running.run().await });
    let log = Log::default();
    let _late = note(&agenda, at(20), "late", &log);
    tokio::task::yield_now().await;
    let _early = note(&agenda, at(10), "early", &log);
    tokio::task::yield_now().await;
    clock.advance(seconds(10)).await;
    assert_eq!(*log.lock(), [(at(10), "early")]);
    task.abort();
}

#[tokio::test]
async fn the_machines_time_is_not_moved() {
    let agenda = Agenda::new(Arc::new(SystemClock::new()));
    assert_eq!(agenda.advance(seconds(1)).await, Err(NotManual));
}
