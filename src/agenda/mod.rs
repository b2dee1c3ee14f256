//! What falls due by the services' clock: a hidden message becomes visible to a waiting receive, a wait ends, a move task
//! moves its next messages, a delivery is retried.
//!
//! One task for all services ([`Agenda::run`]) sleeps until the earliest of these moments. [`Agenda::set`] is for what is
//! done at once when its moment comes, [`Agenda::sleep_until`] for a task that waits; `sleep` has its future.
//!
//! Only what somebody would notice is here. Messages, tokens and the like that expire are dropped by the next call that
//! would see them. A queue sets an alarm while a receive waits at it, and one for the moment when something that it holds is
//! over, so that its memory is given back though nobody calls: a server that holds nothing wakes for nothing.
//!
//! What fell due and is not done yet is held by a [`Busy`]: an attempt to deliver over HTTP is, until its answer has come
//! and the retry is set. So [`Agenda::advance`] can move a manual clock from one due moment to the next and wait at each
//! until all is done. What always holds: nothing that is held by a `Busy` waits for the agenda.

mod sleep;
#[cfg(all(test, not(shuttle)))]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Weak};
use std::task::Waker;
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::{Clock, ManualClock, NotManual, Timestamp};
use crate::sync::Mutex;
use sleep::Sleep;

/// What an alarm wakes.
pub(crate) trait Sleeper: Send + Sync {
    /// The alarm's moment has come. Must not block.
    fn wake(self: Arc<Self>, now: Timestamp);
}

/// All that is to fall due, by moment.
pub(crate) struct Agenda {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// For [`Agenda::run`]: something falls due before the moment until which it sleeps.
    is_earlier: Notify,
    /// For [`Agenda::advance`]: what had fallen due is done.
    is_done: Notify,
    /// Held while what is due is woken: by [`Agenda::run`], or by [`Agenda::advance`] from its start to its end.
    waking: tokio::sync::Mutex<()>,
}

struct State {
    next_serial: u64,
    due: BTreeMap<Key, Due>,
    /// The moment at which [`Agenda::run`] looks again by itself.
    wakes_at: Timestamp,
    /// How many [`Busy`] there are.
    busy: usize,
}

/// An alarm that was set.
#[derive(Debug)]
pub(crate) struct Alarm(Key);

/// The place of one thing on the agenda. At one moment waits end last: what happens at the moment at which a wait ends
/// still happens within the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    moment: Timestamp,
    is_wait: bool,
    serial: u64,
}

enum Due {
    Alarm(Weak<dyn Sleeper>),
    /// The task of a [`Sleep`].
    Wait(Waker),
}

