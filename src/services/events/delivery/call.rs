//! A call of an API destination: one attempt, whose outcome comes later.
//!
//! First its connection grants what it authorises with, which may take a request of its own; then the call waits for its
//! turn by the destination's rate.

use std::sync::{Arc, Weak};

use super::attempt::Delivery;
use super::failure::{ErrorCode, Failure, Lasts};
use super::trace;
use crate::budget::{Budget, Held, Purpose};
use crate::delivery::http::{Answer, Judge, Lane, Request};
use crate::delivery::{Delivered, Outcome, RetrySchedule, Undelivered};
use crate::services::events::Events;
use crate::services::events::api_destinations::Settings;
use crate::services::events::connections::connection::{Connection, Grant};
use crate::services::events::invocation::{HttpRequest, Invocation, Unsendable, Verdict, verdict};
use crate::services::events::limits;
use crate::trace::Traced;

/// Every answer is one: what it means is judged afterwards.
const JUDGE: Judge = Judge {
    success: &[100..=999],
    retry: &[],
};

/// Another attempt is the delivery's.
const NO_RETRIES: RetrySchedule = RetrySchedule {
    min_delay: 0,
    max_delay: 0,
    retries: 0,
    immediate: 0,
    pre_backoff: 0,
    post_backoff: 0,
    function: crate::delivery::retry_schedule::Backoff::Linear,
};

/// One call.
struct Call {
    events: Weak<Events>,
    delivery: Delivery,
    settings: Settings,
    lane: Lane,
    connection: Arc<Connection>,
    budget: Arc<Budget>,
    /// What the delivery holds of it.
    _held: Held,
}

impl Events {
    /// Calls the API destination that a delivery is for.
    pub(super) fn call(&self, delivery: Delivery) {
        if let Err((delivery, failure)) = self.begin_call(delivery) {
            self.finish(*delivery, Err(failure));
        }
    }

    fn begin_call(&self, delivery: Delivery) -> Result<(), (Box<Delivery>, Failure)> {
        let now = self.now();
        let Some(destination) = self.api_destinations.by_arn(delivery.target.arn()) else {
            return Err((delivery.into(), Undelivered::NoTarget.into()));
        };
        let (settings, lane) = destination.way();
        let Some(connection) = self.connections.by_arn(&settings.connection_arn, now) else {
            let failure = Failure::for_good(
                ErrorCode::ConnectionFailure,
                "the connection does not exist",
            );
            return Err((delivery.into(), failure));
        };
        let Some(held) = self.budget.hold(delivery.size(), Purpose::Deliveries) else {
            return Err((delivery.into(), Undelivered::OverBudget.into()));
        };
        let call = Call {
            events: self.itself.weak(),
            delivery,
            settings,
            lane,
            connection: connection.clone(),
            budget: self.budget.clone(),
            _held: held,
        };
        trace::begun(self, &call.delivery);
        connection.grant(now, Box::new(move |granted| call.send(granted)));
        Ok(())
    }
}

impl Call {
    /// Sends the request, if there is something to authorise it with.
    fn send(self, granted: Result<Grant, String>) {
        let request = granted
            .map_err(not_authorised)
            .and_then(|grant| Ok((self.request(&grant)?, grant)));
        let (request, grant) = match request {
            Ok(request) => request,
            Err(failure) => return self.finish(Err(failure)),
        };
        let (body, lane) = (request.body, self.lane.clone());
        let held = self.budget.hold(body.len(), Purpose::Deliveries);
        let policy = self.delivery.target.retry_policy();
        lane.send(Request {
            method: request.method,
            path_and_query: Some(request.path_and_query),
            headers: request.headers,
            held: held.map(Arc::new),
            traced: self.traced(),
            body: Box::new(move || body.clone()),
            schedule: Arc::new(NO_RETRIES),
            judge: JUDGE,
            time_limit: limits::CALL,
            expires_at: Some(self.delivery.event.received_at + policy.age),
            // Only the status and the headers matter.
            answer_bytes: 0,
            on_done: Box::new(move |outcome| self.end(&grant, outcome)),
        });
    }

    fn traced(&self) -> Option<Traced> {
        let events = self.events.upgrade()?;
        Some(Traced {
            traces: events.traces.clone(),
            id: self.delivery.event.id,
            earlier_attempts: self.delivery.retries,
        })
    }

    fn request(&self, grant: &Grant) -> Result<HttpRequest, Failure> {
        let Delivery { event, target, .. } = &self.delivery;
        let invocation = Invocation {
            endpoint: &self.settings.endpoint,
            method: &self.settings.method,
            authorization: &grant.authorization,
            token: grant.token.as_deref(),
            target: target.http_parameters(),
            event: &event.text,
            input: &self.delivery.input()?,
            trace_header: event.trace_header.as_deref(),
        };
        Ok(invocation.request()?)
    }

    fn end(self, grant: &Grant, outcome: Outcome) {
        let outcome = match outcome {
            Ok(Delivered::Answered(answer)) => self.judged(grant, &answer),
            Ok(_) => Ok(()),
            Err(undelivered) => Err(undelivered.into()),
        };
        self.finish(outcome);
    }

    fn judged(&self, grant: &Grant, answer: &Answer) -> Result<(), Failure> {
        let Some(events) = self.events.upgrade() else {
            return Ok(());
        };
        let (now, status) = (events.now(), answer.status.as_u16());
        let lasts = match verdict(answer.status, &answer.headers, now) {
            Verdict::Delivered => return Ok(()),
            Verdict::Retry { after } => Lasts::ForNow {
                not_before: after.map(|after| now + after),
            },
            Verdict::GiveUp => Lasts::ForGood,
        };
        if matches!(status, 401 | 407) {
            self.connection.refused(grant, status);
        }
        Err(Failure {
            code: ErrorCode::ErrorFromTarget,
            message: format!("the endpoint answered {status}").into(),
            lasts,
        })
    }

    /// What follows is the service's to do, if it is still there.
    fn finish(self, outcome: Result<(), Failure>) {
        if let Some(events) = self.events.upgrade() {
            events.finish(self.delivery, outcome);
        }
    }
}

/// The connection may be authorised by the next attempt.
fn not_authorised(reason: String) -> Failure {
    Failure {
        code: ErrorCode::ConnectionFailure,
        message: reason.into(),
        lasts: Lasts::ForNow { not_before: None },
    }
}

impl From<Unsendable> for Failure {
    fn from(unsendable: Unsendable) -> Self {
        Self::for_good(ErrorCode::InvalidParameter, unsendable.to_string())
    }
}
