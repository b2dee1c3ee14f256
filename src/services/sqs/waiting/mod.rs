//! Long polls: the thin layer that lets receivers wait at a queue's core.
//!
//! [`WaitingQueue`] puts a core and the receives that wait at it under one lock. An input that may have made a message
//! deliverable ends in [`WaitingQueue::serve`], which hands messages to the waiters before the lock is released. So a
//! message wakes exactly one waiter, in the order in which they came, and none for nothing.
//!
//! The core makes no calls. Where its answer is that it needs to know whether the dead-letter queue exists, this layer
//! finds out and applies the receive again; dead letters are passed on when the lock is free, so that no queue is
//! locked while another one is.
//!
//! What is over in a queue that nobody calls any more is let go of by an alarm, so that its memory is given back: once a
//! minute at most, and some messages at a time.
//!
//! What always holds: while the lock is free, no receive waits that could be served. A message handed to a waiter that is
//! gone before it took the message goes back as if it had never been received ([`Ticket`]'s `Drop`).

#[cfg(shuttle)]
mod schedules;
#[cfg(all(test, not(shuttle)))]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::oneshot;

use super::queue::input::{Expire, GiveBack, Receive};
use super::queue::{Apply, DeadLetter, Delivery, Queue, ReceiveRefused};
use crate::agenda::{Agenda, Alarm, Sleeper};
use crate::clock::{Clock, Timestamp};
use crate::ids::MessageId;
use crate::sync::{Mutex, MutexGuard};
use crate::trace::{Traces, What};

/// How long after it let go of what was over a queue does so again at the earliest, unless it is called.
const BETWEEN_CLEARANCES: Duration = Duration::from_mins(1);

/// How many messages a queue lets go of at a time: requests pass in between.
const CLEARED_AT_ONCE: usize = 1000;

/// The dead-letter queues.
pub(crate) trait DeadLetters: Send + Sync {
    /// Whether the queue with this ARN exists. Called while a queue is locked, so it must not lock one.
    fn exists(&self, target_arn: &str) -> bool;

    /// Puts the messages on the queue with this ARN. Called while no queue is locked.
    fn deliver(&self, now: Timestamp, target_arn: &str, dead_letters: Vec<DeadLetter>);
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

/// A queue's core with the receives that wait at it.
pub(crate) struct WaitingQueue {
    state: Mutex<State>,
    dead_letters: Weak<dyn DeadLetters>,
    agenda: Arc<Agenda>,
    traces: Arc<Traces>,
    myself: Weak<Self>,
}

struct State {
    core: Queue,
    /// By their tickets' numbers: in the order in which they came.
    waiters: BTreeMap<u64, Waiter>,
    next_ticket: u64,
    /// The earliest alarm that is set; later ones may be, and then wake for nothing.
    alarm: Option<Timestamp>,
    clearance: Clearance,
    phase: Phase,
}

/// When the core will be told to let go of what is over.
struct Clearance {
    /// [`Timestamp::MAX`] when there is no alarm.
    at: Timestamp,
    alarm: Option<Alarm>,
    /// Not before.
    earliest: Timestamp,
}

/// Whether receives may wait here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// The server stops: no receive waits any more.
    Stopping,
    /// The queue is deleted.
    Deleted,
}

struct Waiter {
    request: Receive,
    answer: oneshot::Sender<Served>,
}

impl WaitingQueue {
    pub(crate) fn new(
        core: Queue,
        dead_letters: Weak<dyn DeadLetters>,
        agenda: Arc<Agenda>,
        traces: Arc<Traces>,
    ) -> Arc<Self> {
        let state = State {
            core,
            waiters: BTreeMap::new(),
            next_ticket: 0,
            alarm: None,
            clearance: Clearance {
                at: Timestamp::MAX,
                alarm: None,
                earliest: Timestamp::default(),
            },
            phase: Phase::Open,
        };
        Arc::new_cyclic(|myself| Self {
            state: Mutex::new(state),
            dead_letters,
            agenda,
            traces,
            myself: myself.clone(),
        })
    }

