//! What shall exist, in the order in which it is made: what both formats become. Every reference is resolved, every
//! value is the text that AWS's API takes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::aws::Home;

/// All that files describe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which they are made: what others refer to comes first.
    pub resources: Vec<Resource>,
    /// What was left out, in sentences for the log.
    pub warnings: Vec<String>,
}

/// One thing that shall exist, and where that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The file, as it was named to topiq.
    pub file: Arc<str>,
    /// The line of the file, from 1.
    pub line: usize,
    /// What the file calls it: a template's logical id, or such as `queue orders`.
    pub name: String,
    /// What it is.
    pub wanted: Wanted,
}

/// What a resource is, in the words of the AWS action that makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// `CreateQueue`.
    Queue {
        /// The queue's name.
        name: String,
        /// Its attributes.
        attributes: Vec<Attribute>,
        /// Its tags: keys and values.
        tags: Vec<(String, String)>,
    },
    /// `SetQueueAttributes`: what is set when all queues are there, such as a policy.
    QueueAttributes {
        /// The queue's name.
        name: String,
        /// The attributes to set.
        attributes: Vec<Attribute>,
    },
    /// `CreateTopic`.
    Topic {
        /// The topic's name.
        name: String,
        /// Its attributes.
        attributes: Vec<Attribute>,
        /// Its tags: keys and values.
        tags: Vec<(String, String)>,
    },
    /// `SetTopicAttributes`.
    TopicAttributes {
        /// The topic's ARN.
        arn: String,
        /// The attributes to set.
        attributes: Vec<Attribute>,
    },
    /// `Subscribe`.
    Subscription {
        /// The topic's ARN.
        topic_arn: String,
        /// The protocol, such as `sqs`.
        protocol: String,
        /// The endpoint: an ARN, a URL, an address or a number.
        endpoint: String,
        /// Its attributes.
        attributes: Vec<Attribute>,
    },
}

/// An attribute of AWS's API and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// AWS's name of the attribute, such as `RedrivePolicy`.
    pub name: String,
    /// Its value as the API takes it: JSON documents as text.
    pub value: String,
    /// The line where its value is written, from 1.
    pub line: usize,
}

/// What references are resolved with: whom the resources belong to, and where they are reached.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The account and region of all resources.
    pub home: Home,
    /// What queue URLs start with, without a final slash: `http://localhost:4566`.
    pub endpoint: String,
    /// Parameters that were given, by name.
    pub parameters: Vec<(String, String)>,
    /// What templates export for each other, by name.
    pub exports: BTreeMap<String, String>,
}

impl Scope {
    /// The partition that the region belongs to.
    pub fn partition(&self) -> &'static str {
        self.home.region.partition()
    }

    /// The ARN of what a service has here: `resource` is what it ends in.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let Home { account, region } = self.home;
        format!(
            "arn:{}:{service}:{region}:{account}:{resource}",
            self.partition()
        )
    }

    /// The URL of the queue of this name.
    pub fn queue_url(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.endpoint, self.home.account)
    }
}
