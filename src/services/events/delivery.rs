//! From a bus to the targets of its rules: an event goes to each target of each rule that lets it through, and on to other
//! buses, whose rules get it in turn.
//!
//! Deliveries are made at once and in this process: a target takes the event or refuses it, and a refusal is for good.
//! Nothing is retried. What is not delivered is logged.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::sync::Arc;

use super::Events;
use super::buses::BusName;
use super::event::Event;
use super::limits::{FORWARDS, HOPS};
use super::rule::Rule;
use super::target::Target;
use crate::aws::message::{Body, Sender};
use crate::clock::Timestamp;
use crate::delivery::{Examined, Message, Source, Undelivered};

/// The principal that delivers.
const PRINCIPAL: &str = "events.amazonaws.com";

/// The `SenderId` of messages that EventBridge sends. AWS's is not recorded.
const SENDER: Sender = Sender::Service("AIDAEVENTSTOPIQAAAAAA");

/// An event at a bus.
#[derive(Debug)]
struct Arrival {
    bus: BusName,
    event: Event,
    hops: usize,
    /// Whether it has come from another account, or another region. Then it does not go on to a third.
    has_left_account: bool,
    has_left_region: bool,
}

/// One event for the targets of a bus.
#[derive(Debug)]
struct Outgoing<'a> {
    events: &'a Events,
    now: Timestamp,
    event: &'a Event,
    body: OnceCell<Body>,
    examined: Examined,
}

impl Events {
    /// Brings an event to a bus and, by its rules, to their targets. On a bus that does not exist it is lost, as on AWS.
    pub(super) fn put(&self, bus: BusName, event: Event) {
        let now = self.now();
        let mut arrivals = VecDeque::from([Arrival {
            bus,
            event,
            hops: 1,
            has_left_account: false,
            has_left_region: false,
        }]);
        let mut count = 1;
        while let Some(arrival) = arrivals.pop_front() {
            for next in self.arrive(now, &arrival) {
                if next.hops > HOPS || count == FORWARDS {
                    tracing::warn!(bus = next.bus.arn(), event = %next.event.id, "a loop was stopped: buses send an event on to each other");
                    continue;
                }
                count += 1;
                arrivals.push_back(next);
            }
        }
    }

    /// Delivers an event to the targets that rules of its bus have, and returns where it goes from there.
    fn arrive(&self, now: Timestamp, arrival: &Arrival) -> Vec<Arrival> {
        let event = &arrival.event;
        let matching = match self.buses.present(&arrival.bus) {
            Some(bus) => bus.matching(&event.text),
            // Nothing is held of a default bus that nobody has asked for.
            None if arrival.bus.is_default() => Vec::new(),
            None => {
                tracing::warn!(bus = arrival.bus.arn(), event = %event.id, "an event is lost: the bus does not exist");
                return Vec::new();
            }
        };
        if matching.is_empty() {
            tracing::info!(bus = arrival.bus.arn(), event = %event.id, "an event matches no rule");
        }
        let outgoing = Outgoing {
            events: self,
            now,
            event,
            body: OnceCell::new(),
            examined: Examined::default(),
        };
        let mut next = Vec::new();
        for rule in &matching {
            for target in &rule.targets {
                let outcome = match BusName::parse(target.arn()) {
                    Some(bus) => arrival.forward(self, bus).map(|arrival| next.push(arrival)),
                    None => outgoing.deliver(&arrival.bus, rule, target),
                };
                if let Err(undelivered) = outcome {
                    self.give_up(rule, target, event, &undelivered);
                }
            }
        }
        next
    }

    fn give_up(&self, rule: &Rule, target: &Target, event: &Event, undelivered: &Undelivered) {
        let cause = undelivered.cause();
        let Some(count) = self.deliveries.complaints.count(&rule.arn, cause) else {
            return;
        };
        let (rule, target) = (&*rule.arn, target.arn());
        tracing::warn!(rule, target, event = %event.id, reason = %undelivered, count, "an event was not delivered: it is lost");
    }
}

impl Arrival {
    /// The event at another bus.
    fn forward(&self, events: &Events, bus: BusName) -> Result<Self, Undelivered> {
        let leaves_account = bus.account != self.bus.account;
        let leaves_region = bus.region != self.bus.region;
        let third = match (
            self.has_left_account && leaves_account,
            self.has_left_region && leaves_region,
        ) {
            (true, _) => Some("THIRD_ACCOUNT_HOP_DETECTED"),
            (_, true) => Some("THIRD_REGION_HOP_DETECTED"),
            _ => None,
        };
        if let Some(refusal) = third {
            return Err(Undelivered::Refused(refusal.into()));
        }
        let event = if leaves_region {
            self.event.under(events.ids.message_id())
        } else {
            self.event.clone()
        };
        Ok(Self {
            bus,
            event,
            hops: self.hops + 1,
            has_left_account: self.has_left_account || leaves_account,
            has_left_region: self.has_left_region || leaves_region,
        })
    }
}

impl Outgoing<'_> {
    fn deliver(&self, bus: &BusName, rule: &Rule, target: &Target) -> Result<(), Undelivered> {
        let deliveries = &self.events.deliveries;
        let found = deliveries.targets.find(target.arn());
        let found = found.ok_or(Undelivered::NoTarget)?;
        if self.events.settings.enforce_policies {
            found.permits(&Source {
                principal: PRINCIPAL,
                arn: &rule.arn,
                account: bus.account,
            })?;
        }
        let message = Message {
            id: None,
            body: self.body().clone(),
            attributes: None,
            examined: &self.examined,
            trace_header: self.event.trace_header.clone(),
            sender: SENDER,
            group_id: target.group_id().map(Arc::from),
            deduplication_id: None,
        };
        found.deliver(self.now, message).map(|_| ())
    }

    /// The text for all targets, with its digest.
    fn body(&self) -> &Body {
        self.body
            .get_or_init(|| Body::new(Arc::clone(&self.event.text)))
    }
}
