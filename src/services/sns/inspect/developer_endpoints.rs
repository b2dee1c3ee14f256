//! `/_aws/sns/…`: `LocalStack`'s developer endpoints for SNS, in the shapes that its documentation shows, so that test
//! suites that read them need no change.
//!
//! Messages are listed by endpoint or phone number, for one account (`accountId`, by default the server's) and one
//! region (`region`, by default the server's). A requested `endpointArn` or `phoneNumber` is listed even if it has no
//! messages. A platform message is shown whole, as it was published.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;
use serde::Serialize;

use super::Inspect;
use super::deliveries::MESSAGE_ATTRIBUTES;
use crate::aws::{AccountId, Region};
use crate::delivery::captured::{Attribute, Captured, CapturedDelivery};
use crate::routes::{
    Given, Json, Member, NoContent, Parameter, Query, Refusal, Route, Schema, now,
};

const PLATFORM_MESSAGES: &str = "/_aws/sns/platform-endpoint-messages";
const SMS_MESSAGES: &str = "/_aws/sns/sms-messages";

/// The most bytes of an answer's deliveries, by what the log counts for them. These shapes have no pages.
const MAX_BYTES: usize = 16 << 20;

pub(super) fn routes<S: Inspect + 'static>() -> [Route<S>; 5] {
    [
        Route::new(
            Method::GET,
            PLATFORM_MESSAGES,
            "Lists push messages by endpoint.",
            |sns: &S, wanted: WantedPlatformMessages| now(platform_messages(sns, &wanted.0)),
        ),
        Route::new(
            Method::DELETE,
            PLATFORM_MESSAGES,
            "Deletes push messages.",
            |sns: &S, wanted: WantedPlatformMessages| now(Ok(delete(sns, &wanted.0))),
        ),
        Route::new(
            Method::GET,
            SMS_MESSAGES,
            "Lists text messages by phone number.",
            |sns: &S, wanted: WantedSmsMessages| now(sms_messages(sns, &wanted.0)),
        ),
        Route::new(
            Method::DELETE,
            SMS_MESSAGES,
            "Deletes text messages.",
            |sns: &S, wanted: WantedSmsMessages| now(Ok(delete(sns, &wanted.0))),
        ),
        Route::new(
            Method::GET,
            "/_aws/sns/subscription-tokens/{subscriptionArn}",
            "Shows the token that confirms a subscription.",
            |sns: &S, wanted: WantedToken| now(subscription_token(sns, wanted)),
        ),
    ]
}

/// Which captured messages are wanted.
struct Wanted {
    protocol: &'static str,
    account: AccountId,
    region: Region,
    endpoint: Option<String>,
}

impl Wanted {
    fn read(
        given: &Given<'_>,
        protocol: &'static str,
        endpoint: Option<String>,
    ) -> Result<Self, Refusal> {
        let (Some(account), Some(region)) = (given.account("accountId"), given.region()) else {
            let message = "accountId has twelve digits, region is a region's name.";
            return Err(Refusal::new(400, message));
        };
        Ok(Self {
            protocol,
            account,
            region,
            endpoint,
        })
    }

    fn has(&self, captured: &Captured) -> bool {
        let delivery = &captured.delivery;
        let endpoint = self.endpoint.as_deref();
        delivery.source == "sns"
            && delivery.target_kind == self.protocol
            && delivery.account == self.account
            && delivery.region == self.region
            && endpoint.is_none_or(|endpoint| *delivery.target == *endpoint)
    }
}

const ACCOUNT: Parameter = Parameter::query(
    "accountId",
    "The publisher's account; the server's own by default.",
    Schema::Text,
);
const REGION: Parameter = Parameter::query(
    "region",
    "The region; the server's own by default.",
    Schema::Text,
);

/// Which messages of mobile push are wanted.
struct WantedPlatformMessages(Wanted);

impl Query for WantedPlatformMessages {
    const PARAMETERS: &'static [Parameter] = &[
        ACCOUNT,
        REGION,
        Parameter::query("endpointArn", "A platform endpoint's ARN.", Schema::Text),
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let endpoint = given.text("endpointArn").map(str::to_owned);
        Wanted::read(given, "application", endpoint).map(Self)
    }
}

/// Which text messages are wanted.
struct WantedSmsMessages(Wanted);

impl Query for WantedSmsMessages {
    const PARAMETERS: &'static [Parameter] = &[
        ACCOUNT,
        REGION,
        Parameter::query("phoneNumber", "A phone number.", Schema::Text),
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let number = given.text("phoneNumber").map(phone_number);
        Wanted::read(given, "sms", number).map(Self)
    }
}

/// A phone number. Its `+` is a space if the client did not encode it, as many do not.
fn phone_number(text: &str) -> String {
    match text.strip_prefix(' ') {
        Some(digits) => format!("+{digits}"),
        None => text.to_owned(),
    }
}

/// Messages by endpoint.
type ByEndpoint<T> = BTreeMap<Arc<str>, Vec<T>>;

fn by_endpoint<T>(
    sns: &impl Inspect,
    wanted: &Wanted,
    show: impl Fn(&CapturedDelivery) -> T,
) -> Result<ByEndpoint<T>, Refusal> {
    let mut listing = sns.captured().list(|captured| wanted.has(captured));
    if listing.cut(MAX_BYTES) {
        let message = "There is more than 16 MiB to show: ask for one endpoint's or number's, delete what is not needed, or \
             read /_topiq/sns/deliveries, which has pages.";
        return Err(Refusal::new(413, message));
    }
    let mut messages = ByEndpoint::new();
    if let Some(endpoint) = &wanted.endpoint {
        messages.insert(endpoint.as_str().into(), Vec::new());
    }
    for captured in &listing.entries {
        let endpoint = captured.delivery.target.clone();
        let shown = messages.entry(endpoint).or_default();
        shown.push(show(&captured.delivery));
    }
    Ok(messages)
}

