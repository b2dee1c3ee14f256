//! A queue's attributes: their names, ranges and defaults, the kinds of queues that have them, and the errors for bad
//! values.
//!
//! One table serves `CreateQueue`, `SetQueueAttributes` and `GetQueueAttributes`. Every value is text on the wire.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::error::Error;
use super::limits;
use super::policy;
use super::queue::{DeduplicationScope, Kind, Redrive, Settings};
use super::redrive_policy::{RedriveAllowPolicy, RedrivePolicy};
use crate::aws::attributes::{Settable, Values, boolean, number_in};
use crate::aws::characters::ill_formed;
use crate::services::Settings as ServiceSettings;

/// The attributes that can be set, with their values. Durations are in seconds, sizes in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueAttributes {
    /// Standard or FIFO (`FifoQueue`).
    pub kind: Kind,
    /// How long a new message stays hidden.
    pub delay_seconds: u32,
    /// The maximum size of a message, attributes included.
    pub maximum_message_size: u32,
    /// How long a message is kept.
    pub message_retention_period: u32,
    /// The wait time of a receive that names none.
    pub receive_message_wait_time_seconds: u32,
    /// How long a received message stays hidden.
    pub visibility_timeout: u32,
    /// Whether SQS encrypts with its own keys.
    pub sqs_managed_sse_enabled: bool,
    /// The KMS key, stored and never used.
    pub kms_master_key_id: Option<String>,
    /// How long a data key is reused; shown only with a KMS key.
    pub kms_data_key_reuse_period_seconds: u32,
    /// The access policy as it was sent, with a version.
    pub policy: Option<String>,
    /// The dead-letter queue, and the number of receives before a message moves there.
    pub redrive_policy: Option<RedrivePolicy>,
    /// The queues that may use this one as their dead-letter queue.
    pub redrive_allow_policy: Option<RedriveAllowPolicy>,
    /// Whether messages without a deduplication id get the hash of their body; FIFO only.
    pub content_based_deduplication: bool,
    /// The scope in which deduplication ids are compared; FIFO only.
    pub deduplication_scope: DeduplicationScope,
    /// Whether the throughput quota is per group; FIFO only, stored and shown.
    pub is_limited_per_group: bool,
}

/// The default of `KmsDataKeyReusePeriodSeconds`.
const KMS_DATA_KEY_REUSE_PERIOD_SECONDS: u32 = 300;

impl QueueAttributes {
    /// The defaults of a new queue.
    pub fn new(kind: Kind) -> Self {
        let settings = Settings::default();
        Self {
            kind,
            delay_seconds: settings.delay_seconds,
            maximum_message_size: *limits::MAXIMUM_MESSAGE_SIZE.end(),
            message_retention_period: settings.message_retention_period,
            receive_message_wait_time_seconds: 0,
            visibility_timeout: settings.visibility_timeout,
            sqs_managed_sse_enabled: true,
            kms_master_key_id: None,
            kms_data_key_reuse_period_seconds: KMS_DATA_KEY_REUSE_PERIOD_SECONDS,
            policy: None,
            redrive_policy: None,
            redrive_allow_policy: None,
            content_based_deduplication: false,
            deduplication_scope: settings.deduplication_scope,
            is_limited_per_group: false,
        }
    }

    /// The settings that the queue's core needs.
    pub fn settings(&self, service: &ServiceSettings) -> Settings {
        Settings {
            delay_seconds: self.delay_seconds,
            message_retention_period: self.message_retention_period,
            visibility_timeout: self.visibility_timeout,
            deduplication_scope: self.deduplication_scope,
            deduplication_scope_delay: if service.strict_timing {
                limits::STRICT_CHANGE_SECONDS
            } else {
                0
            },
            redrive: self.redrive_policy.as_ref().map(|policy| Redrive {
                target: policy.dead_letter_target_arn.clone(),
                max_receive_count: policy.max_receive_count,
            }),
            in_flight_limit: service.in_flight_limit,
        }
    }
}

/// Where an attribute's value is kept.
struct Field<T> {
    get: fn(&QueueAttributes) -> T,
    at: fn(&mut QueueAttributes) -> &mut T,
}

macro_rules! field {
    ($name:ident) => {
        Field {
            get: |attributes| attributes.$name,
            at: |attributes| &mut attributes.$name,
        }
    };
}

type Set = fn(&mut QueueAttributes, &str) -> Result<(), Error>;
type Get = fn(&QueueAttributes) -> Option<String>;

