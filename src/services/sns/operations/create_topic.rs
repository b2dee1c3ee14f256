//! `CreateTopic`: creates a topic, or finds the existing one.

use serde::{Deserialize, Serialize};

use super::data_protection;
use super::tags::{self, SentTag};
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::limits;
use crate::services::sns::topic_attributes::{Kind, Refused, RequestedAttributes, TopicAttributes};
use crate::services::sns::topics::TopicName;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateTopicInput {
    name: Option<String>,
    attributes: Option<RequestedAttributes>,
    tags: Option<Vec<SentTag>>,
    data_protection_policy: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateTopicOutput {
    topic_arn: String,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: CreateTopicInput,
) -> Result<CreateTopicOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required("name", input.name);
    let tags = tags::named(&mut validation, input.tags.unwrap_or_default());
    validation.finish()?;
    let asked = input.attributes.unwrap_or_default();
    let kind = Kind::of(&asked).map_err(Refused::in_create)?;
    check_name(kind, &name)?;
    let attributes = TopicAttributes::created(kind, &asked).map_err(Refused::in_create)?;
    let mut new_tags = Tags::new();
    tags::add(&mut new_tags, tags::check(tags)?)?;
    let data_protection_policy =
        data_protection::check(kind, input.data_protection_policy.unwrap_or_default())?;

    let name = TopicName {
        account: caller.account,
        region: caller.region,
        name: name.into(),
    };
    let make = || {
        Topic::new(
            name.clone(),
            attributes.clone(),
            new_tags.clone(),
            data_protection_policy,
        )
    };
    let (topic, is_new) = sns.topics.get_or_insert(&name, make);
    if is_new {
        topic.keep_archive(sns.now());
    } else {
        if !attributes.agrees_with(&topic.attributes(), &asked, &name) {
            let reason = "Topic already exists with different attributes";
            return Err(Error::invalid_because("Attributes", reason));
        }
        if !has_all(&topic.tags(), &new_tags) {
            let reason = "Topic already exists with different tags";
            return Err(Error::invalid_because("Tags", reason));
        }
    }
    Ok(CreateTopicOutput {
        topic_arn: topic.arn.to_string(),
    })
}

/// The suffix and the attribute `FifoTopic` must agree.
fn check_name(kind: Kind, name: &str) -> Result<(), Error> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let word = match kind {
        Kind::Standard => Some(name),
        Kind::Fifo => name.strip_suffix(".fifo"),
    };
    let is_word = word.is_some_and(|word| !word.is_empty() && word.bytes().all(is_allowed));
    if is_word && name.len() <= limits::TOPIC_NAME_LENGTH {
        Ok(())
    } else {
        Err(Error::invalid("Topic Name"))
    }
}

fn has_all(present: &Tags, asked: &Tags) -> bool {
    asked
        .iter()
        .all(|(key, value)| present.get(key) == Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_that_end_as_their_kind_does() {
        let long = "a".repeat(256);
        let long_fifo = format!("{}.fifo", "a".repeat(251));
        for name in ["a", "A-b_9", &long] {
            assert_eq!(check_name(Kind::Standard, name), Ok(()), "{name}");
        }
        for name in ["a.fifo", &long_fifo] {
            assert_eq!(check_name(Kind::Fifo, name), Ok(()), "{name}");
        }
        let longer = format!("{long}a");
        for name in [
            "", "a.fifo", "a:b", "a;", "a!", "@", "|", "^", "%", "a b", "ä", &longer,
        ] {
            let refused = check_name(Kind::Standard, name).expect_err(name);
            assert_eq!(refused.to_string(), "Invalid parameter: Topic Name");
        }
        for name in ["", "a", ".fifo", "a.b.fifo", &format!("a{long_fifo}")] {
            assert!(check_name(Kind::Fifo, name).is_err(), "{name}");
        }
    }
}