    /// Looks at the core as the latest input left it.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&Queue) -> R) -> R {
        look(&self.state.lock().core)
    }

    /// Applies an input to the core, then serves the waiters. `None` when the queue is deleted.
    ///
    /// Receives have functions of their own, which can wait, and pass dead letters on.
    pub(crate) fn apply<I: Apply>(&self, now: Timestamp, input: I) -> Option<I::Output> {
        let mut state = self.state.lock();
        if state.phase == Phase::Deleted {
            return None;
        }
        let output = self.apply_to(&mut state.core, now, input);
        self.serve_and_unlock(now, state);
        Some(output)
    }

    /// Applies an input to the core, and says what happened beside it.
    fn apply_to<I: Apply>(&self, core: &mut Queue, now: Timestamp, input: I) -> I::Output {
        let applied = core.apply(now, input);
        if !applied.expired.is_empty() {
            self.tell_expired(core, now, &applied.expired);
        }
        applied.output
    }

    #[cold]
    fn tell_expired(&self, core: &Queue, now: Timestamp, expired: &[MessageId]) {
        let queue = core.arn();
        tracing::debug!(queue = &**queue, count = expired.len(), "messages expired");
        for id in expired {
            self.traces.record(now, *id, || What::Expired {
                queue: Arc::clone(queue),
            });
        }
    }

    /// Receives what is there.
    pub(crate) fn receive_now(&self, now: Timestamp, request: &Receive) -> Served {
        let mut dead_letters = Vec::new();
        let served = self.try_receive(now, &mut self.state.lock(), request, &mut dead_letters);
        self.pass_on(now, dead_letters);
        served
    }

    /// Receives what is there, or waits until `deadline` for a message; empty when none came.
    ///
    /// Dropping the future gives up waiting and loses no message.
    pub(crate) async fn receive_until(
        &self,
        clock: &dyn Clock,
        request: Receive,
        deadline: Timestamp,
    ) -> Served {
        let mut ticket = match self.receive_or_wait(clock, request)? {
            Begun::Served(deliveries) => return Ok(deliveries),
            Begun::Waiting(ticket) => ticket,
        };
        let _busy = tokio::select! {
            // A message that came in the last moment counts.
            biased;
            served = &mut ticket.answer => return ticket.finish(served.ok()),
            busy = self.agenda.sleep_until(deadline) => busy,
        };
        let served = ticket.withdraw();
        ticket.finish(served)
    }

    /// Deletes the queue: the waiters are answered that it is gone, and so are later receives.
    pub(crate) fn delete(&self) {
        self.end(Phase::Deleted, &Err(ReceiveFailed::QueueGone));
    }

    /// Answers the waiters with nothing, and makes later receives return at once.
    pub(crate) fn stop_waiting(&self) {
        self.end(Phase::Stopping, &Ok(Vec::new()));
    }

    /// How many receives wait here.
    pub(crate) fn waiters(&self) -> usize {
        self.state.lock().waiters.len()
    }

    fn receive_or_wait<'q>(
        &'q self,
        clock: &'q dyn Clock,
        request: Receive,
    ) -> Result<Begun<'q>, ReceiveFailed> {
        let now = clock.now();
        let mut state = self.state.lock();
        let mut dead_letters = Vec::new();
        let served = match self.try_receive(now, &mut state, &request, &mut dead_letters) {
            // A short poll is refused at the limit; a long one waits (SQS quotas, messages in flight).
            Err(ReceiveFailed::Refused(ReceiveRefused::OverLimit)) => Ok(Vec::new()),
            served => served,
        };
        let begun = match served {
            Ok(deliveries) if deliveries.is_empty() && state.phase == Phase::Open => {
                let (sender, answer) = oneshot::channel();
                let number = state.next_ticket;
                state.next_ticket += 1;
                let attempt_id = request.attempt_id.clone();
                let waiter = Waiter {
                    request,
                    answer: sender,
                };
                state.waiters.insert(number, waiter);
                self.set_alarm(&mut state);
                Ok(Begun::Waiting(Ticket {
                    queue: self,
                    clock,
                    number,
                    attempt_id,
                    answer,
                    is_done: false,
                }))
            }
            served => served.map(Begun::Served),
        };
        drop(state);
        self.pass_on(now, dead_letters);
        begun
    }

    /// Receives for a newcomer, behind the waiters: what fell due just now is theirs first.
    fn try_receive(
        &self,
        now: Timestamp,
        state: &mut State,
        request: &Receive,
        dead_letters: &mut Vec<DeadLetter>,
    ) -> Served {
        if state.phase == Phase::Deleted {
            return Err(ReceiveFailed::QueueGone);
        }
        self.serve(now, state, dead_letters);
        let served = self.receive(now, &mut state.core, request, dead_letters);
        self.set_clearance(state);
        served
    }

    fn receive(
        &self,
        now: Timestamp,
        core: &mut Queue,
        request: &Receive,
        dead_letters: &mut Vec<DeadLetter>,
    ) -> Served {
        let mut received = self.apply_to(core, now, request);
        if received
            .as_ref()
            .is_ok_and(|received| received.needs_target)
        {
            let request = Receive {
                target_exists: Some(self.target_exists(core)),
                ..request.clone()
            };
            received = self.apply_to(core, now, &request);
        }
        let mut received = received.map_err(ReceiveFailed::Refused)?;
        dead_letters.append(&mut received.dead_letters);
        Ok(received.deliveries)
    }

    /// Whether the queue's dead-letter queue exists.
    fn target_exists(&self, core: &Queue) -> bool {
        let redrive = core.settings().redrive.as_ref();
        let dead_letters = self.dead_letters.upgrade();
        redrive
            .zip(dead_letters)
            .is_some_and(|(redrive, dead_letters)| dead_letters.exists(&redrive.target))
    }

    /// Hands messages to the waiters, in the order in which they came, until there are no more of either.
    fn serve(&self, now: Timestamp, state: &mut State, dead_letters: &mut Vec<DeadLetter>) {
        while let Some(first) = state.waiters.first_entry() {
            let request = &first.get().request;
            let served = self.receive(now, &mut state.core, request, dead_letters);
            match &served {
                Ok(deliveries) if deliveries.is_empty() => break,
                Err(ReceiveFailed::Refused(ReceiveRefused::OverLimit)) => break,
                _ => {}
            }
            let Waiter { request, answer } = first.remove();
            if let Err(Ok(untaken)) = answer.send(served) {
                let given_back = give_back(&untaken, request.attempt_id);
                self.apply_to(&mut state.core, now, given_back);
            }
        }
        self.set_alarm(state);
    }

    fn serve_and_unlock(&self, now: Timestamp, mut state: MutexGuard<'_, State>) {
        // The hot path: nobody waits.
        if state.waiters.is_empty() {
            self.set_clearance(&mut state);
            return;
        }
        let mut dead_letters = Vec::new();
        self.serve(now, &mut state, &mut dead_letters);
        self.set_clearance(&mut state);
        drop(state);
        self.pass_on(now, dead_letters);
    }

    /// Makes sure that the waiters are served when a delay or a visibility timeout ends.
    fn set_alarm(&self, state: &mut State) {
        if state.waiters.is_empty() {
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

    /// Makes sure that what is over is let go of in time.
    fn set_clearance(&self, state: &mut State) {
        let end = state.core.next_end();
        // Seldom: the end of what came first is the earliest.
        if end < state.clearance.at {
            let moment = end.max(state.clearance.earliest);
            self.set_clearance_at(state, moment);
        }
    }

    #[cold]
    fn set_clearance_at(&self, state: &mut State, moment: Timestamp) {
        if moment >= state.clearance.at {
            return;
        }
        self.cancel_clearance(state);
        let myself: Weak<dyn Sleeper> = self.myself.clone();
        state.clearance.at = moment;
        state.clearance.alarm = Some(self.agenda.set(moment, myself));
    }

    fn cancel_clearance(&self, state: &mut State) {
        state.clearance.at = Timestamp::MAX;
        if let Some(alarm) = state.clearance.alarm.take() {
            self.agenda.cancel(alarm);
        }
    }

    /// Lets go of what is over, if it is time for that.
    fn clear(&self, now: Timestamp, state: &mut State) {
        if state.clearance.at > now {
            return;
        }
        self.cancel_clearance(state);
        let expire = Expire {
            max_messages: CLEARED_AT_ONCE,
        };
        self.apply_to(&mut state.core, now, expire);
        state.clearance.earliest = now + BETWEEN_CLEARANCES;
        if state.core.next_end() <= now {
            // There is more.
            self.set_clearance_at(state, now);
        }
    }

    /// Passes on messages that were received too often. They left their queue under one lock, so that one redrive policy
    /// was in force.
    fn pass_on(&self, now: Timestamp, messages: Vec<DeadLetter>) {
        let Some(first) = messages.first() else {
            return;
        };
        tracing::info!(
            message_id = %first.message.id,
            queue = &*first.source,
            dead_letter_queue = &*first.redrive.target,
            max_receive_count = first.redrive.max_receive_count,
            count = messages.len(),
            "a message was received too often: it moves to the dead-letter queue"
        );
        for letter in &messages {
            self.traces
                .record(now, letter.message.id, || What::DeadLettered {
                    from: Arc::clone(&letter.source),
                    to: Arc::clone(&letter.redrive.target),
                    max_receive_count: letter.redrive.max_receive_count,
                });
        }
        let target = first.redrive.target.clone();
        if let Some(dead_letters) = self.dead_letters.upgrade() {
            dead_letters.deliver(now, &target, messages);
        }
    }

    fn end(&self, phase: Phase, answer: &Served) {
        let mut state = self.state.lock();
        if state.phase != Phase::Deleted {
            state.phase = phase;
        }
        if state.phase == Phase::Deleted {
            self.cancel_clearance(&mut state);
        }
        let waiters = std::mem::take(&mut state.waiters);
        drop(state);
        for waiter in waiters.into_values() {
            // A waiter that is gone needs no answer.
            let _ = waiter.answer.send(answer.clone());
        }
    }
}

impl Sleeper for WaitingQueue {
    fn wake(self: Arc<Self>, now: Timestamp) {
        let mut state = self.state.lock();
        if state.alarm.is_some_and(|alarm| alarm <= now) {
            state.alarm = None;
        }
        if state.phase == Phase::Deleted {
            return;
        }
        self.clear(now, &mut state);
        self.serve_and_unlock(now, state);
    }
}

impl std::fmt::Debug for WaitingQueue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitingQueue").finish_non_exhaustive()
    }
}

