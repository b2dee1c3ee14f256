//! `ListShards`: the shards of a stream, those that a filter lets through.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::described::Shard;
use crate::aws::Caller;
use crate::aws::validation::Rule;
use crate::clock::Timestamp;
use crate::services::kinesis::constraints::{NAMES, PAGES, TOKENS, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::limits::{PAGE_OF_SHARDS, TOKEN_LIFE};
use crate::services::kinesis::name::StreamName;
use crate::services::kinesis::stream::Filter;
use crate::services::kinesis::{HostedStream, Kinesis, Named, ShardId};
use crate::wire::Moment;

static TYPES: [Rule; 1] = [Rule::OneOf(&[
    "AFTER_SHARD_ID",
    "AT_TRIM_HORIZON",
    "FROM_TRIM_HORIZON",
    "AT_LATEST",
    "AT_TIMESTAMP",
    "FROM_TIMESTAMP",
])];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListShardsInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    next_token: Option<String>,
    exclusive_start_shard_id: Option<String>,
    max_results: Option<i32>,
    stream_creation_timestamp: Option<Moment>,
    shard_filter: Option<ShardFilter>,
}

/// A filter as it is sent.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShardFilter {
    r#type: Option<String>,
    shard_id: Option<String>,
    timestamp: Option<Moment>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListShardsOutput {
    shards: Vec<Shard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// What a token holds: the request, and how far it has come.
#[derive(Debug, Deserialize, Serialize)]
struct Token {
    made: u64,
    stream: String,
    /// In sixteen digits, so that all tokens of a request have one length.
    incarnation: String,
    last: u32,
    filter: Option<ShardFilter>,
}

impl Token {
    fn encode(&self) -> String {
        let text = serde_json::to_string(self).expect("plain members");
        STANDARD.encode(text)
    }

    fn decode(now: Timestamp, text: &str) -> Result<Self, Error> {
        let bytes = STANDARD.decode(text).ok();
        let token: Option<Self> = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let token = token.ok_or_else(invalid_token)?;
        if now.since(Timestamp::from_millis(token.made)) > TOKEN_LIFE {
            return Err(Error::ExpiredToken);
        }
        Ok(token)
    }
}

fn incarnation(stream: &HostedStream) -> String {
    format!("{:016x}", stream.incarnation)
}

fn invalid_token() -> Error {
    Error::invalid("Invalid NextToken.")
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: ListShardsInput,
) -> Result<ListShardsOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let (token, start) = (
        input.next_token.as_deref(),
        input.exclusive_start_shard_id.as_deref(),
    );
    let mut validation = validation();
    validation.check("nextToken", token, &TOKENS);
    validation.check("exclusiveStartShardId", start, &NAMES);
    validation.check("maxResults", input.max_results, &PAGES);
    if let Some(filter) = &input.shard_filter {
        let kind = filter.r#type.as_deref();
        validation.required_text("shardFilter.type", kind, &TYPES);
        validation.check("shardFilter.shardId", filter.shard_id.as_deref(), &NAMES);
    }
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let (stream, token) = find(kinesis, caller, now, &input)?;
    let start = start.map(|start| stream.shard_id(start)).transpose()?;
    let (after, filter) = match token {
        Some(token) => (Some(ShardId(token.last)), token.filter),
        None => (start, input.shard_filter),
    };
    let size = input
        .max_results
        .and_then(|limit| usize::try_from(limit).ok());
    let size = size.map_or(PAGE_OF_SHARDS, |size| size.min(PAGE_OF_SHARDS));
    let read = filter
        .as_ref()
        .map(|filter| filter.read(&stream.name, now))
        .transpose()?;
    let mut state = stream.lock();
    state.stream.expire(now);
    let mut listed: Vec<_> = Vec::new();
    if !state.is_creating(now) {
        let filter = read.unwrap_or(Filter::FromTrimHorizon);
        let shards = state.stream.shards(after.map(|after| after.0), filter);
        listed.extend(shards.take(size + 1));
    }
    let has_more = listed.len() > size;
    listed.truncate(size);
    let last = listed.last().filter(|_| has_more);
    let next_token = last.map(|last| {
        let token = Token {
            made: now.as_millis(),
            stream: stream.arn.clone(),
            incarnation: incarnation(&stream),
            last: last.number,
            filter,
        };
        token.encode()
    });
    Ok(ListShardsOutput {
        shards: listed.into_iter().map(Shard::from).collect(),
        next_token,
    })
}

/// The stream that a request is about, and its token.
fn find(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    now: Timestamp,
    input: &ListShardsInput,
) -> Result<(Arc<HostedStream>, Option<Token>), Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let not_together = |what: &str| {
        Err(Error::invalid(format!(
            "NextToken and {what} cannot be provided together."
        )))
    };
    let is_named = named.name.or(named.arn).is_some();
    let (name, token) = match input.next_token.as_deref() {
        Some(_) if is_named => return not_together("StreamName"),
        Some(_) if input.exclusive_start_shard_id.is_some() => {
            return not_together("ExclusiveStartShardId");
        }
        Some(_) if input.stream_creation_timestamp.is_some() => {
            return not_together("StreamCreationTimestamp");
        }
        Some(token) => {
            let token = Token::decode(now, token)?;
            let name = StreamName::parse(&token.stream).ok_or_else(invalid_token)?;
            (name, Some(token))
        }
        None if is_named => (named.stream(caller)?, None),
        None => {
            return Err(Error::invalid(
                "Either NextToken or StreamName should be provided.",
            ));
        }
    };
    let created = input.stream_creation_timestamp;
    let is_meant = |stream: &Arc<HostedStream>| {
        let mut tokens = token.iter();
        tokens.all(|token| token.incarnation == incarnation(stream))
            && created.is_none_or(|Moment(created)| created.as_secs() == stream.created.as_secs())
    };
    let stream = kinesis.streams.get(now, &name).filter(is_meant);
    let stream = stream.ok_or_else(|| Error::no_stream(&name))?;
    Ok((stream, token))
}

impl ShardFilter {
    fn read(&self, stream: &StreamName, now: Timestamp) -> Result<Filter, Error> {
        let kind = self.r#type.as_deref().unwrap_or_default();
        let missing = |what: &str| {
            Error::invalid(format!(
                "{what} must be specified for a ShardFilter of type {kind}."
            ))
        };
        let moment = || {
            let Moment(moment) = self.timestamp.ok_or_else(|| missing("Timestamp"))?;
            if moment > now {
                return Err(Error::invalid(
                    "The Timestamp of a ShardFilter cannot be in the future.",
                ));
            }
            Ok(moment)
        };
        Ok(match kind {
            "AT_TRIM_HORIZON" => Filter::AtTrimHorizon,
            "AT_LATEST" => Filter::AtLatest,
            "AT_TIMESTAMP" => Filter::AtMoment(moment()?),
            "FROM_TIMESTAMP" => Filter::FromMoment(moment()?),
            "AFTER_SHARD_ID" => {
                let text = self.shard_id.as_deref().ok_or_else(|| missing("ShardId"))?;
                let ShardId(number) =
                    ShardId::read(text).ok_or_else(|| Error::no_shard(text, stream))?;
                Filter::After(number)
            }
            _ => Filter::FromTrimHorizon,
        })
    }
}
