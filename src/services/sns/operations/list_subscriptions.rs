//! `ListSubscriptions`: the caller's subscriptions in the region, to any account's topics, a hundred at a
//! time.

use serde::Deserialize;

use super::listing::{self, Listed, SubscriptionPage};
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSubscriptionsInput<'a> {
    #[serde(borrow)]
    next_token: Option<Text<'a>>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListSubscriptionsInput<'_>,
) -> Result<SubscriptionPage, Error> {
    sns.forget_unconfirmed();
    let mut listed: Vec<Listed> = Vec::new();
    for topic in sns.topics.in_region(caller.region) {
        let subscribers = topic.subscribers.read();
        let own = subscribers
            .all()
            .filter(|subscription| subscription.identity.owner == caller.account);
        listed.extend(own.map(|subscription| (subscription.clone(), topic.arn.clone())));
    }
    listing::page(listed, input.next_token.as_deref(), "subscriptions")
}
