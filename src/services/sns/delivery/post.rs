//! Delivery to HTTP and HTTPS endpoints: the request, and the handling of its failure.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::dead_letter;
use super::envelope::Envelopes;
use super::fan_out::Outgoing;
use crate::budget::Held;
use crate::delivery::http::{Judge, Request};
use crate::delivery::{Examined, Outcome, RetrySchedule};
use crate::services::sns::delivery_policy::Effective;
use crate::services::sns::limits::ATTEMPT;
use crate::services::sns::subscription::{Identity, Subscription};
use crate::trace::{Traced, What};

const MESSAGE_TYPE: HeaderName = HeaderName::from_static("x-amz-sns-message-type");
const MESSAGE_ID: HeaderName = HeaderName::from_static("x-amz-sns-message-id");
const TOPIC_ARN: HeaderName = HeaderName::from_static("x-amz-sns-topic-arn");
const SUBSCRIPTION_ARN: HeaderName = HeaderName::from_static("x-amz-sns-subscription-arn");
const RAW_DELIVERY: HeaderName = HeaderName::from_static("x-amz-sns-rawdelivery");

/// AWS retries after 429, 5xx and when no answer came; every other status is final.
const JUDGE: Judge = Judge {
    success: &[200..=299],
    retry: &[429..=429, 500..=599],
};

/// Makes the body, once for each attempt.
pub(super) type MakeBody = Box<dyn Fn() -> Bytes + Send + Sync>;

/// Called once with the outcome of a request.
pub(super) type OnDone = Box<dyn FnOnce(Outcome) + Send + Sync>;

pub(super) fn deliver(outgoing: &Outgoing<'_>, subscription: &Subscription) {
    let Some(lane) = &subscription.identity.lane else {
        return;
    };
    let is_raw = subscription.attributes.is_raw;
    let delivery_policy = subscription.attributes.delivery_policy.as_deref();
    let effective = Effective::of(
        outgoing.attributes.delivery_policy.as_ref(),
        delivery_policy,
    );
    lane.set_max_receives_per_second(effective.max_receives_per_second());
    let content_type = HeaderValue::from_str(effective.content_type(is_raw));
    let traces = &outgoing.sns.traces;
    traces.record(outgoing.now, outgoing.message.id, || What::Begun {
        by: Arc::clone(&subscription.identity.arn),
        to: Arc::clone(&subscription.identity.endpoint),
    });
    lane.send(post(
        Some(outgoing.traced()),
        outgoing.held(),
        headers(outgoing, subscription),
        content_type.expect("only listed content types are accepted"),
        body(&outgoing.envelopes, &subscription.identity, is_raw),
        Arc::new(effective.schedule()),
        on_done(outgoing, subscription),
    ));
}

/// A request of SNS, with the headers that all its requests have, and with what its message holds of the budget.
pub(super) fn post(
    traced: Option<Traced>,
    held: Option<Arc<Held>>,
    mut headers: HeaderMap,
    content_type: HeaderValue,
    body: MakeBody,
    schedule: Arc<RetrySchedule>,
    on_done: OnDone,
) -> Request {
    const AGENT: HeaderValue = HeaderValue::from_static("Amazon Simple Notification Service Agent");
    headers.insert(CONTENT_TYPE, content_type);
    headers.insert(USER_AGENT, AGENT);
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip,deflate"));
    Request {
        method: Method::POST,
        path_and_query: None,
        headers,
        held,
        traced,
        body,
        schedule,
        judge: JUDGE,
        time_limit: ATTEMPT,
        expires_at: None,
        // Only the status matters.
        answer_bytes: 0,
        on_done,
    }
}

fn headers(outgoing: &Outgoing<'_>, subscription: &Subscription) -> HeaderMap {
    let value = |text: &str| HeaderValue::from_str(text).expect("ARNs and ids are plain ASCII");
    let mut headers = HeaderMap::new();
    headers.insert(MESSAGE_TYPE, HeaderValue::from_static("Notification"));
    headers.insert(MESSAGE_ID, value(&outgoing.message.id.to_string()));
    headers.insert(TOPIC_ARN, value(&outgoing.message.topic_arn));
    headers.insert(SUBSCRIPTION_ARN, value(&subscription.identity.arn));
    if subscription.attributes.is_raw {
        headers.insert(RAW_DELIVERY, HeaderValue::from_static("true"));
    }
    headers
}

/// Attributes are not part of a raw message in any form (recorded).
fn body(envelopes: &Arc<Envelopes>, identity: &Arc<Identity>, is_raw: bool) -> MakeBody {
    let (envelopes, identity) = (Arc::clone(envelopes), Arc::clone(identity));
    Box::new(move || text(&envelopes, &identity, is_raw).into())
}

fn text(envelopes: &Envelopes, identity: &Identity, is_raw: bool) -> String {
    let key = identity.protocol.as_str();
    if is_raw {
        envelopes.message().text_for(key).to_string()
    } else {
        envelopes.notification(key, &identity.links).text()
    }
}

/// Logs an undelivered message, and puts it on the dead-letter queue as it would have been posted.
fn on_done(outgoing: &Outgoing<'_>, subscription: &Subscription) -> OnDone {
    let identity = Arc::clone(&subscription.identity);
    let envelopes = Arc::clone(&outgoing.envelopes);
    let redrive = subscription.attributes.redrive_policy.clone();
    let is_raw = subscription.attributes.is_raw;
    let deliveries = Arc::clone(&outgoing.sns.deliveries);
    let clock = Arc::clone(&outgoing.sns.clock);
    let traced = outgoing.traced();
    Box::new(move |outcome| {
        let Err(undelivered) = outcome else {
            return;
        };
        let examined = Examined::default();
        dead_letter::give_up(
            &traced,
            &deliveries,
            clock.now(),
            &identity,
            &undelivered,
            redrive.as_deref(),
            || {
                let text = text(&envelopes, &identity, is_raw);
                dead_letter::message(text, envelopes.message(), &examined)
            },
        );
    })
}
