//! hyper's timer over the front's clock, so that HTTP/2 pings go by it too.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::clock::{Clock, Sleep, Timestamp};

/// hyper counts in `Instant`s, which only the machine can make: one is taken at the start, and the clock counts from it.
#[derive(Clone, Debug)]
pub(super) struct ClockTimer {
    clock: Arc<dyn Clock>,
    start: Timestamp,
    start_instant: Instant,
}

impl ClockTimer {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "an arbitrary instant to count from; the clock does the counting"
        )]
        let start_instant = Instant::now();
        Self {
            start: clock.now(),
            clock,
            start_instant,
        }
    }
}

impl hyper::rt::Timer for ClockTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn hyper::rt::Sleep>> {
        let moment = self.clock.now() + duration;
        Box::pin(TimerSleep(Mutex::new(self.clock.sleep_until(moment))))
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn hyper::rt::Sleep>> {
        let moment = self.start + deadline.saturating_duration_since(self.start_instant);
        Box::pin(TimerSleep(Mutex::new(self.clock.sleep_until(moment))))
    }

    fn now(&self) -> Instant {
        self.start_instant + self.clock.now().since(self.start)
    }
}

/// hyper wants its sleeps `Sync`, which the lock gives; it is never contended.
struct TimerSleep(Mutex<Sleep>);

impl Future for TimerSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.get_mut().as_mut().poll(cx)
    }
}

impl hyper::rt::Sleep for TimerSleep {}
