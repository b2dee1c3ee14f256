//! Long polls: the thin layer that lets receivers wait at a queue's core.
//!
//! [`WaitingQueue`] puts a core and the line of its waiting receives under one lock. Whatever may have made a message
//! deliverable ends in [`WaitingQueue::serve`], which hands messages to the front of the line before the lock is given back. So
//! a message wakes exactly one waiter, in the order in which they came, and none for nothing.
//!
//! What always holds: while the lock is free, nobody waits who could be served. A message handed to a waiter who is gone
//! before he took it goes back as if he had never come ([`Place`]'s `Drop`).

#[cfg(shuttle)]
mod schedules;
#[cfg(all(test, not(shuttle)))]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use tokio::sync::oneshot;

use super::queue::{DeadLetter, Delivery, Queue, Receipt, Receive, ReceiveRefused};
use crate::agenda::{Agenda, Sleeper};
use crate::clock::{Clock, Timestamp};
use crate::sync::{Mutex, MutexGuard};

/// Where messages go that a queue gives up. Asked while a queue is locked, so it must not lock one.
pub(crate) trait DeadLetters: Send + Sync {
    /// Whether the queue with this ARN exists.
    fn exists(&self, target_arn: &str) -> bool;

    /// Puts the messages on the queue with this ARN. Called while no queue is locked.
    fn deliver(&self, now: Timestamp, target_arn: &str, letters: Vec<DeadLetter>);
}

/// Why a receive ended without an answer of the core's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReceiveFailed {
    /// The queue was deleted, before or meanwhile.
    QueueGone,
    /// The core refused.
    Refused(ReceiveRefused),
}

type Served = Result<Vec<Delivery>, ReceiveFailed>;

/// A queue's core with those who wait at it.
pub(crate) struct WaitingQueue {
    state: Mutex<State>,
    dead_letters: Weak<dyn DeadLetters>,
    agenda: Arc<Agenda>,
    myself: Weak<Self>,
}

struct State {
    core: Queue,
    line: BTreeMap<u64, Waiter>,
    next_ticket: u64,
    /// The earliest alarm that is set; later ones may be, and then wake for nothing.
    alarm: Option<Timestamp>,
    /// The latest moment that the core was told. Callers read the clock before they lock, so that one may come with an
    /// earlier moment after one with a later: the core's time does not run backwards.
    latest: Timestamp,
    life: Life,
}

/// Whether receives may wait here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Life {
    Open,
    /// The server stops: nobody waits any more.
    Stopping,
    /// The queue is deleted.
    Deleted,
}

struct Waiter {
    request: Receive,
    answer: oneshot::Sender<Served>,
}

impl State {
    /// The moment that a call made at `now` happens at.
    fn moment(&mut self, now: Timestamp) -> Timestamp {
        self.latest = self.latest.max(now);
        self.latest
    }
}

/// Messages given up under the lock, to be passed on when it is free.
#[derive(Default)]
struct GivenUp {
    target: Option<Arc<str>>,
    letters: Vec<DeadLetter>,
}

impl WaitingQueue {
    pub(crate) fn new(
        core: Queue,
        dead_letters: Weak<dyn DeadLetters>,
        agenda: Arc<Agenda>,
    ) -> Arc<Self> {
        let state = State {
            core,
            line: BTreeMap::new(),
            next_ticket: 0,
            alarm: None,
            latest: Timestamp::default(),
            life: Life::Open,
        };
        Arc::new_cyclic(|myself| Self {
            state: Mutex::new(state),
            dead_letters,
            agenda,
            myself: myself.clone(),
        })
    }

