//! `DescribeStreamConsumer`: a registered consumer.

use serde::Serialize;

use super::consumers::{ConsumerInput, ShownConsumer};
use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::error::Error;
use crate::services::kinesis::resource::no_consumer;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeStreamConsumerOutput {
    consumer_description: ShownConsumer,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: ConsumerInput,
) -> Result<DescribeStreamConsumerOutput, Error> {
    let (stream, name) = input.find(kinesis)?;
    let state = stream.lock();
    let consumer = state.consumers.get(&name);
    let consumer = consumer.ok_or_else(|| no_consumer(&name, &stream.name))?;
    Ok(DescribeStreamConsumerOutput {
        consumer_description: ShownConsumer::new(kinesis, kinesis.now(), consumer).of(&stream),
    })
}
