//! The waiting layer under random schedules: `RUSTFLAGS="--cfg shuttle" cargo test --lib schedules`.
//!
//! Producers, receivers that give up at any point, and a clock run side by side. Whatever the schedule: no message is
//! lost, none is delivered twice while it is hidden, nobody waits while there is a message, nothing locks up.

#![cfg(test)]

use std::collections::HashSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use shuttle::future::{block_on, spawn, yield_now};
use shuttle::rand::{Rng, thread_rng};
use shuttle::thread;

use super::*;
use crate::aws::AccountId;
use crate::aws::message::{Body, Sender};
use crate::clock::ManualClock;
use crate::ids::MessageId;
use crate::services::sqs::queue::input::Send;
use crate::services::sqs::queue::{Kind, NewMessage, Settings};

const START: Timestamp = Timestamp::from_secs(1_000_000);
const MESSAGES: usize = 4;
const RECEIVERS: usize = 4;
const SCHEDULES: usize = 20_000;

struct NoQueue;

impl DeadLetters for NoQueue {
    fn exists(&self, _target_arn: &str) -> bool {
        false
    }

    fn deliver(&self, _now: Timestamp, _target_arn: &str, _dead_letters: Vec<DeadLetter>) {}
}

fn queue(kind: Kind, delay_seconds: u32, clock: &ManualClock) -> Arc<WaitingQueue> {
    let settings = Settings {
        delay_seconds,
        visibility_timeout: 1000,
        ..Settings::default()
    };
    let no_dead_letters: Weak<NoQueue> = Weak::new();
    let core = Queue::new(kind, "arn:q".into(), settings);
    let agenda = Agenda::new(Arc::new(clock.clone()));
    WaitingQueue::new(core, no_dead_letters, Arc::new(agenda), Arc::default())
}

fn send(queue: &WaitingQueue, now: Timestamp, number: usize) {
    let message = NewMessage {
        id: MessageId::from_u128(number as u128),
        body: Body::new(number.to_string()),
        attributes: None,
        trace_header: None,
        sender: Sender::User(AccountId::DEFAULT),
        delay_seconds: None,
        // One group each: a group's order would make receivers wait for one another.
        group_id: Some(number.to_string().into()),
        deduplication_id: Some(number.to_string().into()),
    };
    queue.apply(now, Send(message));
}

fn request() -> Receive {
    Receive {
        max_messages: 2,
        visibility_timeout: None,
        attempt_id: None,
        target_exists: None,
        passed_over: 0,
    }
}

/// One history: two producers, receivers of which some hang up, a clock; then what is left is received.
fn history(kind: Kind, delay_seconds: u32) {
    let clock = ManualClock::new(START);
    let queue = queue(kind, delay_seconds, &clock);
    let taken = Arc::new(Mutex::new(Vec::new()));

    let producers: Vec<_> = (0..2)
        .map(|half| {
            let (queue, clock) = (queue.clone(), clock.clone());
            thread::spawn(move || {
                for number in (0..MESSAGES).filter(|number| number % 2 == half) {
                    send(&queue, clock.now(), number);
                }
            })
        })
        .collect();
    let receivers: Vec<_> = (0..RECEIVERS)
        .map(|_| {
            let (queue, clock, taken) = (queue.clone(), clock.clone(), taken.clone());
            thread::spawn(move || {
                block_on(async {
                    let hangs_up_after = thread_rng().gen_range(0..8);
                    let receive = spawn(async move {
                        let deadline = START + Duration::from_secs(20);
                        let served = queue.receive_until(&clock, request(), deadline).await;
                        let served = served.expect("the queue is there");
                        taken
                            .lock()
                            .extend(served.into_iter().map(|delivery| delivery.body.text()));
                    });
                    for _ in 0..hangs_up_after {
                        yield_now().await;
                    }
                    if hangs_up_after % 2 == 0 {
                        receive.abort();
                    }
                    let _ = receive.await;
                });
            })
        })
        .collect();
    let time = {
        let queue = queue.clone();
        thread::spawn(move || {
            for _ in 0..4 {
                block_on(queue.agenda.advance(Duration::from_secs(5))).expect("a manual clock");
            }
        })
    };
    for thread in producers.into_iter().chain(receivers).chain([time]) {
        thread.join().expect("no panic");
    }

    assert_eq!(queue.waiters(), 0, "nobody waits any more");
    let taken: Vec<_> = taken.lock().iter().map(ToString::to_string).collect();
    let mut left = Vec::new();
    loop {
        let received = queue.receive_now(
            clock.now() + Duration::from_secs(delay_seconds.into()),
            &request(),
        );
        let received = received.expect("the queue is there");
        if received.is_empty() {
            break;
        }
        assert!(
            received.iter().all(|delivery| delivery.receive_count == 1),
            "an undone receive does not count"
        );
        left.extend(
            received
                .into_iter()
                .map(|delivery| delivery.body.text().to_string()),
        );
    }
    let all: HashSet<_> = taken.iter().chain(&left).cloned().collect();
    assert_eq!(
        all.len(),
        taken.len() + left.len(),
        "none is delivered twice"
    );
    assert_eq!(all.len(), MESSAGES, "none is lost");
}

