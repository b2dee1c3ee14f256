//! References by name: a bare name where AWS has a queue's ARN, and `${queues.orders}`, `${topics.order-events}`,
//! `${account}` and `${region}` within texts.

use std::collections::BTreeSet;

use super::File;
use crate::document::{Node, Value};
use crate::init::plan::Context;

/// The names of existing resources.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Queues.
    pub queues: BTreeSet<String>,
    /// Topics.
    pub topics: BTreeSet<String>,
}

/// The names that can be referred to, and the context of their ARNs.
pub(super) struct Known<'a> {
    names: Names,
    context: &'a Context,
}

impl<'a> Known<'a> {
    pub(super) fn new(files: &[File<'_>], mut names: Names, context: &'a Context) -> Self {
        for file in files {
            names.queues.extend(keys(file.root.get("queues")));
            names.topics.extend(keys(file.root.get("topics")));
        }
        Self { names, context }
    }

    pub(super) fn topic_arn(&self, name: &str) -> String {
        self.context.arn("sns", name)
    }

    /// The ARN of the queue that a text names, by name or by ARN.
    pub(super) fn queue_arn(&self, text: &str) -> Result<String, String> {
        if text.contains(':') || text.contains("${") {
            return self.filled(text);
        }
        if self.names.queues.contains(text) {
            return Ok(self.context.arn("sqs", text));
        }
        Err(format!("there is no queue {text}"))
    }

    /// A document with its references resolved: names where an attribute has ARNs, and `${…}` in access policies.
    pub(super) fn resolved(&self, attribute: &str, node: &Node) -> Result<Node, String> {
        let queue = |text: &str| self.queue_arn(text).map(Value::Text).map(Some);
        match attribute {
            "Policy" => node.try_with_texts(&|text| self.filled(text).map(Value::Text).map(Some)),
            "RedrivePolicy" => node.try_with_texts_of("deadLetterTargetArn", &queue),
            "RedriveAllowPolicy" => node.try_with_texts_of("sourceQueueArns", &queue),
            _ => Ok(node.clone()),
        }
    }

    /// A text with topiq's variables filled in. Others stay, such as IAM's `${aws:username}`.
    pub(super) fn filled(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let variable = after.split_once('}');
            let known = variable.and_then(|(name, after)| Some((self.variable(name)?, after)));
            if let Some((value, after)) = known {
                filled.push_str(&value?);
                rest = after;
            } else {
                filled.push_str("${");
                rest = after;
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// The value of `${name}`, if it is one of topiq's variables.
    fn variable(&self, name: &str) -> Option<Result<String, String>> {
        let arn = |service, kind, known: &BTreeSet<String>, name: &str| {
            if known.contains(name) {
                Ok(self.context.arn(service, name))
            } else {
                Err(format!("there is no {kind} {name}"))
            }
        };
        if let Some(name) = name.strip_prefix("queues.") {
            return Some(arn("sqs", "queue", &self.names.queues, name));
        }
        if let Some(name) = name.strip_prefix("topics.") {
            return Some(arn("sns", "topic", &self.names.topics, name));
        }
        match name {
            "account" => Some(Ok(self.context.home.account.to_string())),
            "region" => Some(Ok(self.context.home.region.to_string())),
            _ => None,
        }
    }
}

fn keys(node: Option<&Node>) -> impl Iterator<Item = String> {
    let entries = node.map(Node::entries).unwrap_or_default();
    entries.iter().map(|(key, _)| key.text.clone())
}
