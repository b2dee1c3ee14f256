//! Consumers as they are shown, and as requests name them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::services::kinesis::constraints::{ARNS, CONSUMERS, NAMES, validation};
use crate::services::kinesis::consumer::{self, Consumer};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::resource::no_consumer;
use crate::services::kinesis::{HostedStream, Kinesis, StreamName};
use crate::wire::Moment;

/// A consumer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownConsumer {
    consumer_name: String,
    #[serde(rename = "ConsumerARN")]
    consumer_arn: String,
    consumer_status: &'static str,
    consumer_creation_timestamp: Moment,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    stream_arn: Option<String>,
}

impl ShownConsumer {
    pub(super) fn new(kinesis: &Kinesis, now: Timestamp, consumer: &Consumer) -> Self {
        let is_creating = is_creating(kinesis, now, consumer);
        Self {
            consumer_name: consumer.name.clone(),
            consumer_arn: consumer.arn.clone(),
            consumer_status: if is_creating { "CREATING" } else { "ACTIVE" },
            consumer_creation_timestamp: Moment(consumer.created),
            stream_arn: None,
        }
    }

    /// The same as the answer to its registration has it: not there yet, though the next look finds it there.
    pub(super) fn registered(self) -> Self {
        Self {
            consumer_status: "CREATING",
            ..self
        }
    }

    /// The same with its stream.
    pub(super) fn of(self, stream: &HostedStream) -> Self {
        Self {
            stream_arn: Some(stream.arn.clone()),
            ..self
        }
    }
}

/// A consumer as a request names it: by its ARN, or by its stream's and its name.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConsumerInput {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    consumer_name: Option<String>,
    #[serde(rename = "ConsumerARN")]
    consumer_arn: Option<String>,
}

impl ConsumerInput {
    /// The stream of the consumer, and the consumer's name.
    pub(super) fn find(&self, kinesis: &Kinesis) -> Result<(Arc<HostedStream>, String), Error> {
        let mut validation = validation();
        validation.check("consumerARN", self.consumer_arn.as_deref(), &CONSUMERS);
        validation.check("consumerName", self.consumer_name.as_deref(), &NAMES);
        validation.check("streamARN", self.stream_arn.as_deref(), &ARNS);
        validation.finish()?;
        let (arn, stream_arn) = (self.consumer_arn.as_deref(), self.stream_arn.as_deref());
        let (stream, name) = match (arn, stream_arn, self.consumer_name.as_deref()) {
            (Some(arn), _, _) => consumer_of(arn)?,
            (None, Some(stream), Some(name)) => (stream_of(stream)?, name),
            _ => {
                return Err(Error::invalid(
                    "Either ConsumerARN, or both StreamARN and ConsumerName should be provided.",
                ));
            }
        };
        let now = kinesis.now();
        let found = kinesis.streams.get(now, &stream);
        let found = found.ok_or_else(|| Error::no_stream(&stream))?;
        let state = found.lock();
        let consumer = state.consumers.get(name);
        let consumer = consumer.filter(|it| arn.is_none_or(|arn| arn == it.arn));
        consumer.ok_or_else(|| no_consumer(name, &stream))?;
        drop(state);
        Ok((found, name.to_owned()))
    }
}

/// Whether a consumer is not there yet: it is at the end of a change that began when it was registered.
pub(super) fn is_creating(kinesis: &Kinesis, now: Timestamp, consumer: &Consumer) -> bool {
    now < kinesis.transition_end(consumer.created)
}

/// The stream and the name of a consumer's ARN.
pub(super) fn consumer_of(arn: &str) -> Result<(StreamName, &str), Error> {
    let parsed = consumer::parse(arn);
    parsed.ok_or_else(|| Error::invalid(format!("{arn} is not the ARN of a consumer.")))
}

/// The stream of an ARN.
pub(super) fn stream_of(arn: &str) -> Result<StreamName, Error> {
    let stream = StreamName::parse(arn);
    stream.ok_or_else(|| Error::invalid(format!("{arn} is not the ARN of a stream.")))
}
