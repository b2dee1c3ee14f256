//! From a bus to the targets of its rules: an event goes to each target of each rule that lets it through, and on to other
//! buses, whose rules get it in turn.
//!
//! In reading order: this file finds the way; `attempt` is an event on its way to one target, `call` one to an API
//! destination; `failure` says why it did not get there, `retry` when it is tried again, `waiting` holds it until then, and
//! `dead_letter` is what becomes of it when it is given up. `captured` is for targets that are not on this machine,
//! `log` for the lines about the rest, `trace` for what is recorded of each event.
//!
//! The first attempt is made at once, before the publisher is answered.

mod attempt;
mod call;
mod captured;
mod dead_letter;
mod failure;
mod log;
mod retry;
#[cfg(test)]
mod tests;
mod trace;
mod waiting;

use std::collections::VecDeque;
use std::sync::Arc;

pub(super) use self::attempt::Delivery;
pub(super) use self::captured::SERVICES as CAPTURED_SERVICES;
pub(super) use self::failure::{ErrorCode, Failure};
pub(super) use self::retry::Policy as RetryPolicy;
pub(super) use self::waiting::Waiting;

use self::attempt::Shared;
use super::Events;
use super::bus::{Bus, Matching};
use super::buses::BusName;
use super::event::Event;
use super::limits::{FORWARDS, HOPS};
use super::permission;
use super::rule::Rule;
use super::target::Place;
use crate::aws::message::Sender;
use crate::delivery::Heard;
use crate::pattern::Work;

/// The principal that delivers.
const PRINCIPAL: &str = "events.amazonaws.com";

/// The `SenderId` of messages that EventBridge sends. AWS's is not recorded.
const SENDER: Sender = Sender::Service("AIDAEVENTSTOPIQAAAAAA");

/// How many rules' targets are delivered to before others' requests are served: a few milliseconds.
const RULES: usize = 500;

/// An event at a bus.
#[derive(Debug)]
struct Arrival {
    bus: BusName,
    event: Event,
    /// The ARNs of the rules that get it; all, if there is no list.
    only_for: Option<Arc<[String]>>,
    hops: usize,
    /// Whether it has come from another account, or another region. Then it does not go on to a third.
    has_left_account: bool,
    has_left_region: bool,
}

/// The way of an event: to the targets of a bus's rules, and to other buses in turn. Whoever drops it lets it go to its end.
#[derive(Debug)]
pub(super) struct Journey<'a> {
    events: &'a Events,
    /// Where it still goes.
    arrivals: VecDeque<Arrival>,
    /// Where it is.
    stop: Option<Stop>,
    /// How many buses it was sent to.
    sent: usize,
}

/// An event at a bus, with the rules whose targets have not got it yet.
#[derive(Debug)]
struct Stop {
    arrival: Arrival,
    bus: Arc<Bus>,
    matching: Matching,
    /// No rule has got it here yet.
    is_unmatched: bool,
    shared: Shared,
}

impl Events {
    /// Brings an event to a bus and, by its rules, to their targets. On a bus that does not exist it is lost, as on AWS.
    /// It begins at once; where there are many rules, others' requests are served while the caller waits for the rest.
    pub(super) fn put(&self, bus: BusName, event: Event) -> impl Future<Output = ()> + '_ {
        Journey::to(self, bus, event).finish()
    }

    /// The same, and brings a copy of it to a bus in another region.
    pub(super) fn put_and_replicate(
        &self,
        bus: BusName,
        event: Event,
        copy: Option<(BusName, Event)>,
    ) -> impl Future<Output = ()> + '_ {
        let mut journey = Journey::to(self, bus, event);
        journey.arrivals.extend(copy.map(|(bus, event)| Arrival {
            has_left_region: true,
            ..Arrival::first(bus, event)
        }));
        journey.finish()
    }

    /// Brings an event to its bus again, and there to the targets of these rules only, if there is a list of them. Returns
    /// how many rules got it, here and at other buses.
    pub(super) fn replay(&self, bus: BusName, event: Event, rules: Option<Arc<[String]>>) -> usize {
        let mut journey = Journey::to(self, bus, event);
        if let Some(first) = journey.arrivals.front_mut() {
            first.only_for = rules;
        }
        let mut count = 0;
        while !journey.go_on(1, &mut Work::unlimited()) {
            count += 1;
        }
        count
    }
}

