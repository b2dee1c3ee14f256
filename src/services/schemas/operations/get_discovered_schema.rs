//! `GetDiscoveredSchema`: makes a schema of the events that are sent, and keeps nothing.

use serde::{Deserialize, Serialize};

use serde_json::Value;

use crate::aws::Caller;
use crate::aws::validation::{self, Rule, Validation};
use crate::services::schemas::Schemas;
use crate::services::schemas::constraints::{CONTENTS, TYPES};
use crate::services::schemas::discovery::{Discovered, draft4};
use crate::services::schemas::error::Error;
use crate::services::schemas::schema::Kind;

static EVENTS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(10)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetDiscoveredSchemaInput {
    events: Option<Vec<String>>,
    #[serde(rename = "Type")]
    kind: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetDiscoveredSchemaOutput {
    content: String,
}

pub(super) fn call(
    _: &Schemas,
    _: &Caller<'_>,
    input: GetDiscoveredSchemaInput,
) -> Result<GetDiscoveredSchemaOutput, Error> {
    let mut validation = Validation::default();
    let has_events = input.events.is_some();
    let events = validation.required("events", input.events);
    let list = validation::Value::List {
        length: events.len(),
        shown: &format!("[{}]", events.join(", ")),
    };
    if has_events {
        validation.check("events", Some(list), &EVENTS);
    }
    for (place, event) in (1..).zip(&events) {
        let path = format_args!("events.{place}.member");
        validation.check(path, Some(event.as_str()), &CONTENTS);
    }
    let kind = validation.required_text("type", input.kind.as_deref(), &TYPES);
    validation.finish()?;
    let mut discovered: Option<Discovered> = None;
    for event in &events {
        let Ok(Value::Object(event)) = serde_json::from_str(event) else {
            return Err(Error::bad("An event is not a JSON object."));
        };
        let seen = Discovered::of(&event);
        discovered = Some(match discovered {
            Some(known) => known.merge(&seen),
            None => seen,
        });
    }
    let document = discovered
        .map(|discovered| discovered.open_api())
        .unwrap_or_default();
    let content = match Kind::named(kind) {
        Kind::OpenApi3 => document.to_string(),
        Kind::JsonSchemaDraft4 => draft4::of_open_api(&document).to_string(),
    };
    Ok(GetDiscoveredSchemaOutput { content })
}
