//! A topic's attributes: their names, how they are set and shown, and the errors of wrong values.
//!
//! One [`table`] serves `CreateTopic`, `SetTopicAttributes` and `GetTopicAttributes`. Every value is text on the wire.

mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::delivery_policy::{TopicPolicy, effective_topic_policy};
use super::error::Error;
use super::limits;
use super::signing::signature::SignatureVersion;
use super::topic::ThroughputScope;
use super::topic_policy;
use super::topics::TopicName;
use crate::aws::attributes::{self, Settable};

/// Whether a topic keeps order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Standard,
    Fifo,
}

/// The attributes that can be set. Absent ones are not shown.
#[derive(Clone, Debug)]
pub(crate) struct TopicAttributes {
    pub(crate) kind: Kind,
    pub(crate) display_name: String,
    /// The access policy, where it is not the default one.
    pub(crate) policy: Option<String>,
    pub(crate) delivery_policy: Option<TopicPolicy>,
    pub(crate) kms_master_key_id: Option<String>,
    pub(crate) signature_version: Option<SignatureVersion>,
    /// `PassThrough` or `Active`; kept and shown.
    pub(crate) tracing_config: Option<String>,
    /// FIFO only.
    pub(crate) content_based_deduplication: bool,
    /// FIFO only.
    pub(crate) fifo_throughput_scope: Option<ThroughputScope>,
    /// FIFO only: how many days messages are kept for replays, and the text that was set.
    pub(crate) archive_policy: Option<ArchivePolicy>,
    /// Bytes of a message with its attributes.
    pub(crate) maximum_message_size: Option<u32>,
    /// `HTTPSuccessFeedbackRoleArn` and its like, by name; kept and shown.
    pub(crate) feedback: BTreeMap<&'static str, String>,
}

/// How long a FIFO topic keeps its messages for replays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ArchivePolicy {
    pub(crate) days: u32,
    pub(crate) text: String,
}

impl TopicAttributes {
    /// The defaults of a new topic.
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            display_name: String::new(),
            policy: None,
            delivery_policy: None,
            kms_master_key_id: None,
            signature_version: None,
            tracing_config: None,
            content_based_deduplication: false,
            fifo_throughput_scope: None,
            archive_policy: None,
            maximum_message_size: None,
            feedback: BTreeMap::new(),
        }
    }

    /// The largest message that the topic accepts, in bytes, attributes included.
    pub(crate) fn message_size(&self) -> usize {
        self.maximum_message_size
            .map_or(limits::MESSAGE_SIZE, |size| size as usize)
    }
}

/// Attributes as they are sent, by name.
pub(crate) type RequestedAttributes = BTreeMap<String, String>;

/// Why an attribute cannot be set. The two actions word it differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The topic has no such attribute, or none that can be set.
    Unknown(String),
    /// The value is not allowed, with AWS's text about it.
    Value(Cow<'static, str>),
}

impl Refused {
    /// For most values AWS names only the attribute.
    const fn of(name: &'static str) -> Self {
        Self::Value(Cow::Borrowed(name))
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "errors are handed on by `map_err`"
    )]
    fn because(reason: impl ToString) -> Self {
        Self::Value(reason.to_string().into())
    }

    /// In `CreateTopic`'s words.
    pub(crate) fn in_create(self) -> Error {
        match self {
            Self::Unknown(name) => {
                Error::invalid_because("Attributes", format_args!("Unknown attribute {name}"))
            }
            Self::Value(text) => Error::invalid_because("Attributes", text),
        }
    }

    /// In `SetTopicAttributes`' words.
    pub(crate) fn in_set(self) -> Error {
        match self {
            Self::Unknown(_) => Error::invalid("AttributeName"),
            Self::Value(text) => Error::invalid(text),
        }
    }
}

/// Every attribute that can be set, of either kind of topic, in alphabetical order.
pub(super) fn settable() -> impl Iterator<Item = Settable> {
    table::TABLE.iter().map(|attribute| Settable {
        name: attribute.name,
        values: attribute.values.clone(),
        is_fifo_only: attribute.only == Some(Kind::Fifo),
    })
}

