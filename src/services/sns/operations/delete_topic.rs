//! `DeleteTopic`: deletes a topic. One that does not exist is no error.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteTopicInput {
    topic_arn: Option<String>,
}

pub(super) fn call(sns: &Sns, caller: &Caller<'_>, input: DeleteTopicInput) -> Result<(), Error> {
    let mut validation = Validation::default();
    let topic_arn = validation.required("topicArn", input.topic_arn);
    validation.finish()?;
    let topic = match sns.topic(caller, &topic_arn) {
        Err(Error::TopicDoesNotExist) => return Ok(()),
        found => found?,
    };
    if topic.attributes().archive_policy.is_some() {
        return Err(Error::TopicHasArchive);
    }
    if sns.topics.remove(&topic) {
        sns.end(&topic);
    }
    Ok(())
}