fn give_back(deliveries: &[Delivery], attempt_id: Option<Arc<str>>) -> GiveBack {
    let receipts = deliveries.iter().map(|delivery| delivery.receipt);
    GiveBack {
        receipts: receipts.collect(),
        attempt_id,
    }
}

/// How a receive began.
enum Begun<'q> {
    Served(Vec<Delivery>),
    Waiting(Ticket<'q>),
}

/// What a waiting receive holds. Dropped, it gives up waiting, and messages that were handed to it meanwhile go back.
struct Ticket<'q> {
    queue: &'q WaitingQueue,
    clock: &'q dyn Clock,
    number: u64,
    attempt_id: Option<Arc<str>>,
    answer: oneshot::Receiver<Served>,
    is_done: bool,
}

impl Ticket<'_> {
    /// Gives up waiting; returns an answer that came before.
    ///
    /// Answers are only sent under the lock, and to waiters: after this none comes.
    fn withdraw(&mut self) -> Option<Served> {
        self.queue.state.lock().waiters.remove(&self.number);
        self.answer.try_recv().ok()
    }

    fn finish(mut self, served: Option<Served>) -> Served {
        self.is_done = true;
        served.unwrap_or(Ok(Vec::new()))
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.is_done {
            return;
        }
        if let Some(Ok(deliveries)) = self.withdraw() {
            let now = self.clock.now();
            let given_back = give_back(&deliveries, self.attempt_id.take());
            self.queue.apply(now, given_back);
        }
    }
}
