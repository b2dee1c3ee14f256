//! `ConfirmSubscription`: confirms a subscription by its token, or restores one that has ended. The link in
//! confirmations calls it too, unsigned.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::error::Error;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::subscription::{Status, Subscribers, Subscription};
use crate::services::sns::tokens::{Held, Purpose};
use crate::services::sns::topic::Subscriber as _;
use crate::services::sns::{Sns, arn};
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConfirmSubscriptionInput<'a> {
    #[serde(borrow)]
    topic_arn: Option<Text<'a>>,
    token: Option<Text<'a>>,
    authenticate_on_unsubscribe: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConfirmSubscriptionOutput {
    subscription_arn: Arc<str>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ConfirmSubscriptionInput<'_>,
) -> Result<ConfirmSubscriptionOutput, Error> {
    let mut validation = Validation::default();
    let topic_arn = validation.required("topicArn", input.topic_arn);
    let token = validation.required("token", input.token);
    validation.finish()?;
    let caller = arn::caller_by_link(caller, &topic_arn);
    // Only the shape and region of the topic's ARN count, not its name: the token identifies the subscription
    // (recorded).
    let named = arn::topic(&caller, "Topic", &topic_arn);
    if named.is_err_and(|error| error != Error::TopicDoesNotExist) {
        return Err(Error::invalid("Topic"));
    }
    let is_authenticated = input
        .authenticate_on_unsubscribe
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if is_authenticated && !caller.is_signed {
        return Err(Error::unsigned("ConfirmSubscription", &topic_arn));
    }
    if !is_hexadecimal(&token) {
        return Err(Error::InvalidParameterSentence("Invalid token".into()));
    }
    sns.forget_unconfirmed();
    let (held, topic) = sns
        .tokens
        .find(sns.now(), &token)
        .and_then(|held| Some((held.topic.upgrade()?, held)))
        .map(|(topic, held)| (held, topic))
        .ok_or_else(|| Error::invalid("Token"))?;
    if topic.name.region != caller.region {
        return Err(Error::invalid("Topic"));
    }
    let subscription_arn = confirm(sns, &topic, &held, is_authenticated)?;
    Ok(ConfirmSubscriptionOutput { subscription_arn })
}

/// A token that AWS can decode: two digits per byte.
fn is_hexadecimal(token: &str) -> bool {
    token.len().is_multiple_of(2) && token.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Confirms a pending subscription; a confirmed one stays as it is.
fn confirm(
    sns: &Sns,
    topic: &Topic,
    held: &Held,
    is_authenticated: bool,
) -> Result<Arc<str>, Error> {
    let mut subscribers = topic.subscribers.write();
    // Another request may still hold a deleted topic.
    if !sns.topics.has(topic) {
        return Err(Error::invalid("Token"));
    }
    let present = subscribers.get(held.id).cloned();
    let confirmed = match (&present, &held.purpose) {
        (Some(present), _) if present.is_confirmed() => return Ok(present.identity.arn.clone()),
        (Some(pending), _) => Arc::new(pending.with_status(Status::Confirmed {
            was_authenticated: is_authenticated,
            is_authenticated_on_unsubscribe: is_authenticated,
        })),
        (None, Purpose::Restore(ended)) if !is_taken(&subscribers, ended) => ended.clone(),
        (None, _) => return Err(Error::invalid("Token")),
    };
    let subscription_arn = confirmed.identity.arn.clone();
    sns.note_change(topic, &subscription_arn, present.as_ref());
    subscribers.put(confirmed);
    sns.tokens.settle(&subscription_arn);
    Ok(subscription_arn)
}

/// Whether the endpoint of an ended subscription has been subscribed again: it has at most one subscription.
fn is_taken(subscribers: &Subscribers, ended: &Subscription) -> bool {
    let identity = &ended.identity;
    subscribers
        .of_endpoint(identity.protocol, &identity.endpoint)
        .is_some()
}
