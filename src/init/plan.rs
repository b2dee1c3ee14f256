//! The resources to create, in order: the result of both formats. Every reference is resolved, every value is the text
//! that AWS's API takes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::library::Library;
use super::work::Work;
use crate::aws::Home;

/// Everything that files describe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In the order in which they are created: a resource comes after those that it refers to.
    pub resources: Vec<Resource>,
    /// Sentences for the log about omissions.
    pub warnings: Vec<String>,
    /// Values of resources that topiq does not serve, each with where it comes from.
    pub invented: BTreeMap<String, String>,
}

/// A resource to create, and where it is described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The file, as the user named it.
    pub file: Arc<str>,
    /// The line of the file, from 1.
    pub line: usize,
    /// Its name in the file: a template's logical id, or a path such as `queues.orders`.
    pub name: String,
    /// The resource itself.
    pub wanted: Wanted,
}

impl Resource {
    /// Whether a template describes it, so that AWS can be given it too: logical ids have no dots, paths always have.
    pub fn is_of_a_template(&self) -> bool {
        !self.name.contains('.')
    }
}

/// A resource, in the terms of the AWS action that creates it.
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
    /// `SetQueueAttributes`: attributes that are set when all queues exist, such as a policy.
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
    /// Whatever one call of a service makes.
    Call(Box<Call>),
    /// A statement of an event bus's policy, in place of the one with the same `Sid`.
    BusStatement {
        /// The bus's name or ARN.
        bus: String,
        /// The statement, as JSON.
        statement: String,
    },
}

/// The call that makes a resource, and those around it. Inputs are JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The service's name.
    pub service: &'static str,
    /// When it is made among the calls of all files.
    pub turn: usize,
    /// What it makes; none for calls that only change it further.
    pub made: Option<Made>,
    /// What finds it, if it is there already; without it, making it again does no harm.
    pub find: Option<Change>,
    /// What makes it.
    pub make: Change,
    /// What changes one that is there already.
    pub change: Option<Change>,
    /// What gives one its tags that may be there already.
    pub tag: Option<Change>,
    /// Members of its description, with the texts that stand for them in what other resources say of it: only the service
    /// knows them.
    pub told: Vec<(String, String)>,
}

/// A resource that a call makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// CloudFormation's type of it.
    pub type_name: &'static str,
    /// Its name.
    pub name: String,
    /// The ARN that other resources know it by.
    pub arn: String,
    /// Its properties, each with the line where its value is written.
    pub lines: Vec<(String, usize)>,
}

/// An action and its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The action's name.
    pub action: &'static str,
    /// Its input, as JSON.
    pub input: String,
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

/// The context in which references are resolved: the account and region of the resources, and the URL to reach them.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The account and region of all resources.
    pub home: Home,
    /// The start of queue URLs, without a final slash: `http://localhost:4566`.
    pub endpoint: String,
    /// The given parameters, by name.
    pub parameters: Vec<(String, String)>,
    /// The values that templates export to each other, by name.
    pub exports: BTreeMap<String, String>,
    /// The templates of nested stacks.
    pub library: Library,
    /// How many stacks this is nested in.
    pub nesting: usize,
    /// What resolving values may take.
    pub work: Work,
}

impl Context {
    /// The same for another template, with nothing spent yet.
    pub(super) fn for_another_template(&self) -> Self {
        Self {
            work: self.work.of_another_template(),
            ..self.clone()
        }
    }

    /// The partition that the region belongs to.
    pub fn partition(&self) -> &'static str {
        self.home.region.partition()
    }

    /// The ARN of a service's resource here; `resource` is its last part.
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
