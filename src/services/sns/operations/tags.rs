//! Tags: what they may be, and what has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::required::Required;
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::hosted_topic::Topic;
use crate::services::sns::limits;

/// Tags by key.
pub(super) type Tags = BTreeMap<String, String>;

/// A tag as it is sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SentTag {
    key: Option<String>,
    value: Option<String>,
}

/// A tag as it is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) key: String,
    pub(super) value: String,
}

/// What a request tags: only topics have tags.
pub(super) fn tagged(
    sns: &Sns,
    caller: &Caller<'_>,
    resource_arn: &str,
) -> Result<Arc<Topic>, Error> {
    sns.topic_of(caller, "ResourceArn", resource_arn)
        .map_err(|error| match error {
            Error::TopicDoesNotExist => Error::ResourceNotFound,
            other => other,
        })
}

/// The tags of a request by key. Members that they lack are noted in `required`.
pub(super) fn named(required: &mut Required, sent: Vec<SentTag>) -> Vec<(String, String)> {
    let numbered = (1..).zip(sent);
    numbered
        .map(|(place, tag)| {
            let key = required.member(format!("tags.{place}.member.key"), tag.key);
            let value = required.member(format!("tags.{place}.member.value"), tag.value);
            (key, value)
        })
        .collect()
}

/// Checks the tags of a request, each for itself. (`TagResource`.)
pub(super) fn check(named: Vec<(String, String)>) -> Result<Tags, Error> {
    let refuse = |reason: &str| Err(Error::invalid_because("Tags", reason));
    let mut tags = Tags::new();
    for (key, value) in named {
        if !limits::TAG_KEY_LENGTH.contains(&key.chars().count()) {
            return refuse("Tag keys must be between 1 and 128 characters in length.");
        }
        if value.chars().count() > limits::TAG_VALUE_LENGTH {
            return refuse("Tag values must be between 0 and 256 characters in length.");
        }
        if key
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
        {
            return refuse("Tag keys must not begin with aws:, which is reserved.");
        }
        if tags.insert(key, value).is_some() {
            return Err(Error::invalid("Duplicated keys are not allowed."));
        }
    }
    Ok(tags)
}

/// Adds `tags` to those that are there, over those of the same keys; all or none.
pub(super) fn add(present: &mut Tags, tags: Tags) -> Result<(), Error> {
    let new = tags.keys().filter(|key| !present.contains_key(*key));
    if present.len() + new.count() > limits::TAGS {
        return Err(Error::TagLimitExceeded);
    }
    present.extend(tags);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(tags: &[(&str, &str)]) -> Result<Tags, String> {
        let tags = tags.iter();
        let named = tags.map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        check(named.collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn keys_and_values_have_their_lengths() {
        let (key, value) = ("ä".repeat(128), "ä".repeat(256));
        assert!(checked(&[(&key, &value), ("a", "")]).is_ok());
        let long_key = "ä".repeat(129);
        let long_value = "ä".repeat(257);
        for tag in [
            ("", ""),
            (&*long_key, ""),
            ("a", &*long_value),
            ("AWS:a", ""),
        ] {
            let refused = checked(&[tag]).expect_err("refused");
            assert!(
                refused.starts_with("Invalid parameter: Tags Reason: "),
                "{refused}"
            );
        }
    }

    #[test]
    fn keys_are_given_once() {
        assert_eq!(
            checked(&[("a", "1"), ("b", "2"), ("a", "1")]),
            Err("Invalid parameter: Duplicated keys are not allowed.".to_owned())
        );
    }

    #[test]
    fn fifty_tags_are_the_most_and_present_keys_count_once() {
        let tag = |number: usize| (number.to_string(), String::new());
        let mut present: Tags = (0..49).map(tag).collect();
        assert_eq!(add(&mut present, (40..50).map(tag).collect()), Ok(()));
        assert_eq!(
            add(&mut present, (50..51).map(tag).collect()),
            Err(Error::TagLimitExceeded)
        );
        assert_eq!(present.len(), 50);
    }
}
