//! Sends confirmations: asks an endpoint to confirm its subscription, or informs it of the subscription's end.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::confirmation::{Confirmation, Occasion};
use super::email;
use super::links::subscribe_url;
use super::post::post;
use super::queue::check_permission;
use super::{dead_letter::SENDER, recipient::Recipient};
use crate::aws::message::Body;
use crate::budget::Held;
use crate::clock::Timestamp;
use crate::delivery::captured::CapturedDelivery;
use crate::delivery::http::Lane;
use crate::delivery::{Deliveries, Examined, Message, Outcome, RetrySchedule, Undelivered};
use crate::ids::MessageId;
use crate::services::sns::Sns;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::limits;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::signing::signature::{SignatureVersion, Signer};
use crate::services::sns::subscription::{Identity, Subscription};

/// A confirmation that is being sent; it can be written again for each attempt.
#[derive(Debug)]
struct Pending {
    is_end: bool,
    id: MessageId,
    token: Arc<str>,
    topic_arn: Arc<str>,
    subscription: Arc<Identity>,
    subscribe_url: String,
    sent_at: Timestamp,
    signature_version: SignatureVersion,
}

impl Sns {
    /// Asks a subscription's endpoint to confirm it by `token`. Must not be called under a topic's lock.
    pub(in crate::services::sns) fn ask_to_confirm(
        &self,
        topic: &Topic,
        subscription: &Subscription,
        token: Arc<str>,
    ) {
        let pending = self.pending(topic, subscription, token, false);
        if subscription.identity.lane.is_none() {
            return self.send_confirmation(topic, pending);
        }
        // It may have ended meanwhile: then what waits for its endpoint has been forgotten.
        let subscribers = topic.subscribers.read();
        if subscribers.get(subscription.identity.id).is_some() {
            self.send_confirmation(topic, pending);
        }
    }

    /// Informs an HTTP endpoint that its subscription has ended and can be restored by `token`. Other endpoints are not
    /// informed.
    pub(in crate::services::sns) fn tell_of_end(
        &self,
        topic: &Topic,
        subscription: &Subscription,
        token: Arc<str>,
    ) {
        self.send_confirmation(topic, self.pending(topic, subscription, token, true));
    }

    fn pending(
        &self,
        topic: &Topic,
        subscription: &Subscription,
        token: Arc<str>,
        is_end: bool,
    ) -> Pending {
        let identity = &subscription.identity;
        Pending {
            is_end,
            id: self.ids.message_id(),
            subscribe_url: subscribe_url(&identity.link_base, &topic.arn, &token),
            token,
            topic_arn: topic.arn.clone(),
            subscription: identity.clone(),
            sent_at: self.now(),
            signature_version: topic.attributes().signature_version.unwrap_or_default(),
        }
    }

    fn send_confirmation(&self, topic: &Topic, confirmation: Pending) {
        let identity = confirmation.subscription.clone();
        match (identity.protocol, &identity.lane) {
            (_, Some(lane)) => {
                let held = self.http.hold(0);
                confirmation.post(lane, held, self.signer.clone(), self.deliveries.clone());
            }
            (Protocol::Sqs, _) => self.put_on_queue(topic, &confirmation),
            (Protocol::Email, _) => {
                let mail =
                    email::confirmation(&confirmation.topic_arn, &confirmation.subscribe_url);
                self.capture(topic, &confirmation, Some(mail.subject), mail.body);
            }
            (Protocol::EmailJson, _) => {
                let mail = email::json_confirmation(confirmation.body(&self.signer));
                self.capture(topic, &confirmation, Some(mail.subject), mail.body);
            }
            _ => self.capture(topic, &confirmation, None, confirmation.body(&self.signer)),
        }
    }

    /// A queue of another account gets the body for an HTTP endpoint, as a message.
    fn put_on_queue(&self, topic: &Topic, confirmation: &Pending) {
        match self.deliver_to_queue(topic, confirmation) {
            // A queue that does not exist is no error: it could not confirm.
            Ok(_) | Err(Undelivered::NoTarget) => {}
            Err(undelivered) => {
                complain(&self.deliveries, &confirmation.subscription, &undelivered);
            }
        }
    }

