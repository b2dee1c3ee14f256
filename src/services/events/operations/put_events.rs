//! `PutEvents`: puts up to ten events on buses. One that is wrong fails alone, in the answer.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::aws::validation::{Pattern, Rule, Validation, Value};
use crate::aws::{Caller, Region};
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::services::events::Events;
use crate::services::events::buses::BusName;
use crate::services::events::endpoint::{Endpoint, Route};
use crate::services::events::entry::{Checked, Entry, Refused};
use crate::services::events::error::Error;
use crate::services::events::event::{Event, Origin};
use crate::services::events::limits;
use crate::services::events::permission;
use crate::trace::What;
use crate::wire::{ErrorInfo, Refusal, Text};

static ENDPOINT: Pattern = Pattern::new(r"^[A-Za-z0-9\-]+[\.][A-Za-z0-9\-]+$");

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutEventsInput<'a> {
    #[serde(borrow)]
    entries: Option<Vec<Entry<'a>>>,
    #[serde(borrow)]
    endpoint_id: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutEventsOutput {
    failed_entry_count: usize,
    entries: Vec<ResultEntry>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResultEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<Cow<'static, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<Cow<'static, str>>,
}

impl From<Result<Id, Refused>> for ResultEntry {
    fn from(result: Result<Id, Refused>) -> Self {
        let refused = result.as_ref().err();
        Self {
            event_id: result.as_ref().ok().copied(),
            error_code: refused.map(|refused| refused.code().into()),
            error_message: refused.map(|refused| refused.to_string().into()),
        }
    }
}

/// One that fails on purpose.
impl From<ErrorInfo> for ResultEntry {
    fn from(info: ErrorInfo) -> Self {
        Self {
            event_id: None,
            error_code: Some(info.query_code),
            error_message: Some(info.message),
        }
    }
}

impl From<Vec<ResultEntry>> for PutEventsOutput {
    fn from(entries: Vec<ResultEntry>) -> Self {
        let failed = entries.iter().filter(|entry| entry.event_id.is_none());
        Self {
            failed_entry_count: failed.count(),
            entries,
        }
    }
}

impl PutEventsOutput {
    /// What the log says of the failed entries.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        let mut failed = self.entries.iter();
        let first = failed
            .find_map(|entry| Some((entry.error_code.clone()?, entry.error_message.clone()?)));
        let (code, message) = first?;
        Some(Refusal {
            code,
            message,
            entries: Some(self.failed_entry_count),
        })
    }
}

/// Entries as AWS's Java classes write a list of them.
pub(super) struct Shown<'e, T>(pub(super) &'e [T]);

impl<T: fmt::Display> fmt::Display for Shown<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (place, entry) in self.0.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            write!(f, "{separator}{entry}")?;
        }
        f.write_str("]")
    }
}

pub(super) async fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: &PutEventsInput<'_>,
) -> Result<PutEventsOutput, Error> {
    let entries = check(events, input)?;
    let now = events.now();
    let endpoint = input.endpoint_id.as_deref();
    let endpoint = endpoint.map(|id| events.endpoints.by_id(caller, id));
    let endpoint = endpoint.transpose()?;
    let mut results = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Some(info) = events.entry_fault(caller, entry.event_bus_name.as_deref()) {
            results.push(info.into());
            continue;
        }
        let result = match &endpoint {
            None => put(events, caller, now, entry).await,
            Some(endpoint) => put_by_endpoint(events, caller, now, entry, endpoint).await,
        };
        results.push(ResultEntry::from(result));
    }
    Ok(results.into())
}

/// Checks what holds for the request as a whole.
fn check<'i>(events: &Events, input: &'i PutEventsInput<'_>) -> Result<&'i [Entry<'i>], Error> {
    let mut validation = Validation::default();
    match &input.entries {
        None => validation.refuse_null("entries"),
        Some(entries) => {
            let list = Value::List {
                length: entries.len(),
                shown: &Shown(entries),
            };
            let rules = [
                Rule::LengthAtLeast(*limits::ENTRIES.start()),
                Rule::LengthAtMost(*limits::ENTRIES.end()),
            ];
            validation.check("entries", Some(list), &rules);
            for (place, entry) in (1..).zip(entries) {
                entry.validate(place, &mut validation);
            }
        }
    }
    let endpoint = input.endpoint_id.as_deref();
    let rules = [
        Rule::Matches(&ENDPOINT),
        Rule::LengthAtLeast(1),
        Rule::LengthAtMost(50),
    ];
    validation.check("endpointId", endpoint, &rules);
    validation.finish()?;
    let entries = input.entries.as_deref().unwrap_or_default();
    check_size(events, entries)?;
    Ok(entries)
}

