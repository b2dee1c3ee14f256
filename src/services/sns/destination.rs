//! Topics as targets: other services deliver to them as if by `Publish`, with the same checks.

use std::sync::{Arc, Weak};

use super::Sns;
use super::error::Error;
use super::hosted_topic::Topic;
use super::message_input::MessageInput;
use super::topics::TopicName;
use crate::clock::Timestamp;
use crate::delivery::{Delivered, Message, Outcome, Source, Target, TargetService, Undelivered};

impl TargetService for Sns {
    fn target(&self, arn: &str) -> Option<Arc<dyn Target>> {
        let topic = self.topics.by_arn(&TopicName::parse(arn)?)?;
        Some(Arc::new(TopicTarget {
            sns: self.itself.weak(),
            topic: Arc::downgrade(&topic),
        }))
    }
}

/// One topic. Holding it keeps no deleted topic.
#[derive(Debug)]
struct TopicTarget {
    sns: Weak<Sns>,
    topic: Weak<Topic>,
}

impl Target for TopicTarget {
    fn deliver(&self, _: Timestamp, message: Message<'_>) -> Outcome {
        let sns = self.sns.upgrade().ok_or(Undelivered::NoTarget)?;
        let topic = self.topic.upgrade().ok_or(Undelivered::NoTarget)?;
        let attributes = topic.attributes();
        let text = message.body.text();
        let input = MessageInput {
            message: Some(&text),
            subject: None,
            structure: None,
            attributes: None,
            group_id: message.group_id.as_deref(),
            deduplication_id: message.deduplication_id.as_deref(),
        };
        let mut contents = input.check(attributes.message_size())?;
        contents.attributes = message.attributes;
        let ids = input.check_ids(&attributes)?;
        let id = message.id.unwrap_or_else(|| sns.ids.message_id());
        let message = sns.message(id, &topic, &attributes, contents, ids, message.trace_header);
        let published = sns.publish_at_once(&topic, &attributes, message);
        Ok(Delivered::As(published.id))
    }

    fn permits(&self, source: &Source<'_>) -> Result<(), Undelivered> {
        let topic = self.topic.upgrade().ok_or(Undelivered::NoTarget)?;
        let policy = topic.attributes().policy(&topic.name);
        source.check(Some(&policy), "SNS:Publish", &topic.arn, topic.name.account)
    }
}

/// The refusal, in the words of `Publish`.
impl From<Error> for Undelivered {
    fn from(error: Error) -> Self {
        Self::Refused(error.to_string().into())
    }
}
