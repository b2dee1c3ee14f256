//! Every attribute that can be set: its name, its kinds of topic, its values, how it is kept and shown.

use serde_json::{Map, Value};

use super::super::delivery_policy::TopicPolicy;
use super::super::{limits, signing::signature::SignatureVersion, topic_policy};
use super::{ArchivePolicy, Kind, Refused, ThroughputScope, TopicAttributes};
use crate::aws::attributes::{Values, number_in};
use crate::aws::characters::ill_formed;

/// One attribute that can be set.
pub(super) struct Attribute {
    pub(super) name: &'static str,
    pub(super) values: Values,
    /// The only kind of topic that has it, if not both.
    pub(super) only: Option<Kind>,
    form: Form,
}

/// How an attribute is kept.
enum Form {
    /// In a field of its own. The setter gets the sent value, which may be empty.
    Own(Set, Get),
    /// In `feedback`. The empty text removes it.
    Feedback,
}

type Set = fn(&mut TopicAttributes, &str) -> Result<(), Refused>;
type Get = fn(&TopicAttributes) -> Option<String>;

const fn both(name: &'static str, values: Values, set: Set, get: Get) -> Attribute {
    Attribute {
        name,
        values,
        only: None,
        form: Form::Own(set, get),
    }
}

const fn only(kind: Kind, name: &'static str, values: Values, set: Set, get: Get) -> Attribute {
    Attribute {
        name,
        values,
        only: Some(kind),
        form: Form::Own(set, get),
    }
}

const fn role(name: &'static str) -> Attribute {
    Attribute {
        name,
        values: Values::Text,
        only: None,
        form: Form::Feedback,
    }
}

const fn rate(name: &'static str) -> Attribute {
    Attribute {
        name,
        values: Values::Numbers(limits::PERCENT),
        only: None,
        form: Form::Feedback,
    }
}

/// In alphabetical order. `FifoTopic` is not here: it is fixed when the topic is created.
pub(super) static TABLE: [Attribute; 25] = [
    role("ApplicationFailureFeedbackRoleArn"),
    role("ApplicationSuccessFeedbackRoleArn"),
    rate("ApplicationSuccessFeedbackSampleRate"),
    only(
        Kind::Fifo,
        "ArchivePolicy",
        Values::Document,
        set_archive_policy,
        |a| a.archive_policy.as_ref().map(|policy| policy.text.clone()),
    ),
    only(
        Kind::Fifo,
        "ContentBasedDeduplication",
        Values::Booleans,
        set_deduplication,
        |a| Some(a.content_based_deduplication.to_string()),
    ),
    both(
        "DeliveryPolicy",
        Values::Document,
        set_delivery_policy,
        |a| a.delivery_policy.as_ref().map(ToString::to_string),
    ),
    both("DisplayName", Values::Text, set_display_name, |a| {
        Some(a.display_name.clone())
    }),
    only(
        Kind::Fifo,
        "FifoThroughputScope",
        Values::Words(&["Topic", "MessageGroup"]),
        set_throughput_scope,
        |a| {
            a.fifo_throughput_scope
                .map(|scope| scope.as_str().to_owned())
        },
    ),
    role("FirehoseFailureFeedbackRoleArn"),
    role("FirehoseSuccessFeedbackRoleArn"),
    rate("FirehoseSuccessFeedbackSampleRate"),
    role("HTTPFailureFeedbackRoleArn"),
    role("HTTPSuccessFeedbackRoleArn"),
    rate("HTTPSuccessFeedbackSampleRate"),
    both("KmsMasterKeyId", Values::Text, set_kms_master_key_id, |a| {
        a.kms_master_key_id.clone()
    }),
    role("LambdaFailureFeedbackRoleArn"),
    role("LambdaSuccessFeedbackRoleArn"),
    rate("LambdaSuccessFeedbackSampleRate"),
    both(
        "MaximumMessageSize",
        Values::Numbers(limits::MAXIMUM_MESSAGE_SIZE),
        set_maximum_message_size,
        |a| a.maximum_message_size.map(|size| size.to_string()),
    ),
    both("Policy", Values::Document, set_policy, |a| a.policy.clone()),
    role("SQSFailureFeedbackRoleArn"),
    role("SQSSuccessFeedbackRoleArn"),
    rate("SQSSuccessFeedbackSampleRate"),
    both(
        "SignatureVersion",
        Values::Words(&["1", "2"]),
        set_signature_version,
        |a| {
            a.signature_version
                .map(|version| version.as_str().to_owned())
        },
    ),
    // Not on FIFO topics. (SNS developer guide, "Active tracing".)
    only(
        Kind::Standard,
        "TracingConfig",
        Values::Words(&["PassThrough", "Active"]),
        set_tracing_config,
        |a| a.tracing_config.clone(),
    ),
];

/// The attribute of this name, if topics of this kind have it.
pub(super) fn find(kind: Kind, name: &str) -> Option<&'static Attribute> {
    TABLE
        .iter()
        .find(|attribute| attribute.name == name && attribute.is_of(kind))
}

impl Attribute {
    pub(super) fn is_of(&self, kind: Kind) -> bool {
        self.only.is_none_or(|only| only == kind)
    }

