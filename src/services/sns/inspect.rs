//! What the admin API and exports may see of SNS.

use std::collections::BTreeMap;

use super::Sns;
use super::protocol::Protocol;
use super::subscription::Subscription;
use super::topic::Topic;
use super::topics::TopicName;
use crate::aws::{AccountId, Arn, Region};
use crate::delivery::captured::CapturedLog;
use crate::pattern::Scope;

/// What a topic was told, and who is subscribed to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedTopic {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The attributes that are not as a new topic's of its kind, by name.
    pub attributes: Vec<(&'static str, String)>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Its data protection policy, if it has one.
    pub data_protection_policy: Option<String>,
    /// Its subscriptions, those that are not confirmed too, ordered by protocol and endpoint.
    pub subscriptions: Vec<DescribedSubscription>,
}

/// What a subscription was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedSubscription {
    /// The protocol's name.
    pub protocol: &'static str,
    /// The endpoint, as it was given.
    pub endpoint: String,
    /// The attributes that are not as a new subscription's, by name.
    pub attributes: Vec<(&'static str, String)>,
}

/// The parts of SNS that are no API of AWS's.
pub trait Inspect {
    /// What was captured instead of being delivered.
    fn captured(&self) -> &CapturedLog;

    /// The token that confirms a subscription, or restores one that was ended; nothing if none is good for that.
    fn confirmation_token(&self, subscription_arn: &str) -> Option<String>;

    /// The certificate, in PEM, whose path a message's `SigningCertURL` has: `/SimpleNotificationService-….pem`.
    fn certificate(&self, path: &str) -> Option<String>;
}

impl Inspect for Sns {
    fn captured(&self) -> &CapturedLog {
        &self.deliveries.captured
    }

    fn confirmation_token(&self, subscription_arn: &str) -> Option<String> {
        let token = self.tokens.of_subscription(self.now(), subscription_arn);
        token.map(|token| token.to_string())
    }

    fn certificate(&self, path: &str) -> Option<String> {
        (path == self.signer.certificate_path()).then(|| self.signer.certificate_pem().to_owned())
    }
}

impl Sns {
    /// What the topics of an account in a region were told, ordered by name.
    pub(crate) fn described(&self, account: AccountId, region: Region) -> Vec<DescribedTopic> {
        self.forget_unconfirmed();
        let topics = self.topics.of(account, region);
        topics.iter().map(|topic| described(topic)).collect()
    }

    /// The ARN of an endpoint's subscription, confirmed or not.
    pub(crate) fn subscription_arn(
        &self,
        topic_arn: &str,
        protocol: &str,
        endpoint: &str,
    ) -> Option<String> {
        let arn = Arn::parse(topic_arn)?;
        let name = TopicName {
            account: AccountId::parse(arn.account)?,
            region: Region::parse(arn.region)?,
            name: arn.resource.into(),
        };
        let topic = self.topics.by_arn(&name)?;
        let subscribers = topic.subscribers.read();
        let found = subscribers.of_endpoint(Protocol::parse(protocol)?, &endpoint.into())?;
        Some(found.identity.arn.to_string())
    }
}

fn described(topic: &Topic) -> DescribedTopic {
    let subscribers = topic.subscribers.read();
    let mut subscriptions: Vec<_> = subscribers.all().map(|one| told(one)).collect();
    subscriptions
        .sort_unstable_by(|a, b| (a.protocol, &a.endpoint).cmp(&(b.protocol, &b.endpoint)));
    DescribedTopic {
        name: topic.name.name.to_string(),
        arn: topic.arn.to_string(),
        attributes: topic.attributes().told(),
        tags: topic.tags(),
        data_protection_policy: topic.data_protection_policy(),
        subscriptions,
    }
}

fn told(subscription: &Subscription) -> DescribedSubscription {
    let attributes = &subscription.attributes;
    let filter = attributes.filter_policy.as_ref();
    let is_of_body = filter.is_some_and(|filter| filter.policy.scope() == Scope::MessageBody);
    let texts = [
        (
            "DeliveryPolicy",
            attributes.delivery_policy.as_ref().map(ToString::to_string),
        ),
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
            attributes
                .redrive_policy
                .as_ref()
                .map(|policy| policy.text.clone()),
        ),
        (
            "ReplayPolicy",
            attributes
                .replay_policy
                .as_ref()
                .map(|policy| policy.text.clone()),
        ),
        (
            "SubscriptionRoleArn",
            attributes
                .subscription_role_arn
                .as_ref()
                .map(ToString::to_string),
        ),
    ];
    DescribedSubscription {
        protocol: subscription.identity.protocol.as_str(),
        endpoint: subscription.identity.endpoint.to_string(),
        attributes: texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, text?)))
            .collect(),
    }
}
