//! `Subscribe`: subscribes an endpoint to a topic's messages, at once or when it has confirmed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::delivery::{TargetCache, http};
use crate::services::sns::delivery::links::Links;
use crate::services::sns::delivery::replay::Replaying;
use crate::services::sns::error::Error;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::protocol::Protocol;
use crate::services::sns::subscription::{
    Identity, Status, Subscribers, Subscription, SubscriptionAttributes,
};
use crate::services::sns::subscription_attributes::AttributeContext;
use crate::services::sns::topic::Subscriber as _;
use crate::services::sns::topic_attributes::Kind;
use crate::services::sns::{Sns, endpoint, limits};
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SubscribeInput<'a> {
    #[serde(borrow)]
    topic_arn: Option<Text<'a>>,
    protocol: Option<Text<'a>>,
    endpoint: Option<Text<'a>>,
    attributes: Option<BTreeMap<String, String>>,
    return_subscription_arn: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SubscribeOutput {
    subscription_arn: Arc<str>,
}

pub(super) async fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: &SubscribeInput<'_>,
) -> Result<SubscribeOutput, Error> {
    let mut validation = Validation::default();
    let topic_arn = validation.required("topicArn", input.topic_arn.as_deref());
    let protocol = validation.required("protocol", input.protocol.as_deref());
    validation.finish()?;
    let topic = sns.topic(caller, topic_arn)?;
    let protocol = Protocol::parse(protocol).ok_or_else(|| {
        let sentence = format!("Amazon SNS does not support this protocol string: {protocol}");
        Error::InvalidParameter(sentence.into())
    })?;
    let endpoint = input.endpoint.as_deref().unwrap_or_default();
    if endpoint.is_empty() {
        return Err(Error::invalid("Endpoint"));
    }
    endpoint::check(protocol, topic.kind, endpoint)?;
    if protocol == Protocol::Application && !sns.has_platform_endpoint(endpoint) {
        let reason = format!("Endpoint does not exist for endpoint {endpoint}");
        return Err(Error::invalid_because("Endpoint", reason));
    }
    sns.forget_unconfirmed();
    let subscriber = Subscriber {
        sns,
        caller,
        topic: &topic,
        protocol,
        endpoint: endpoint.into(),
        asked: input.attributes.clone().unwrap_or_default(),
    };
    let Subscribed {
        subscription,
        token,
        replaying,
    } = subscriber.subscribe()?;
    if let Some(replaying) = replaying {
        Box::pin(replaying.finish()).await;
    }
    let is_told = subscription.is_confirmed() || input.return_subscription_arn == Some(true);
    // Under no lock: sending may lock queues.
    if let Some(token) = token {
        sns.ask_to_confirm(&topic, &subscription, token);
    }
    Ok(SubscribeOutput {
        subscription_arn: if is_told {
            subscription.identity.arn.clone()
        } else {
            "pending confirmation".into()
        },
    })
}

/// The subscription that is asked for.
struct Subscriber<'a> {
    sns: &'a Sns,
    caller: &'a Caller<'a>,
    topic: &'a Arc<Topic>,
    protocol: Protocol,
    endpoint: Arc<str>,
    asked: BTreeMap<String, String>,
}

struct Subscribed<'a> {
    /// The present subscription.
    subscription: Arc<Subscription>,
    /// The token to confirm it if it is pending.
    token: Option<Arc<str>>,
    replaying: Option<Replaying<'a>>,
}

