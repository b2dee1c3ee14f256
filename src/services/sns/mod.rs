//! Amazon SNS.
//!
//! In reading order: `operations` holds one file per AWS action and their list; `topics` finds a topic,
//! `hosted_topic` is a topic with everything that belongs to it, around its core in `topic`; `subscription` is where
//! its messages go: `endpoint` checks the address, `subscription_attributes` has its settings, `tokens` confirm it.
//! `platforms` are the apps and devices of mobile push, `phones` the settings and numbers of text messages.
//! `message_input` checks a publisher's message, `publish` brings it to its topic, `delivery` to its recipients;
//! `lineage` stops messages that publish themselves; `struck` doubles messages and fails entries on purpose; other
//! services publish by `destination`.
//! [`limits`] has every number, [`error`] every error, [`names`] the Query names, `arn` the checks of ARNs.

mod arn;
#[doc(hidden)]
pub mod bench;
pub mod delivery;
pub mod delivery_policy;
mod destination;
mod endpoint;
pub mod error;
pub(crate) mod hosted_topic;
pub mod inspect;
pub mod limits;
mod lineage;
mod message_attributes;
mod message_input;
pub mod names;
mod operations;
mod permission;
mod phones;
mod platforms;
mod publish;
mod replay_policy;
pub(crate) mod signing;
mod struck;
pub(crate) mod subscription;
mod subscription_attributes;
#[cfg(test)]
mod tests;
mod tokens;
pub(crate) mod topic;
mod topic_attributes;
pub mod topic_policy;
pub(crate) mod topics;

use std::sync::Arc;

use hosted_topic::Topic;
use lineage::Lineage;
use phones::Phones;
use platforms::Platforms;
use signing::signature::Signer;
use subscription::{Subscribers, Subscription};
use tokens::Tokens;
use topics::Topics;

pub use error::Error;
pub(crate) use topic::{message, protocol};

use crate::aws::{AccountId, Caller, Region};
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::delivery::Deliveries;
use crate::delivery::http::HttpDeliveries;
use crate::faults::Faults;
use crate::ids::Ids;
use crate::routes::Route;
use crate::services::resource::Resource;
use crate::services::{Environment, Itself, Service, Settings};
use crate::trace::whereabouts::Witness;
use crate::trace::{Traces, What};
use crate::wire::{
    Answer, AwsQuery, Call, ErrorInfo, Hosts, Protocols, ServiceModel, Speaks, query_json, xml,
};

/// The only version of the API.
const VERSION: &str = "2010-03-31";

/// The service: all topics, and the state that they share.
#[derive(Debug)]
pub struct Sns {
    itself: Itself<Self>,
    topics: Topics,
    tokens: Tokens,
    platforms: Platforms,
    phones: Phones,
    lineage: Lineage,
    deliveries: Arc<Deliveries>,
    signer: Arc<Signer>,
    http: HttpDeliveries,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    faults: Arc<Faults>,
    traces: Arc<Traces>,
    settings: Settings,
}

impl Speaks for Sns {
    const MODEL: &'static ServiceModel = &ServiceModel {
        name: "sns",
        signing_name: "sns",
        hosts: Hosts {
            prefix: "sns",
            legacy_suffix: None,
        },
        owns_path: ServiceModel::owns_no_path,
        links: &["ConfirmSubscription", "Unsubscribe"],
        protocols: Protocols {
            json: None,
            query: Some(AwsQuery {
                version: VERSION,
                xml: xml::Style {
                    namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
                    declaration: false,
                    pretty: true,
                    detail: false,
                },
                json: query_json::Style::PLAIN,
                names: names::names,
            }),
            cbor: false,
            rest_json: None,
        },
        operations: Self::OPERATIONS,
    };
}

impl Service for Sns {
    fn new(environment: &Environment) -> Self {
        let Environment {
            agenda,
            ids,
            deliveries,
            budget,
            faults,
            traces,
            settings,
        } = environment;
        let socket_clock = Arc::new(SystemClock::new());
        Self {
            itself: Itself::default(),
            topics: Topics::default(),
            tokens: Tokens::default(),
            platforms: Platforms::default(),
            phones: Phones::default(),
            lineage: Lineage::default(),
            deliveries: deliveries.clone(),
            signer: Arc::new(Signer::new(ids.message_id())),
            http: HttpDeliveries::new(
                agenda.clone(),
                socket_clock,
                budget.clone(),
                faults.clone(),
                settings.deliveries.clone(),
            ),
            clock: agenda.clock().clone(),
            ids: ids.clone(),
            faults: faults.clone(),
            traces: traces.clone(),
            settings: settings.clone(),
        }
    }

