//! What is recorded of events on their way.

use std::sync::Arc;

use super::Arrival;
use super::attempt::Delivery;
use super::failure::Failure;
use crate::clock::Timestamp;
use crate::delivery::{Delivered, Outcome};
use crate::ids::Id;
use crate::services::events::Events;
use crate::services::events::bus::Bus;
use crate::services::events::buses::BusName;
use crate::services::events::event::Event;
use crate::trace::{End, What};

/// An event is at a bus.
pub(super) fn arrived(events: &Events, event: &Event, bus: &Bus) {
    events
        .traces
        .record(event.received_at, event.id, || What::Arrived {
            bus: Arc::clone(&bus.arn),
            event: Arc::clone(&event.text),
        });
}

/// An event is for a bus that is not there.
pub(super) fn no_bus(events: &Events, arrival: &Arrival) {
    let event = &arrival.event;
    events
        .traces
        .record(event.received_at, event.id, || What::NoBus {
            bus: arrival.bus.arn().into(),
        });
}

/// An event goes on to another region.
pub(super) fn copied(events: &Events, event: &Event, bus: &BusName, id: Id) {
    events
        .traces
        .record(event.received_at, event.id, || What::Copied {
            bus: bus.arn().into(),
            id,
        });
}

/// A target within this process has got an event.
pub(super) fn delivered(events: &Events, delivery: &Delivery, delivered: &Delivered) {
    // Within this process, the first attempt is made at once.
    let at = match delivery.retries {
        0 => delivery.event.received_at,
        _ => events.now(),
    };
    record_at(events, at, delivery, || What::Delivered {
        by: Arc::clone(&delivery.rule.arn),
        to: delivery.target.shared_arn(),
        id: match delivered {
            Delivered::As(id) => Some(*id),
            Delivered::Captured(_) | Delivered::Answered(_) => None,
        },
    });
}

/// An API destination is about to be called.
pub(super) fn begun(events: &Events, delivery: &Delivery) {
    record(events, delivery, || What::Begun {
        by: Arc::clone(&delivery.rule.arn),
        to: delivery.target.shared_arn(),
    });
}

/// What a target would get is kept.
pub(super) fn captured(events: &Events, delivery: &Delivery) {
    record(events, delivery, || What::Captured {
        by: Arc::clone(&delivery.rule.arn),
        to: delivery.target.shared_arn(),
    });
}

/// There will be another attempt.
pub(super) fn put_off(events: &Events, delivery: &Delivery, failure: &Failure, due: Timestamp) {
    record(events, delivery, || What::Retried {
        by: Arc::clone(&delivery.rule.arn),
        to: delivery.target.shared_arn(),
        reason: (&*failure.message).into(),
        due,
    });
}

/// There will be none.
pub(super) fn given_up(
    events: &Events,
    delivery: &Delivery,
    failure: &Failure,
    moved: Option<&Outcome>,
) {
    record(events, delivery, || What::GivenUp {
        by: Arc::clone(&delivery.rule.arn),
        to: delivery.target.shared_arn(),
        reason: (&*failure.message).into(),
        end: Box::new(End::of(delivery.target.dead_letter_queue(), moved)),
    });
}

fn record(events: &Events, delivery: &Delivery, what: impl FnOnce() -> What) {
    if events.traces.are_on() {
        record_at(events, events.now(), delivery, what);
    }
}

fn record_at(events: &Events, at: Timestamp, delivery: &Delivery, what: impl FnOnce() -> What) {
    events.traces.record(at, delivery.event.id, what);
}