#[test]
fn standard_queue_loses_nothing_under_any_schedule() {
    shuttle::check_random(|| history(Kind::Standard, 0), SCHEDULES);
}

#[test]
fn fifo_queue_loses_nothing_under_any_schedule() {
    shuttle::check_random(|| history(Kind::Fifo, 0), SCHEDULES);
}

#[test]
fn delayed_messages_are_not_lost_under_any_schedule() {
    shuttle::check_random(|| history(Kind::Standard, 5), SCHEDULES);
}

#[test]
fn rare_schedules_lose_nothing() {
    shuttle::check_pct(|| history(Kind::Standard, 0), SCHEDULES, 4);
}

/// A receiver that stays until it is served: if its wake-up were lost, this would lock up, which shuttle reports.
#[test]
fn no_wake_up_is_lost() {
    shuttle::check_random(
        || {
            let clock = ManualClock::new(START);
            let queue = queue(Kind::Standard, 0, &clock);
            let waiting: Vec<_> = (0..2)
                .map(|_| {
                    let (queue, clock) = (queue.clone(), clock.clone());
                    thread::spawn(move || {
                        let deadline = START + Duration::from_secs(20);
                        let one = Receive {
                            max_messages: 1,
                            ..request()
                        };
                        let served = block_on(queue.receive_until(&clock, one, deadline));
                        assert_eq!(served.expect("the queue is there").len(), 1);
                    })
                })
                .collect();
            let sending: Vec<_> = (0..2)
                .map(|number| {
                    let (queue, clock) = (queue.clone(), clock.clone());
                    thread::spawn(move || send(&queue, clock.now(), number))
                })
                .collect();
            for thread in waiting.into_iter().chain(sending) {
                thread.join().expect("no panic");
            }
        },
        SCHEDULES,
    );
}

/// A queue that is deleted, or a server that stops, leaves nobody waiting.
#[test]
fn an_end_reaches_everybody() {
    shuttle::check_random(
        || {
            let clock = ManualClock::new(START);
            let queue = queue(Kind::Standard, 0, &clock);
            let waiting: Vec<_> = (0..3)
                .map(|_| {
                    let (queue, clock) = (queue.clone(), clock.clone());
                    thread::spawn(move || {
                        let deadline = START + Duration::from_secs(20);
                        block_on(queue.receive_until(&clock, request(), deadline)).map(|_| ())
                    })
                })
                .collect();
            let is_deleted = thread_rng().gen_bool(0.5);
            let ender = queue.clone();
            let end = thread::spawn(move || {
                if is_deleted {
                    ender.delete()
                } else {
                    ender.stop_waiting()
                }
            });
            end.join().expect("no panic");
            for waiting in waiting {
                let ended = waiting.join().expect("no panic");
                assert_eq!(
                    ended,
                    if is_deleted {
                        Err(ReceiveFailed::QueueGone)
                    } else {
                        Ok(())
                    }
                );
            }
        },
        SCHEDULES,
    );
}
