//! SQS as topiq's own API, exports and `--init` see it, beside AWS's API.
//!
//! `queues` lists queues with their counts, `messages` a queue's messages without receiving them; `traces` says where one of them
//! is.

mod messages;
mod queues;
mod traces;

use std::sync::Arc;

use super::Sqs;
use super::redrive_policy::RedrivePolicy;
use crate::aws::{AccountId, Region};
use crate::routes::Route;
use crate::services::resource::Resource;

pub use super::attributes::settable;
pub use super::limits::REDRIVE_SOURCES;

/// CloudFormation's type of a queue.
pub const QUEUE: &str = "AWS::SQS::Queue";

/// The ARN of the dead-letter queue that a `RedrivePolicy` names, if SQS accepts the policy.
pub fn dead_letter_queue(redrive_policy: &str) -> Option<Arc<str>> {
    let policy = RedrivePolicy::parse(redrive_policy).ok()?;
    Some(policy.dead_letter_target_arn)
}

/// SQS's routes of topiq's own API.
pub(super) fn routes() -> Vec<Route<Sqs>> {
    let mut routes = vec![queues::route()];
    routes.extend(messages::routes());
    routes
}

/// The queues of an account in a region, ordered by name.
pub(super) fn held(sqs: &Sqs, account: AccountId, region: Region) -> Vec<Resource> {
    let queues = sqs.queues.of(account, region);
    let resources = queues.iter().map(|queue| Resource {
        kind: QUEUE,
        name: queue.name.name.to_string(),
        arn: queue.arn.to_string(),
        attributes: queue.attributes().non_default(),
        properties: Vec::new(),
        tags: queue.tags(),
    });
    resources.collect()
}
