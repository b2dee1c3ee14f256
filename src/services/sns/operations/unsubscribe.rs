//! `Unsubscribe`: ends a subscription. The link in notifications calls it too, unsigned.

use std::sync::Arc;

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::sns::error::Error;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::subscription::{Status, Subscription};
use crate::services::sns::{Sns, arn};
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UnsubscribeInput<'a> {
    #[serde(borrow)]
    subscription_arn: Option<Text<'a>>,
}

/// A successful answer, whether the subscription existed or not.
pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: UnsubscribeInput<'_>,
) -> Result<(), Error> {
    // The action checks this itself, with another text than for absent members (recorded).
    let subscription_arn = input.subscription_arn.ok_or_else(|| {
        Error::invalid_because("SubscriptionArn", "no value for required parameter")
    })?;
    sns.forget_unconfirmed();
    let caller = arn::caller_by_link(caller, &subscription_arn);
    let Some((name, id)) = arn::subscription(&caller, &subscription_arn)? else {
        return Ok(());
    };
    let Some(topic) = sns.topics.by_arn(&name) else {
        return Ok(());
    };
    let ended = {
        let mut subscribers = topic.subscribers.write();
        let Some(subscription) = subscribers.get(id).cloned() else {
            return Ok(());
        };
        check(&caller, &subscription)?;
        sns.note_change(&topic, &subscription.identity.arn, Some(&subscription));
        subscribers.remove(id);
        subscription.forget_deliveries();
        let token = is_told(&caller, &topic, &subscription).then(|| {
            sns.tokens
                .restore(sns.now(), &sns.ids, &topic, &subscription)
        });
        if token.is_none() {
            sns.tokens.forget(&subscription.identity.arn);
        }
        token.map(|token| (subscription, token))
    };
    if let Some((subscription, token)) = ended {
        sns.tell_of_end(&topic, &subscription, token);
    }
    Ok(())
}

fn check(caller: &Caller<'_>, subscription: &Arc<Subscription>) -> Result<(), Error> {
    match subscription.status {
        Status::Pending => Err(Error::invalid_because(
            "SubscriptionArn",
            "Cannot unsubscribe a subscription that is pending confirmation",
        )),
        Status::Confirmed {
            is_authenticated_on_unsubscribe: true,
            ..
        } if !caller.is_signed => Err(Error::unsigned("Unsubscribe", &subscription.identity.arn)),
        Status::Confirmed { .. } => Ok(()),
    }
}

/// An HTTP endpoint is informed of its subscription's end when neither owner called: it can object.
fn is_told(caller: &Caller<'_>, topic: &Topic, subscription: &Subscription) -> bool {
    let owners = [topic.name.account, subscription.identity.owner];
    let is_owner = caller.is_signed && owners.contains(&caller.account);
    subscription.identity.protocol.is_http() && !is_owner
}
