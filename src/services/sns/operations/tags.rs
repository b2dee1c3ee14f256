//! Tags: their checks, and the resources that have them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::tags::{self, Tags};
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::hosted_topic::Topic;

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

/// The topic that a request tags: nothing else has tags.
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

/// The tags of a request by key. Missing members are recorded in `validation`.
pub(super) fn named(validation: &mut Validation, sent: Vec<SentTag>) -> Vec<(String, String)> {
    let numbered = (1..).zip(sent);
    numbered
        .map(|(place, tag)| {
            let key = validation.required(format_args!("tags.{place}.member.key"), tag.key);
            let value = validation.required(format_args!("tags.{place}.member.value"), tag.value);
            (key, value)
        })
        .collect()
}

/// Checks the tags of a request, each by itself. (`TagResource`.)
pub(super) fn check(named: Vec<(String, String)>) -> Result<Tags, Error> {
    let mut tags = Tags::new();
    for (key, value) in named {
        tags::check(&key, &value).map_err(|refused| Error::invalid_because("Tags", refused))?;
        if tags.insert(key, value).is_some() {
            return Err(Error::invalid("Duplicated keys are not allowed."));
        }
    }
    Ok(tags)
}

/// Adds `tags` to those of a topic, replacing those of the same keys; all or none.
pub(super) fn add(present: &mut Tags, tags: Tags) -> Result<(), Error> {
    tags::add(present, tags).map_err(|_| Error::TagLimitExceeded)
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
    fn keys_are_given_once() {
        assert_eq!(
            checked(&[("a", "1"), ("b", "2"), ("a", "1")]),
            Err("Invalid parameter: Duplicated keys are not allowed.".to_owned())
        );
    }

    #[test]
    fn a_refused_tag_is_told_with_its_reason() {
        assert_eq!(
            checked(&[("", "")]),
            Err("Invalid parameter: Tags Reason: Tag keys must be between 1 and 128 characters in length.".to_owned())
        );
    }
}