impl Events {
    /// Sends an event on to a bus that has taken the place of the target for which it waits.
    fn send_on(&self, delivery: Delivery, bus: BusName) {
        let arrival = Arrival::first(delivery.bus.name.clone(), delivery.event.clone());
        match arrival.forward(self, bus) {
            // Dropped, it goes to its end.
            Ok(arrival) => drop(Journey::from(self, arrival)),
            Err(failure) => self.finish(delivery, Err(failure)),
        }
    }

    /// Brings the event of a rule's schedule to the targets of this rule alone.
    pub(super) fn fire(&self, bus: Arc<Bus>, rule: Arc<Rule>, event: Event) {
        let mut journey = Journey::to(self, bus.name.clone(), event);
        // Dropped, it goes to its end.
        journey.stop = journey.arrivals.pop_front().map(|arrival| Stop {
            arrival,
            bus,
            matching: Matching::only(rule),
            is_unmatched: false,
            shared: Shared::default(),
        });
    }
}

impl<'a> Journey<'a> {
    fn to(events: &'a Events, bus: BusName, event: Event) -> Self {
        Self::from(events, Arrival::first(bus, event))
    }

    fn from(events: &'a Events, arrival: Arrival) -> Self {
        Self {
            events,
            arrivals: VecDeque::from([arrival]),
            stop: None,
            sent: 1,
        }
    }

    /// Goes on to the end. What waits for the rest is small: every call that waits has room for the largest of them.
    fn finish(mut self) -> impl Future<Output = ()> + 'a {
        let rest = (!self.take_turn()).then(|| Box::new(self));
        async {
            let Some(mut journey) = rest else { return };
            loop {
                tokio::task::yield_now().await;
                if journey.take_turn() {
                    break;
                }
            }
        }
    }

    fn take_turn(&mut self) -> bool {
        self.go_on(RULES, &mut Work::of_a_turn())
    }

    /// Delivers to the targets of so many rules, as far as the work goes. Says whether that was all.
    fn go_on(&mut self, mut rules: usize, work: &mut Work) -> bool {
        while let Some(mut stop) = self.stop.take().or_else(|| self.next_stop(work)) {
            if !stop.go_on(self, &mut rules, work) {
                self.stop = Some(stop);
                return false;
            }
        }
        true
    }

    /// The next bus at which the event is not lost.
    fn next_stop(&mut self, work: &mut Work) -> Option<Stop> {
        loop {
            let arrival = self.arrivals.pop_front()?;
            let stop = Stop::at(self.events, arrival, work);
            if stop.is_some() {
                return stop;
            }
        }
    }

    fn send_on(&mut self, arrival: Arrival) {
        if arrival.hops > HOPS || self.sent == FORWARDS {
            log::looped(self.events, &arrival);
            return;
        }
        self.sent += 1;
        self.arrivals.push_back(arrival);
    }
}

impl Drop for Journey<'_> {
    /// A publisher that hangs up takes its event from no target.
    fn drop(&mut self) {
        while !self.go_on(usize::MAX, &mut Work::unlimited()) {}
    }
}

impl Stop {
    /// The event at a bus; nothing if it is lost there.
    fn at(events: &Events, arrival: Arrival, work: &mut Work) -> Option<Self> {
        events.deliveries.listeners.tell(arrival.heard());
        let Some(bus) = events.buses.present(&arrival.bus) else {
            // Nothing is held of a default bus that nobody has asked for.
            if arrival.bus.is_default() {
                log::no_rule(events, &arrival, &arrival.bus.arn().into());
            } else {
                log::no_bus(events, &arrival);
            }
            trace::no_bus(events, &arrival);
            return None;
        };
        bus.archiving.keep(events.now(), &arrival.event);
        trace::arrived(events, &arrival.event, &bus);
        let mut matching = bus.matching(&arrival.event.text, work);
        if let Some(only) = &arrival.only_for {
            matching.retain(|rule| only.iter().any(|arn| **arn == *rule.arn));
        }
        log::withheld(&arrival, &bus);
        Some(Self {
            arrival,
            bus,
            matching,
            is_unmatched: true,
            shared: Shared::default(),
        })
    }

