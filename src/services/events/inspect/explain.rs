//! `/_topiq/events/explain`: which rules of a bus let an event through, and why the others do not. Nothing is delivered.

use std::sync::Arc;

use http::Method;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::pattern::Event;
use crate::routes::{Given, Json, Member, Parameter, Query, Refusal, Route, Schema};
use crate::services::events::Events;
use crate::services::events::buses::{BusName, DEFAULT};
use crate::services::events::rule::Rule;

pub(super) fn route() -> Route<Events> {
    Route::new(
        Method::POST,
        "/_topiq/events/explain",
        "Says which rules of a bus an event would match, and why not the others.",
        |events: &Events, asked: Asked| Box::pin(explain(events, asked)),
    )
}

/// An event, and the bus that it is for.
struct Asked {
    bus: BusName,
    event: Box<str>,
}

impl Query for Asked {
    const PARAMETERS: &'static [Parameter] = &[
        Parameter::query(
            "bus",
            "The bus's name or ARN; the default bus by default.",
            Schema::Text,
        ),
        Parameter::ACCOUNT,
        Parameter::REGION,
    ];
    const BODY: Option<Schema> = Some(Schema::AnyObject);

    fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let (account, region) = given.owner()?;
        let bus = given.text("bus").unwrap_or(DEFAULT);
        let bus = BusName::parse(bus).unwrap_or_else(|| BusName {
            account,
            region,
            name: bus.into(),
        });
        let event: Result<&RawValue, _> = serde_json::from_slice(given.body());
        let event = event.ok().map(RawValue::get);
        let Some(event) = event.filter(|event| event.starts_with('{')) else {
            let message = "The body is an event in its envelope: a JSON object.";
            return Err(Refusal::new(400, message));
        };
        Ok(Self {
            bus,
            event: event.into(),
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Explained {
    bus: Arc<str>,
    rules: Vec<Verdict>,
}

/// What a rule makes of the event.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Verdict {
    name: Arc<str>,
    arn: Arc<str>,
    matches: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Verdict {
    fn of(rule: &Rule, event: &Event<'_>) -> Self {
        let reason = rule.withholds(event);
        Self {
            name: rule.name.clone(),
            arn: rule.arn.clone(),
            matches: reason.is_none(),
            reason,
        }
    }
}

impl Json for Explained {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Bus", Schema::Text),
        Member::always(
            "Rules",
            Schema::List(&Schema::Object(&[
                Member::always("Name", Schema::Text),
                Member::always("Arn", Schema::Text),
                Member::always("Matches", Schema::Boolean),
                Member::sometimes("Reason", Schema::Text),
            ])),
        ),
    ]);
}

async fn explain(events: &Events, asked: Asked) -> Result<Explained, Refusal> {
    let bus = events.buses.get(&asked.bus);
    let bus = bus.ok_or_else(|| Refusal::new(404, "The bus does not exist."))?;
    let event = Event::from_json(&asked.event);
    let rules = bus.rules_after(None, usize::MAX, |rule| rule.managed_by.is_none());
    let mut verdicts = Vec::with_capacity(rules.len());
    for rule in &rules {
        verdicts.push(Verdict::of(rule, &event));
        // Each may take long to ask: others' requests pass meanwhile.
        tokio::task::yield_now().await;
    }
    Ok(Explained {
        bus: bus.arn.clone(),
        rules: verdicts,
    })
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use serde_json::json;

    use super::*;
    use crate::aws::{AccountId, Region};
    use crate::services::events::tests::{ok, service};

    #[test]
    fn others_requests_pass_between_the_rules() {
        let events = service();
        for name in ["a", "b", "c"] {
            let rule = json!({"Name": name, "EventPattern": r#"{"source":["s"]}"#});
            ok(&events, "PutRule", &rule);
        }
        let bus = BusName {
            account: AccountId::DEFAULT,
            region: Region::default(),
            name: DEFAULT.into(),
        };
        let event = r#"{"source":"s"}"#.into();
        let mut explained = pin!(explain(&events, Asked { bus, event }));
        let mut context = Context::from_waker(Waker::noop());
        let mut pauses = 0;
        let rules = loop {
            match explained.as_mut().poll(&mut context) {
                Poll::Pending => pauses += 1,
                Poll::Ready(explained) => break explained.map(|found| found.rules.len()),
            }
        };
        assert_eq!((rules.ok(), pauses), (Some(3), 3));
    }
}