impl<'a> Subscriber<'a> {
    /// Finds the endpoint's subscription, or creates it.
    fn subscribe(&self) -> Result<Subscribed<'a>, Error> {
        // Locked before the subscribers, as a publish does: replayed messages come before any that are published from
        // now on.
        let mut memory = self.topic.memory.lock();
        let mut subscribers = self.topic.subscribers.write();
        if !self.sns.topics.has(self.topic) {
            return Err(Error::TopicDoesNotExist);
        }
        let present = subscribers
            .of_endpoint(self.protocol, &self.endpoint)
            .cloned();
        let is_new = present.is_none();
        let subscription = match &present {
            Some(present) => self.again(present)?,
            None => self.first(&subscribers)?,
        };
        let token = if subscription.is_confirmed() {
            self.sns.tokens.settle(&subscription.identity.arn);
            None
        } else {
            let Sns { tokens, ids, .. } = self.sns;
            Some(tokens.confirm(self.sns.now(), ids, self.topic, &subscription)?)
        };
        let subscription = Arc::new(subscription);
        let name = &subscription.identity.arn;
        self.sns.note_change(self.topic, name, present.as_ref());
        subscribers.put(subscription.clone());
        drop(subscribers);
        let is_replayed = is_new && subscription.is_confirmed();
        let replaying = is_replayed
            .then(|| {
                self.sns
                    .begin_replay(self.topic, &mut memory, &subscription)
            })
            .flatten();
        Ok(Subscribed {
            subscription,
            token,
            replaying,
        })
    }

    /// Only the attributes of the request count, each against its present value. (Recorded.)
    fn again(&self, present: &Subscription) -> Result<Subscription, Error> {
        if self.attributes(&present.attributes)? != present.attributes {
            let reason = "Subscription already exists with different attributes";
            return Err(Error::invalid_because("Attributes", reason));
        }
        // A queue's owner may confirm another account's subscription by subscribing the queue too.
        Ok(match (present.status, self.status()) {
            (Status::Pending, status) => present.with_status(status),
            _ => present.clone(),
        })
    }

    fn first(&self, subscribers: &Subscribers) -> Result<Subscription, Error> {
        let attributes = self.attributes(&SubscriptionAttributes::default())?;
        if self.protocol == Protocol::Firehose && attributes.subscription_role_arn.is_none() {
            return Err(Error::invalid_because("Attributes", "SubscriptionRoleArn"));
        }
        self.check_limits(subscribers, &attributes)?;
        Ok(Subscription {
            identity: Arc::new(self.identity()),
            status: self.status(),
            attributes,
        })
    }

    fn attributes(
        &self,
        present: &SubscriptionAttributes,
    ) -> Result<SubscriptionAttributes, Error> {
        let context = AttributeContext {
            topic: self.topic.kind,
            protocol: self.protocol,
            endpoint: &self.endpoint,
        };
        present
            .with(&context, &self.asked)
            .map_err(|refused| Error::invalid_because("Attributes", refused))
    }

    fn check_limits(
        &self,
        subscribers: &Subscribers,
        attributes: &SubscriptionAttributes,
    ) -> Result<(), Error> {
        let is_full = self.topic.kind == Kind::Fifo
            && subscribers.len() >= limits::FIFO_SUBSCRIPTIONS
            || self.protocol == Protocol::Firehose && {
                let is_own = |one: &&Arc<Subscription>| {
                    let Identity {
                        protocol, owner, ..
                    } = *one.identity;
                    (protocol, owner) == (Protocol::Firehose, self.caller.account)
                };
                subscribers.all().filter(is_own).count() >= limits::FIREHOSE_SUBSCRIPTIONS
            };
        if is_full {
            return Err(Error::SubscriptionLimitExceeded);
        }
        if attributes.filter_policy.is_some()
            && subscribers.filter_policies() >= limits::FILTER_POLICIES
        {
            return Err(Error::FilterPolicyLimitExceeded);
        }
        Ok(())
    }

    fn status(&self) -> Status {
        if endpoint::is_confirmed_by(self.protocol, &self.endpoint, self.caller.account) {
            Status::Confirmed {
                was_authenticated: true,
                is_authenticated_on_unsubscribe: false,
            }
        } else {
            Status::Pending
        }
    }

    fn identity(&self) -> Identity {
        let id = self.sns.ids.message_id();
        let arn: Arc<str> = format!("{}:{id}", self.topic.arn).into();
        let link_base = self.sns.link_base(self.caller);
        let certificate_url = format!("{link_base}{}", self.sns.signer.certificate_path());
        let url = self
            .protocol
            .is_http()
            .then(|| http::Endpoint::parse(&self.endpoint).expect("the endpoint was checked"));
        Identity {
            id,
            owner: self.caller.account,
            principal: self.caller.arn(),
            protocol: self.protocol,
            endpoint: self.endpoint.clone(),
            links: Links::new(&link_base, &certificate_url, &arn),
            arn,
            link_base,
            queue: TargetCache::default(),
            lane: url.map(|url| self.sns.http.lane(url)),
        }
    }
}
