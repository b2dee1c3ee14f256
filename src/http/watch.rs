//! A connection's watch: one alarm for all its deadlines, set as rarely as possible.
//!
//! After each poll of the connection the watch is told its phase. A new phase costs one look at the clock; the alarm is
//! set again only when the phase's deadline comes before it. When it goes off too early, the watch looks again. So a
//! request on a kept connection sets no alarm, and an alarm goes off once an idle period at most.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::alarm::Alarm;
use super::limits::Deadlines;
use super::progress::{Order, Phase, Progress};
use crate::clock::{Clock, Timestamp};

/// An alarm that is further away than this has not gone off just now, and is not polled after a request: it has the
/// waker of the connection's task already, which stays the same.
const FAR: Duration = Duration::from_secs(1);

/// Why a connection ends before its client closes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// The phase's deadline has passed.
    Expired(Phase),
    /// The server told it to leave.
    Ordered,
}

pub(super) struct Watch {
    clock: Arc<dyn Clock>,
    deadlines: Arc<Deadlines>,
    progress: Arc<Progress>,
    phase: Phase,
    since: Timestamp,
    alarm: Alarm,
}

impl Watch {
    pub(super) fn new(
        clock: Arc<dyn Clock>,
        deadlines: Arc<Deadlines>,
        progress: Arc<Progress>,
    ) -> Self {
        Self {
            since: clock.now(),
            phase: Phase::FirstByte,
            alarm: Alarm::default(),
            clock,
            deadlines,
            progress,
        }
    }

    /// Ready when the connection, now in `phase`, must end.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, phase: Phase) -> Poll<Ended> {
        match self.progress.order() {
            Order::Abort => return Poll::Ready(Ended::Ordered),
            Order::Leave if phase.is_without_request() => return Poll::Ready(Ended::Ordered),
            Order::Leave | Order::Stay => {}
        }
        let is_new = phase != self.phase;
        if is_new {
            self.enter(phase);
        }
        let Some(limit) = self.limit() else {
            return Poll::Pending;
        };
        let deadline = self.since + limit;
        if is_new && self.alarm.is_set_between(self.since + FAR, deadline) {
            return Poll::Pending;
        }
        self.alarm
            .poll(cx, &*self.clock, deadline)
            .map(|()| Ended::Expired(self.phase))
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        if phase == Phase::Serving {
            self.progress.set_waiting(None);
            return;
        }
        self.since = self.clock.now();
        let is_waiting = phase.is_without_request();
        self.progress.set_waiting(is_waiting.then_some(self.since));
    }

    fn limit(&self) -> Option<Duration> {
        match self.phase {
            Phase::FirstByte => Some(self.deadlines.first_byte),
            Phase::Handshake | Phase::Head(_) => Some(self.deadlines.head),
            Phase::Serving => None,
            Phase::Writing(_) => Some(self.deadlines.write),
            Phase::Idle(_) => Some(self.deadlines.idle),
            Phase::Closing => Some(self.deadlines.linger),
        }
    }
}
