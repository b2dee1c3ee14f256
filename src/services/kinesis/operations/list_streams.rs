//! `ListStreams`: the caller's streams, by name.

use serde::{Deserialize, Serialize};

use super::described::StreamModeDetails;
use crate::aws::Caller;
use crate::aws::page::page;
use crate::clock::Timestamp;
use crate::services::kinesis::constraints::{NAMES, PAGES, TOKENS, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::limits::PAGE;
use crate::services::kinesis::{HostedStream, Kinesis};
use crate::wire::Moment;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListStreamsInput {
    limit: Option<i32>,
    exclusive_start_stream_name: Option<String>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListStreamsOutput {
    stream_names: Vec<String>,
    has_more_streams: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
    stream_summaries: Vec<StreamSummary>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamSummary {
    #[serde(rename = "StreamName")]
    name: String,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    stream_status: &'static str,
    stream_mode_details: StreamModeDetails,
    stream_creation_timestamp: Moment,
}

impl StreamSummary {
    fn new(stream: &HostedStream, now: Timestamp) -> Self {
        let state = stream.lock();
        Self {
            name: stream.name.name.to_string(),
            stream_arn: stream.arn.clone(),
            stream_status: state.status(now),
            stream_mode_details: state.mode.into(),
            stream_creation_timestamp: Moment(stream.created),
        }
    }
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: ListStreamsInput,
) -> Result<ListStreamsOutput, Error> {
    let (start, token) = (
        input.exclusive_start_stream_name.as_deref(),
        input.next_token.as_deref(),
    );
    let mut validation = validation();
    validation.check("limit", input.limit, &PAGES);
    validation.check("exclusiveStartStreamName", start, &NAMES);
    validation.check("nextToken", token, &TOKENS);
    validation.finish()?;
    let now = kinesis.now();
    let size = input.limit.and_then(|limit| usize::try_from(limit).ok());
    let page = page(
        size.unwrap_or(PAGE),
        "streams",
        token,
        |summary: &StreamSummary| summary.name.clone(),
        |last, count| {
            let streams = kinesis
                .streams
                .after(now, caller.account, caller.region, last.or(start));
            let summaries = streams.map(|stream| StreamSummary::new(&stream, now));
            summaries.take(count).collect()
        },
    );
    let page = page.map_err(|_| Error::invalid("Invalid NextToken."))?;
    let names = page.items.iter().map(|summary| summary.name.clone());
    Ok(ListStreamsOutput {
        stream_names: names.collect(),
        has_more_streams: page.next_token.is_some(),
        next_token: page.next_token,
        stream_summaries: page.items,
    })
}
