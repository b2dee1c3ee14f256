//! Delivery to HTTP and HTTPS endpoints: what is posted, and what becomes of it when nobody takes it.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::envelope::Envelopes;
use super::fan_out::Outgoing;
use super::queue;
use crate::delivery::http::Post;
use crate::services::sns::delivery_policy::Effective;
use crate::services::sns::subscription::{Identity, Subscription};

const MESSAGE_TYPE: HeaderName = HeaderName::from_static("x-amz-sns-message-type");
const MESSAGE_ID: HeaderName = HeaderName::from_static("x-amz-sns-message-id");
const TOPIC_ARN: HeaderName = HeaderName::from_static("x-amz-sns-topic-arn");
const SUBSCRIPTION_ARN: HeaderName = HeaderName::from_static("x-amz-sns-subscription-arn");
const RAW_DELIVERY: HeaderName = HeaderName::from_static("x-amz-sns-rawdelivery");

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
    lane.post(Post {
        headers: headers(outgoing, subscription),
        content_type: content_type.expect("only listed content types are accepted"),
        body: body(&outgoing.envelopes, &subscription.identity, is_raw),
        schedule: Arc::new(effective.schedule()),
        on_failure: on_failure(outgoing, subscription),
    });
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

type MakeBody = Box<dyn Fn() -> Bytes + Send + Sync>;

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

/// Logs what was not delivered, and puts it on the dead-letter queue as it would have been posted.
fn on_failure(
    outgoing: &Outgoing<'_>,
    subscription: &Subscription,
) -> Box<dyn FnOnce(crate::delivery::http::Failure) + Send + Sync> {
    let identity = Arc::clone(&subscription.identity);
    let envelopes = Arc::clone(&outgoing.envelopes);
    let redrive = subscription.attributes.redrive_policy.clone();
    let is_raw = subscription.attributes.is_raw;
    let destinations = Arc::clone(&outgoing.sns.destinations);
    let clock = Arc::clone(&outgoing.sns.clock);
    Box::new(move |failed| {
        let arn = &*identity.arn;
        tracing::warn!(subscription = arn, %failed, "a message was not delivered");
        if let Some(redrive) = redrive {
            let letter =
                queue::dead_letter(text(&envelopes, &identity, is_raw), envelopes.message());
            let target = &redrive.dead_letter_target_arn;
            queue::bury(&*destinations, clock.now(), target, letter);
        }
    })
}
