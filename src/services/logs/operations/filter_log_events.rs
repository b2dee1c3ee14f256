//! `FilterLogEvents`: searches the events of a group, of all its streams or of some.
//!
//! A search looks at so many events and then answers with what it has found, and with a token to go on; on the way it
//! lets others in after every turn.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::naming::Either;
use super::pages;
use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation, Value};
use crate::services::logs::Logs;
use crate::services::logs::constraints::{EVENT_PAGES, STREAMS, TOKENS, moment};
use crate::services::logs::error::Error;
use crate::services::logs::group::Group;
use crate::services::logs::limits::{BACKWARD_SINCE, PAGE_SIZE, SEARCH_SIZE, TURN_SIZE};
use crate::services::logs::pattern::Pattern;
use crate::services::logs::store::{Direction, Position, Selection, Window};
use crate::wire::Text;

static PATTERNS: [Rule; 1] = [Rule::LengthAtMost(1024)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilterLogEventsInput<'a> {
    #[serde(borrow)]
    log_group_name: Option<Text<'a>>,
    #[serde(borrow)]
    log_group_identifier: Option<Text<'a>>,
    log_stream_names: Option<Vec<String>>,
    #[serde(borrow)]
    log_stream_name_prefix: Option<Text<'a>>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    #[serde(borrow)]
    filter_pattern: Option<Text<'a>>,
    #[serde(borrow)]
    next_token: Option<Text<'a>>,
    limit: Option<i32>,
    start_from_head: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FilterLogEventsOutput {
    events: Vec<FilteredLogEvent>,
    /// Always empty. (`FilterLogEvents`.)
    searched_log_streams: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FilteredLogEvent {
    log_stream_name: String,
    timestamp: u64,
    message: String,
    ingestion_time: u64,
    event_id: String,
}

pub(super) async fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: &FilterLogEventsInput<'_>,
) -> Result<FilterLogEventsOutput, Error> {
    let (start, end) = validate(input)?;
    let pattern = Pattern::parse(input.filter_pattern.as_deref().unwrap_or_default())?;
    let token = input.next_token.as_deref().map(parse).transpose()?;
    let named = Either {
        name: input.log_group_name.as_deref(),
        identifier: input.log_group_identifier.as_deref(),
    };
    let group = named.group(logs, caller)?;
    let from = group.start(logs.now());
    let direction = if input.start_from_head == Some(false) {
        Direction::Backward
    } else {
        Direction::Forward
    };
    // The end is within the window, unlike that of `GetLogEvents`.
    let to = end.map_or(Position::END, |end| Position::at(end.saturating_add(1)));
    let window = Window {
        from: from.max(start.map(Position::at).unwrap_or_default()),
        to,
        direction,
    };
    let window = token.map_or(window, |token| token.go_on(window));
    let selection = select(input, &group)?;
    let mut search = Search {
        group: &group,
        selection: &selection,
        pattern: &pattern,
        limit: pages::events(input.limit),
        window,
        found: Vec::new(),
        found_size: 0,
        seen_size: 0,
    };
    let has_more = loop {
        match search.turn() {
            Turn::AtEnd => break false,
            Turn::Full => break true,
            Turn::Over => tokio::task::yield_now().await,
        }
    };
    Ok(FilterLogEventsOutput {
        next_token: has_more.then(|| Token::of(search.window).text()),
        events: search.found,
        searched_log_streams: [],
    })
}

/// Checks the constraints of the model and what goes together. Returns the times from and up to which to search.
fn validate(input: &FilterLogEventsInput<'_>) -> Result<(Option<u64>, Option<u64>), Error> {
    let mut validation = Validation::default();
    let named = Either {
        name: input.log_group_name.as_deref(),
        identifier: input.log_group_identifier.as_deref(),
    };
    named.validate(&mut validation);
    if let Some(names) = &input.log_stream_names {
        let list = Value::List {
            length: names.len(),
            shown: &format_args!("[{}]", names.join(", ")),
        };
        let rules = [Rule::LengthAtLeast(1), Rule::LengthAtMost(100)];
        validation.check("logStreamNames", Some(list), &rules);
        for (place, name) in (1..).zip(names) {
            let path = format_args!("logStreamNames.{place}.member");
            validation.check(path, Some(name.as_str()), &STREAMS);
        }
    }
    let prefix = input.log_stream_name_prefix.as_deref();
    validation.check("logStreamNamePrefix", prefix, &STREAMS);
    let start = moment(&mut validation, "startTime", input.start_time);
    let end = moment(&mut validation, "endTime", input.end_time);
    validation.check("filterPattern", input.filter_pattern.as_deref(), &PATTERNS);
    validation.check("nextToken", input.next_token.as_deref(), &TOKENS);
    validation.check("limit", input.limit, &EVENT_PAGES);
    validation.finish()?;
    // These rules are FilterLogEvents', the sentences topiq's.
    if input.log_stream_names.is_some() && prefix.is_some() {
        return Err(Error::invalid(
            "logStreamNames and logStreamNamePrefix are mutually exclusive parameters.",
        ));
    }
    let is_backward = input.start_from_head == Some(false);
    if is_backward && start.is_none_or(|start| start < BACKWARD_SINCE) {
        return Err(Error::invalid(
            "startFromHead can be false only with a startTime on or after January 1, 2024 00:00:00 UTC.",
        ));
    }
    Ok((start, end))
}

/// The streams to search. Those that are named must exist.
fn select(input: &FilterLogEventsInput<'_>, group: &Group) -> Result<Selection, Error> {
    if let Some(names) = &input.log_stream_names {
        let names: BTreeSet<&String> = names.iter().collect();
        let contents = group.contents.read();
        for name in &names {
            contents.stream(name)?;
        }
        return Ok(Selection::Named(names.into_iter().cloned().collect()));
    }
    Ok(match input.log_stream_name_prefix.as_deref() {
        Some(prefix) => Selection::Prefix(prefix.to_owned()),
        None => Selection::All,
    })
}

/// Where a search goes on.
#[derive(Clone, Copy, Debug)]
struct Token {
    direction: Direction,
    place: Position,
}

impl Token {
    fn of(window: Window) -> Self {
        Self {
            direction: window.direction,
            place: match window.direction {
                Direction::Forward => window.from,
                Direction::Backward => window.to,
            },
        }
    }

    fn text(self) -> String {
        let direction = match self.direction {
            Direction::Forward => 'f',
            Direction::Backward => 'b',
        };
        STANDARD.encode(format!("{direction}{}", self.place))
    }

    /// What is left of a window. The token's direction holds, whatever the request says.
    fn go_on(self, window: Window) -> Window {
        let Self { direction, place } = self;
        match direction {
            Direction::Forward => Window {
                from: window.from.max(place),
                direction,
                ..window
            },
            Direction::Backward => Window {
                to: window.to.min(place),
                direction,
                ..window
            },
        }
    }
}

fn parse(token: &str) -> Result<Token, Error> {
    let bytes = STANDARD.decode(token).map_err(|_| Error::InvalidToken)?;
    let text = String::from_utf8(bytes).map_err(|_| Error::InvalidToken)?;
    let (direction, digits) = match text.split_at_checked(1) {
        Some(("f", digits)) => (Direction::Forward, digits),
        Some(("b", digits)) => (Direction::Backward, digits),
        _ => return Err(Error::InvalidToken),
    };
    let place = Position::parse(digits).ok_or(Error::InvalidToken)?;
    Ok(Token { direction, place })
}

/// A search under way.
struct Search<'s> {
    group: &'s Group,
    selection: &'s Selection,
    pattern: &'s Pattern,
    limit: usize,
    /// What is still to be searched.
    window: Window,
    found: Vec<FilteredLogEvent>,
    found_size: usize,
    seen_size: usize,
}

/// How a turn ended.
enum Turn {
    /// All events have been looked at.
    AtEnd,
    /// The page is full, or enough was looked at for one call; there are more events.
    Full,
    /// Others may go on now.
    Over,
}

impl Search<'_> {
    fn turn(&mut self) -> Turn {
        let contents = self.group.contents.read();
        let end_of_turn = self.seen_size + TURN_SIZE;
        for (name, event) in contents.merged(self.selection, self.window) {
            let is_full = self.found.len() == self.limit
                || (self.found_size > 0 && self.found_size + event.size() > PAGE_SIZE);
            if is_full || self.seen_size >= SEARCH_SIZE {
                return Turn::Full;
            }
            if self.seen_size >= end_of_turn {
                return Turn::Over;
            }
            self.seen_size += event.size();
            self.window = self.window.beyond(event.position);
            if self.pattern.matches(event.message) {
                self.found_size += event.size();
                self.found.push(FilteredLogEvent {
                    log_stream_name: name.to_string(),
                    timestamp: event.position.timestamp,
                    message: event.message.to_owned(),
                    ingestion_time: event.ingested,
                    event_id: event.position.to_string(),
                });
            }
        }
        Turn::AtEnd
    }
}
