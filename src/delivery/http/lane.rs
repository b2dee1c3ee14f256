//! A lane: the requests to one endpoint, in a queue of their own, so that an endpoint that is slow or gone holds up no
//! other.
//!
//! [`Lane`] is the senders' end: it never waits. The `Runner` is the task behind it, which exists only while there is
//! something to do. It starts attempts as far as bounds and throttle allow, keeps the retries in the order of their
//! times, and keeps the connections that can be reused. The agenda wakes it when the next attempt is due.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::Engine;
use super::attempt::{Finished, Job, attempt};
use super::endpoint::Endpoint;
use super::exchange::Connection;
use super::limits;
use super::request::Request;
use super::throttle::Throttle;
use crate::agenda::{Agenda, Busy, Sleeper};
use crate::budget::Purpose;
use crate::clock::Timestamp;
use crate::delivery::{Complaints, Undelivered};

/// The way to one endpoint. Clones are the same lane. Messages that were sent are still delivered after the last one is
/// dropped.
#[derive(Clone)]
pub struct Lane {
    shared: Arc<Shared>,
}

/// How many messages of a lane are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Wait for their first attempt.
    pub waiting: usize,
    /// Are being sent.
    pub in_flight: usize,
    /// Wait for a retry.
    pub retrying: usize,
    /// Were ever dropped because too many waited, or too large ones.
    pub dropped: u64,
}

pub(super) struct Shared {
    pub(super) engine: Arc<Engine>,
    pub(super) endpoint: Endpoint,
    state: Mutex<State>,
    /// Wakes the runner for a request, another rate, or an alarm.
    news: Notify,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    counts: Counts,
    rate: Option<NonZeroU32>,
    /// Kept while there is no runner: the next message may come before its turn.
    throttle: Throttle,
    has_runner: bool,
    /// How often the lane was cleared.
    epoch: u64,
    /// The earliest alarm that is set; later ones may be, and then wake for nothing.
    alarm: Option<Timestamp>,
    /// Held while an attempt runs or may be due.
    busy: Option<Busy<Arc<Agenda>>>,
    complaints: Complaints<u64>,
}

