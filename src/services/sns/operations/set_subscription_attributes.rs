//! `SetSubscriptionAttributes`: changes one attribute of a subscription, or removes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::delivery::replay::Replaying;
use crate::services::sns::error::Error;
use crate::services::sns::subscription::Subscription;
use crate::services::sns::subscription_attributes::AttributeContext;
use crate::services::sns::{Sns, limits};
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetSubscriptionAttributesInput<'a> {
    #[serde(borrow)]
    subscription_arn: Option<Text<'a>>,
    attribute_name: Option<Text<'a>>,
    attribute_value: Option<Text<'a>>,
}

pub(super) async fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: &SetSubscriptionAttributesInput<'_>,
) -> Result<(), Error> {
    if let Some(replaying) = set(sns, caller, input)? {
        Box::pin(replaying.finish()).await;
    }
    Ok(())
}

fn set<'s>(
    sns: &'s Sns,
    caller: &Caller<'_>,
    input: &SetSubscriptionAttributesInput<'_>,
) -> Result<Option<Replaying<'s>>, Error> {
    let mut validation = Validation::default();
    let subscription_arn =
        validation.required("subscriptionArn", input.subscription_arn.as_deref());
    let name = validation.required("attributeName", input.attribute_name.as_deref());
    validation.finish()?;
    // An absent value is an empty one: it removes an attribute that can be removed.
    let value = input.attribute_value.as_deref().unwrap_or_default();
    let asked = BTreeMap::from([(name.to_owned(), value.to_owned())]);

    let (topic, subscription) = sns.subscription(caller, subscription_arn)?;
    let identity = &subscription.identity;
    let context = AttributeContext {
        topic: topic.kind,
        protocol: identity.protocol,
        endpoint: &identity.endpoint,
    };
    // Locked before the subscribers, as a publish does: replayed messages come before any that are published from now
    // on.
    let mut memory = topic.memory.lock();
    let mut subscribers = topic.subscribers.write();
    // Read again under the lock: another attribute may have been set since.
    let present = subscribers
        .get(identity.id)
        .ok_or(Error::SubscriptionDoesNotExist)?;
    let attributes = present
        .attributes
        .with(&context, &asked)
        .map_err(|refused| Error::invalid(refused.to_string()))?;
    let is_first_filter =
        attributes.filter_policy.is_some() && present.attributes.filter_policy.is_none();
    if is_first_filter && subscribers.filter_policies() >= limits::FILTER_POLICIES {
        return Err(Error::FilterPolicyLimitExceeded);
    }
    let changed = Arc::new(Subscription {
        attributes,
        ..Subscription::clone(present)
    });
    sns.note_change(&topic, &identity.arn, Some(present));
    subscribers.put(changed.clone());
    drop(subscribers);
    let is_replayed = asked.contains_key("ReplayPolicy");
    Ok(is_replayed
        .then(|| sns.begin_replay(&topic, &mut memory, &changed))
        .flatten())
}
