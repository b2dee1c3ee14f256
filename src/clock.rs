//! Time: what moment it is, and waiting for one.
//!
//! There are two clocks. The services' is a [`Clock`] that tests, and users of topiq, may choose: whatever AWS would do
//! at a certain time goes by it. Sockets go by the machine's, a [`SystemClock`]: how long to wait for a peer that may be
//! slow or gone has nothing to do with the time that a test wants it to be. Only this file reads the machine's clock.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::ops::{Add, Sub};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::oneshot;

/// A moment: whole milliseconds since the Unix epoch. AWS shows message times in this unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Later than every moment that comes.
    pub(crate) const MAX: Self = Self(u64::MAX);

    /// The moment `millis` milliseconds after the Unix epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The moment `secs` seconds after the Unix epoch.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs * 1000)
    }

    /// Milliseconds since the Unix epoch: the unit of message attributes such as `SentTimestamp`.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since the Unix epoch: the unit of queue attributes such as `CreatedTimestamp`.
    pub const fn as_secs(self) -> u64 {
        self.0 / 1000
    }

    /// How long after `earlier` this moment is; zero when it is not after it.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    fn sub(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_sub(millis))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A future that is ready when its moment has come.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where time comes from.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present moment. Never earlier than a moment this clock has given before.
    fn now(&self) -> Timestamp;

    /// Waits until `moment` has come; ready at once when it has passed.
    fn sleep_until(&self, moment: Timestamp) -> Sleep;

    /// The manual clock that this one is, or is made of: what [`Server::advance`](crate::Server::advance) moves.
    fn as_manual(&self) -> Option<&ManualClock> {
        None
    }
}

/// Time cannot be moved on: it is not a [`ManualClock`] that the server goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("time can be moved on only where the server's clock is a manual one")]
pub struct NotManual;

/// The machine's wall clock, kept from running backwards.
#[derive(Clone, Debug, Default)]
pub struct SystemClock {
    latest: Arc<AtomicU64>,
}

impl SystemClock {
    /// A clock that shows the machine's time.
    pub fn new() -> Self {
        Self::default()
    }

    fn read(&self) -> Timestamp {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that reads the machine's clock"
        )]
        let machine = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let millis = u64::try_from(machine.as_millis()).unwrap_or(u64::MAX);
        // The store is needed once a millisecond at most, so that cores do not contend for the line.
        let latest = self.latest.load(Ordering::Relaxed);
        if millis > latest {
            self.latest.fetch_max(millis, Ordering::Relaxed);
        }
        Timestamp(millis.max(latest))
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        self.read()
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep {
        let clock = self.clone();
        Box::pin(async move {
            // The wall clock may be set while we sleep, and timers may fire early: look again.
            loop {
                let now = clock.read();
                if now >= moment {
                    return;
                }
                #[expect(
                    clippy::disallowed_methods,
                    reason = "this is the one place that waits for the machine's clock"
                )]
                tokio::time::sleep(moment.since(now)).await;
            }
        })
    }
}

/// A clock that stands still until it is told to move.
#[derive(Clone, Debug, Default)]
pub struct ManualClock {
    state: Arc<Mutex<ManualState>>,
}

#[derive(Debug, Default)]
struct ManualState {
    now: Timestamp,
    next_sleeper: u64,
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: Timestamp) -> Self {
        let state = ManualState {
            now,
            ..ManualState::default()
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Moves the clock on by `duration`, from due moment to due moment, and wakes what sleeps until then, in order.
    ///
    /// After each due moment it yields to the woken tasks; what they do may still be under way when this returns.
    /// [`Server::advance`](crate::Server::advance) waits until it is done.
    pub async fn advance(&self, duration: Duration) {
        let target = self.now() + duration;
        while let Some(sleeper) = self.step_towards(target) {
            let _ = sleeper.send(());
            tokio::task::yield_now().await;
        }
    }

    /// How many sleepers are waiting for a later moment.
    pub fn sleepers(&self) -> usize {
        self.state
            .lock()
            .sleepers
            .values()
            .filter(|sleeper| !sleeper.is_closed())
            .count()
    }

    fn step_towards(&self, target: Timestamp) -> Option<oneshot::Sender<()>> {
        let mut state = self.state.lock();
        let next = state.sleepers.first_key_value().map(|(&key, _)| key);
        match next {
            Some((due, serial)) if due <= target => {
                state.now = state.now.max(due);
                state.sleepers.remove(&(due, serial))
            }
            _ => {
                state.now = state.now.max(target);
                None
            }
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.state.lock().now
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep {
        let mut state = self.state.lock();
        if moment <= state.now {
            return Box::pin(std::future::ready(()));
        }
        let (wake, woken) = oneshot::channel();
        let serial = state.next_sleeper;
        state.next_sleeper += 1;
        // Sleepers that gave up are forgotten here, so that a clock that stands still does not collect them.
        if serial.is_multiple_of(1024) {
            state.sleepers.retain(|_, sleeper| !sleeper.is_closed());
        }
        state.sleepers.insert((moment, serial), wake);
        Box::pin(async move {
            let _ = woken.await;
        })
    }

    fn as_manual(&self) -> Option<&ManualClock> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn manual_clock_wakes_sleepers_in_order_and_at_their_moment() {
        let clock = ManualClock::new(Timestamp::from_secs(100));
        let woken = Arc::new(Mutex::new(Vec::new()));
        for secs in [7, 3, 5] {
            let (sleeper, woken) = (clock.clone(), woken.clone());
            tokio::spawn(async move {
                sleeper.sleep_until(Timestamp::from_secs(100 + secs)).await;
                woken.lock().push((secs, sleeper.now()));
            });
        }
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(5)).await;
        let seen = woken.lock().clone();
        assert_eq!(
            seen,
            [
                (3, Timestamp::from_secs(103)),
                (5, Timestamp::from_secs(105))
            ]
        );
        assert_eq!(clock.now(), Timestamp::from_secs(105));
    }

    #[test]
    fn system_clock_never_runs_backwards() {
        let clock = SystemClock::new();
        clock.latest.store(u64::MAX, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp::from_millis(u64::MAX));
    }
}