fn delete(sns: &impl Inspect, wanted: &Wanted) -> NoContent {
    sns.captured().forget(|captured| wanted.has(captured));
    NoContent
}

#[derive(Serialize)]
struct PlatformMessages {
    platform_endpoint_messages: ByEndpoint<PlatformMessage>,
    region: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PlatformMessage {
    target_arn: Arc<str>,
    topic_arn: Option<Arc<str>>,
    subscription_arn: Option<Arc<str>>,
    message: Arc<str>,
    message_attributes: Option<Arc<BTreeMap<String, Attribute>>>,
    message_structure: Option<Arc<str>>,
    subject: Option<Arc<str>>,
    message_id: Arc<str>,
}

impl Json for PlatformMessages {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always(
            "platform_endpoint_messages",
            Schema::Map(&Schema::List(&Schema::Object(&[
                Member::always("TargetArn", Schema::Text),
                Member::always("TopicArn", OPTIONAL_TEXT),
                Member::always("SubscriptionArn", OPTIONAL_TEXT),
                Member::always("Message", Schema::Text),
                Member::always("MessageAttributes", Schema::Nullable(&MESSAGE_ATTRIBUTES)),
                Member::always("MessageStructure", OPTIONAL_TEXT),
                Member::always("Subject", OPTIONAL_TEXT),
                Member::always("MessageId", Schema::Text),
            ]))),
        ),
        Member::always("region", Schema::Text),
    ]);
}

const OPTIONAL_TEXT: Schema = Schema::Nullable(&Schema::Text);

fn platform_messages(sns: &impl Inspect, wanted: &Wanted) -> Result<PlatformMessages, Refusal> {
    Ok(PlatformMessages {
        platform_endpoint_messages: by_endpoint(sns, wanted, |delivery| PlatformMessage {
            target_arn: delivery.target.clone(),
            topic_arn: delivery.source_arn.clone(),
            subscription_arn: delivery.subscription_arn.clone(),
            message: delivery.published_message.clone(),
            message_attributes: Some(delivery.message_attributes.clone())
                .filter(|attributes| !attributes.is_empty()),
            message_structure: delivery.message_structure.clone(),
            subject: delivery.subject.clone(),
            message_id: delivery.message_id.clone(),
        })?,
        region: wanted.region.to_string(),
    })
}

#[derive(Serialize)]
struct SmsMessages {
    sms_messages: ByEndpoint<SmsMessage>,
    region: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct SmsMessage {
    phone_number: Arc<str>,
    topic_arn: Option<Arc<str>>,
    subscription_arn: Option<Arc<str>>,
    message_id: Arc<str>,
    message: Arc<str>,
    message_attributes: Arc<BTreeMap<String, Attribute>>,
    message_structure: Option<Arc<str>>,
    subject: Option<Arc<str>>,
}

impl Json for SmsMessages {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always(
            "sms_messages",
            Schema::Map(&Schema::List(&Schema::Object(&[
                Member::always("PhoneNumber", Schema::Text),
                Member::always("TopicArn", OPTIONAL_TEXT),
                Member::always("SubscriptionArn", OPTIONAL_TEXT),
                Member::always("MessageId", Schema::Text),
                Member::always("Message", Schema::Text),
                Member::always("MessageAttributes", MESSAGE_ATTRIBUTES),
                Member::always("MessageStructure", OPTIONAL_TEXT),
                Member::always("Subject", OPTIONAL_TEXT),
            ]))),
        ),
        Member::always("region", Schema::Text),
    ]);
}

fn sms_messages(sns: &impl Inspect, wanted: &Wanted) -> Result<SmsMessages, Refusal> {
    Ok(SmsMessages {
        sms_messages: by_endpoint(sns, wanted, |delivery| SmsMessage {
            phone_number: delivery.target.clone(),
            topic_arn: delivery.source_arn.clone(),
            subscription_arn: delivery.subscription_arn.clone(),
            message_id: delivery.message_id.clone(),
            message: delivery.message.clone(),
            message_attributes: delivery.message_attributes.clone(),
            message_structure: delivery.message_structure.clone(),
            subject: delivery.subject.clone(),
        })?,
        region: wanted.region.to_string(),
    })
}

/// Which subscription's token is wanted.
struct WantedToken {
    subscription_arn: String,
}

impl Query for WantedToken {
    const PARAMETERS: &'static [Parameter] = &[Parameter::path(
        "subscriptionArn",
        "The subscription's ARN.",
    )];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let arn = given.text("subscriptionArn").unwrap_or_default();
        Ok(Self {
            subscription_arn: arn.to_owned(),
        })
    }
}

#[derive(Serialize)]
struct SubscriptionToken {
    subscription_token: String,
    subscription_arn: String,
}

impl Json for SubscriptionToken {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("subscription_token", Schema::Text),
        Member::always("subscription_arn", Schema::Text),
    ]);
}

fn subscription_token(
    sns: &impl Inspect,
    wanted: WantedToken,
) -> Result<SubscriptionToken, Refusal> {
    let subscription_arn = wanted.subscription_arn;
    if let Some(subscription_token) = sns.confirmation_token(&subscription_arn) {
        return Ok(SubscriptionToken {
            subscription_token,
            subscription_arn,
        });
    }
    let message = format!("There is no subscription {subscription_arn} with a token.");
    Err(Refusal::new(404, message))
}
