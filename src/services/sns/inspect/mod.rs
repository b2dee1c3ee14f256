//! The views of the admin API, exports and `--init` on SNS beyond AWS's API.
//!
//! In reading order: [`Inspect`] is the interface of the [`routes`]: `deliveries` lists captured deliveries,
//! `developer_endpoints` serves suites written for `LocalStack`, `certificate` lets clients
//! verify signatures. `held` is what exports see, `settable` the attributes that a file can set, `traces` says who did not
//! get a message.

mod certificate;
mod deliveries;
mod developer_endpoints;
mod held;
mod settable;
mod topics;
mod traces;

use super::Sns;
use super::protocol::Protocol;
use super::topics::TopicName;
use crate::delivery::captured::CapturedLog;
use crate::routes::Route;

pub use super::protocol::names as protocol_names;
pub use super::subscription_attributes::settable as of_subscriptions;
pub(super) use held::held;
pub use held::{SUBSCRIPTION, TOPIC};
pub use settable::{DATA_PROTECTION_POLICY, LOGGED, of_topics};
pub(super) use topics::routes as of_topics_and_subscriptions;

/// SNS's routes of the admin API.
pub fn routes<S: Inspect + 'static>() -> Vec<Route<S>> {
    let mut routes = Vec::new();
    routes.extend(deliveries::routes());
    routes.extend(developer_endpoints::routes());
    routes.extend(certificate::routes());
    routes
}

/// The parts of SNS that are not in AWS's API.
pub trait Inspect: Sync {
    /// The deliveries that were captured.
    fn captured(&self) -> &CapturedLog;

    /// The token that confirms a subscription, or restores one that has ended, if there is one.
    fn confirmation_token(&self, subscription_arn: &str) -> Option<String>;

    /// The certificate in PEM at the path of a message's `SigningCertURL`: `/SimpleNotificationService-….pem`.
    fn certificate(&self, path: &str) -> Option<String>;
}

impl Inspect for Sns {
    fn captured(&self) -> &CapturedLog {
        &self.deliveries.captured
    }

    fn confirmation_token(&self, subscription_arn: &str) -> Option<String> {
        let token = self.tokens.of_subscription(self.now(), subscription_arn);
        token.map(|token| token.to_string())
    }

    fn certificate(&self, path: &str) -> Option<String> {
        (path == self.signer.certificate_path()).then(|| self.signer.certificate_pem().to_owned())
    }
}

impl Sns {
    /// The ARN of an endpoint's subscription, confirmed or not.
    pub(crate) fn subscription_arn(
        &self,
        topic_arn: &str,
        protocol: &str,
        endpoint: &str,
    ) -> Option<String> {
        let topic = self.topics.by_arn(&TopicName::parse(topic_arn)?)?;
        let subscribers = topic.subscribers.read();
        let found = subscribers.of_endpoint(Protocol::parse(protocol)?, &endpoint.into())?;
        Some(found.identity.arn.to_string())
    }
}

#[cfg(test)]
mod tests;
