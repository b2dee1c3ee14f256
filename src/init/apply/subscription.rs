//! Subscriptions: created once for each endpoint of a topic, or updated.

use serde_json::{Map, Value, json};

use super::{Making, SNS, attributes_of, is_same, object};
use crate::init::error::InitError;
use crate::init::invoke::Invoke;
use crate::init::plan::Attribute;

/// An endpoint and its topic, which have at most one subscription.
pub(super) struct Subscriber<'a> {
    pub(super) topic_arn: &'a str,
    pub(super) protocol: &'a str,
    pub(super) endpoint: &'a str,
}

impl<S: Invoke> Making<'_, S> {
    pub(super) async fn subscription(
        &self,
        subscriber: &Subscriber<'_>,
        attributes: &[Attribute],
    ) -> Result<(), InitError> {
        let Subscriber {
            topic_arn,
            protocol,
            endpoint,
        } = *subscriber;
        // Subscribing again would return the ARN too, but send another confirmation request to an unconfirmed endpoint.
        let existing = self
            .services
            .subscription_arn(topic_arn, protocol, endpoint);
        if let Some(arn) = existing {
            return self.subscription_attributes(&arn, attributes).await;
        }
        let input = json!({
            "TopicArn": topic_arn,
            "Protocol": protocol,
            "Endpoint": endpoint,
            "Attributes": object(attributes),
        });
        match self.invoke(SNS, "Subscribe", &input).await {
            Ok(_) => Ok(()),
            Err(sentence) if self.topic_of(topic_arn).await.is_none() => {
                let sentence = format!("{sentence}: no file describes {topic_arn}");
                Err(self.refused(&[], sentence))
            }
            Err(sentence) => Err(self.refused(attributes, sentence)),
        }
    }

    async fn subscription_attributes(
        &self,
        arn: &str,
        attributes: &[Attribute],
    ) -> Result<(), InitError> {
        let input = json!({ "SubscriptionArn": arn });
        let output = self.invoke(SNS, "GetSubscriptionAttributes", &input).await;
        let present = output.ok().and_then(attributes_of).unwrap_or_default();
        for attribute in changes(&present, attributes) {
            let input = json!({
                "SubscriptionArn": arn,
                "AttributeName": attribute.name,
                "AttributeValue": attribute.value,
            });
            self.set("SetSubscriptionAttributes", &input, &attribute)
                .await?;
        }
        Ok(())
    }
}

/// The attributes to set, in an order in which they can be set.
fn changes(present: &Map<String, Value>, attributes: &[Attribute]) -> Vec<Attribute> {
    let differs = |attribute: &&Attribute| !is_same(present, attribute);
    let mut changes: Vec<_> = attributes.iter().filter(differs).cloned().collect();
    let policy = attributes.iter().find(|one| one.name == "FilterPolicy");
    let scope = changes
        .iter()
        .position(|one| one.name == "FilterPolicyScope");
    // A policy may be valid in one scope only, and they are set one after the other: without a policy any scope is valid.
    if let (Some(policy), Some(scope)) = (policy, scope) {
        let scope = changes.remove(scope);
        changes.retain(|one| one.name != policy.name);
        let removal = Attribute {
            value: String::new(),
            ..policy.clone()
        };
        changes.extend([removal, scope, policy.clone()]);
    }
    changes
}
