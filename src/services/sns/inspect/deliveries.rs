//! `/_topiq/sns/deliveries`: deliveries of SNS to mail servers, phones, push services, functions and streams, which
//! were captured instead.
//!
//! `GET` lists the entries, the newest last: `{"Deliveries": [{"Sequence": 1, "Timestamp": "…", "Protocol": "email",
//! …}], "LastSequence": 1, "Dropped": 0}`. `DELETE` deletes them: `{"Deleted": 1}`. A polling client passes the
//! previous response's `LastSequence` as `since`, at once if there is `More`: a response has some megabytes at most. `Dropped` counts the entries that were dropped for lack of room.

use std::sync::Arc;

use http::Method;

use super::Inspect;
use crate::delivery::captured::Captured;
use crate::routes::{Given, Json, Member, Parameter, Query, Refusal, Route, Schema, Since, now};
use crate::services::captures;

const PATH: &str = "/_topiq/sns/deliveries";

pub(super) fn routes<S: Inspect + 'static>() -> [Route<S>; 2] {
    [
        Route::new(
            Method::GET,
            PATH,
            "Lists captured deliveries, the newest last.",
            |sns: &S, wanted: Wanted| {
                now(Ok(captures::list(
                    sns.captured(),
                    |captured| wanted.has(captured),
                    |captured| Some(Arc::clone(captured)),
                )))
            },
        ),
        Route::new(
            Method::DELETE,
            PATH,
            "Deletes captured deliveries.",
            |sns: &S, wanted: Wanted| {
                now(Ok(captures::delete(sns.captured(), |captured| {
                    wanted.has(captured)
                })))
            },
        ),
    ]
}

/// The protocols whose targets are not on this machine.
pub(super) const CAPTURED_PROTOCOLS: &[&str] = &[
    "email",
    "email-json",
    "sms",
    "application",
    "lambda",
    "firehose",
];

/// Which deliveries are wanted.
struct Wanted {
    topic: Option<String>,
    protocol: Option<String>,
    since: Since,
}

impl Query for Wanted {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::query("topic", "A topic's ARN or name.", Schema::Text),
        Parameter::query(
            "protocol",
            "The protocol of deliveries that are captured.",
            Schema::Words(CAPTURED_PROTOCOLS),
        ),
        Since::PARAMETER,
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            topic: given.text("topic").map(str::to_owned),
            protocol: given.text("protocol").map(str::to_owned),
            since: Since::read(given)?,
        })
    }
}

impl Wanted {
    fn has(&self, captured: &Captured) -> bool {
        let delivery = &captured.delivery;
        let (topic, protocol) = (self.topic.as_deref(), self.protocol.as_deref());
        delivery.source == "sns"
            && topic.is_none_or(|topic| is_of_topic(delivery.source_arn.as_deref(), topic))
            && protocol.is_none_or(|protocol| delivery.target_kind == protocol)
            && self.since.has(delivery.at.0, captured.sequence)
    }
}

/// Whether an ARN is `topic`, or has it as its name.
fn is_of_topic(arn: Option<&str>, topic: &str) -> bool {
    arn.is_some_and(|arn| arn == topic || arn.rsplit(':').next() == Some(topic))
}

const OPTIONAL_TEXT: Schema = Schema::Nullable(&Schema::Text);

/// An entry of the log.
impl Json for Arc<Captured> {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Sequence", Schema::Number),
        Member::always("Timestamp", Schema::Moment),
        Member::always("Account", Schema::Text),
        Member::always("Region", Schema::Text),
        Member::always("TopicArn", OPTIONAL_TEXT),
        Member::always("SubscriptionArn", OPTIONAL_TEXT),
        Member::always("Protocol", Schema::Text),
        Member::always("Endpoint", Schema::Text),
        Member::always("MessageId", Schema::Text),
        Member::always("Subject", OPTIONAL_TEXT),
        Member::always("Message", Schema::Text),
        Member::always("PublishedMessage", Schema::Text),
        Member::always("MessageStructure", OPTIONAL_TEXT),
        Member::always("MessageAttributes", MESSAGE_ATTRIBUTES),
        Member::always("Payload", Schema::Text),
    ]);
}

/// Message attributes by name, as `Publish` takes them.
pub(super) const MESSAGE_ATTRIBUTES: Schema = Schema::Map(&Schema::Object(&[
    Member::always("DataType", Schema::Text),
    Member::sometimes("StringValue", Schema::Text),
    Member::sometimes("BinaryValue", Schema::Text),
]));
