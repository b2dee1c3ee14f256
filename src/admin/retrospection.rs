//! `/_aws/sns/…`: `LocalStack`'s developer endpoints for SNS, in the shapes that its documentation shows, so that test
//! suites which read them need no change.
//!
//! Messages are listed by endpoint or phone number, for one account (`accountId`, else the server's) and one region
//! (`region`, else the server's). One that is asked for by `endpointArn` or `phoneNumber` is listed even when it has no
//! message. A platform message is the whole message as it was published, structure and all.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::aws::{AccountId, Region};
use crate::delivery::captured::{Captured, CapturedDelivery};
use crate::services::sns::inspect::Inspect;

use super::parameters::Parameters;
use super::{Answer, Verb};

/// Which of the captured messages are asked for.
struct Wanted {
    protocol: &'static str,
    account: AccountId,
    region: Region,
    endpoint: Option<String>,
}

impl Wanted {
    fn read(
        parameters: &Parameters<'_>,
        protocol: &'static str,
        endpoint: Option<String>,
    ) -> Option<Self> {
        Some(Self {
            protocol,
            account: parameters.account("accountId")?,
            region: parameters.region()?,
            endpoint,
        })
    }

    fn takes(&self, captured: &Captured) -> bool {
        let delivery = &captured.delivery;
        let endpoint = self.endpoint.as_deref();
        delivery.source == "sns"
            && delivery.target_kind == self.protocol
            && delivery.account == self.account
            && delivery.region == self.region
            && endpoint.is_none_or(|endpoint| *delivery.target == *endpoint)
    }
}

/// `/_aws/sns/platform-endpoint-messages`
pub(super) fn platform_messages(
    verb: Verb,
    parameters: &Parameters<'_>,
    sns: &impl Inspect,
) -> Answer {
    let endpoint = parameters.text("endpointArn").map(str::to_owned);
    let wanted = Wanted::read(parameters, "application", endpoint);
    messages(
        verb,
        wanted,
        "platform_endpoint_messages",
        platform_message,
        sns,
    )
}

/// `/_aws/sns/sms-messages`
pub(super) fn sms_messages(verb: Verb, parameters: &Parameters<'_>, sns: &impl Inspect) -> Answer {
    let wanted = Wanted::read(parameters, "sms", parameters.phone_number());
    messages(verb, wanted, "sms_messages", sms_message, sns)
}

/// `/_aws/sns/subscription-tokens/{arn}`
pub(super) fn subscription_token(arn: &str, sns: &impl Inspect) -> Answer {
    match sns.confirmation_token(arn) {
        Some(token) => {
            Answer::json(&json!({ "subscription_token": token, "subscription_arn": arn }))
        }
        None => Answer::error(404, format!("There is no subscription {arn} with a token.")),
    }
}

fn messages(
    verb: Verb,
    wanted: Option<Wanted>,
    member: &str,
    show: impl Fn(&CapturedDelivery) -> Value,
    sns: &impl Inspect,
) -> Answer {
    let Some(wanted) = wanted else {
        return Answer::error(
            400,
            "accountId has twelve digits, region is a region's name.",
        );
    };
    if verb == Verb::Delete {
        sns.captured().forget(|captured| wanted.takes(captured));
        return Answer::nothing();
    }
    let listing = sns.captured().list(|captured| wanted.takes(captured));
    let mut by_endpoint: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    if let Some(endpoint) = &wanted.endpoint {
        by_endpoint.insert(endpoint, Vec::new());
    }
    for captured in &listing.entries {
        let shown = by_endpoint.entry(&captured.delivery.target).or_default();
        shown.push(show(&captured.delivery));
    }
    Answer::json(&json!({ member: by_endpoint, "region": wanted.region.as_str() }))
}

fn platform_message(delivery: &CapturedDelivery) -> Value {
    let attributes =
        Some(&*delivery.message_attributes).filter(|attributes| !attributes.is_empty());
    json!({
        "TargetArn": delivery.target,
        "TopicArn": delivery.source_arn,
        "SubscriptionArn": delivery.subscription_arn,
        "Message": delivery.published_message,
        "MessageAttributes": attributes,
        "MessageStructure": delivery.message_structure,
        "Subject": delivery.subject,
        "MessageId": delivery.message_id,
    })
}

fn sms_message(delivery: &CapturedDelivery) -> Value {
    json!({
        "PhoneNumber": delivery.target,
        "TopicArn": delivery.source_arn,
        "SubscriptionArn": delivery.subscription_arn,
        "MessageId": delivery.message_id,
        "Message": delivery.message,
        "MessageAttributes": *delivery.message_attributes,
        "MessageStructure": delivery.message_structure,
        "Subject": delivery.subject,
    })
}
