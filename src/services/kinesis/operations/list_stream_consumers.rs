//! `ListStreamConsumers`: the registered consumers of a stream, by name.

use serde::{Deserialize, Serialize};

use super::consumers::{ShownConsumer, stream_of};
use crate::aws::Caller;
use crate::aws::page::page;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::{ARNS, PAGES, TOKENS, validation};
use crate::services::kinesis::consumer::Consumer;
use crate::services::kinesis::error::Error;
use crate::services::kinesis::limits::PAGE_OF_CONSUMERS;
use crate::wire::Moment;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListStreamConsumersInput {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    next_token: Option<String>,
    max_results: Option<i32>,
    stream_creation_timestamp: Option<Moment>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListStreamConsumersOutput {
    consumers: Vec<ShownConsumer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: ListStreamConsumersInput,
) -> Result<ListStreamConsumersOutput, Error> {
    let token = input.next_token.as_deref();
    let mut validation = validation();
    validation.check("maxResults", input.max_results, &PAGES);
    validation.check("nextToken", token, &TOKENS);
    let arn = validation.required_text("streamARN", input.stream_arn.as_deref(), &ARNS);
    validation.finish()?;
    let now = kinesis.now();
    let name = stream_of(arn)?;
    let stream = kinesis.streams.get(now, &name);
    let created = input.stream_creation_timestamp;
    let stream = stream.filter(|stream| {
        created.is_none_or(|Moment(created)| created.as_secs() == stream.created.as_secs())
    });
    let stream = stream.ok_or_else(|| Error::no_stream(&name))?;
    let state = stream.lock();
    let size = input
        .max_results
        .and_then(|limit| usize::try_from(limit).ok());
    let page = page(
        size.unwrap_or(PAGE_OF_CONSUMERS),
        arn,
        token,
        |consumer: &&Consumer| consumer.name.clone(),
        |last, count| {
            let later = state.consumers.values();
            let later = later.filter(|consumer| last.is_none_or(|last| *consumer.name > *last));
            later.take(count).collect()
        },
    );
    let page = page.map_err(|_| Error::invalid("Invalid NextToken."))?;
    let shown = |consumer| ShownConsumer::new(kinesis, now, consumer);
    Ok(ListStreamConsumersOutput {
        consumers: page.items.into_iter().map(shown).collect(),
        next_token: page.next_token,
    })
}
