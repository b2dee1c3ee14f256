//! One event for one target of one rule: attempts to deliver it, until it is there or is given up.
//!
//! An attempt ends in [`Events::finish`], at once for targets in this process. One that takes its time, such as a request
//! to an endpoint, keeps the [`Delivery`] and comes back with the outcome. No lock is held meanwhile.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::failure::{Failure, Lasts};
use super::retry::{History, Next};
use super::{PRINCIPAL, SENDER, captured, dead_letter, trace};
use crate::aws::message::Body;
use crate::clock::Timestamp;
use crate::delivery::{Examined, Message, Source, Undelivered};
use crate::services::events::Events;
use crate::services::events::bus::Bus;
use crate::services::events::event::Event;
use crate::services::events::input::Context;
use crate::services::events::rule::Rule;
use crate::services::events::target::{Place, Target};
use crate::wire::DateTime;

/// One event for one target of one rule.
#[derive(Clone, Debug)]
pub(in crate::services::events) struct Delivery {
    pub(in crate::services::events) event: Event,
    /// The bus whose rule it is.
    pub(in crate::services::events) bus: Arc<Bus>,
    pub(in crate::services::events) rule: Arc<Rule>,
    pub(in crate::services::events) target: Arc<Target>,
    /// How many attempts there were after the first.
    pub(in crate::services::events) retries: u32,
}

/// What all targets share that get the same event as it is.
#[derive(Debug, Default)]
pub(super) struct Shared {
    body: OnceCell<Body>,
    examined: Examined,
}

impl Shared {
    /// The event's text, with its digest.
    fn body(&self, event: &Event) -> Body {
        let body = || Body::new(Arc::clone(&event.text));
        self.body.get_or_init(body).clone()
    }
}

impl Delivery {
    /// The bytes that it holds while it waits.
    pub(super) fn size(&self) -> usize {
        let trace_header = self.event.trace_header.as_ref();
        let texts = self.event.text.len() + trace_header.map_or(0, |header| header.len());
        // With what a map needs for it.
        texts + 2 * size_of::<Self>()
    }

    /// What its target gets.
    pub(in crate::services::events) fn input(&self) -> Result<Cow<'_, str>, Failure> {
        let received_at = Timestamp::from_secs(self.event.received_at.as_secs());
        let rendered = self.target.rendered(
            &self.event.text,
            &Context {
                rule_arn: &self.rule.arn,
                rule_name: &self.rule.name,
                ingestion_time: &DateTime(received_at).to_string(),
            },
        );
        Ok(rendered?)
    }
}

impl Events {
    /// Attempts a delivery for the first time.
    pub(super) fn attempt(&self, delivery: Delivery, shared: &Shared) {
        if matches!(delivery.target.place(), Place::ApiDestination) {
            return self.call(delivery);
        }
        let outcome = self.deliver(&delivery, shared);
        self.finish(delivery, outcome);
    }

    /// Attempts a delivery again, to the target as it is now. If it is gone, nobody wants the event.
    pub(super) fn attempt_again(&self, delivery: Delivery) {
        let Some((rule, target)) = self.current(&delivery) else {
            let (rule, target) = (&*delivery.rule.arn, delivery.target.arn());
            tracing::info!(rule, target, event = %delivery.event.id, "an event is not delivered: its target has been removed");
            return;
        };
        let delivery = Delivery {
            rule,
            target,
            retries: delivery.retries + 1,
            ..delivery
        };
        match delivery.target.place() {
            Place::Bus(bus) => {
                let bus = bus.clone();
                self.send_on(delivery, bus);
            }
            _ => self.attempt(delivery, &Shared::default()),
        }
    }

    fn current(&self, delivery: &Delivery) -> Option<(Arc<Rule>, Arc<Target>)> {
        let bus = self.buses.present(&delivery.bus.name)?;
        let rule = bus.rule(&delivery.rule.name).ok()?;
        let id = delivery.target.id();
        let target = rule.targets.iter().find(|target| target.id() == id)?;
        let target = Arc::clone(target);
        Some((rule, target))
    }

    /// The end of an attempt: what follows from its outcome.
    pub(in crate::services::events) fn finish(
        &self,
        delivery: Delivery,
        outcome: Result<(), Failure>,
    ) {
        let Err(failure) = outcome else {
            return;
        };
        let Lasts::ForNow { not_before } = failure.lasts else {
            dead_letter::give_up(self, &delivery, &failure, None);
            return;
        };
        let now = self.now();
        let history = History {
            received_at: delivery.event.received_at,
            retries: delivery.retries,
        };
        let policy = delivery.target.retry_policy();
        match policy.next(history, now, not_before, self.ids.number()) {
            Next::At(moment) => self.put_off(moment, delivery, &failure),
            Next::Exhausted(condition) => {
                dead_letter::give_up(self, &delivery, &failure, Some(condition));
            }
        }
    }

    fn put_off(&self, moment: Timestamp, delivery: Delivery, failure: &Failure) {
        let Delivery { rule, target, .. } = &delivery;
        let cause = failure.cause() | 1 << 32;
        if let Some(count) = self.deliveries.complaints.count(&rule.arn, cause) {
            let (rule, target) = (&*rule.arn, target.arn());
            let retry_in = moment.since(self.now()).as_secs();
            tracing::warn!(rule, target, event = %delivery.event.id, reason = %failure.message, retry_in, count, "a delivery failed and is retried");
        }
        trace::put_off(self, &delivery, failure, moment);
        if let Err(delivery) = self.waiting.put(moment, delivery) {
            dead_letter::give_up(self, &delivery, failure, None);
        }
    }

    /// Delivers to a target within this process, or to the log of captured deliveries.
    fn deliver(&self, delivery: &Delivery, shared: &Shared) -> Result<(), Failure> {
        let Delivery {
            event,
            bus,
            rule,
            target,
            ..
        } = delivery;
        let examined = Examined::default();
        let (body, examined) = if target.takes_events_as_they_are() {
            (shared.body(event), &shared.examined)
        } else {
            (Body::new(&*delivery.input()?), &examined)
        };
        let source = Source {
            principal: PRINCIPAL,
            arn: &rule.arn,
            account: bus.name.account,
        };
        let targets = &self.deliveries.targets;
        let outcome = target.known.deliver(targets, target.arn(), |found| {
            if self.settings.enforce_policies {
                found.permits(&source)?;
            }
            let message = Message {
                id: None,
                body: body.clone(),
                attributes: None,
                examined,
                trace_header: event.trace_header.clone(),
                sender: SENDER,
                group_id: target.group_id(event),
                deduplication_id: None,
            };
            found.deliver(self.now(), message)
        });
        match outcome {
            Err(Undelivered::NoTarget) if captured::capture(self, delivery)? => {
                trace::captured(self, delivery);
                Ok(())
            }
            outcome => {
                trace::delivered(self, delivery, &outcome?);
                Ok(())
            }
        }
    }
}
