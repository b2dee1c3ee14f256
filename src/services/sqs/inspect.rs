//! What exports may see of SQS.

use std::collections::BTreeMap;

use super::Sqs;
use crate::aws::{AccountId, Region};

/// What a queue was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedQueue {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The attributes that are not as a new queue's of its kind, by name.
    pub attributes: Vec<(&'static str, String)>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl Sqs {
    /// What the queues of an account in a region were told, ordered by name.
    pub(crate) fn described(&self, account: AccountId, region: Region) -> Vec<DescribedQueue> {
        let queues = self.queues.of(account, region);
        let described = queues.iter().map(|queue| DescribedQueue {
            name: queue.name.name.to_string(),
            arn: queue.arn.to_string(),
            attributes: queue.attributes().non_default(),
            tags: queue.tags(),
        });
        described.collect()
    }
}