    /// Looks at the core, or changes it in ways that make no message deliverable.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&mut Queue) -> R) -> R {
        look(&mut self.state.lock().core)
    }

    /// Changes the core, then serves those who wait. `change` is given the moment that it happens at: `now`, unless a
    /// later one has come before. `None` when the queue is deleted.
    pub(crate) fn change<R>(
        &self,
        now: Timestamp,
        change: impl FnOnce(&mut Queue, Timestamp) -> R,
    ) -> Option<R> {
        let mut state = self.state.lock();
        if state.life == Life::Deleted {
            return None;
        }
        let now = state.moment(now);
        let result = change(&mut state.core, now);
        self.serve_and_unlock(now, state);
        Some(result)
    }

    /// Receives what is there.
    pub(crate) fn receive_now(&self, now: Timestamp, request: &Receive) -> Served {
        let mut given_up = GivenUp::default();
        let served = self.try_receive(now, &mut self.state.lock(), request, &mut given_up);
        self.pass_on(now, given_up);
        served
    }

    /// Receives what is there, or waits until `deadline` for a message; empty when none came.
    ///
    /// Dropping the future leaves the line and loses no message.
    pub(crate) async fn receive_until(
        &self,
        clock: &dyn Clock,
        request: Receive,
        deadline: Timestamp,
    ) -> Served {
        let mut place = match self.receive_or_wait(clock, request)? {
            Begun::Served(deliveries) => return Ok(deliveries),
            Begun::Waiting(place) => place,
        };
        tokio::select! {
            // A message that came in the last moment counts.
            biased;
            served = &mut place.answer => return place.finish(served.ok()),
            () = clock.sleep_until(deadline) => {}
        }
        let served = place.leave();
        place.finish(served)
    }

    /// Deletes the queue: those who wait are told, and nobody waits any more.
    pub(crate) fn delete(&self) {
        self.end(Life::Deleted, &Err(ReceiveFailed::QueueGone));
    }

    /// Answers those who wait with nothing, and makes later receives return at once.
    pub(crate) fn stop_waiting(&self) {
        self.end(Life::Stopping, &Ok(Vec::new()));
    }

    /// How many receives wait here.
    #[cfg(test)]
    pub(crate) fn waiters(&self) -> usize {
        self.state.lock().line.len()
    }

    fn receive_or_wait<'q>(
        &'q self,
        clock: &'q dyn Clock,
        request: Receive,
    ) -> Result<Begun<'q>, ReceiveFailed> {
        let now = clock.now();
        let mut state = self.state.lock();
        let mut given_up = GivenUp::default();
        let served = match self.try_receive(now, &mut state, &request, &mut given_up) {
            // A short poll is refused at the limit; a long one waits (SQS quotas, messages in flight).
            Err(ReceiveFailed::Refused(ReceiveRefused::OverLimit)) => Ok(Vec::new()),
            served => served,
        };
        let begun = match served {
            Ok(deliveries) if deliveries.is_empty() && state.life == Life::Open => {
                let (answer, place) = oneshot::channel();
                let ticket = state.next_ticket;
                state.next_ticket += 1;
                state.line.insert(ticket, Waiter { request, answer });
                self.set_alarm(&mut state);
                Ok(Begun::Waiting(Place {
                    queue: self,
                    clock,
                    ticket,
                    answer: place,
                    is_done: false,
                }))
            }
            served => served.map(Begun::Served),
        };
        drop(state);
        self.pass_on(now, given_up);
        begun
    }

    /// Receives for a newcomer, behind those who wait: what fell due just now is theirs first.
    fn try_receive(
        &self,
        now: Timestamp,
        state: &mut State,
        request: &Receive,
        given_up: &mut GivenUp,
    ) -> Served {
        if state.life == Life::Deleted {
            return Err(ReceiveFailed::QueueGone);
        }
        let now = state.moment(now);
        self.serve(now, state, given_up);
        self.receive(now, &mut state.core, request, given_up)
    }

    fn receive(
        &self,
        now: Timestamp,
        core: &mut Queue,
        request: &Receive,
        given_up: &mut GivenUp,
    ) -> Served {
        let mut exists = |arn: &str| {
            self.dead_letters
                .upgrade()
                .is_some_and(|letters| letters.exists(arn))
        };
        let received = core
            .receive(now, request, &mut exists)
            .map_err(ReceiveFailed::Refused)?;
        if !received.dead_letters.is_empty() {
            given_up.target = core
                .settings()
                .redrive
                .as_ref()
                .map(|redrive| redrive.target.clone());
            given_up.letters.extend(received.dead_letters);
        }
        Ok(received.deliveries)
    }

    /// Hands messages to the front of the line until there are none, or nobody waits.
    fn serve(&self, now: Timestamp, state: &mut State, given_up: &mut GivenUp) {
        while let Some(first) = state.line.first_entry() {
            let served = self.receive(now, &mut state.core, &first.get().request, given_up);
            match &served {
                Ok(deliveries) if deliveries.is_empty() => break,
                Err(ReceiveFailed::Refused(ReceiveRefused::OverLimit)) => break,
                _ => {}
            }
            if let Err(Ok(untaken)) = first.remove().answer.send(served) {
                state.core.give_back(now, &receipts(&untaken));
            }
        }
        self.set_alarm(state);
    }

    fn serve_and_unlock(&self, now: Timestamp, mut state: MutexGuard<'_, State>) {
        // The hot path: nobody waits.
        if state.line.is_empty() {
            return;
        }
        let mut given_up = GivenUp::default();
        self.serve(now, &mut state, &mut given_up);
        drop(state);
        self.pass_on(now, given_up);
    }

    /// Sees to it that those who wait are served when a delay or a visibility timeout ends.
    fn set_alarm(&self, state: &mut State) {
        if state.line.is_empty() {
            return;
        }
        let Some(next) = state.core.next_change() else {
            return;
        };
        if state.alarm.is_none_or(|alarm| next < alarm) {
            state.alarm = Some(next);
            let myself: Weak<dyn Sleeper> = self.myself.clone();
            self.agenda.set(next, myself);
        }
    }

    fn pass_on(&self, now: Timestamp, given_up: GivenUp) {
        if let (Some(target), Some(dead_letters)) = (given_up.target, self.dead_letters.upgrade()) {
            dead_letters.deliver(now, &target, given_up.letters);
        }
    }

    fn end(&self, life: Life, answer: &Served) {
        let mut state = self.state.lock();
        if state.life != Life::Deleted {
            state.life = life;
        }
        let waiting = std::mem::take(&mut state.line);
        drop(state);
        for waiter in waiting.into_values() {
            // A waiter who is gone needs no answer.
            let _ = waiter.answer.send(answer.clone());
        }
    }
}