    /// Delivers to the targets of so many rules, as far as the work goes. Says whether there are no more.
    fn go_on(&mut self, journey: &mut Journey<'_>, rules: &mut usize, work: &mut Work) -> bool {
        while *rules > 0 {
            let Some(rule) = self.next(journey.events, work) else {
                return self.matching.is_complete();
            };
            *rules -= 1;
            self.fire(journey, &rule);
        }
        false
    }

    /// The next rule that lets the event through, as far as the work goes.
    fn next(&mut self, events: &Events, work: &mut Work) -> Option<Arc<Rule>> {
        let mut next = self.matching.next();
        if next.is_none() && !self.matching.is_complete() {
            self.matching.proceed(&self.arrival.event.text, work);
            next = self.matching.next();
        }
        if next.is_some() {
            self.is_unmatched = false;
        } else if self.is_unmatched && self.matching.is_complete() {
            log::no_rule(events, &self.arrival, &self.bus.arn);
        }
        next
    }

    /// Delivers the event to the targets of a rule, and sends it on to those that are buses.
    fn fire(&mut self, journey: &mut Journey<'_>, rule: &Arc<Rule>) {
        for target in &rule.targets {
            let delivery = Delivery {
                event: self.arrival.event.clone(),
                bus: Arc::clone(&self.bus),
                rule: Arc::clone(rule),
                target: Arc::clone(target),
                retries: 0,
            };
            match target.place() {
                Place::Bus(bus) => match self.arrival.forward(journey.events, bus.clone()) {
                    Ok(arrival) => journey.send_on(arrival),
                    Err(failure) => journey.events.finish(delivery, Err(failure)),
                },
                _ => journey.events.attempt(delivery, &self.shared),
            }
        }
    }
}

impl Arrival {
    /// What listeners are told.
    fn heard(&self) -> Heard<'_> {
        Heard {
            account: self.bus.account,
            region: self.bus.region,
            bus: &self.bus.name,
            event: &self.event.text,
        }
    }

    /// An event at the first bus of its way.
    const fn first(bus: BusName, event: Event) -> Self {
        Self {
            bus,
            event,
            only_for: None,
            hops: 1,
            has_left_account: false,
            has_left_region: false,
        }
    }

    /// The event at another bus.
    fn forward(&self, events: &Events, bus: BusName) -> Result<Self, Failure> {
        let leaves_account = bus.account != self.bus.account;
        let leaves_region = bus.region != self.bus.region;
        if self.has_left_account && leaves_account {
            return Err(Failure::for_good(
                ErrorCode::ThirdAccountHopDetected,
                "the event has come from another account: it does not go on to a third",
            ));
        }
        if self.has_left_region && leaves_region {
            return Err(Failure::for_good(
                ErrorCode::ThirdRegionHopDetected,
                "the event has come from another region: it does not go on to a third",
            ));
        }
        if leaves_account && events.settings.enforce_policies {
            permission::check_source(events, self.bus.account, &bus)?;
        }
        if !bus.is_default() && events.buses.present(&bus).is_none() {
            let code = match (leaves_account, leaves_region) {
                (true, _) => ErrorCode::CrossAccountIngestionFailed,
                (false, true) => ErrorCode::CrossRegionIngestionFailed,
                (false, false) => ErrorCode::NoResource,
            };
            return Err(Failure::for_good(
                code,
                format!("Event bus {} does not exist.", bus.name),
            ));
        }
        let event = if leaves_region {
            let copy = self.event.under(events.ids.message_id());
            trace::copied(events, &self.event, &bus, copy.id);
            copy
        } else {
            self.event.clone()
        };
        Ok(Self {
            bus,
            event,
            only_for: None,
            hops: self.hops + 1,
            has_left_account: self.has_left_account || leaves_account,
            has_left_region: self.has_left_region || leaves_region,
        })
    }
}
