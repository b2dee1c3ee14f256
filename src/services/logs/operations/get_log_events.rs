//! `GetLogEvents`: the events of a stream, a page forward or backward.
//!
//! A token stands for a place between two events, and its first letter for the direction to go on in. At the stream's end
//! the same token comes back: that is how clients know it.

use serde::{Deserialize, Serialize};

use super::naming::Either;
use super::pages;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::logs::Logs;
use crate::services::logs::constraints::{EVENT_PAGES, STREAMS, TOKENS, moment};
use crate::services::logs::error::Error;
use crate::services::logs::limits::PAGE_SIZE;
use crate::services::logs::store::{Direction, Event, Position, Range};
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetLogEventsInput<'a> {
    #[serde(borrow)]
    log_group_name: Option<Text<'a>>,
    #[serde(borrow)]
    log_group_identifier: Option<Text<'a>>,
    #[serde(borrow)]
    log_stream_name: Option<Text<'a>>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    #[serde(borrow)]
    next_token: Option<Text<'a>>,
    limit: Option<i32>,
    start_from_head: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetLogEventsOutput {
    events: Vec<OutputLogEvent>,
    next_forward_token: String,
    next_backward_token: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputLogEvent {
    timestamp: u64,
    message: String,
    ingestion_time: u64,
}

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: GetLogEventsInput<'_>,
) -> Result<GetLogEventsOutput, Error> {
    let mut validation = Validation::default();
    let named = Either {
        name: input.log_group_name.as_deref(),
        identifier: input.log_group_identifier.as_deref(),
    };
    named.validate(&mut validation);
    let stream = input.log_stream_name.as_deref();
    let stream = validation.required_text("logStreamName", stream, &STREAMS);
    let start = moment(&mut validation, "startTime", input.start_time);
    let end = moment(&mut validation, "endTime", input.end_time);
    validation.check("nextToken", input.next_token.as_deref(), &TOKENS);
    validation.check("limit", input.limit, &EVENT_PAGES);
    validation.finish()?;
    let token = input.next_token.as_deref().map(parse).transpose()?;
    let group = named.group(logs, caller)?;
    let from = group.start(logs.now());
    let from = from.max(start.map(Position::at).unwrap_or_default());
    let to = end.map_or(Position::END, Position::at);
    let contents = group.contents.read();
    let events = &contents.stream(stream)?.events;
    let limit = pages::events(input.limit);
    let page = match token {
        Some((Direction::Forward, place)) => forward(events.range(from.max(place), to), limit),
        Some((Direction::Backward, place)) => backward(events.range(from, to.min(place)), limit),
        None if input.start_from_head == Some(true) => forward(events.range(from, to), limit),
        None => backward(events.range(from, to), limit),
    };
    let (first, behind) = match (page.first(), page.last()) {
        (Some(first), Some(last)) => (first.position, last.position.next()),
        _ => token.map_or((from, from), |(_, place)| (place, place)),
    };
    let shown = page.into_iter().map(|event| OutputLogEvent {
        timestamp: event.position.timestamp,
        message: event.message.to_owned(),
        ingestion_time: event.ingested,
    });
    Ok(GetLogEventsOutput {
        events: shown.collect(),
        next_forward_token: format!("f/{behind}/s"),
        next_backward_token: format!("b/{first}/s"),
    })
}

/// What a token stands for.
fn parse(token: &str) -> Result<(Direction, Position), Error> {
    let (direction, rest) = match token.split_once('/') {
        Some(("f", rest)) => (Direction::Forward, rest),
        Some(("b", rest)) => (Direction::Backward, rest),
        _ => return Err(Error::InvalidToken),
    };
    // Older tokens of AWS's end without it.
    let digits = rest.strip_suffix("/s").unwrap_or(rest);
    let place = Position::parse(digits).ok_or(Error::InvalidToken)?;
    Ok((direction, place))
}

fn forward(events: Range<'_>, limit: usize) -> Vec<Event<'_>> {
    fitting(events, limit)
}

fn backward(events: Range<'_>, limit: usize) -> Vec<Event<'_>> {
    let mut page = fitting(events.rev(), limit);
    page.reverse();
    page
}

/// The first events that fit on a page: at least one.
fn fitting<'s>(events: impl Iterator<Item = Event<'s>>, limit: usize) -> Vec<Event<'s>> {
    let mut size = 0;
    let fits = |event: &Event<'_>| {
        let is_first = size == 0;
        size += event.size();
        is_first || size <= PAGE_SIZE
    };
    events.take(limit).take_while(fits).collect()
}
