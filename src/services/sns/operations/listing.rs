//! The shared part of the two listings of subscriptions: their entries and their pages.

use std::sync::Arc;

use serde::Serialize;

use super::pages;
use crate::services::sns::error::Error;
use crate::services::sns::subscription::Subscription;
use crate::services::sns::topic::Subscriber as _;

/// One page of subscriptions.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SubscriptionPage {
    subscriptions: Vec<Shown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    subscription_arn: Arc<str>,
    owner: String,
    protocol: &'static str,
    endpoint: Arc<str>,
    topic_arn: Arc<str>,
}

/// A subscription and its topic.
pub(super) type Listed = (Arc<Subscription>, Arc<str>);

/// The page that a request asks for; `request` stands for its other parameters.
pub(super) fn page(
    mut listed: Vec<Listed>,
    next_token: Option<&str>,
    request: &str,
) -> Result<SubscriptionPage, Error> {
    listed.sort_unstable_by(|a, b| place(a).cmp(&place(b)));
    let name = |listed: &Listed| {
        let (topic_arn, protocol, endpoint) = place(listed);
        // As texts these have the same order: no character in them sorts before the separator.
        format!("{topic_arn}\0{protocol}\0{endpoint}")
    };
    let page = pages::page(listed, name, next_token, request)?;
    Ok(SubscriptionPage {
        subscriptions: page.items.into_iter().map(shown).collect(),
        next_token: page.next_token,
    })
}

/// The order of subscriptions. Their ids would do too, but differ from run to run.
fn place((subscription, topic_arn): &Listed) -> (&str, &str, &str) {
    let identity = &subscription.identity;
    (topic_arn, identity.protocol.as_str(), &identity.endpoint)
}

/// The ARN of an unconfirmed subscription is not shown.
fn shown((subscription, topic_arn): Listed) -> Shown {
    let identity = &subscription.identity;
    Shown {
        subscription_arn: if subscription.is_confirmed() {
            identity.arn.clone()
        } else {
            "PendingConfirmation".into()
        },
        owner: identity.owner.to_string(),
        protocol: identity.protocol.as_str(),
        endpoint: identity.endpoint.clone(),
        topic_arn,
    }
}
