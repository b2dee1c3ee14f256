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
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
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
        not_before(&self.latest, machine_millis())
    }
}

/// Milliseconds since the Unix epoch, by the machine.
fn machine_millis() -> u64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    let machine = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(machine.as_millis()).unwrap_or(u64::MAX)
}

/// What a clock shows that has come to `millis`: never less than before.
fn not_before(latest: &AtomicU64, millis: u64) -> Timestamp {
    // The store is needed once a millisecond at most, so that cores do not contend for the line.
    let shown = latest.load(Ordering::Relaxed);
    if millis > shown {
        latest.fetch_max(millis, Ordering::Relaxed);
    }
    Timestamp(millis.max(shown))
}

/// Waits for the machine's clock.
async fn machine_sleep(duration: Duration) {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that waits for the machine's clock"
    )]
    tokio::time::sleep(duration).await;
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
                machine_sleep(moment.since(now)).await;
            }
        })
    }
}

/// A clock that can be moved on by hand. It stands still, or it runs as fast as the machine's.
///
/// It is what a server goes by unless it is given another: [`ManualClock::running`] shows the machine's time until
/// somebody moves it.
#[derive(Clone, Debug)]
pub struct ManualClock {
    state: Arc<ManualState>,
}

/// What it shows is the moment at which it stands, or the machine's time and what it is ahead. Both are read without a
/// lock: who reads them while they change sees a moment of before or of after, and `latest` keeps these in order.
#[derive(Debug, Default)]
struct ManualState {
    /// The moment at which it stands, plus one millisecond; zero while it runs.
    stands_at: AtomicU64,
    /// How far it is ahead of the machine's clock while it runs, in milliseconds.
    ahead: AtomicI64,
    latest: AtomicU64,
    /// Locked by whoever changes the above.
    sleepers: Mutex<Sleepers>,
}

#[derive(Debug, Default)]
struct Sleepers {
    next_serial: u64,
    waiting: BTreeMap<(Timestamp, u64), oneshot::Sender<()>>,
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new(Timestamp::default())
    }
}

impl ManualClock {
    /// A clock that stands still at `now`.
    pub fn new(now: Timestamp) -> Self {
        let clock = Self::running();
        clock.state.stand_at(now);
        clock
    }

    /// A clock that shows the machine's time, and runs.
    pub fn running() -> Self {
        Self {
            state: Arc::default(),
        }
    }

    /// Whether it stands still.
    pub fn is_frozen(&self) -> bool {
        self.state.standing().is_some()
    }

    /// Stands still from now on.
    pub fn freeze(&self) {
        let _changing = self.state.sleepers.lock();
        if !self.is_frozen() {
            self.state.stand_at(self.now());
        }
    }

    /// Runs on from the moment at which it stands.
    pub fn resume(&self) {
        let mut sleepers = self.state.sleepers.lock();
        let Some(moment) = self.state.standing() else {
            return;
        };
        self.state.run_from(moment);
        // Each of them waited for somebody to move the clock; now it is the machine that does.
        for (_, sleeper) in std::mem::take(&mut sleepers.waiting) {
            let _ = sleeper.send(());
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
        self.state.sleepers.lock().waiting.len()
    }

    fn step_towards(&self, target: Timestamp) -> Option<oneshot::Sender<()>> {
        let mut sleepers = self.state.sleepers.lock();
        let next = sleepers.waiting.first_key_value().map(|(&key, _)| key);
        match next {
            Some((due, serial)) if due <= target => {
                self.state.move_to(due);
                sleepers.waiting.remove(&(due, serial))
            }
            _ => {
                self.state.move_to(target);
                None
            }
        }
    }

    /// A place among the sleepers, unless `moment` has come.
    fn place_until(&self, moment: Timestamp) -> Option<Place> {
        let mut sleepers = self.state.sleepers.lock();
        let now = self.now();
        if moment <= now {
            return None;
        }
        let (wake, woken) = oneshot::channel();
        let key = (moment, sleepers.next_serial);
        sleepers.next_serial += 1;
        sleepers.waiting.insert(key, wake);
        Some(Place {
            clock: self.clone(),
            key,
            woken,
            machine: (!self.is_frozen()).then(|| moment.since(now)),
        })
    }
}

/// The place of one sleeper, left when it is dropped.
struct Place {
    clock: ManualClock,
    key: (Timestamp, u64),
    woken: oneshot::Receiver<()>,
    /// How long it takes until the moment comes by itself, if the clock runs.
    machine: Option<Duration>,
}

impl Place {
    /// Waits until it is worth looking at the clock again.
    async fn wait(mut self) {
        let woken = &mut self.woken;
        let Some(duration) = self.machine else {
            let _ = woken.await;
            return;
        };
        tokio::select! {
            _ = woken => {}
            () = machine_sleep(duration) => {}
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut sleepers = self.clock.state.sleepers.lock();
        sleepers.waiting.remove(&self.key);
    }
}

impl ManualState {
    /// The moment at which it stands.
    fn standing(&self) -> Option<Timestamp> {
        let moment = self.stands_at.load(Ordering::Acquire).checked_sub(1)?;
        Some(Timestamp(moment))
    }

    fn stand_at(&self, moment: Timestamp) {
        let moment = moment.0.saturating_add(1);
        self.stands_at.store(moment, Ordering::Release);
    }

    fn run_from(&self, moment: Timestamp) {
        let ahead = moment.0.wrapping_sub(machine_millis()).cast_signed();
        self.ahead.store(ahead, Ordering::Relaxed);
        self.stands_at.store(0, Ordering::Release);
    }

    fn now(&self) -> Timestamp {
        let millis = match self.standing() {
            Some(moment) => moment.0,
            None => machine_millis().saturating_add_signed(self.ahead.load(Ordering::Relaxed)),
        };
        not_before(&self.latest, millis)
    }

    /// Shows `moment`, if that is later.
    fn move_to(&self, moment: Timestamp) {
        if moment <= self.now() {
            return;
        }
        match self.standing() {
            Some(_) => self.stand_at(moment),
            None => self.run_from(moment),
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.state.now()
    }

    fn sleep_until(&self, moment: Timestamp) -> Sleep {
        let clock = self.clone();
        let mut place = clock.place_until(moment);
        Box::pin(async move {
            // The clock may be frozen, run on, or the machine's be set while we sleep: look again.
            while let Some(sleeping) = place {
                sleeping.wait().await;
                place = clock.place_until(moment);
            }
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
    #[tokio::test]
    async fn a_running_clock_goes_on_by_itself_and_can_be_moved_frozen_and_resumed() {
        let clock = ManualClock::running();
        let before = clock.now();
        clock.advance(Duration::from_hours(1)).await;
        assert!(clock.now() >= before + Duration::from_hours(1));

        clock.freeze();
        let frozen = clock.now();
        clock.sleep_until(frozen).await;
        let in_a_moment = frozen + Duration::from_millis(30);
        let asleep = clock.clone();
        let sleep = tokio::spawn(async move { asleep.sleep_until(in_a_moment).await });
        machine_sleep(Duration::from_millis(60)).await;
        assert_eq!((clock.now(), sleep.is_finished()), (frozen, false));

        clock.resume();
        sleep.await.unwrap();
        assert!(clock.now() >= in_a_moment);
    }

    #[tokio::test]
    async fn a_sleep_that_is_given_up_leaves_nothing_behind() {
        let clock = ManualClock::new(Timestamp::from_secs(100));
        let sleep = clock.sleep_until(Timestamp::from_secs(101));
        assert_eq!(clock.sleepers(), 1);
        drop(sleep);
        assert_eq!(clock.sleepers(), 0);
    }
}
