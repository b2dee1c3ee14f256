//! Schedules of rules: when each falls due, on the agenda.
//!
//! A rule that is enabled and has a schedule has one alarm, for the next time. A bus sets and takes it off under the lock of
//! its rules, so that of two changes at once the later one counts. When it wakes, the rule gets the next one, and its
//! targets the event of this time.

use std::fmt;
use std::sync::{Arc, Weak};

use super::Events;
use super::buses::BusName;
use super::event::Event;
use crate::agenda::{Agenda, Alarm, Sleeper};
use crate::clock::Timestamp;
use crate::schedule::Schedule;
use crate::services::Itself;

/// What the schedules of all rules share.
#[derive(Debug)]
pub(super) struct Schedules {
    agenda: Arc<Agenda>,
    events: Arc<Itself<Events>>,
}

/// One time at which a rule falls due.
#[derive(Debug)]
pub(super) struct Tick {
    pub(super) bus: BusName,
    pub(super) rule: Arc<str>,
    pub(super) due: Timestamp,
    events: Arc<Itself<Events>>,
}

/// A tick that is to come. Dropping it takes it off the agenda.
pub(super) struct Ticking {
    tick: Arc<Tick>,
    alarm: Option<Alarm>,
    agenda: Arc<Agenda>,
}

impl Schedules {
    pub(super) fn new(agenda: Arc<Agenda>, events: Arc<Itself<Events>>) -> Self {
        Self { agenda, events }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.agenda.clock().now()
    }

    /// Sets the alarm for the first time after a moment; none if the schedule has come to its end.
    pub(super) fn set(
        &self,
        bus: &BusName,
        rule: &Arc<str>,
        schedule: &Schedule,
        after: Timestamp,
    ) -> Option<Ticking> {
        let due = schedule.next_after(after)?;
        let tick = Arc::new(Tick {
            bus: bus.clone(),
            rule: rule.clone(),
            due,
            events: self.events.clone(),
        });
        let sleeper: Weak<dyn Sleeper> = Arc::downgrade(&tick) as _;
        let alarm = self.agenda.set(due, sleeper);
        Some(Ticking {
            tick,
            alarm: Some(alarm),
            agenda: self.agenda.clone(),
        })
    }
}

impl Ticking {
    /// When it comes.
    pub(super) fn due(&self) -> Timestamp {
        self.tick.due
    }

    /// Whether this is the one that has come.
    pub(super) fn is(&self, tick: &Tick) -> bool {
        std::ptr::eq(&raw const *self.tick, tick)
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        if let Some(alarm) = self.alarm.take() {
            self.agenda.cancel(alarm);
        }
    }
}

impl fmt::Debug for Ticking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tick.fmt(f)
    }
}

impl Sleeper for Tick {
    fn wake(self: Arc<Self>, _now: Timestamp) {
        let Some(events) = self.events.get() else {
            return;
        };
        let Some(bus) = events.buses.present(&self.bus) else {
            return;
        };
        if let Some(rule) = bus.fall_due(&self) {
            let id = events.ids.message_id();
            let event = Event::scheduled(id, &self.bus, &rule.arn, self.due);
            events.fire(bus, rule, event);
        }
    }
}