impl Lane {
    pub(super) fn new(engine: Arc<Engine>, endpoint: Endpoint) -> Self {
        let shared = Shared {
            engine,
            endpoint,
            state: Mutex::default(),
            news: Notify::new(),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Sends `request` when its turn comes. This never waits: a request above the bound or the memory budget fails at
    /// once, as [`Undelivered::LaneFull`] or [`Undelivered::OverBudget`], and its callback is called before this returns.
    /// Must be called within a tokio runtime.
    pub fn send(&self, request: Request) {
        if let Some((refused, undelivered)) = self.shared.enqueue(request) {
            (refused.on_done)(Err(undelivered));
        }
    }

    /// Forgets all messages that wait for their first or a further attempt: nobody wants them any more, and their
    /// callbacks are not called. Attempts under way end, and are the last for their messages.
    pub fn clear(&self) {
        let mut state = self.shared.state.lock();
        state.epoch += 1;
        let waiting = std::mem::take(&mut state.waiting);
        state.counts.waiting = 0;
        self.shared.tell_runner(&mut state);
        drop(state);
        // Outside of the lock: what is dropped may be much.
        drop(waiting);
    }

    /// How many deliveries per second there may be from now on, on average.
    pub fn set_max_receives_per_second(&self, rate: Option<NonZeroU32>) {
        let mut state = self.shared.state.lock();
        if state.rate == rate {
            return;
        }
        state.rate = rate;
        self.shared.tell_runner(&mut state);
    }

    /// How many messages are in each state.
    pub fn counts(&self) -> Counts {
        self.shared.state.lock().counts
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane")
            .field("endpoint", &format_args!("{}", self.shared.endpoint))
            .field("counts", &self.counts())
            .finish()
    }
}

impl Shared {
    /// Returns the request, and why, when there is no room for it.
    fn enqueue(self: &Arc<Self>, request: Request) -> Option<(Request, Undelivered)> {
        let budget = &self.engine.budget;
        let held = budget.hold(limits::REQUEST_BYTES, Purpose::Deliveries);
        let mut state = self.state.lock();
        let counts = &mut state.counts;
        if counts.waiting + counts.in_flight + counts.retrying >= self.engine.settings.lane_bound {
            counts.dropped += 1;
            return Some((request, Undelivered::LaneFull));
        }
        let Some(held) = held.filter(|_| request.held.is_some()) else {
            counts.dropped += 1;
            return Some((request, Undelivered::OverBudget));
        };
        counts.waiting += 1;
        let epoch = state.epoch;
        state.waiting.push_back(Job::new(request, held, epoch));
        if !state.has_runner {
            state.has_runner = self.engine.spawn(Runner::new(self.clone()).run());
            if !state.has_runner {
                state.waiting.clear();
                state.counts.waiting = 0;
            }
        }
        self.tell_runner(&mut state);
        None
    }

    /// Wakes the runner, if there is one: something may be due.
    fn tell_runner(&self, state: &mut State) {
        if state.has_runner {
            state.busy.get_or_insert_with(|| self.engine.agenda.busy());
            self.news.notify_one();
        }
    }

    /// Logs that an attempt failed and there will be another: users wait for the message now, not when all attempts are
    /// over. What becomes of the message in the end is the sender's to say. The intervals go by the machine's time, like
    /// the log.
    pub(super) fn complain(&self, undelivered: &Undelivered, delay: Duration) {
        let now = self.engine.socket_clock.now();
        let mut state = self.state.lock();
        let count = state.complaints.count(now, undelivered.cause());
        drop(state);
        if let Some(count) = count {
            let endpoint = &self.endpoint;
            let retry_in = delay.as_secs();
            tracing::warn!(%endpoint, reason = %undelivered, retry_in, count, "a delivery failed and is retried");
        }
    }
}

impl State {
    fn next_turn(&self) -> Timestamp {
        self.throttle.next_turn(self.rate)
    }

    fn take_turn(&mut self, now: Timestamp) {
        self.throttle.take(now, self.rate);
    }

    /// Takes the messages that are too old by now from the front of those that wait for their first attempt.
    fn take_expired(&mut self, now: Timestamp, expired: &mut Vec<Job>) {
        let is_expired = |job: &Job| job.expires_at().is_some_and(|moment| after(moment) <= now);
        while self.waiting.front().is_some_and(is_expired) {
            expired.extend(self.waiting.pop_front());
            self.counts.waiting -= 1;
        }
    }
}

/// The first moment at which a message has waited too long: at its last one it may still be sent.
fn after(moment: Timestamp) -> Timestamp {
    moment + Duration::from_millis(1)
}

impl Sleeper for Shared {
    fn wake(self: Arc<Self>, now: Timestamp) {
        let mut state = self.state.lock();
        if state.alarm.is_some_and(|alarm| alarm <= now) {
            state.alarm = None;
        }
        self.tell_runner(&mut state);
    }
}

/// The task behind a lane.
struct Runner {
    lane: Arc<Shared>,
    attempts: JoinSet<Finished>,
    /// By time and order of arrival.
    retries: BTreeMap<(Timestamp, u64), Job>,
    /// How often the lane had been cleared when `retries` were looked through.
    epoch: u64,
    next_serial: u64,
    /// Connections that can be reused, with the time until which they are kept; the latest last.
    idle: VecDeque<(Timestamp, Connection)>,
}

impl Runner {
    fn new(lane: Arc<Shared>) -> Self {
        Self {
            lane,
            attempts: JoinSet::new(),
            retries: BTreeMap::new(),
            epoch: 0,
            next_serial: 0,
            idle: VecDeque::new(),
        }
    }

    async fn run(mut self) {
        while self.step() {
            let idle_ends = self.idle.front().map(|(until, _)| *until);
            tokio::select! {
                Some(finished) = self.attempts.join_next() => self.finish(finished.ok()),
                () = self.lane.news.notified() => {}
                () = sleep(&self.lane.engine, idle_ends) => {}
            }
        }
    }

    /// Does whatever is due; false when there is nothing left to do or to wait for.
    fn step(&mut self) -> bool {
        let now = self.lane.engine.now();
        self.drop_idle();
        let lane = self.lane.clone();
        let mut state = lane.state.lock();
        if self.epoch != state.epoch {
            self.epoch = state.epoch;
            self.retries.retain(|_, job| job.epoch == state.epoch);
            state.counts.retrying = self.retries.len();
        }
        let mut expired = Vec::new();
        loop {
            state.take_expired(now, &mut expired);
            if !self.has_room() || state.next_turn() > now {
                break;
            }
            let Some(job) = self.next_job(&mut state, now) else {
                break;
            };
            state.take_turn(now);
            state.counts.in_flight += 1;
            let connection = self.idle.pop_back().map(|(_, connection)| connection);
            self.attempts
                .spawn(attempt(self.lane.clone(), job, connection));
        }
        self.set_alarm(&mut state);
        // Without a running attempt nothing is due, and future attempts are on the agenda.
        let mut was_busy = None;
        if self.attempts.is_empty() {
            was_busy = state.busy.take();
        } else {
            let agenda = &lane.engine.agenda;
            state.busy.get_or_insert_with(|| agenda.busy());
        }
        let is_done = self.attempts.is_empty() && self.retries.is_empty() && self.idle.is_empty();
        // Under the lock: the next send sees that there is no runner.
        if is_done && state.waiting.is_empty() {
            state.has_runner = false;
            // Memory for a burst is freed: the lane may never see one again.
            state.waiting.shrink_to_fit();
        }
        let has_runner = state.has_runner;
        drop(state);
        // Outside of the lock, and while the lane still is busy: what follows from it may come back here.
        expired.into_iter().for_each(Job::expire);
        drop(was_busy);
        has_runner
    }

    fn drop_idle(&mut self) {
        if !self.idle.is_empty() {
            let now = self.lane.engine.socket_clock.now();
            self.idle.retain(|(until, _)| *until > now);
        }
    }

    fn has_room(&self) -> bool {
        self.attempts.len() < self.lane.engine.settings.lane_concurrency
    }

    /// Retries come before new messages.
    fn next_job(&mut self, state: &mut State, now: Timestamp) -> Option<Job> {
        match self.retries.first_entry() {
            Some(retry) if retry.key().0 <= now => {
                state.counts.retrying -= 1;
                Some(retry.remove())
            }
            _ => {
                let job = state.waiting.pop_front()?;
                state.counts.waiting -= 1;
                Some(job)
            }
        }
    }

    /// Makes the agenda wake the lane when there is more to do.
    fn set_alarm(&self, state: &mut State) {
        let Some(next) = self.next_moment(state) else {
            return;
        };
        if state.alarm.is_none_or(|alarm| next < alarm) {
            state.alarm = Some(next);
            let lane = Arc::downgrade(&self.lane);
            self.lane.engine.agenda.set(next, lane);
        }
    }

    /// When there is more to do, unless something happens before.
    fn next_moment(&self, state: &State) -> Option<Timestamp> {
        // The end of an attempt makes room.
        if !self.has_room() {
            return None;
        }
        let turn = state.next_turn();
        let retry = self.retries.first_key_value();
        let retry = retry.map(|((time, _), _)| turn.max(*time));
        let waiting = state.waiting.front().map(|job| match job.expires_at() {
            Some(moment) => turn.min(after(moment)),
            None => turn,
        });
        [retry, waiting].into_iter().flatten().min()
    }

    /// An attempt is over. It has no result if it panicked, which loses its own message and no other.
    fn finish(&mut self, finished: Option<Finished>) {
        let Finished { retry, connection } = finished.unwrap_or_default();
        let mut state = self.lane.state.lock();
        state.counts.in_flight -= 1;
        if let Some((time, job)) = retry.filter(|(_, job)| job.epoch == state.epoch) {
            state.counts.retrying += 1;
            self.retries.insert((time, self.next_serial), job);
            self.next_serial += 1;
        }
        drop(state);
        if let Some(connection) = connection {
            let until = self.lane.engine.socket_clock.now() + limits::KEEP_ALIVE;
            self.idle.push_back((until, connection));
        }
    }
}

async fn sleep(engine: &Engine, until: Option<Timestamp>) {
    match until {
        Some(time) => engine.socket_clock.sleep_until(time).await,
        None => std::future::pending().await,
    }
}