/// The attribute that decides the kind of topic; only `CreateTopic` takes it.
const FIFO_TOPIC: &str = "FifoTopic";

impl Kind {
    /// The kind of the topic that is asked for.
    pub(crate) fn of(asked: &RequestedAttributes) -> Result<Self, Refused> {
        match asked.get(FIFO_TOPIC) {
            Some(value) if boolean(FIFO_TOPIC, value)? => Ok(Self::Fifo),
            _ => Ok(Self::Standard),
        }
    }
}

impl TopicAttributes {
    /// The attributes of a new topic.
    pub(crate) fn created(kind: Kind, asked: &RequestedAttributes) -> Result<Self, Refused> {
        let mut attributes = Self::new(kind);
        for (name, value) in asked.iter().filter(|(name, _)| *name != FIFO_TOPIC) {
            attributes.set(name, value)?;
        }
        Ok(attributes)
    }

    /// Sets one attribute. An empty value removes those that a topic can be without.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), Refused> {
        let attribute =
            table::find(self.kind, name).ok_or_else(|| Refused::Unknown(name.to_owned()))?;
        attribute.set(self, value)
    }

    /// Whether the attributes in `asked` have the same values in `other`. (Recorded: others do not count.)
    pub(crate) fn agrees_with(
        &self,
        other: &Self,
        asked: &RequestedAttributes,
        topic: &TopicName,
    ) -> bool {
        let names = asked.keys().filter(|name| *name != FIFO_TOPIC);
        names.into_iter().all(|name| {
            let values = (self.shown(name, topic), other.shown(name, topic));
            match (name.as_str(), &values) {
                // Documents are the same however they are written.
                ("Policy" | "ArchivePolicy", (Some(one), Some(another))) => {
                    document(one) == document(another)
                }
                (_, (one, another)) => one == another,
            }
        })
    }

    /// The value of a settable attribute, where it is shown.
    fn shown(&self, name: &str, topic: &TopicName) -> Option<String> {
        match name {
            "Policy" => Some(self.policy(topic)),
            _ => table::find(self.kind, name)?.get(self),
        }
    }

    /// Every attribute that follows from these, with its value. Counts are not among them.
    pub(crate) fn all(&self, topic: &TopicName) -> BTreeMap<&'static str, String> {
        let settable = table::TABLE.iter().map(|attribute| attribute.name);
        let mut all: BTreeMap<_, _> = settable
            .filter_map(|name| Some((name, self.shown(name, topic)?)))
            .collect();
        let effective = effective_topic_policy(self.delivery_policy.as_ref());
        all.insert("EffectiveDeliveryPolicy", effective);
        all.insert("Owner", topic.account.to_string());
        all.insert("TopicArn", topic.arn());
        if self.kind == Kind::Fifo {
            all.insert(FIFO_TOPIC, "true".to_owned());
        }
        all
    }

    /// The settable attributes that differ from a new topic's, by name.
    pub(crate) fn non_default(&self) -> Vec<(&'static str, String)> {
        let new = Self::new(self.kind);
        let rows = table::TABLE.iter().filter_map(|attribute| {
            let value = attribute.get(self)?;
            (attribute.get(&new).as_ref() != Some(&value)).then_some((attribute.name, value))
        });
        rows.collect()
    }

    /// The access policy.
    pub(crate) fn policy(&self, topic: &TopicName) -> String {
        let policy = self.policy.clone();
        policy.unwrap_or_else(|| topic_policy::default(topic))
    }
}

fn document(text: &str) -> Option<Map<String, Value>> {
    serde_json::from_str(text).ok()
}

/// `true` and `false` in any letter case.
fn boolean(name: &str, text: &str) -> Result<bool, Refused> {
    attributes::boolean(text).ok_or_else(|| {
        let sentence = format!("{name}: Invalid value [{text}]. Must be true or false.");
        Refused::because(sentence)
    })
}

#[cfg(test)]
mod tests;
