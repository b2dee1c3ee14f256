//! Topics and their subscriptions as resources.

use crate::aws::{AccountId, Region};
use crate::pattern::Scope;
use crate::services::resource::Resource;

use super::DATA_PROTECTION_POLICY;
use crate::services::sns::Sns;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::subscription::Subscription;

/// CloudFormation's type for topics.
pub const TOPIC: &str = "AWS::SNS::Topic";

/// CloudFormation's type for subscriptions. A subscription's `TopicArn`, `Protocol` and `Endpoint` are among its
/// attributes.
pub const SUBSCRIPTION: &str = "AWS::SNS::Subscription";

/// The topics of an account in a region, ordered by name, each followed by its subscriptions.
pub(in crate::services::sns) fn held(
    sns: &Sns,
    account: AccountId,
    region: Region,
) -> Vec<Resource> {
    sns.forget_unconfirmed();
    let topics = sns.topics.of(account, region);
    topics
        .iter()
        .flat_map(|topic| with_subscriptions(topic))
        .collect()
}

/// A topic and its subscriptions, unconfirmed ones too, ordered by protocol and endpoint.
fn with_subscriptions(topic: &Topic) -> Vec<Resource> {
    let subscribers = topic.subscribers.read();
    let mut subscriptions: Vec<_> = subscribers.all().collect();
    subscriptions.sort_unstable_by_key(|subscription| {
        let identity = &subscription.identity;
        (identity.protocol.as_str(), identity.endpoint.to_string())
    });
    let topic_resource = Resource {
        kind: TOPIC,
        name: topic.name.name.to_string(),
        arn: topic.arn.to_string(),
        attributes: attributes_of(topic),
        properties: Vec::new(),
        tags: topic.tags(),
    };
    let subscriptions = subscriptions.into_iter();
    std::iter::once(topic_resource)
        .chain(subscriptions.map(|subscription| subscription_resource(topic, subscription)))
        .collect()
}

fn attributes_of(topic: &Topic) -> Vec<(&'static str, String)> {
    let mut attributes = topic.attributes().non_default();
    let policy = topic.data_protection_policy();
    attributes.extend(policy.map(|policy| (DATA_PROTECTION_POLICY, policy)));
    attributes
}

fn subscription_resource(topic: &Topic, subscription: &Subscription) -> Resource {
    let identity = &subscription.identity;
    let attributes = &subscription.attributes;
    let filter = attributes.filter_policy.as_ref();
    let is_of_body = filter.is_some_and(|filter| filter.policy.scope() == Scope::MessageBody);
    let delivery_policy = attributes.delivery_policy.as_ref();
    let redrive_policy = attributes.redrive_policy.as_ref();
    let replay_policy = attributes.replay_policy.as_ref();
    let role = attributes.subscription_role_arn.as_ref();
    let texts = [
        ("TopicArn", Some(topic.arn.to_string())),
        ("Protocol", Some(identity.protocol.as_str().to_owned())),
        ("Endpoint", Some(identity.endpoint.to_string())),
        ("DeliveryPolicy", delivery_policy.map(ToString::to_string)),
        ("FilterPolicy", filter.map(|filter| filter.text.clone())),
        (
            "FilterPolicyScope",
            is_of_body.then(|| "MessageBody".to_owned()),
        ),
        (
            "RawMessageDelivery",
            attributes.is_raw.then(|| "true".to_owned()),
        ),
        (
            "RedrivePolicy",
            redrive_policy.map(|policy| policy.text.clone()),
        ),
        (
            "ReplayPolicy",
            replay_policy.map(|policy| policy.text.clone()),
        ),
        ("SubscriptionRoleArn", role.map(ToString::to_string)),
    ];
    let arn = identity.arn.to_string();
    Resource {
        kind: SUBSCRIPTION,
        name: arn.rsplit(':').next().unwrap_or_default().to_owned(),
        arn,
        attributes: texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
            .collect(),
        properties: Vec::new(),
        tags: std::collections::BTreeMap::new(),
    }
}