/// How an attribute is read and shown.
enum Form {
    Number(RangeInclusive<u32>, Field<u32>),
    Boolean(Field<bool>),
    /// One of two words, the first of which is the default and `false`.
    Word(
        [&'static str; 2],
        fn(&mut QueueAttributes, bool),
        fn(&QueueAttributes) -> bool,
    ),
    /// Text that the empty string removes.
    Text(Set, Get),
    /// A JSON document that the empty string removes.
    Document(Set, Get),
    /// Fixed when the queue is created.
    QueueType,
}

/// One attribute that can be set.
struct Attribute {
    name: &'static str,
    form: Form,
    /// The error on a standard queue; `None` if both kinds have it.
    fifo_only: Option<fn(&'static str) -> Error>,
}

const fn both(name: &'static str, form: Form) -> Attribute {
    Attribute {
        name,
        form,
        fifo_only: None,
    }
}

const fn fifo(name: &'static str, form: Form, refusal: fn(&'static str) -> Error) -> Attribute {
    Attribute {
        name,
        form,
        fifo_only: Some(refusal),
    }
}

/// Every attribute that can be set, in the order of AWS's documentation and answers: alphabetical.
static TABLE: [Attribute; 15] = [
    fifo(
        "ContentBasedDeduplication",
        Form::Boolean(field!(content_based_deduplication)),
        unknown,
    ),
    fifo(
        "DeduplicationScope",
        Form::Word(
            ["queue", "messageGroup"],
            |a, is_group| {
                a.deduplication_scope = if is_group {
                    DeduplicationScope::MessageGroup
                } else {
                    DeduplicationScope::Queue
                };
            },
            |a| a.deduplication_scope == DeduplicationScope::MessageGroup,
        ),
        Error::FifoAttribute,
    ),
    both(
        "DelaySeconds",
        Form::Number(limits::DELAY_SECONDS, field!(delay_seconds)),
    ),
    fifo("FifoQueue", Form::QueueType, unknown),
    fifo(
        "FifoThroughputLimit",
        Form::Word(
            ["perQueue", "perMessageGroupId"],
            |a, is_group| a.is_limited_per_group = is_group,
            |a| a.is_limited_per_group,
        ),
        Error::FifoAttribute,
    ),
    both(
        "KmsDataKeyReusePeriodSeconds",
        Form::Number(
            limits::KMS_DATA_KEY_REUSE_PERIOD,
            field!(kms_data_key_reuse_period_seconds),
        ),
    ),
    both(
        "KmsMasterKeyId",
        Form::Text(set_kms_key, |a| a.kms_master_key_id.clone()),
    ),
    both(
        "MaximumMessageSize",
        Form::Number(limits::MAXIMUM_MESSAGE_SIZE, field!(maximum_message_size)),
    ),
    both(
        "MessageRetentionPeriod",
        Form::Number(
            limits::MESSAGE_RETENTION_PERIOD,
            field!(message_retention_period),
        ),
    ),
    both("Policy", Form::Document(set_policy, |a| a.policy.clone())),
    both(
        "ReceiveMessageWaitTimeSeconds",
        Form::Number(
            limits::WAIT_TIME_SECONDS,
            field!(receive_message_wait_time_seconds),
        ),
    ),
    both(
        "RedriveAllowPolicy",
        Form::Document(set_redrive_allow_policy, |a| {
            a.redrive_allow_policy.as_ref().map(ToString::to_string)
        }),
    ),
    both(
        "RedrivePolicy",
        Form::Document(set_redrive_policy, |a| {
            a.redrive_policy.as_ref().map(ToString::to_string)
        }),
    ),
    both(
        "SqsManagedSseEnabled",
        Form::Boolean(field!(sqs_managed_sse_enabled)),
    ),
    both(
        "VisibilityTimeout",
        Form::Number(limits::VISIBILITY_TIMEOUT, field!(visibility_timeout)),
    ),
];

/// Every attribute that can be set, in alphabetical order.
pub fn settable() -> Vec<Settable> {
    let settable = TABLE.iter().map(|attribute| Settable {
        name: attribute.name,
        values: match &attribute.form {
            Form::Number(range, _) => Values::Numbers(range.clone()),
            Form::Boolean(_) | Form::QueueType => Values::Booleans,
            Form::Word(words, ..) => Values::Words(words),
            Form::Text(..) => Values::Text,
            Form::Document(..) => Values::Document,
        },
        is_fifo_only: attribute.fifo_only.is_some(),
    });
    settable.collect()
}

/// The attributes that only AWS sets.
pub const READ_ONLY: [&str; 6] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

/// Whether an attribute of this name exists, settable or not.
pub fn is_known(name: &str) -> bool {
    READ_ONLY.contains(&name) || find(name).is_some()
}

fn find(name: &str) -> Option<&'static Attribute> {
    TABLE.iter().find(|attribute| attribute.name == name)
}

