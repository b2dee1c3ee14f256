//! The shared part of the two listings of subscriptions: their entries and their pages.

use std::sync::Arc;

use serde::Serialize;

use super::pages;
use crate::services::sns::error::Error;
use crate::services::sns::protocol::Protocol;
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

/// The place of a subscription in a listing: its topic, protocol and endpoint. Their ids would do too, but differ from run
/// to run.
pub(super) type Place<'a> = (&'a str, Protocol, &'a str);

/// The page that a request asks for; `request` stands for its other parameters, `list` gives so many subscriptions after a
/// place.
pub(super) fn page(
    next_token: Option<&str>,
    request: &str,
    list: impl FnOnce(Option<Place<'_>>, usize) -> Vec<Listed>,
) -> Result<SubscriptionPage, Error> {
    let name = |(subscription, topic_arn): &Listed| {
        let identity = &subscription.identity;
        let protocol = identity.protocol.as_str();
        format!("{topic_arn}\0{protocol}\0{}", identity.endpoint)
    };
    let list = |last: Option<&str>, count| list(last.and_then(place), count);
    let page = pages::page(next_token, request, name, list)?;
    Ok(SubscriptionPage {
        subscriptions: page.items.into_iter().map(shown).collect(),
        next_token: page.next_token,
    })
}

/// The place that a token names.
fn place(last: &str) -> Option<Place<'_>> {
    let (topic_arn, rest) = last.split_once('\0')?;
    let (protocol, endpoint) = rest.split_once('\0')?;
    Some((topic_arn, Protocol::parse(protocol)?, endpoint))
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
