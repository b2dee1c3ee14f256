//! Consumers: who is registered to read a stream by itself.

use crate::aws::tags::Tags;
use crate::clock::Timestamp;

use super::name::StreamName;

/// A registered consumer.
#[derive(Clone, Debug)]
pub(super) struct Consumer {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) created: Timestamp,
    pub(super) tags: Tags,
    pub(super) policy: Option<String>,
}

impl Consumer {
    pub(super) fn new(stream_arn: &str, name: &str, created: Timestamp, tags: Tags) -> Self {
        Self {
            name: name.to_owned(),
            arn: format!("{stream_arn}/consumer/{name}:{}", created.as_secs()),
            created,
            tags,
            policy: None,
        }
    }
}

/// The stream and the name of the consumer with this ARN.
pub(super) fn parse(arn: &str) -> Option<(StreamName, &str)> {
    let (stream, rest) = StreamName::parse_start(arn)?;
    let (name, _created) = rest.strip_prefix("/consumer/")?.rsplit_once(':')?;
    Some((stream, name))
}
