//! Amazon SNS.
//!
//! In reading order: [`operations`] holds one file per AWS action and their list; `topics` is how a topic is found,
//! `topic` what belongs to one, `subscription` a subscriber of it: `endpoint` checks where it is, `subscription_attributes`
//! what is set of it, `tokens` confirm it. `platforms` are the apps and devices of mobile push, `phones` what concerns text
//! messages. `message` is what a publish accepts, `publish` brings it to its topic, `delivery` to whom it concerns.
//! [`limits`] has every number, [`error`] every error, [`names`] the Query names, `arn` how ARNs
//! are checked.

mod archive;
mod arn;
#[doc(hidden)]
pub mod bench;
pub mod delivery;
pub mod delivery_policy;
mod endpoint;
pub mod error;
mod fifo;
pub mod inspect;
pub mod limits;
pub(crate) mod message;
mod message_attributes;
mod message_input;
pub mod names;
mod operations;
mod permission;
mod phones;
mod platforms;
mod protocol;
mod publish;
mod replay_policy;
pub(crate) mod signing;
mod subscribers;
pub(crate) mod subscription;
mod subscription_attributes;
mod tokens;
pub(crate) mod topic;
mod topic_attributes;
pub mod topic_policy;
pub(crate) mod topics;

use std::sync::Arc;

use phones::Phones;
use platforms::Platforms;
use signing::signature::Signer;
use subscription::Subscription;
use tokens::Tokens;
use topic::Topic;
use topics::Topics;

pub use error::Error;
pub use protocol::names as protocol_names;
pub use subscription_attributes::NAMES as SUBSCRIPTION_ATTRIBUTES;
pub use topic_attributes::names as topic_attribute_names;

use crate::aws::Caller;
use crate::clock::{Clock, Timestamp};
use crate::delivery::Deliveries;
use crate::delivery::http::{self, HttpDeliveries};
use crate::ids::Ids;
use crate::wire::call::JSON_1_0;
use crate::wire::{ServiceModel, xml};

/// What the wire must know of SNS.
pub static MODEL: ServiceModel = ServiceModel {
    name: "sns",
    // SNS has no JSON protocol.
    target_prefix: None,
    json_content_type: JSON_1_0,
    version: "2010-03-31",
    xml: xml::Style {
        namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
        declaration: false,
        pretty: true,
        detail: false,
    },
    names: names::names,
    operations: Sns::OPERATIONS,
};

/// How this SNS differs from AWS's, where its user says so.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether AWS's waits hold: thirty days between two opt-ins of a phone number, a day before a verified one can be
    /// taken from the sandbox.
    pub is_timing_strict: bool,
    /// What links in messages start with, where that is not the address by which the subscriber subscribed; `{region}`
    /// stands for the topic's region.
    pub url: Option<String>,
    /// Whether access policies are obeyed: of queues for deliveries, of topics for other accounts.
    pub is_enforcing: bool,
    /// How far deliveries over HTTP reach, and how much they may take up.
    pub http: http::Settings,
}

/// The service: all topics, and what they share.
#[derive(Debug)]
pub struct Sns {
    topics: Topics,
    tokens: Tokens,
    platforms: Platforms,
    phones: Phones,
    deliveries: Arc<Deliveries>,
    signer: Arc<Signer>,
    http: HttpDeliveries,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    options: Options,
}

impl Sns {
    /// A service without topics.
    pub(crate) fn new(
        clock: Arc<dyn Clock>,
        ids: Arc<Ids>,
        deliveries: Arc<Deliveries>,
        options: Options,
    ) -> Self {
        Self {
            topics: Topics::default(),
            tokens: Tokens::default(),
            platforms: Platforms::default(),
            phones: Phones::default(),
            deliveries,
            signer: Arc::new(Signer::new(ids.message_id())),
            http: HttpDeliveries::new(clock.clone(), options.http.clone()),
            clock,
            ids,
            options,
        }
    }

    /// Ends deliveries over HTTP.
    pub async fn stop(&self) {
        self.http.stop().await;
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The topic that a request names in its member `TopicArn`. Errors come in AWS's order: shape, region, existence.
    fn topic(&self, caller: &Caller<'_>, topic_arn: &str) -> Result<Arc<Topic>, Error> {
        self.topic_of(caller, "TopicArn", topic_arn)
    }

    /// The topic that a request names in another member.
    fn topic_of(
        &self,
        caller: &Caller<'_>,
        parameter: &'static str,
        arn: &str,
    ) -> Result<Arc<Topic>, Error> {
        let name = arn::topic(caller, parameter, arn)?;
        let topic = self.topics.by_arn(&name).ok_or(Error::TopicDoesNotExist)?;
        if self.options.is_enforcing {
            permission::check(caller, &topic)?;
        }
        Ok(topic)
    }

    /// The subscription that a request names in its member `SubscriptionArn`, with its topic. Errors come in the order
    /// of [`Sns::topic`]'s.
    fn subscription(
        &self,
        caller: &Caller<'_>,
        subscription_arn: &str,
    ) -> Result<(Arc<Topic>, Arc<Subscription>), Error> {
        self.forget_unconfirmed();
        let named = arn::subscription(caller, subscription_arn)?;
        let found = named.and_then(|(name, id)| {
            let topic = self.topics.by_arn(&name)?;
            let subscription = topic.subscribers.read().get(id).cloned()?;
            Some((topic, subscription))
        });
        found.ok_or(Error::SubscriptionDoesNotExist)
    }

    /// What links in messages to a subscriber start with, who is known by the address that he called, or which the user
    /// set. Without a final slash.
    fn link_base(&self, caller: &Caller<'_>) -> Arc<str> {
        match &self.options.url {
            Some(url) => {
                let url = url.replace("{region}", caller.region.as_str());
                url.trim_end_matches('/').into()
            }
            None => caller.endpoint.into(),
        }
    }
}