    fn known_errors() -> Vec<ErrorInfo> {
        Error::known()
    }

    fn register(self: &Arc<Self>, environment: &Environment) {
        self.itself.set(self);
        let targets = Arc::<Self>::downgrade(self);
        environment.deliveries.targets.register("sns", targets);
        let witness: Arc<dyn Witness> = self.clone();
        environment.traces.register(Arc::downgrade(&witness));
    }

    /// Subscribers cache the certificate by its URL, and the key is costly to make.
    fn emptied(&self, environment: &Environment) -> Self {
        Self {
            signer: self.signer.clone(),
            ..Self::new(environment)
        }
    }

    /// A call without a version is of the only version: the links in messages have none (recorded).
    fn serves(call: &Call<'_>) -> bool {
        call.parameter("Version")
            .is_none_or(|version| version == VERSION)
    }

    fn refuse_unknown(call: &Call<'_>) -> Answer {
        let version = call.parameter("Version").unwrap_or("NO_VERSION_SPECIFIED");
        let error = Error::UnknownOperation {
            action: call.operation.to_string(),
            version: version.to_owned(),
        };
        call.refuse_unserved(&error.info())
    }

    fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.topics.namespaces()
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        inspect::held(self, account, region)
    }

    fn forget(&self, account: AccountId) {
        for topic in self.topics.take(account) {
            for subscription in self.end(&topic).all() {
                self.tokens.forget(&subscription.identity.arn);
            }
        }
        self.platforms.forget(account);
        self.phones.forget(account);
    }

    fn routes() -> Vec<Route<Self>> {
        let mut routes = inspect::routes();
        routes.extend(inspect::of_topics_and_subscriptions());
        routes
    }

    async fn stop(&self) {
        self.http.stop().await;
    }
}

impl Sns {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The topic named by a request's member `TopicArn`. Errors come in AWS's order: shape, region, existence.
    fn topic(&self, caller: &Caller<'_>, topic_arn: &str) -> Result<Arc<Topic>, Error> {
        self.topic_of(caller, "TopicArn", topic_arn)
    }

    /// The topic named by another member of a request.
    fn topic_of(
        &self,
        caller: &Caller<'_>,
        parameter: &'static str,
        arn: &str,
    ) -> Result<Arc<Topic>, Error> {
        let name = arn::topic(caller, parameter, arn)?;
        let topic = self.topics.by_arn(&name).ok_or(Error::TopicDoesNotExist)?;
        if self.settings.enforce_policies {
            permission::check(self, caller, &topic)?;
        }
        Ok(topic)
    }

    /// The subscription named by a request's member `SubscriptionArn`, with its topic. Errors come in the order of
    /// [`Sns::topic`].
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

    /// The topic is no longer there. Gives the subscriptions that end with it.
    fn end(&self, topic: &Topic) -> Subscribers {
        let ended = topic.end();
        for subscription in ended.all() {
            self.note_change(topic, &subscription.identity.arn, Some(subscription));
        }
        ended
    }

    /// Keeps for traces what a subscription was before it is changed; nothing if there was none of its name.
    fn note_change(&self, topic: &Topic, name: &Arc<str>, before: Option<&Arc<Subscription>>) {
        self.traces.note(self.now(), || What::Changed {
            of: Arc::clone(&topic.arn),
            name: Arc::clone(name),
            before: before.map(|before| Arc::clone(before) as _),
            bytes: before.map_or(0, |before| before.size()),
        });
    }

    /// The start of links in messages to a subscriber: the configured URL, or else the address at which the caller
    /// reached this server. Without a final slash.
    fn link_base(&self, caller: &Caller<'_>) -> Arc<str> {
        match &self.settings.sns_url {
            Some(url) => {
                let url = url.replace("{region}", caller.region.as_str());
                url.trim_end_matches('/').into()
            }
            None => caller.endpoint.into(),
        }
    }
}