fn unknown(name: &'static str) -> Error {
    Error::UnknownAttribute(name.to_owned())
}

/// Any key is taken: AWS looks at it only when it encrypts.
fn set_kms_key(attributes: &mut QueueAttributes, key: &str) -> Result<(), Error> {
    if ill_formed(key).is_some() {
        return Err(Error::InvalidAttributeValue("KmsMasterKeyId"));
    }
    if key.is_empty() {
        // Leaves the queue without any encryption: SqsManagedSseEnabled stays false (recorded).
        attributes.remove_kms_key();
    } else {
        attributes.sqs_managed_sse_enabled = false;
        attributes.kms_master_key_id = Some(key.to_owned());
    }
    Ok(())
}

fn set_policy(attributes: &mut QueueAttributes, text: &str) -> Result<(), Error> {
    attributes.policy = if text.is_empty() {
        None
    } else {
        Some(policy::check(text)?)
    };
    Ok(())
}

fn set_redrive_policy(attributes: &mut QueueAttributes, text: &str) -> Result<(), Error> {
    attributes.redrive_policy = if text.is_empty() {
        None
    } else {
        Some(RedrivePolicy::parse(text)?)
    };
    Ok(())
}

fn set_redrive_allow_policy(attributes: &mut QueueAttributes, text: &str) -> Result<(), Error> {
    attributes.redrive_allow_policy = if text.is_empty() {
        None
    } else {
        Some(RedriveAllowPolicy::parse(text)?)
    };
    Ok(())
}

impl QueueAttributes {
    /// These attributes with all of `changes` applied, or an error.
    ///
    /// `CreateQueue` and `SetQueueAttributes` read their attributes here. Names are checked before values, as AWS does.
    pub fn with(&self, changes: &BTreeMap<String, String>) -> Result<Self, Error> {
        let mut result = self.clone();
        let rows = changes
            .iter()
            .map(|(name, value)| Ok((result.settable(name)?, value.as_str())));
        let rows = rows.collect::<Result<Vec<_>, Error>>()?;
        if names_key_and_sqs_encryption(changes) {
            return Err(Error::TwoEncryptions);
        }
        for (attribute, value) in rows {
            result.set(attribute, value)?;
        }
        if result.is_limited_per_group && result.deduplication_scope == DeduplicationScope::Queue {
            let sentence = "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup";
            return Err(Error::InvalidParameter(sentence.into()));
        }
        Ok(result)
    }