impl Sleeper for WaitingQueue {
    fn wake(self: Arc<Self>, now: Timestamp) {
        let mut state = self.state.lock();
        let now = state.moment(now);
        if state.alarm.is_some_and(|alarm| alarm <= now) {
            state.alarm = None;
        }
        self.serve_and_unlock(now, state);
    }
}

impl std::fmt::Debug for WaitingQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitingQueue").finish_non_exhaustive()
    }
}

fn receipts(deliveries: &[Delivery]) -> Vec<Receipt> {
    deliveries.iter().map(|delivery| delivery.receipt).collect()
}

/// How a receive began.
enum Begun<'q> {
    Served(Vec<Delivery>),
    Waiting(Place<'q>),
}

/// A place in the line. Whoever drops it leaves the line; messages that were handed to him meanwhile go back.
struct Place<'q> {
    queue: &'q WaitingQueue,
    clock: &'q dyn Clock,
    ticket: u64,
    answer: oneshot::Receiver<Served>,
    is_done: bool,
}

impl Place<'_> {
    /// Leaves the line; an answer that came before is given.
    ///
    /// Answers are only sent under the lock, to those in the line: after this none comes.
    fn leave(&mut self) -> Option<Served> {
        self.queue.state.lock().line.remove(&self.ticket);
        self.answer.try_recv().ok()
    }

    fn finish(mut self, served: Option<Served>) -> Served {
        self.is_done = true;
        served.unwrap_or(Ok(Vec::new()))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        if let Some(Ok(deliveries)) = self.leave() {
            let now = self.clock.now();
            self.queue
                .change(now, |core, now| core.give_back(now, &receipts(&deliveries)));
        }
    }
}
