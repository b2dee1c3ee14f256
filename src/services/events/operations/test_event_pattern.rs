//! `TestEventPattern`: whether a pattern lets an event through.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::pattern::{Event, Policy};
use crate::services::events::Events;
use crate::services::events::constraints::PATTERNS;
use crate::services::events::error::Error;
use crate::wire::Text;

/// The members that an event must have. (`resources`, `detail` and `version` may be absent: recorded.)
const MEMBERS: [&str; 6] = ["id", "account", "source", "time", "region", "detail-type"];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TestEventPatternInput<'a> {
    #[serde(borrow)]
    event_pattern: Option<Text<'a>>,
    #[serde(borrow)]
    event: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TestEventPatternOutput {
    result: bool,
}

pub(super) fn call(
    _events: &Events,
    _caller: &Caller<'_>,
    input: TestEventPatternInput<'_>,
) -> Result<TestEventPatternOutput, Error> {
    let mut validation = Validation::default();
    let pattern = input.event_pattern.as_deref();
    let pattern = validation.required_text("eventPattern", pattern, &PATTERNS);
    let event = validation.required_text("event", input.event.as_deref(), &[]);
    validation.finish()?;
    let pattern = Policy::parse_event_pattern(pattern);
    let pattern = pattern.map_err(|refused| Error::InvalidEventPattern(refused.to_string()))?;
    let members: BTreeMap<String, &RawValue> =
        serde_json::from_str(event).map_err(|_| Error::invalid("Parameter Event is not valid."))?;
    if !MEMBERS.iter().all(|member| members.contains_key(*member)) {
        return Err(Error::invalid("Parameter Event is not valid."));
    }
    Ok(TestEventPatternOutput {
        result: pattern.matches(&Event::from_json(event)),
    })
}