    fn settable(&self, name: &str) -> Result<&'static Attribute, Error> {
        let attribute = find(name).ok_or_else(|| Error::UnknownAttribute(name.to_owned()))?;
        match attribute.fifo_only {
            Some(refusal) if self.kind == Kind::Standard => Err(refusal(attribute.name)),
            _ => Ok(attribute),
        }
    }

    fn set(&mut self, attribute: &'static Attribute, value: &str) -> Result<(), Error> {
        let invalid = || Error::InvalidAttributeValue(attribute.name);
        match &attribute.form {
            Form::Number(range, field) => {
                *(field.at)(self) = number_in(range, value).ok_or_else(invalid)?;
            }
            Form::Boolean(field) => {
                let is_on = boolean(value).ok_or_else(invalid)?;
                *(field.at)(self) = is_on;
                if is_on && attribute.name == "SqsManagedSseEnabled" {
                    self.remove_kms_key();
                }
            }
            Form::Word(words, set, _) => {
                let place = words
                    .iter()
                    .position(|word| *word == value)
                    .ok_or_else(invalid)?;
                set(self, place == 1);
            }
            Form::Text(set, _) | Form::Document(set, _) => set(self, value)?,
            Form::QueueType => match boolean(value) {
                Some(true) => {}
                Some(false) => return Err(Error::QueueTypeIsFixed),
                None => return Err(invalid()),
            },
        }
        Ok(())
    }

    /// The reuse period is reset too: a later key starts with the default (recorded).
    fn remove_kms_key(&mut self) {
        self.kms_master_key_id = None;
        self.kms_data_key_reuse_period_seconds = KMS_DATA_KEY_REUSE_PERIOD_SECONDS;
    }

    /// The value of a settable attribute as `GetQueueAttributes` shows it; `None` where the queue does not have it.
    pub fn get(&self, name: &str) -> Option<String> {
        let attribute = find(name)?;
        if attribute.fifo_only.is_some() && self.kind == Kind::Standard {
            return None;
        }
        match &attribute.form {
            // Shown only together with a key, even if it was set (others have observed this of AWS).
            Form::Number(..)
                if name == "KmsDataKeyReusePeriodSeconds" && self.kms_master_key_id.is_none() =>
            {
                None
            }
            Form::Number(_, field) => Some((field.get)(self).to_string()),
            Form::Boolean(field) => Some((field.get)(self).to_string()),
            Form::Word(words, _, is_second) => Some(words[usize::from(is_second(self))].to_owned()),
            Form::Text(_, get) | Form::Document(_, get) => get(self),
            Form::QueueType => Some("true".to_owned()),
        }
    }

    /// Every settable attribute that the queue has, by name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, String)> + '_ {
        TABLE
            .iter()
            .filter_map(|attribute| Some((attribute.name, self.get(attribute.name)?)))
    }

    /// The settable attributes that differ from a new queue's, by name, without those that follow from another one.
    pub fn non_default(&self) -> Vec<(&'static str, String)> {
        let new = Self::new(self.kind);
        // Only one of the two encryptions can be on: a key turns SQS's own off.
        let follows =
            |name: &str| name == "SqsManagedSseEnabled" && self.kms_master_key_id.is_some();
        self.all()
            .filter(|(name, value)| new.get(name).as_ref() != Some(value) && !follows(name))
            .collect()
    }

    /// The first of the attributes in `asked`, by name, whose value differs between this and `other`. Documents are
    /// compared by what they say.
    pub fn first_difference(
        &self,
        other: &Self,
        asked: &BTreeMap<String, String>,
    ) -> Option<&'static str> {
        let mut rows = asked.keys().filter_map(|name| find(name));
        let differs = |attribute: &&Attribute| {
            let (this, other) = (self.get(attribute.name), other.get(attribute.name));
            match attribute.form {
                Form::Document(..) => document(this) != document(other),
                _ => this != other,
            }
        };
        rows.find(differs).map(|attribute| attribute.name)
    }
}

fn document(text: Option<String>) -> Option<serde_json::Value> {
    text.map(|text| serde_json::from_str(&text).expect("a stored document was checked"))
}

