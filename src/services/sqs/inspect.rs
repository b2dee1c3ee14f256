//! What exports and `--init` see of SQS beside its API.

use std::sync::Arc;

use super::Sqs;
use super::attributes;
use super::redrive_policy::RedrivePolicy;
use crate::aws::{AccountId, Region};
use crate::services::resource::{Resource, Settable, Values};

pub use super::limits::REDRIVE_SOURCES;

/// CloudFormation's type of a queue.
pub const QUEUE: &str = "AWS::SQS::Queue";

/// Every attribute of queues that can be set, in alphabetical order.
pub fn settable() -> Vec<Settable> {
    let settable = attributes::settable().map(|(name, values, is_fifo_only)| Settable {
        name,
        values: match values {
            attributes::Values::Numbers(range) => {
                Values::Numbers(*range.start() as usize..=*range.end() as usize)
            }
            attributes::Values::Booleans => Values::Booleans,
            attributes::Values::Words(words) => Values::Words(words),
            attributes::Values::Text => Values::of_text(name),
        },
        is_fifo_only,
    });
    settable.collect()
}

/// The ARN of the dead-letter queue that a `RedrivePolicy` names, if SQS accepts the policy.
pub fn dead_letter_queue(redrive_policy: &str) -> Option<Arc<str>> {
    let policy = RedrivePolicy::parse(redrive_policy).ok()?;
    Some(policy.dead_letter_target_arn)
}

/// The queues of an account in a region, ordered by name.
pub(super) fn held(sqs: &Sqs, account: AccountId, region: Region) -> Vec<Resource> {
    let queues = sqs.queues.namespace(account, region).all();
    let resources = queues.iter().map(|queue| Resource {
        kind: QUEUE,
        name: queue.name.name.to_string(),
        arn: queue.arn.to_string(),
        attributes: queue.attributes().told(),
        tags: queue.tags(),
    });
    resources.collect()
}
