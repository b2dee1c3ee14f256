//! What the log says of events that reach nobody, and of rules that do not let one through.

use std::sync::Arc;

use super::{Arrival, Bus};
use crate::pattern;
use crate::services::events::Events;
use crate::services::events::rule::Rule;

/// Tell lines about a bus apart.
const NO_BUS: u64 = 0;
const NO_RULE: u64 = 1;
const LOOP: u64 = 2;

/// An event for a bus that does not exist.
pub(super) fn no_bus(events: &Events, arrival: &Arrival) {
    let bus: Arc<str> = arrival.bus.arn().into();
    if let Some(count) = events.deliveries.complaints.count(&bus, NO_BUS) {
        let bus = &*bus;
        tracing::warn!(bus, event = %arrival.event.id, count, "an event is lost: the bus does not exist");
    }
}

/// An event that no rule of its bus lets through.
pub(super) fn no_rule(events: &Events, arrival: &Arrival, bus: &Arc<str>) {
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    if let Some(count) = events.deliveries.complaints.count(bus, NO_RULE) {
        let bus = &**bus;
        tracing::info!(bus, event = %arrival.event.id, count, "an event matches no rule");
    }
}

/// An event that has gone through too many buses.
pub(super) fn looped(events: &Events, arrival: &Arrival) {
    let bus: Arc<str> = arrival.bus.arn().into();
    if let Some(count) = events.deliveries.complaints.count(&bus, LOOP) {
        let bus = &*bus;
        tracing::warn!(bus, event = %arrival.event.id, count, "a loop was stopped: buses send an event on to each other");
    }
}

/// At level debug, for each rule of a bus that does not let an event through, why not. Costs nothing unless that is logged.
pub(super) fn withheld(arrival: &Arrival, bus: &Bus) {
    if !tracing::enabled!(tracing::Level::DEBUG) {
        return;
    }
    let event = pattern::Event::from_json(&arrival.event.text);
    let is_meant = |rule: &Rule| rule.pattern.is_some() && rule.managed_by.is_none();
    for rule in bus.rules_after(None, usize::MAX, is_meant) {
        if let Some(reason) = rule.withholds(&event) {
            let rule = &*rule.arn;
            tracing::debug!(rule, event = %arrival.event.id, reason, "a rule does not match an event");
        }
    }
}
