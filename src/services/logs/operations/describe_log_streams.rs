//! `DescribeLogStreams`: the streams of a group, by name or by the time of their last event.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::naming::Either;
use super::pages;
use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::services::logs::Logs;
use crate::services::logs::constraints::STREAMS;
use crate::services::logs::error::Error;
use crate::services::logs::store::{Contents, Held, Position};

static ORDERS: [Rule; 1] = [Rule::OneOf(&["LogStreamName", "LastEventTime"])];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeLogStreamsInput {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    order_by: Option<String>,
    descending: Option<bool>,
    next_token: Option<String>,
    limit: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DescribeLogStreamsOutput {
    log_streams: Vec<LogStream>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogStream {
    log_stream_name: String,
    creation_time: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_event_timestamp: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_timestamp: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ingestion_time: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_sequence_token: Option<String>,
    arn: String,
    /// Always zero. (`LogStream`.)
    stored_bytes: u64,
}

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: DescribeLogStreamsInput,
) -> Result<DescribeLogStreamsOutput, Error> {
    let mut validation = Validation::default();
    let named = Either {
        name: input.log_group_name.as_deref(),
        identifier: input.log_group_identifier.as_deref(),
    };
    named.validate(&mut validation);
    let prefix = input.log_stream_name_prefix.as_deref();
    validation.check("logStreamNamePrefix", prefix, &STREAMS);
    validation.check("orderBy", input.order_by.as_deref(), &ORDERS);
    pages::validate(&mut validation, input.next_token.as_deref(), input.limit);
    validation.finish()?;
    let by_time = input.order_by.as_deref() == Some("LastEventTime");
    if by_time && prefix.is_some() {
        // The rule is DescribeLogStreams', the sentence topiq's.
        return Err(Error::invalid(
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ));
    }
    let group = named.group(logs, caller)?;
    group.expire(logs.now());
    let contents = group.contents.read();
    let order = Order {
        prefix: prefix.unwrap_or_default(),
        by_time,
        is_descending: input.descending == Some(true),
    };
    let arn = group.name.arn();
    let page = pages::page(
        input.limit,
        input.next_token.as_deref(),
        &format!("streams {order:?} {arn}"),
        |(name, held): &(&str, &Held)| order.key(name, held),
        |last, count| order.list(&contents, last, count),
    )?;
    let streams = page.items.iter();
    Ok(DescribeLogStreamsOutput {
        log_streams: streams
            .map(|(name, held)| shown(&arn, name, held))
            .collect(),
        next_token: page.next_token,
    })
}

/// Which streams are listed, and in which order.
#[derive(Debug)]
struct Order<'p> {
    prefix: &'p str,
    by_time: bool,
    is_descending: bool,
}

impl Order<'_> {
    /// What a stream is ordered by: a stream without events has no last one.
    fn key(&self, name: &str, held: &Held) -> String {
        if !self.by_time {
            return name.to_owned();
        }
        let last = held.events.last().unwrap_or_default();
        format!("{:020} {name}", last.timestamp)
    }

    fn list<'c>(
        &'c self,
        contents: &'c Contents,
        last: Option<&str>,
        count: usize,
    ) -> Vec<(&'c str, &'c Held)> {
        if self.by_time {
            return self.by_time(contents, last, count);
        }
        if self.is_descending {
            let streams = contents.before(self.prefix, last);
            return streams.take(count).map(named).collect();
        }
        let streams = contents.after(self.prefix, last);
        streams.take(count).map(named).collect()
    }

    /// Sorts all streams: nothing keeps them in this order.
    fn by_time<'c>(
        &self,
        contents: &'c Contents,
        last: Option<&str>,
        count: usize,
    ) -> Vec<(&'c str, &'c Held)> {
        let streams = contents.after("", None).map(named);
        let keyed = streams.map(|(name, held)| (self.key(name, held), (name, held)));
        let mut keyed: Vec<_> = keyed.collect();
        keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        if self.is_descending {
            keyed.reverse();
        }
        let is_beyond = |key: &str| match last {
            None => true,
            Some(last) if self.is_descending => key < last,
            Some(last) => key > last,
        };
        let beyond = keyed.into_iter().filter(|(key, _)| is_beyond(key));
        beyond.map(|(_, stream)| stream).take(count).collect()
    }
}

fn named<'c>((name, held): (&'c Arc<str>, &'c Held)) -> (&'c str, &'c Held) {
    (name, held)
}

fn shown(group_arn: &str, name: &str, held: &Held) -> LogStream {
    let timestamp = |position: Option<Position>| position.map(|position| position.timestamp);
    LogStream {
        log_stream_name: name.to_owned(),
        creation_time: held.created_at,
        first_event_timestamp: timestamp(held.events.first()),
        last_event_timestamp: timestamp(held.events.last()),
        last_ingestion_time: held.last_ingested,
        upload_sequence_token: held.last_arrived.map(|position| position.to_string()),
        arn: format!("{group_arn}:log-stream:{name}"),
        stored_bytes: 0,
    }
}
