//! What has tags and a policy: a stream or a consumer, by its ARN.

use std::sync::Arc;

use super::Kinesis;
use super::consumer;
use super::error::{Error, Under};
use super::hosted_stream::{HostedStream, State};
use super::name::StreamName;
use crate::aws::tags::Tags;

/// A stream or one of its consumers.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) stream: Arc<HostedStream>,
    consumer: Option<String>,
}

impl Resource {
    /// The resource with this ARN.
    pub(super) fn find(kinesis: &Kinesis, arn: &str) -> Result<Self, Error> {
        let (name, consumer) = if let Some((stream, consumer)) = consumer::parse(arn) {
            (stream, Some(consumer.to_owned()))
        } else {
            let stream = StreamName::parse(arn);
            let invalid =
                || Error::invalid(format!("{arn} is not the ARN of a stream or a consumer."));
            (stream.ok_or_else(invalid)?, None)
        };
        let stream = kinesis.streams.get(kinesis.now(), &name);
        let stream = stream.ok_or_else(|| Error::no_stream(&name))?;
        if let Some(consumer) = &consumer {
            let state = stream.lock();
            let found = state.consumers.get(consumer);
            found
                .filter(|found| found.arn == arn)
                .ok_or_else(|| no_consumer(consumer, &name))?;
        }
        Ok(Self { stream, consumer })
    }

    /// Looks at its tags and its policy, or changes them.
    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&mut Tags, &mut Option<String>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut state = self.stream.lock();
        let state: &mut State = &mut state;
        let Some(name) = &self.consumer else {
            return work(&mut state.tags, &mut state.policy);
        };
        let consumer = state.consumers.get_mut(name);
        let consumer = consumer.ok_or_else(|| no_consumer(name, &self.stream.name))?;
        work(&mut consumer.tags, &mut consumer.policy)
    }
}

/// The stream has no consumer of this name.
pub(super) fn no_consumer(consumer: &str, stream: &StreamName) -> Error {
    let stream = Under(stream);
    Error::NotFound(format!("Consumer {consumer}, {stream} not found."))
}
