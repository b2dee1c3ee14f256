//! `/_topiq/sns/topics` and `/_topiq/sns/subscriptions`: the topics of an account, and who gets their messages.

use std::sync::Arc;

use http::Method;
use serde::Serialize;

use super::Inspect;
use crate::delivery::http::Lane;
use crate::routes::{Json, Listed, Listing, Member, Route, Schema, now};
use crate::services::sns::Sns;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::subscription::{Status, Subscription};
use crate::services::sns::topic_attributes::Kind;
use crate::services::sns::topics::TopicName;

pub(in super::super) fn routes() -> [Route<Sns>; 2] {
    [
        Route::new(
            Method::GET,
            "/_topiq/sns/topics",
            "Lists topics by name, with how many subscriptions each has.",
            |sns: &Sns, wanted: Listing| now(Ok(topics(sns, &wanted))),
        ),
        Route::new(
            Method::GET,
            "/_topiq/sns/subscriptions",
            "Lists subscriptions by topic and id, with the token of each that is not confirmed.",
            |sns: &Sns, wanted: Listing| now(Ok(subscriptions(sns, &wanted))),
        ),
    ]
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownTopic {
    name: String,
    arn: Arc<str>,
    fifo: bool,
    confirmed: usize,
    pending: usize,
}

impl Json for ShownTopic {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Name", Schema::Text),
        Member::always("Arn", Schema::Text),
        Member::always("Fifo", Schema::Boolean),
        Member::always("Confirmed", Schema::Number),
        Member::always("Pending", Schema::Number),
    ]);
}

fn topics(sns: &Sns, wanted: &Listing) -> Listed<ShownTopic> {
    sns.forget_unconfirmed();
    let topics = sns
        .topics
        .after(wanted.account, wanted.region, wanted.after.as_deref());
    let show = |topic: Arc<Topic>| {
        let counts = topic.subscribers.read().counts();
        Some(ShownTopic {
            name: topic.name.name.to_string(),
            arn: topic.arn.clone(),
            fifo: topic.kind == Kind::Fifo,
            confirmed: counts.confirmed,
            pending: counts.pending,
        })
    };
    wanted.part(topics, |topic| &topic.name.name, show)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownSubscription {
    /// The end of its ARN: the topic's name, a colon and its id.
    name: String,
    arn: Arc<str>,
    topic_arn: Arc<str>,
    owner: String,
    protocol: String,
    endpoint: Arc<str>,
    confirmed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    raw_message_delivery: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_policy_scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_letter_target_arn: Option<Arc<str>>,
    /// Of an HTTP endpoint: messages that wait for their first attempt, for an answer, for a retry.
    #[serde(skip_serializing_if = "Option::is_none")]
    deliveries: Option<Deliveries>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Deliveries {
    waiting: usize,
    in_flight: usize,
    retrying: usize,
}

impl Json for ShownSubscription {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Name", Schema::Text),
        Member::always("Arn", Schema::Text),
        Member::always("TopicArn", Schema::Text),
        Member::always("Owner", Schema::Text),
        Member::always("Protocol", Schema::Text),
        Member::always("Endpoint", Schema::Text),
        Member::always("Confirmed", Schema::Boolean),
        Member::sometimes("Token", Schema::Text),
        Member::always("RawMessageDelivery", Schema::Boolean),
        Member::sometimes("FilterPolicy", Schema::Text),
        Member::sometimes("FilterPolicyScope", Schema::Text),
        Member::sometimes("DeadLetterTargetArn", Schema::Text),
        Member::sometimes(
            "Deliveries",
            Schema::Object(&[
                Member::always("Waiting", Schema::Number),
                Member::always("InFlight", Schema::Number),
                Member::always("Retrying", Schema::Number),
            ]),
        ),
    ]);
}

fn subscriptions(sns: &Sns, wanted: &Listing) -> Listed<ShownSubscription> {
    sns.forget_unconfirmed();
    let after = wanted.after.as_deref().unwrap_or_default();
    let (topic, _) = after.split_once(':').unwrap_or((after, ""));
    let first = sns.topics.by_arn(&TopicName {
        account: wanted.account,
        region: wanted.region,
        name: topic.into(),
    });
    let others = sns.topics.after(wanted.account, wanted.region, Some(topic));
    let all = first
        .into_iter()
        .chain(others)
        .flat_map(|topic| of_topic(&topic));
    let all = all.filter(|(name, ..)| **name > *after);
    wanted.part(
        all,
        |(name, ..)| name,
        |(name, topic, subscription)| Some(show(sns, name, &topic, &subscription)),
    )
}

/// A topic's subscriptions with their names, in the order of these.
fn of_topic(topic: &Arc<Topic>) -> Vec<(String, Arc<Topic>, Arc<Subscription>)> {
    let subscribers = topic.subscribers.read();
    let named = subscribers.all().map(|subscription| {
        let name = format!("{}:{}", topic.name.name, subscription.identity.id);
        (name, topic.clone(), subscription.clone())
    });
    named.collect()
}

fn show(sns: &Sns, name: String, topic: &Topic, subscription: &Subscription) -> ShownSubscription {
    let identity = &subscription.identity;
    let attributes = &subscription.attributes;
    let confirmed = subscription.status != Status::Pending;
    let token = (!confirmed).then(|| sns.confirmation_token(&identity.arn));
    let filter = attributes.filter_policy.as_ref();
    let redrive = attributes.redrive_policy.as_ref();
    let counts = identity.lane.as_ref().map(Lane::counts);
    ShownSubscription {
        name,
        arn: identity.arn.clone(),
        topic_arn: topic.arn.clone(),
        owner: identity.owner.to_string(),
        protocol: identity.protocol.to_string(),
        endpoint: identity.endpoint.clone(),
        confirmed,
        token: token.flatten(),
        raw_message_delivery: attributes.is_raw,
        filter_policy: filter.map(|filter| filter.text.clone()),
        filter_policy_scope: filter.map(|_| attributes.filter_policy_scope.as_str()),
        dead_letter_target_arn: redrive.map(|policy| policy.dead_letter_target_arn.clone()),
        deliveries: counts.map(|counts| Deliveries {
            waiting: counts.waiting,
            in_flight: counts.in_flight,
            retrying: counts.retrying,
        }),
    }
}
