//! Sends confirmations: asks an endpoint to confirm its subscription, or tells it of the subscription's end.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::confirmation::{Confirmation, Occasion};
use super::email;
use super::links::subscribe_url;
use super::queue::SENDER;
use crate::aws::message::Body;
use crate::clock::Timestamp;
use crate::delivery::QueueMessage;
use crate::delivery::RetrySchedule;
use crate::delivery::captured::Handover;
use crate::delivery::http::{Lane, Post};
use crate::ids::MessageId;
use crate::services::sns::Sns;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::signing::signature::{SignatureVersion, Signer};
use crate::services::sns::subscription::{Identity, Subscription};
use crate::wire::DateTime;

/// A confirmation with all that it says: it can be written again for every attempt.
#[derive(Debug)]
struct Letter {
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
    /// Asks a subscription's endpoint to confirm it by `token`. Not to be called under a topic's lock.
    pub(in crate::services::sns) fn ask_to_confirm(
        &self,
        topic: &Topic,
        subscription: &Subscription,
        token: Arc<str>,
    ) {
        self.send_confirmation(topic, self.letter(topic, subscription, token, false));
    }

    /// Tells a subscription's HTTP endpoint that it was ended, and can be restored by `token`. Others are not told.
    pub(in crate::services::sns) fn tell_of_end(
        &self,
        topic: &Topic,
        subscription: &Subscription,
        token: Arc<str>,
    ) {
        self.send_confirmation(topic, self.letter(topic, subscription, token, true));
    }

    fn letter(
        &self,
        topic: &Topic,
        subscription: &Subscription,
        token: Arc<str>,
        is_end: bool,
    ) -> Letter {
        let identity = &subscription.identity;
        Letter {
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

    fn send_confirmation(&self, topic: &Topic, letter: Letter) {
        let identity = letter.subscription.clone();
        match (identity.protocol, &identity.lane) {
            (_, Some(lane)) => letter.post(lane, self.signer.clone()),
            (Protocol::Sqs, _) => self.put_on_queue(topic, &letter),
            (Protocol::Email, _) => {
                let mail = email::confirmation(&letter.topic_arn, &letter.subscribe_url);
                self.capture(topic, &letter, Some(mail.subject), mail.body);
            }
            (Protocol::EmailJson, _) => {
                let mail = email::json_confirmation(letter.body(&self.signer));
                self.capture(topic, &letter, Some(mail.subject), mail.body);
            }
            _ => self.capture(topic, &letter, None, letter.body(&self.signer)),
        }
    }

    /// A queue of another account gets what an HTTP endpoint would get, as a message.
    fn put_on_queue(&self, topic: &Topic, letter: &Letter) {
        let endpoint = &letter.subscription.endpoint;
        let Some(queue) = self.destinations.queue(endpoint) else {
            return;
        };
        if let Err(failed) = self.check_delivery(topic, endpoint, &*queue) {
            tracing::warn!(%endpoint, %failed, "A subscription's confirmation was not delivered.");
            return;
        }
        let message = QueueMessage {
            id: None,
            body: Body::new(letter.body(&self.signer)),
            attributes: None,
            trace_header: None,
            sender: SENDER,
            // FIFO queues need both; AWS's own are not known.
            group_id: Some(letter.topic_arn.clone()),
            deduplication_id: Some(letter.id.to_string().into()),
        };
        if queue.deliver(letter.sent_at, message).is_err() {
            tracing::warn!(%endpoint, "A subscription's confirmation was not delivered.");
        }
    }

    fn capture(&self, topic: &Topic, letter: &Letter, subject: Option<String>, body: String) {
        let body: Arc<str> = body.into();
        self.captured.keep(Handover {
            at: DateTime(letter.sent_at),
            account: topic.name.account,
            region: topic.name.region,
            topic_arn: Some(topic.arn.clone()),
            subscription_arn: Some(letter.subscription.arn.clone()),
            protocol: letter.subscription.protocol.as_str(),
            endpoint: letter.subscription.endpoint.clone(),
            message_id: letter.id.to_string().into(),
            subject: subject.map(Into::into),
            message: body.clone(),
            published_message: body.clone(),
            message_structure: None,
            message_attributes: Arc::default(),
            payload: body,
        });
    }
}

impl Letter {
    fn confirmation(&self) -> Confirmation<'_> {
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
        self.confirmation().body(signer)
    }

    /// Posts it as what it is, JSON in plain text, whatever the subscription's own policy says of notifications
    /// (recorded).
    fn post(self, lane: &Lane, signer: Arc<Signer>) {
        lane.post(Post {
            headers: self.headers(),
            content_type: HeaderValue::from_static("text/plain; charset=UTF-8"),
            body: Box::new(move || Bytes::from(self.body(&signer))),
            schedule: Arc::new(RetrySchedule::default()),
            // Confirmations have no dead-letter queue (recorded of the one that tells of the end).
            on_failure: Box::new(|_| {}),
        });
    }

    /// Who is asked to confirm is not told the subscription's ARN.
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut add = |name, value: &str| {
            let value = HeaderValue::try_from(value).expect("types, ids and ARNs are plain ASCII");
            headers.insert(HeaderName::from_static(name), value);
        };
        add("x-amz-sns-message-type", self.confirmation().message_type());
        add("x-amz-sns-message-id", &self.id.to_string());
        add("x-amz-sns-topic-arn", &self.topic_arn);
        if self.is_end {
            add("x-amz-sns-subscription-arn", &self.subscription.arn);
        }
        headers
    }
}