fn names_key_and_sqs_encryption(changes: &BTreeMap<String, String>) -> bool {
    let key = changes
        .get("KmsMasterKeyId")
        .is_some_and(|key| !key.is_empty());
    key && changes
        .get("SqsManagedSseEnabled")
        .and_then(|value| boolean(value))
        == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(
        attributes: &QueueAttributes,
        changes: &[(&str, &str)],
    ) -> Result<QueueAttributes, Error> {
        attributes.with(
            &changes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    fn standard(changes: &[(&str, &str)]) -> Result<QueueAttributes, Error> {
        change(&QueueAttributes::new(Kind::Standard), changes)
    }

    fn fifo(changes: &[(&str, &str)]) -> Result<QueueAttributes, Error> {
        change(&QueueAttributes::new(Kind::Fifo), changes)
    }

    #[test]
    fn table_is_in_alphabetical_order() {
        assert!(TABLE.is_sorted_by_key(|attribute| attribute.name));
    }

    #[test]
    fn fresh_queues_show_awss_defaults() {
        let shown: Vec<_> = QueueAttributes::new(Kind::Standard).all().collect();
        let expected = [
            ("DelaySeconds", "0"),
            ("MaximumMessageSize", "1048576"),
            ("MessageRetentionPeriod", "345600"),
            ("ReceiveMessageWaitTimeSeconds", "0"),
            ("SqsManagedSseEnabled", "true"),
            ("VisibilityTimeout", "30"),
        ];
        assert_eq!(
            shown,
            expected.map(|(name, value)| (name, value.to_owned()))
        );
        assert_eq!(QueueAttributes::new(Kind::Fifo).all().count(), 10);
    }

    #[test]
    fn numbers_are_plain_digits_in_range() {
        assert_eq!(
            standard(&[("DelaySeconds", "900")])
                .expect("in range")
                .delay_seconds,
            900
        );
        for wrong in ["901", "-1", "", " 1", "1.0", "abc", "99999999999"] {
            let error = standard(&[("DelaySeconds", wrong)]).expect_err(wrong);
            assert_eq!(
                error.to_string(),
                "Invalid value for the parameter DelaySeconds."
            );
        }
    }

    #[test]
    fn booleans_are_taken_in_any_case() {
        let queue = fifo(&[("ContentBasedDeduplication", "True")]).expect("a boolean");
        assert_eq!(
            queue.get("ContentBasedDeduplication").as_deref(),
            Some("true")
        );
        assert!(fifo(&[("ContentBasedDeduplication", "yes")]).is_err());
    }

    #[test]
    fn fifo_attributes_are_refused_on_standard_queues_in_awss_words() {
        let text = |name: &str| {
            standard(&[(name, "true")])
                .expect_err("a refusal")
                .to_string()
        };
        assert_eq!(
            text("ContentBasedDeduplication"),
            "Unknown Attribute ContentBasedDeduplication."
        );
        assert_eq!(text("FifoQueue"), "Unknown Attribute FifoQueue.");
        let only = "You can specify the DeduplicationScope only when FifoQueue is set to true.";
        assert_eq!(text("DeduplicationScope"), only);
    }

    #[test]
    fn queue_type_cannot_be_changed() {
        assert!(fifo(&[("FifoQueue", "true")]).is_ok());
        assert_eq!(
            fifo(&[("FifoQueue", "false")]),
            Err(Error::QueueTypeIsFixed)
        );
    }

    #[test]
    fn throughput_per_group_needs_the_scope() {
        assert!(fifo(&[("FifoThroughputLimit", "perMessageGroupId")]).is_err());
        let both = [
            ("FifoThroughputLimit", "perMessageGroupId"),
            ("DeduplicationScope", "messageGroup"),
        ];
        assert!(fifo(&both).is_ok());
    }

    #[test]
    fn kms_key_turns_sqs_encryption_off_and_stays_off_when_removed() {
        let keyed = standard(&[("KmsMasterKeyId", "alias/mine")]).expect("a key");
        assert_eq!(keyed.get("SqsManagedSseEnabled").as_deref(), Some("false"));
        assert_eq!(
            keyed.get("KmsDataKeyReusePeriodSeconds").as_deref(),
            Some("300")
        );
        let removed = change(&keyed, &[("KmsMasterKeyId", "")]).expect("removed");
        assert_eq!(removed.get("KmsMasterKeyId"), None);
        assert_eq!(removed.get("KmsDataKeyReusePeriodSeconds"), None);
        assert_eq!(
            removed.get("SqsManagedSseEnabled").as_deref(),
            Some("false")
        );
        let managed = change(&keyed, &[("SqsManagedSseEnabled", "true")]).expect("managed");
        assert_eq!(managed.get("KmsMasterKeyId"), None);
        let both = [("KmsMasterKeyId", "k"), ("SqsManagedSseEnabled", "true")];
        assert_eq!(standard(&both), Err(Error::TwoEncryptions));
        assert!(standard(&[("KmsMasterKeyId", "k"), ("SqsManagedSseEnabled", "false")]).is_ok());
    }

    #[test]
    fn names_are_checked_before_values() {
        let error = standard(&[("DelaySeconds", "x"), ("Zebra", "1")]).expect_err("a refusal");
        assert_eq!(error, Error::UnknownAttribute("Zebra".into()));
    }

    #[test]
    fn only_asked_attributes_are_compared() {
        let queue = standard(&[("VisibilityTimeout", "40")]).expect("a queue");
        let asked = |pairs: &[(&str, &str)]| {
            let asked = pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect();
            queue.first_difference(&queue.with(&asked).expect("valid"), &asked)
        };
        assert_eq!(asked(&[("DelaySeconds", "0")]), None);
        assert_eq!(
            asked(&[("VisibilityTimeout", "30"), ("DelaySeconds", "0")]),
            Some("VisibilityTimeout")
        );
    }

    #[test]
    fn documents_are_compared_by_what_they_say() {
        let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*"}}"#;
        let queue = standard(&[("Policy", policy)]).expect("a queue");
        let difference = |text: String| {
            let asked = BTreeMap::from([("Policy".to_owned(), text)]);
            queue.first_difference(&queue.with(&asked).expect("valid"), &asked)
        };
        assert_eq!(difference(policy.replace(':', " : ")), None);
        assert_eq!(difference(policy.replace("Deny", "Allow")), Some("Policy"));
        assert_eq!(difference(String::new()), Some("Policy"));
    }

    #[test]
    fn keys_are_text_that_xml_can_hold() {
        let refused = Err(Error::InvalidAttributeValue("KmsMasterKeyId"));
        assert_eq!(standard(&[("KmsMasterKeyId", "a\u{7}b")]), refused);
    }
}
