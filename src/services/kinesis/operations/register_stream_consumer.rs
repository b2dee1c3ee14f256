//! `RegisterStreamConsumer`: registers who reads a stream by itself.

use serde::{Deserialize, Serialize};

use super::consumers::{ShownConsumer, stream_of};
use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::{ARNS, NAMES, validation};
use crate::services::kinesis::consumer::Consumer;
use crate::services::kinesis::error::{Error, Under};
use crate::services::kinesis::limits::CONSUMERS;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RegisterStreamConsumerInput {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    consumer_name: Option<String>,
    tags: Option<Tags>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RegisterStreamConsumerOutput {
    consumer: ShownConsumer,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: RegisterStreamConsumerInput,
) -> Result<RegisterStreamConsumerOutput, Error> {
    let mut validation = validation();
    let name = validation.required_text("consumerName", input.consumer_name.as_deref(), &NAMES);
    let arn = validation.required_text("streamARN", input.stream_arn.as_deref(), &ARNS);
    tags::validate(&mut validation, input.tags.as_ref());
    validation.finish()?;
    let tags = input.tags.unwrap_or_default();
    tags::check(&tags)?;
    let now = kinesis.now();
    let stream_name = stream_of(arn)?;
    let stream = kinesis.streams.get(now, &stream_name);
    let stream = stream.ok_or_else(|| Error::no_stream(&stream_name))?;
    let mut state = stream.lock_active(now)?;
    let under = Under(&stream_name);
    if state.consumers.contains_key(name) {
        return Err(Error::InUse(format!(
            "Consumer {name}, {under} already exists."
        )));
    }
    if state.consumers.len() >= CONSUMERS {
        return Err(Error::LimitExceeded(format!(
            "{under} cannot have more than {CONSUMERS} registered consumers."
        )));
    }
    let consumer = Consumer::new(&stream.arn, name, now, tags);
    let shown = ShownConsumer::new(kinesis, now, &consumer).registered();
    state.consumers.insert(name.to_owned(), consumer);
    Ok(RegisterStreamConsumerOutput { consumer: shown })
}
