//! `/_topiq/events/deliveries`: deliveries to targets that are not on this machine, such as functions and state machines,
//! which were captured instead.
//!
//! `GET` lists the entries, the newest last: `{"Deliveries": [{"Sequence": 1, "Timestamp": "…", "TargetArn": "arn:…", …}],
//! "LastSequence": 1, "Dropped": 0}`; `DELETE` deletes them. `since`, `More` and `Dropped` are as with SNS's deliveries, and
//! the numbers are those of the same log.

use http::Method;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::delivery::captured::{Captured, Invocation};
use crate::routes::{Given, Json, Member, Parameter, Query, Refusal, Route, Schema, Since, now};
use crate::services::captures;
use crate::services::events::Events;
use crate::services::events::delivery::CAPTURED_SERVICES;
use crate::wire::DateTime;

const PATH: &str = "/_topiq/events/deliveries";

/// EventBridge's routes of topiq's own API.
pub(super) fn routes() -> Vec<Route<Events>> {
    vec![
        Route::new(
            Method::GET,
            PATH,
            "Lists captured deliveries of events, the newest last.",
            |events: &Events, wanted: Wanted| {
                let log = &events.deliveries.captured;
                now(Ok(captures::list(
                    log,
                    |captured| wanted.has(captured),
                    |captured| Shown::of(captured),
                )))
            },
        ),
        Route::new(
            Method::DELETE,
            PATH,
            "Deletes captured deliveries of events.",
            |events: &Events, wanted: Wanted| {
                let log = &events.deliveries.captured;
                now(Ok(captures::delete(log, |captured| wanted.has(captured))))
            },
        ),
    ]
}

/// Which deliveries are wanted.
struct Wanted {
    bus: Option<String>,
    rule: Option<String>,
    target: Option<String>,
    service: Option<String>,
    since: Since,
}

impl Query for Wanted {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::query("bus", "A bus's ARN or name.", Schema::Text),
        Parameter::query("rule", "A rule's ARN or name.", Schema::Text),
        Parameter::query("target", "A target's ARN or id.", Schema::Text),
        Parameter::query(
            "service",
            "The service of the target, as ARNs name it.",
            Schema::Words(&CAPTURED_SERVICES),
        ),
        Since::PARAMETER,
    ];

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let text = |name| given.text(name).map(str::to_owned);
        Ok(Self {
            bus: text("bus"),
            rule: text("rule"),
            target: text("target"),
            service: text("service"),
            since: Since::read(given)?,
        })
    }
}

impl Wanted {
    fn has(&self, captured: &Captured) -> bool {
        let delivery = &captured.delivery;
        let Some(invocation) = &delivery.invocation else {
            return false;
        };
        let is = |wanted: &Option<String>, arn: &str, name: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted == arn || wanted == name)
        };
        let rule = delivery.source_arn.as_deref().unwrap_or_default();
        let service = self.service.as_deref();
        is(&self.bus, &invocation.bus_arn, last(&invocation.bus_arn))
            && is(&self.rule, rule, last(rule))
            && is(&self.target, &delivery.target, &invocation.target_id)
            && service.is_none_or(|service| service == delivery.target_kind)
            && self.since.has(delivery.at.0, captured.sequence)
    }
}

/// The name in the ARN of a rule or a bus. A partner's bus has slashes in its name: it is asked for by its ARN.
fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}

/// An entry of the log.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    sequence: u64,
    timestamp: DateTime,
    account: String,
    region: String,
    event_bus_arn: String,
    rule_arn: String,
    target_id: String,
    target_arn: String,
    service: &'static str,
    role_arn: Option<String>,
    parameters: Map<String, Value>,
    trace_header: Option<String>,
    event_id: String,
    event: String,
    payload: String,
}

const OPTIONAL_TEXT: Schema = Schema::Nullable(&Schema::Text);

impl Json for Shown {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Sequence", Schema::Number),
        Member::always("Timestamp", Schema::Moment),
        Member::always("Account", Schema::Text),
        Member::always("Region", Schema::Text),
        Member::always("EventBusArn", Schema::Text),
        Member::always("RuleArn", Schema::Text),
        Member::always("TargetId", Schema::Text),
        Member::always("TargetArn", Schema::Text),
        Member::always("Service", Schema::Text),
        Member::always("RoleArn", OPTIONAL_TEXT),
        Member::always("Parameters", Schema::Map(&Schema::AnyObject)),
        Member::always("TraceHeader", OPTIONAL_TEXT),
        Member::always("EventId", Schema::Text),
        Member::always("Event", Schema::Text),
        Member::always("Payload", Schema::Text),
    ]);
}

impl Shown {
    fn of(captured: &Captured) -> Option<Self> {
        let delivery = &captured.delivery;
        let Invocation {
            bus_arn,
            target_id,
            role_arn,
            parameters,
            trace_header,
        } = delivery.invocation.as_deref()?;
        Some(Self {
            sequence: captured.sequence,
            timestamp: delivery.at,
            account: delivery.account.to_string(),
            region: delivery.region.to_string(),
            event_bus_arn: bus_arn.to_string(),
            rule_arn: delivery.source_arn.as_deref()?.to_owned(),
            target_id: target_id.clone(),
            target_arn: delivery.target.to_string(),
            service: delivery.target_kind,
            role_arn: role_arn.clone(),
            parameters: parameters.clone(),
            trace_header: trace_header.as_deref().map(str::to_owned),
            event_id: delivery.message_id.to_string(),
            event: delivery.message.to_string(),
            payload: delivery.payload.to_string(),
        })
    }
}