    pub(super) fn set(
        &'static self,
        attributes: &mut TopicAttributes,
        value: &str,
    ) -> Result<(), Refused> {
        if ill_formed(value).is_some() {
            return Err(Refused::of(self.name));
        }
        match (&self.form, &self.values) {
            (Form::Own(set, _), _) => return set(attributes, value),
            (Form::Feedback, _) if value.is_empty() => {
                attributes.feedback.remove(self.name);
            }
            (Form::Feedback, Values::Numbers(range)) if number_in(range, value).is_none() => {
                return Err(Refused::of(self.name));
            }
            (Form::Feedback, _) => {
                attributes.feedback.insert(self.name, value.to_owned());
            }
        }
        Ok(())
    }

    /// The value, where it is shown.
    pub(super) fn get(&self, attributes: &TopicAttributes) -> Option<String> {
        match self.form {
            Form::Own(_, get) => get(attributes),
            Form::Feedback => attributes.feedback.get(self.name).cloned(),
        }
    }
}

/// `{"MessageRetentionPeriod":"30"}`, or `{}` for no archive. The empty text is refused (others saw AWS do so).
fn set_archive_policy(attributes: &mut TopicAttributes, text: &str) -> Result<(), Refused> {
    let refused = || Refused::of("ArchivePolicy");
    let policy: Map<String, Value> = serde_json::from_str(text).map_err(|_| refused())?;
    if policy.is_empty() {
        attributes.archive_policy = None;
        return Ok(());
    }
    let days = match (policy.len(), policy.get("MessageRetentionPeriod")) {
        (1, Some(Value::String(days))) => number_in(&limits::ARCHIVE_DAYS, days),
        (1, Some(Value::Number(days))) => number_in(&limits::ARCHIVE_DAYS, &days.to_string()),
        _ => None,
    };
    attributes.archive_policy = Some(ArchivePolicy {
        days: days.ok_or_else(refused)?,
        text: text.to_owned(),
    });
    Ok(())
}

fn set_deduplication(attributes: &mut TopicAttributes, value: &str) -> Result<(), Refused> {
    attributes.content_based_deduplication = super::boolean("ContentBasedDeduplication", value)?;
    Ok(())
}

fn set_delivery_policy(attributes: &mut TopicAttributes, text: &str) -> Result<(), Refused> {
    attributes.delivery_policy = if text.is_empty() {
        None
    } else {
        Some(TopicPolicy::parse(text).map_err(Refused::because)?)
    };
    Ok(())
}

fn set_display_name(attributes: &mut TopicAttributes, name: &str) -> Result<(), Refused> {
    if name.chars().count() > limits::DISPLAY_NAME_LENGTH {
        return Err(Refused::of("DisplayName"));
    }
    name.clone_into(&mut attributes.display_name);
    Ok(())
}

/// A topic that was limited by group stays so. (`SetTopicAttributes`.)
fn set_throughput_scope(attributes: &mut TopicAttributes, value: &str) -> Result<(), Refused> {
    let present = attributes.fifo_throughput_scope;
    let scope = match value {
        "Topic" if present != Some(ThroughputScope::MessageGroup) => ThroughputScope::Topic,
        "MessageGroup" => ThroughputScope::MessageGroup,
        _ => return Err(Refused::of("FifoThroughputScope")),
    };
    attributes.fifo_throughput_scope = Some(scope);
    Ok(())
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the table's setters may fail, this one cannot"
)]
fn set_kms_master_key_id(attributes: &mut TopicAttributes, key: &str) -> Result<(), Refused> {
    attributes.kms_master_key_id = some_text(key);
    Ok(())
}

fn set_maximum_message_size(attributes: &mut TopicAttributes, value: &str) -> Result<(), Refused> {
    if value.is_empty() {
        attributes.maximum_message_size = None;
        return Ok(());
    }
    let size = number_in(&limits::MAXIMUM_MESSAGE_SIZE, value)
        .ok_or_else(|| Refused::of("MaximumMessageSize"))?;
    attributes.maximum_message_size = Some(size);
    Ok(())
}

/// Kept as it was sent.
fn set_policy(attributes: &mut TopicAttributes, text: &str) -> Result<(), Refused> {
    if text.is_empty() {
        // As others saw of AWS; a topic cannot be without a policy.
        return Err(Refused::because("Policy is empty"));
    }
    topic_policy::validate(text).map_err(Refused::because)?;
    attributes.policy = Some(text.to_owned());
    Ok(())
}

fn set_signature_version(attributes: &mut TopicAttributes, value: &str) -> Result<(), Refused> {
    attributes.signature_version = if value.is_empty() {
        None
    } else {
        let version = SignatureVersion::parse(value);
        Some(version.ok_or_else(|| Refused::of("SignatureVersion"))?)
    };
    Ok(())
}

fn set_tracing_config(attributes: &mut TopicAttributes, value: &str) -> Result<(), Refused> {
    if !matches!(value, "" | "PassThrough" | "Active") {
        return Err(Refused::of("TracingConfig"));
    }
    attributes.tracing_config = some_text(value);
    Ok(())
}

fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
