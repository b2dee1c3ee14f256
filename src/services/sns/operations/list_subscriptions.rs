//! `ListSubscriptions`: the caller's subscriptions in the region, to any account's topics, a hundred at a
//! time.

use serde::Deserialize;

use super::listing::{self, Listed, Place, SubscriptionPage};
use crate::aws::{AccountId, Arn, Caller};
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
    let list = |last: Option<Place<'_>>, count| listed(sns, caller, last, count);
    listing::page(input.next_token.as_deref(), "subscriptions", list)
}

fn listed(sns: &Sns, caller: &Caller<'_>, last: Option<Place<'_>>, count: usize) -> Vec<Listed> {
    let mut listed: Vec<Listed> = Vec::new();
    let first_topic = last.and_then(|(arn, ..)| Arn::parse(arn));
    let first_topic =
        first_topic.and_then(|arn| Some((AccountId::parse(arn.account)?, arn.resource)));
    for topic in sns.topics.in_region(caller.region, first_topic) {
        let subscribers = topic.subscribers.read();
        let last = last.filter(|(arn, ..)| *arn == &*topic.arn);
        let after = subscribers.after(last.map(|(_, protocol, endpoint)| (protocol, endpoint)));
        let own = after.filter(|subscription| subscription.identity.owner == caller.account);
        let own = own.take(count - listed.len());
        listed.extend(own.map(|subscription| (subscription.clone(), topic.arn.clone())));
        if listed.len() == count {
            break;
        }
    }
    listed
}
