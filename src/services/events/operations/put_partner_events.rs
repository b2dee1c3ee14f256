//! `PutPartnerEvents`: a partner sends up to twenty events, each to all accounts that want its source. One that is wrong fails
//! alone, in the answer.

use std::fmt;

use serde::Deserialize;

use super::put_events::{PutEventsOutput, Shown, check_size};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::aws::validation::{Rule, Value};
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::services::events::Events;
use crate::services::events::constraints::SOURCE_NAMES;
use crate::services::events::entry::{Entry, Refused};
use crate::services::events::error::Error;
use crate::services::events::event::{Event, Origin};
use crate::services::events::limits;
use crate::services::events::partner::State;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutPartnerEventsInput<'a> {
    #[serde(borrow)]
    entries: Option<Vec<Entry<'a>>>,
}

/// An entry as AWS's Java classes write it.
struct PartnerEntry<'e>(&'e Entry<'e>);

impl fmt::Display for PartnerEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PutPartnerEventsRequestEntry(")?;
        self.0.write_members(f)?;
        f.write_str(")")
    }
}

pub(super) async fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: &PutPartnerEventsInput<'_>,
) -> Result<PutEventsOutput, Error> {
    let mut validation = Validation::default();
    let entries = input.entries.as_deref();
    match entries {
        None => validation.refuse_null("entries"),
        Some(entries) => {
            let shown: Vec<_> = entries.iter().map(PartnerEntry).collect();
            let list = Value::List {
                length: entries.len(),
                shown: &Shown(&shown),
            };
            let rules = [
                Rule::LengthAtLeast(*limits::PARTNER_ENTRIES.start()),
                Rule::LengthAtMost(*limits::PARTNER_ENTRIES.end()),
            ];
            validation.check("entries", Some(list), &rules);
            for (place, entry) in (1..).zip(entries) {
                let path = format_args!("entries.{place}.member.source");
                validation.check(path, entry.source.as_deref(), &SOURCE_NAMES);
                entry.validate_resources(place, &mut validation);
            }
        }
    }
    validation.finish()?;
    let entries = entries.unwrap_or_default();
    check_size(events, entries)?;
    let now = events.now();
    let mut results = Vec::with_capacity(entries.len());
    for entry in entries {
        let result = put(events, caller, now, entry).await;
        results.push(result.into());
    }
    Ok(results.into())
}

/// Puts an event on the bus of each account that has one for its source. The accounts that do not want it are not told.
async fn put(
    events: &Events,
    caller: &Caller<'_>,
    now: Timestamp,
    entry: &Entry<'_>,
) -> Result<Id, Refused> {
    let checked = entry.check_of_partner()?;
    let source = events.sources.partner(caller, now, checked.source);
    let source = source.map_err(|_| Refused::UnknownSource)?;
    let id = events.ids.message_id();
    for source in source.offered(now) {
        if source.status(now).map(|status| status.state) != Some(State::Active) {
            continue;
        }
        let origin = Origin {
            account: source.account,
            region: source.region,
            time: entry.time.map_or(now, |time| time.0),
            received_at: now,
        };
        let resources = entry.resources.iter().flatten().map(|resource| &**resource);
        let event = Event::new(id, origin, &checked, resources, None);
        events.put(source.bus(), event).await;
    }
    Ok(id)
}