/// Checks the size of all entries together.
pub(super) fn check_size(events: &Events, entries: &[Entry<'_>]) -> Result<(), Error> {
    if entries.iter().map(Entry::size).sum::<usize>() > events.settings.put_events_limit {
        return Err(Error::invalid(
            "Total size of the entries in the request is over the limit.",
        ));
    }
    Ok(())
}

async fn put(
    events: &Events,
    caller: &Caller<'_>,
    now: Timestamp,
    entry: &Entry<'_>,
) -> Result<Id, Refused> {
    let checked = entry.check()?;
    let bus = BusName::of(caller, entry.event_bus_name.as_deref());
    check_permission(events, caller, &bus)?;
    let id = events.ids.message_id();
    trace(events, caller, now, id);
    let event = event(id, caller, caller.region, now, entry, &checked, None);
    events.put(bus, event).await;
    Ok(id)
}

/// Puts an event on one of an endpoint's buses, and a copy on the other one.
async fn put_by_endpoint(
    events: &Events,
    caller: &Caller<'_>,
    now: Timestamp,
    entry: &Entry<'_>,
    endpoint: &Endpoint,
) -> Result<Id, Refused> {
    let checked = entry.check()?;
    let bus = BusName::of(caller, entry.event_bus_name.as_deref());
    let Route { active, replica } = events.endpoints.route(endpoint, &bus);
    check_permission(events, caller, &active)?;
    let (id, origin) = (events.ids.message_id(), active.region);
    trace(events, caller, now, id);
    let original = event(id, caller, origin, now, entry, &checked, None);
    let copy = replica.map(|replica| {
        let (id, arn) = (events.ids.message_id(), Some(&*endpoint.arn));
        (
            replica,
            event(id, caller, origin, now, entry, &checked, arn),
        )
    });
    events.put_and_replicate(active, original, copy).await;
    Ok(id)
}

fn trace(events: &Events, caller: &Caller<'_>, now: Timestamp, id: Id) {
    events.traces.record(now, id, || What::Put {
        by: events.traces.by(caller),
    });
}

fn check_permission(events: &Events, caller: &Caller<'_>, bus: &BusName) -> Result<(), Refused> {
    if !events.settings.enforce_policies {
        return Ok(());
    }
    let checked = permission::check(events, caller, bus);
    checked.map_err(|denied| Refused::AccessDenied(denied.to_string()))
}

/// The event that an entry describes, put in this region; with a further resource, if there is one.
fn event(
    id: Id,
    caller: &Caller<'_>,
    region: Region,
    now: Timestamp,
    entry: &Entry<'_>,
    checked: &Checked<'_>,
    resource: Option<&str>,
) -> Event {
    let origin = Origin {
        account: caller.account,
        region,
        time: entry.time.map_or(now, |time| time.0),
        received_at: now,
    };
    let resources = entry.resources.iter().flatten().map(|resource| &**resource);
    let resources = resources.chain(resource);
    let trace_header = entry.trace_header.as_deref().or(caller.trace_header);
    // An invalid one is dropped. (EventBridge and X-Ray.)
    let trace_header = trace_header.filter(|header| is_trace_header(header));
    Event::new(id, origin, checked, resources, trace_header)
}

/// `Root=1-{8 digits}-{24 digits}`, all of them hexadecimal, and what may follow after a semicolon.
fn is_trace_header(header: &str) -> bool {
    let root = header
        .split(';')
        .find_map(|part| part.trim().strip_prefix("Root=1-"));
    let parts = root.and_then(|root| root.split_once('-'));
    let is_hex = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    parts.is_some_and(|(time, id)| time.len() == 8 && id.len() == 24 && is_hex(time) && is_hex(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trace_headers_have_a_root() {
        let root = "Root=1-5759e988-bd862e3fe1be46a994272793";
        assert!(is_trace_header(root));
        assert!(is_trace_header(&format!(
            "{root};Parent=53995c3f42cd8ad8;Sampled=1"
        )));
        for other in [
            "",
            "Root=1-5759e988",
            "Root=2-5759e988-bd862e3fe1be46a994272793",
            "Root=1-5759e98x-bd862e3fe1be46a994272793",
        ] {
            assert!(!is_trace_header(other), "{other}");
        }
    }
}
