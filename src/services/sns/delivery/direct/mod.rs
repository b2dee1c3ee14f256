//! Deliveries to phones and to apps on devices, published directly or through a topic. They are captured: none leaves
//! this machine.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::recipient::Recipient;
use super::{push, sms};
use crate::aws::{AccountId, Arn, Caller, Region};
use crate::delivery::{Delivered, Outcome, Undelivered};
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::message::Message;
use crate::services::sns::phones::PhoneNumber;
use crate::services::sns::platforms::{EndpointName, Platform};
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::Identity;
use crate::trace::What;

/// An endpoint that may be published to.
#[derive(Clone, Debug)]
pub(crate) struct EndpointTarget {
    arn: Arc<str>,
    platform: Platform,
}

/// A phone number that may be published to, as the caller wrote it.
#[derive(Clone, Debug)]
pub(crate) struct PhoneTarget {
    text: Arc<str>,
    number: PhoneNumber,
}

/// Whether an ARN names a mobile push endpoint rather than a topic: `TargetArn` may name either.
pub(crate) fn is_of_mobile_push(arn: &str) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.resource.contains('/'))
}

impl EndpointTarget {
    /// The text of a message of structure `json` for this endpoint alone: its `default`, or else its text for the
    /// platform.
    pub(crate) fn text(
        &self,
        default: Option<&Arc<str>>,
        texts: &BTreeMap<Box<str>, Arc<str>>,
    ) -> Result<Arc<str>, Error> {
        let platform = self.platform.as_str();
        default
            .or_else(|| texts.get(platform))
            .cloned()
            .ok_or_else(|| {
                let sentence = format!("JSON must contain an entry for 'default' or '{platform}'.");
                Error::invalid(sentence)
            })
    }
}

impl Sns {
    /// The endpoint named by a request's member `TargetArn`.
    pub(crate) fn endpoint_target(
        &self,
        caller: &Caller<'_>,
        target_arn: &str,
    ) -> Result<EndpointTarget, Error> {
        let refused = |reason| Err(Error::invalid_because("TargetArn", reason));
        let resource = Arn::parse(target_arn).map(|arn| arn.resource);
        if resource.is_some_and(|resource| resource.starts_with("app/")) {
            return refused("Cannot publish directly to a platform application ARN.");
        }
        let name = EndpointName::parse(target_arn);
        if name
            .as_ref()
            .is_some_and(|name| name.application.region != caller.region)
        {
            return Err(Error::invalid("TargetArn"));
        }
        let found = name.and_then(|name| self.platforms.endpoint(&name));
        let Some((application, endpoint)) = found else {
            return refused("No endpoint found for the target arn specified");
        };
        if !application.attributes().is_enabled() {
            return Err(Error::PlatformApplicationDisabled);
        }
        if !endpoint.is_enabled {
            return Err(Error::EndpointDisabled);
        }
        Ok(EndpointTarget {
            arn: endpoint.arn.clone(),
            platform: application.name.platform,
        })
    }

    /// Publishes to an endpoint.
    pub(crate) fn publish_to_endpoint(
        &self,
        caller: &Caller<'_>,
        target: &EndpointTarget,
        message: &Message,
    ) {
        self.trace_direct(caller, &target.arn, message, false);
        let recipient = Recipient::direct(caller, Protocol::Application, target.arn.clone());
        self.capture_push(recipient, target.platform, message);
    }

    /// The number in a request's member `PhoneNumber`.
    #[expect(clippy::unused_self, reason = "it is found beside the endpoint's")]
    pub(crate) fn phone_target(&self, text: &str) -> Result<PhoneTarget, Error> {
        let number = PhoneNumber::parse(text).ok_or_else(|| {
            Error::invalid_because("PhoneNumber", format!("{text} is not valid to publish to"))
        })?;
        Ok(PhoneTarget {
            text: text.into(),
            number,
        })
    }

    /// Publishes to a number. A number that has opted out gets nothing, and the publisher does not learn of it.
    pub(crate) fn publish_to_phone(
        &self,
        caller: &Caller<'_>,
        target: &PhoneTarget,
        message: &Message,
    ) {
        let has_opted_out = self.has_opted_out(caller.account, caller.region, &target.number);
        self.trace_direct(caller, &target.text, message, has_opted_out);
        if has_opted_out {
            return;
        }
        let recipient = Recipient::direct(caller, Protocol::Sms, target.text.clone());
        self.capture_sms(recipient, message, "");
    }

    fn trace_direct(
        &self,
        caller: &Caller<'_>,
        to: &Arc<str>,
        message: &Message,
        has_opted_out: bool,
    ) {
        self.traces
            .record(message.published_at, message.id, || What::Direct {
                to: Arc::clone(to),
                by: self.traces.by(caller),
                has_opted_out,
            });
    }

    /// Delivers a topic's message to a subscriber of the protocol `application`. AWS does not retry when the endpoint
    /// is gone or disabled.
    pub(crate) fn deliver_push(
        &self,
        topic: &Topic,
        identity: &Identity,
        message: &Message,
    ) -> Outcome {
        let name = EndpointName::parse(&identity.endpoint);
        let found = name.and_then(|name| self.platforms.endpoint(&name));
        let (application, endpoint) = found.ok_or(Undelivered::NoTarget)?;
        if !endpoint.is_enabled || !application.attributes().is_enabled() {
            return Err(Undelivered::Disabled);
        }
        let recipient = Recipient::subscribed(topic, identity);
        let number = self.capture_push(recipient, application.name.platform, message);
        Ok(Delivered::Captured(number))
    }

    /// Delivers a topic's message to a subscriber of the protocol `sms`.
    pub(crate) fn deliver_sms(
        &self,
        topic: &Topic,
        identity: &Identity,
        message: &Message,
    ) -> Outcome {
        // A number opts out of one account's messages: here, the topic owner's.
        let number = PhoneNumber::parse(&identity.endpoint);
        let (account, region) = (topic.name.account, topic.name.region);
        if number.is_some_and(|number| self.has_opted_out(account, region, &number)) {
            return Err(Undelivered::OptedOut);
        }
        let recipient = Recipient::subscribed(topic, identity);
        let number = self.capture_sms(recipient, message, &topic.attributes().display_name);
        Ok(Delivered::Captured(number))
    }

    fn capture_push(&self, recipient: Recipient, platform: Platform, message: &Message) -> u64 {
        let platform = platform.as_str();
        let text = message.text_for(platform).clone();
        let payload = push::payload(message, platform);
        let captured = recipient.notification(message, text, payload);
        self.deliveries.captured.keep(captured)
    }

    fn capture_sms(&self, recipient: Recipient, message: &Message, display_name: &str) -> u64 {
        let text = message.text_for("sms").clone();
        let payload = sms::text(message, display_name);
        let captured = recipient.notification(message, text, payload);
        self.deliveries.captured.keep(captured)
    }

    fn has_opted_out(&self, account: AccountId, region: Region, number: &PhoneNumber) -> bool {
        self.phones
            .look(account, region, |phones| phones.opt_outs.contains(number))
    }
}