impl Agenda {
    /// An empty agenda by `clock`.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::new(State {
                next_serial: 0,
                due: BTreeMap::new(),
                wakes_at: Timestamp::MAX,
                busy: 0,
            }),
            is_earlier: Notify::new(),
            is_done: Notify::new(),
            waking: tokio::sync::Mutex::default(),
        }
    }

    /// The services' clock.
    pub(crate) const fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Wakes `sleeper` at `moment`, once. A sleeper that is gone by then is forgotten.
    pub(crate) fn set(&self, moment: Timestamp, sleeper: Weak<dyn Sleeper>) -> Alarm {
        Alarm(self.insert(moment, Due::Alarm(sleeper)))
    }

    /// Takes an alarm off the agenda, if it has not woken its sleeper yet.
    pub(crate) fn cancel(&self, Alarm(key): Alarm) {
        // Dropped when the lock is free: it may be the last reference to its sleeper's memory.
        let _due = self.state.lock().due.remove(&key);
    }

    /// How much is to fall due.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.state.lock().due.len()
    }

    /// Waits until `moment` has come. What it gives is to be kept until what follows from that is done.
    pub(crate) const fn sleep_until(&self, moment: Timestamp) -> Sleep<'_> {
        Sleep::new(self, moment)
    }

    /// Makes [`Agenda::advance`] wait until the value is dropped.
    pub(crate) fn busy(self: &Arc<Self>) -> Busy<Arc<Self>> {
        Busy::begin(Arc::clone(self))
    }

    /// Wakes everything at its moment; never returns.
    pub(crate) async fn run(&self) {
        loop {
            match self.note_earliest() {
                None => self.is_earlier.notified().await,
                Some(moment) => tokio::select! {
                    () = self.clock.sleep_until(moment) => {
                        let _waking = self.waking.lock().await;
                        self.wake_due().await;
                    }
                    () = self.is_earlier.notified() => {}
                },
            }
        }
    }

    /// Moves the manual clock on by `duration`, from one due moment to the next. What falls due at one moment is begun in
    /// a fixed order, and all of it is done before time moves on. A clock that runs stands still meanwhile.
    ///
    /// When this returns, nothing is due and nothing that had fallen due is under way.
    pub(crate) async fn advance(&self, duration: Duration) -> Result<(), NotManual> {
        let clock = self.manual_clock()?;
        let _waking = self.waking.lock().await;
        let _still = Still::begin(clock);
        let target = clock.now() + duration;
        loop {
            let earliest = self.settle().await;
            let now = clock.now();
            match earliest {
                Some(moment) if moment <= target => {
                    clock.advance(moment.since(now)).await;
                    self.wake_due().await;
                }
                _ if now < target => clock.advance(target.since(now)).await,
                _ => return Ok(()),
            }
        }
    }

    /// Has the manual clock stand still, or run on. What moves it is over by then.
    pub(crate) async fn freeze(&self, is_frozen: bool) -> Result<(), NotManual> {
        let clock = self.manual_clock()?;
        let _waking = self.waking.lock().await;
        if is_frozen {
            clock.freeze();
        } else {
            clock.resume();
        }
        Ok(())
    }

    fn manual_clock(&self) -> Result<&ManualClock, NotManual> {
        self.clock.as_manual().ok_or(NotManual)
    }

    fn insert(&self, moment: Timestamp, due: Due) -> Key {
        let mut state = self.state.lock();
        let key = Key {
            moment,
            is_wait: matches!(due, Due::Wait(_)),
            serial: state.next_serial,
        };
        state.next_serial += 1;
        state.due.insert(key, due);
        let is_earlier = moment < state.wakes_at;
        if is_earlier {
            state.wakes_at = moment;
        }
        drop(state);
        if is_earlier {
            self.is_earlier.notify_one();
        }
        key
    }

    /// The earliest moment, until which `run` is about to sleep.
    fn note_earliest(&self) -> Option<Timestamp> {
        let mut state = self.state.lock();
        let earliest = state.earliest();
        state.wakes_at = earliest.unwrap_or(Timestamp::MAX);
        earliest
    }

    async fn wake_due(&self) {
        let now = self.clock.now();
        while let Some(due) = self.take_due(now) {
            match due {
                Due::Alarm(sleeper) => {
                    let _busy = Busy(self);
                    if let Some(sleeper) = sleeper.upgrade() {
                        sleeper.wake(now);
                    }
                }
                // Its task is busy from here on: see `Sleep`.
                Due::Wait(task) => task.wake(),
            }
            // Many may fall due at once, and a move task sets its next alarm at once: let requests pass in between.
            tokio::task::yield_now().await;
        }
    }

    /// Takes what is due first, and counts it as busy.
    fn take_due(&self, now: Timestamp) -> Option<Due> {
        let mut state = self.state.lock();
        let first = state.due.first_entry()?;
        if first.key().moment > now {
            return None;
        }
        let due = first.remove();
        state.busy += 1;
        Some(due)
    }

    /// Waits until all that fell due is done; says which moment is the earliest then.
    async fn settle(&self) -> Option<Timestamp> {
        loop {
            {
                let state = self.state.lock();
                if state.busy == 0 {
                    return state.earliest();
                }
            }
            self.is_done.notified().await;
        }
    }
}

impl State {
    fn earliest(&self) -> Option<Timestamp> {
        self.due.first_key_value().map(|(key, _)| key.moment)
    }
}

impl fmt::Debug for Agenda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agenda").finish_non_exhaustive()
    }
}

/// A clock that stands still until this is dropped, and runs on then if it ran before.
struct Still<'a> {
    clock: &'a ManualClock,
    was_frozen: bool,
}

impl<'a> Still<'a> {
    fn begin(clock: &'a ManualClock) -> Self {
        let was_frozen = clock.is_frozen();
        clock.freeze();
        Self { clock, was_frozen }
    }
}

impl Drop for Still<'_> {
    fn drop(&mut self) {
        if !self.was_frozen {
            self.clock.resume();
        }
    }
}

/// Something that fell due is under way; dropped when it is done.
#[derive(Debug)]
pub(crate) struct Busy<A: Deref<Target = Agenda>>(A);

impl<A: Deref<Target = Agenda>> Busy<A> {
    fn begin(agenda: A) -> Self {
        agenda.state.lock().busy += 1;
        Self(agenda)
    }
}

impl<A: Deref<Target = Agenda>> Drop for Busy<A> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.busy -= 1;
        let is_done = state.busy == 0;
        drop(state);
        if is_done {
            self.0.is_done.notify_one();
        }
    }
}
