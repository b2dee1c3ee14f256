//! Deliveries that wait for another attempt, in the order of their moments, with one alarm on the agenda.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::attempt::Delivery;
use crate::agenda::{Agenda, Sleeper};
use crate::budget::{Budget, Held, Purpose};
use crate::clock::Timestamp;
use crate::services::Itself;
use crate::services::events::Events;

/// How many attempts are made before others are let pass.
const AT_ONCE: usize = 100;

/// What waits. Bounded by the memory budget: what waits here waits for targets that are slow or gone.
#[derive(Debug)]
pub(in crate::services::events) struct Waiting {
    events: Arc<Itself<Events>>,
    agenda: Arc<Agenda>,
    budget: Arc<Budget>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// By moment and order of arrival.
    deliveries: BTreeMap<(Timestamp, u64), (Delivery, Held)>,
    next_serial: u64,
    /// The earliest alarm that is set; later ones may be, and then wake for nothing.
    alarm: Option<Timestamp>,
    is_stopped: bool,
}

impl Waiting {
    pub(in crate::services::events) fn new(
        events: Arc<Itself<Events>>,
        agenda: Arc<Agenda>,
        budget: Arc<Budget>,
    ) -> Self {
        Self {
            events,
            agenda,
            budget,
            state: Mutex::default(),
        }
    }

    /// Has a delivery attempted again at this moment. Returns it if there is no room for it.
    pub(super) fn put(self: &Arc<Self>, at: Timestamp, delivery: Delivery) -> Result<(), Delivery> {
        let Some(held) = self.budget.hold(delivery.size(), Purpose::Deliveries) else {
            return Err(delivery);
        };
        let mut state = self.state.lock();
        if !state.is_stopped {
            let serial = state.next_serial;
            state.next_serial += 1;
            state.deliveries.insert((at, serial), (delivery, held));
            self.set_alarm(&mut state);
        }
        Ok(())
    }

    /// Forgets what waits, and lets nothing wait from now on.
    pub(in crate::services::events) fn stop(&self) {
        let mut state = self.state.lock();
        state.is_stopped = true;
        let deliveries = std::mem::take(&mut state.deliveries);
        drop(state);
        // Outside of the lock: what is dropped may be much.
        drop(deliveries);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.state.lock().deliveries.len()
    }

    /// Makes the agenda wake this when the first one is due.
    fn set_alarm(self: &Arc<Self>, state: &mut State) {
        let Some(((moment, _), _)) = state.deliveries.first_key_value() else {
            return;
        };
        if state.alarm.is_none_or(|alarm| *moment < alarm) {
            state.alarm = Some(*moment);
            let sleeper = Arc::downgrade(self);
            self.agenda.set(*moment, sleeper);
        }
    }

    fn take_due(self: &Arc<Self>, now: Timestamp) -> Vec<(Delivery, Held)> {
        let mut state = self.state.lock();
        if state.alarm.is_some_and(|alarm| alarm <= now) {
            state.alarm = None;
        }
        let mut due = Vec::new();
        while due.len() < AT_ONCE
            && let Some(first) = state.deliveries.first_entry()
            && first.key().0 <= now
        {
            due.push(first.remove());
        }
        self.set_alarm(&mut state);
        due
    }
}

impl Sleeper for Waiting {
    fn wake(self: Arc<Self>, now: Timestamp) {
        let due = self.take_due(now);
        if let Some(events) = self.events.get() {
            for (delivery, held) in due {
                events.attempt_again(delivery);
                drop(held);
            }
        }
    }
}