    fn deliver_to_queue(&self, topic: &Topic, confirmation: &Pending) -> Outcome {
        let targets = &self.deliveries.targets;
        let queue = targets.find(&confirmation.subscription.endpoint);
        let queue = queue.ok_or(Undelivered::NoTarget)?;
        check_permission(self, topic, &*queue)?;
        let id: Arc<str> = confirmation.id.to_string().into();
        let is_group = |arn: &Arc<str>| arn.len() <= limits::TOKEN_LENGTH;
        let topic_arn = Some(confirmation.topic_arn.clone()).filter(is_group);
        let message = Message {
            id: None,
            body: Body::new(confirmation.body(&self.signer)),
            attributes: None,
            examined: &Examined::default(),
            trace_header: None,
            sender: SENDER,
            // FIFO queues need both; AWS's own are not known.
            group_id: topic_arn.or_else(|| Some(id.clone())),
            deduplication_id: Some(id),
        };
        queue.deliver(confirmation.sent_at, message)
    }

    fn capture(
        &self,
        topic: &Topic,
        confirmation: &Pending,
        subject: Option<String>,
        body: String,
    ) {
        let recipient = Recipient::subscribed(topic, &confirmation.subscription);
        self.deliveries.captured.keep(CapturedDelivery {
            subject: subject.map(Into::into),
            ..recipient.plain_text(confirmation.sent_at, confirmation.id, body.into())
        });
    }
}

fn complain(deliveries: &Deliveries, identity: &Identity, undelivered: &Undelivered) {
    let (subscription, endpoint) = (&*identity.arn, &*identity.endpoint);
    if let Some(count) = deliveries
        .complaints
        .count(&identity.arn, undelivered.cause())
    {
        tracing::warn!(subscription, endpoint, reason = %undelivered, count, "a subscription's confirmation was not delivered");
    }
}

impl Pending {
    fn contents(&self) -> Confirmation<'_> {
        let subscription_arn = &*self.subscription.arn;
        Confirmation {
            occasion: if self.is_end {
                Occasion::Unsubscription { subscription_arn }
            } else {
                Occasion::Subscription
            },
            id: self.id,
            token: &self.token,
            topic_arn: &self.topic_arn,
            subscribe_url: &self.subscribe_url,
            sent_at: self.sent_at,
            signature_version: self.signature_version,
            signing_cert_url: self.subscription.links.signing_cert_url(),
        }
    }

    fn body(&self, signer: &Signer) -> String {
        self.contents().body(signer)
    }

    /// Posts it as plain text, although it is JSON, whatever content type the subscription's policy sets for
    /// notifications (recorded).
    fn post(
        self,
        lane: &Lane,
        held: Option<Arc<Held>>,
        signer: Arc<Signer>,
        deliveries: Arc<Deliveries>,
    ) {
        let subscription = self.subscription.clone();
        lane.send(post(
            None,
            held,
            self.headers(),
            HeaderValue::from_static("text/plain; charset=UTF-8"),
            Box::new(move || Bytes::from(self.body(&signer))),
            Arc::new(RetrySchedule::default()),
            // Confirmations have no dead-letter queue (recorded for the message about a subscription's end).
            Box::new(move |outcome| {
                if let Err(undelivered) = outcome {
                    complain(&deliveries, &subscription, &undelivered);
                }
            }),
        ));
    }

    /// A confirmation request does not contain the subscription's ARN.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut add = |name, value: &str| {
            let value = HeaderValue::try_from(value).expect("types, ids and ARNs are plain ASCII");
            headers.insert(HeaderName::from_static(name), value);
        };
        add("x-amz-sns-message-type", self.contents().message_type());
        add("x-amz-sns-message-id", &self.id.to_string());
        add("x-amz-sns-topic-arn", &self.topic_arn);
        if self.is_end {
            add("x-amz-sns-subscription-arn", &self.subscription.arn);
        }
        headers
    }
}
