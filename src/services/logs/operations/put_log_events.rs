//! `PutLogEvents`: adds events to a stream. Those that are too old or too new are left out, which the answer says.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation, Value};
use crate::services::logs::Logs;
use crate::services::logs::constraints::{GROUPS, MOMENTS, STREAMS};
use crate::services::logs::error::Error;
use crate::services::logs::group::Acceptance;
use crate::services::logs::limits::{BATCH_EVENTS, BATCH_SIZE, DAY, EVENT_OVERHEAD};
use crate::services::logs::store::{Event, Position};
use crate::wire::Text;

static MESSAGES: [Rule; 1] = [Rule::LengthAtLeast(1)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PutLogEventsInput<'a> {
    #[serde(borrow)]
    log_group_name: Option<Text<'a>>,
    #[serde(borrow)]
    log_stream_name: Option<Text<'a>>,
    #[serde(borrow)]
    log_events: Option<Vec<InputLogEvent<'a>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct InputLogEvent<'a> {
    timestamp: Option<i64>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PutLogEventsOutput {
    next_sequence_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_log_events_info: Option<RejectedLogEventsInfo>,
}

/// The events that were left out. As a batch is in order, they are its first and its last ones.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct RejectedLogEventsInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    too_new_log_event_start_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    too_old_log_event_end_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expired_log_event_end_index: Option<usize>,
}

/// An event of a batch.
#[derive(Clone, Copy, Debug)]
struct Entry<'i> {
    timestamp: u64,
    message: &'i str,
}

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: PutLogEventsInput<'_>,
) -> Result<PutLogEventsOutput, Error> {
    let mut validation = Validation::default();
    let group = input.log_group_name.as_deref();
    let group = validation.required_text("logGroupName", group, &GROUPS);
    let stream = input.log_stream_name.as_deref();
    let stream = validation.required_text("logStreamName", stream, &STREAMS);
    let entries = validate(&mut validation, input.log_events.as_deref());
    validation.finish()?;
    check_sizes(&entries)?;
    let group = logs.group(caller, group)?;
    let now = logs.now();
    let acceptance = group.acceptance(now);
    let (accepted, rejected) = accept(&entries, acceptance)?;
    let ingested = now.as_millis();
    let mut contents = group.contents.write();
    // Under the lock, so that what arrives later at a stream has the greater number.
    let first = logs.serials.take(accepted.len());
    let events = (first..).zip(accepted).map(|(serial, entry)| Event {
        position: Position {
            timestamp: entry.timestamp,
            serial,
        },
        ingested,
        message: entry.message,
    });
    contents.put(stream, ingested, acceptance.kept_since, events)?;
    let last = contents.stream(stream)?.last_arrived;
    Ok(PutLogEventsOutput {
        next_sequence_token: last.unwrap_or_default().to_string(),
        rejected_log_events_info: rejected,
    })
}

/// Checks the constraints of the model. The list itself is not shown in a refusal.
fn validate<'i>(
    validation: &mut Validation,
    events: Option<&'i [InputLogEvent<'_>]>,
) -> Vec<Entry<'i>> {
    let Some(events) = events else {
        validation.refuse_null("logEvents");
        return Vec::new();
    };
    let list = Value::List {
        length: events.len(),
        shown: &"[]",
    };
    let rules = [Rule::LengthAtLeast(1), Rule::LengthAtMost(BATCH_EVENTS)];
    validation.check("logEvents", Some(list), &rules);
    let mut entries = Vec::with_capacity(events.len());
    for (place, event) in (1..).zip(events) {
        let path = format_args!("logEvents.{place}.member.timestamp");
        match event.timestamp {
            Some(timestamp) => validation.check(path, Some(Value::Number(timestamp)), &MOMENTS),
            None => validation.refuse_null(path),
        }
        let path = format_args!("logEvents.{place}.member.message");
        match event.message.as_deref() {
            Some(message) => validation.check(path, Some(message), &MESSAGES),
            None => validation.refuse_null(path),
        }
        entries.push(Entry {
            timestamp: event.timestamp.unwrap_or_default().unsigned_abs(),
            message: event.message.as_deref().unwrap_or_default(),
        });
    }
    entries
}

fn check_sizes(entries: &[Entry<'_>]) -> Result<(), Error> {
    let size = |entry: &Entry<'_>| entry.message.len() + EVENT_OVERHEAD;
    if let Some(large) = entries.iter().map(size).find(|size| *size > BATCH_SIZE) {
        return Err(Error::EventTooLarge(large));
    }
    let all = entries.iter().map(size).sum();
    if all > BATCH_SIZE {
        return Err(Error::BatchTooLarge(all));
    }
    Ok(())
}

/// The events that are neither too old nor too new, which must lie within a day. (`PutLogEvents`.)
fn accept<'e, 'i>(
    entries: &'e [Entry<'i>],
    acceptance: Acceptance,
) -> Result<(&'e [Entry<'i>], Option<RejectedLogEventsInfo>), Error> {
    if !entries.is_sorted_by_key(|entry| entry.timestamp) {
        return Err(Error::NotChronological);
    }
    let before = |moment: u64| entries.partition_point(|entry| entry.timestamp < moment);
    let too_old = before(acceptance.oldest);
    let expired = before(acceptance.kept_since);
    let too_new = before(acceptance.newest + 1);
    let start = too_old.max(expired);
    let accepted = entries.get(start..too_new).unwrap_or_default();
    let is_too_long = match accepted {
        [first, .., last] => u128::from(last.timestamp - first.timestamp) > DAY.as_millis(),
        _ => false,
    };
    if is_too_long {
        return Err(Error::TooLong);
    }
    let rejected = RejectedLogEventsInfo {
        too_new_log_event_start_index: (too_new < entries.len()).then_some(too_new),
        too_old_log_event_end_index: (too_old > 0).then_some(too_old),
        expired_log_event_end_index: (expired > too_old).then_some(expired),
    };
    let is_whole = rejected == RejectedLogEventsInfo::default();
    Ok((accepted, (!is_whole).then_some(rejected)))
}
