//! `/_topiq/events/buses` and `/_topiq/events/rules`: the buses of an account, and where their rules lead.

use std::sync::Arc;

use http::Method;
use serde::Serialize;

use crate::routes::{Json, Listed, Listing, Member, Route, Schema, now};
use crate::services::events::Events;
use crate::services::events::bus::Bus;
use crate::services::events::buses::{BusName, DEFAULT};
use crate::services::events::rule::Rule;
use crate::services::events::target::Target;
use crate::wire::DateTime;

pub(super) fn routes() -> [Route<Events>; 2] {
    [
        Route::new(
            Method::GET,
            "/_topiq/events/buses",
            "Lists event buses by name, with how many rules each has.",
            |events: &Events, wanted: Listing| now(Ok(buses(events, &wanted))),
        ),
        Route::new(
            Method::GET,
            "/_topiq/events/rules",
            "Lists rules by bus and name, with their targets, and when each that has a schedule runs next.",
            |events: &Events, wanted: Listing| now(Ok(rules(events, &wanted))),
        ),
    ]
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownBus {
    name: String,
    arn: Arc<str>,
    rules: usize,
}

impl Json for ShownBus {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Name", Schema::Text),
        Member::always("Arn", Schema::Text),
        Member::always("Rules", Schema::Number),
    ]);
}

/// The buses from the one of a name on, or after it. The default bus is there without being created.
fn from<'e>(
    events: &'e Events,
    wanted: &Listing,
    name: &str,
    is_included: bool,
) -> impl Iterator<Item = Arc<Bus>> + use<'e> {
    let named = |name: &str| BusName {
        account: wanted.account,
        region: wanted.region,
        name: name.into(),
    };
    events.buses.get(&named(DEFAULT));
    let first = is_included.then(|| events.buses.present(&named(name)));
    let buses = events.buses.named();
    let others = buses.after(wanted.account, wanted.region, Some(name));
    first.flatten().into_iter().chain(others)
}

fn buses(events: &Events, wanted: &Listing) -> Listed<ShownBus> {
    let after = wanted.after.as_deref().unwrap_or_default();
    let show = |bus: Arc<Bus>| {
        Some(ShownBus {
            name: bus.name.name.to_string(),
            arn: bus.arn.clone(),
            rules: bus.rule_count(),
        })
    };
    wanted.part(
        from(events, wanted, after, false),
        |bus| &bus.name.name,
        show,
    )
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownRule {
    /// Its bus's name, a slash and its own.
    name: String,
    arn: Arc<str>,
    bus_arn: Arc<str>,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule_expression: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_run: Option<DateTime>,
    #[serde(skip_serializing_if = "Option::is_none")]
    managed_by: Option<&'static str>,
    targets: Vec<ShownTarget>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ShownTarget {
    id: String,
    arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_letter_arn: Option<String>,
}

impl Json for ShownRule {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Name", Schema::Text),
        Member::always("Arn", Schema::Text),
        Member::always("BusArn", Schema::Text),
        Member::always("State", Schema::Text),
        Member::sometimes("EventPattern", Schema::Text),
        Member::sometimes("ScheduleExpression", Schema::Text),
        Member::sometimes("NextRun", Schema::Moment),
        Member::sometimes("ManagedBy", Schema::Text),
        Member::always(
            "Targets",
            Schema::List(&Schema::Object(&[
                Member::always("Id", Schema::Text),
                Member::always("Arn", Schema::Text),
                Member::sometimes("DeadLetterArn", Schema::Text),
            ])),
        ),
    ]);
}

fn rules(events: &Events, wanted: &Listing) -> Listed<ShownRule> {
    let after = wanted.after.as_deref().unwrap_or_default();
    // Slashes are in the names of buses, not in those of rules.
    let (first, _) = after.rsplit_once('/').unwrap_or((after, ""));
    let all = from(events, wanted, first, true).flat_map(|bus| of_bus(&bus));
    let all = all.filter(|(name, ..)| **name > *after);
    wanted.part(
        all,
        |(name, ..)| name,
        |(name, bus, rule)| Some(show(name, &bus, &rule)),
    )
}

/// A bus's rules with their names, in the order of these.
fn of_bus(bus: &Arc<Bus>) -> Vec<(String, Arc<Bus>, Arc<Rule>)> {
    let rules = bus.rules_after(None, usize::MAX, |_| true).into_iter();
    let named = rules.map(|rule| {
        let name = format!("{}/{}", bus.name.name, rule.name);
        (name, bus.clone(), rule)
    });
    named.collect()
}

fn show(name: String, bus: &Bus, rule: &Rule) -> ShownRule {
    let schedule = rule.schedule.as_ref();
    ShownRule {
        name,
        arn: rule.arn.clone(),
        bus_arn: bus.arn.clone(),
        state: rule.state.as_str(),
        event_pattern: rule.pattern.as_ref().map(|pattern| pattern.text.clone()),
        schedule_expression: schedule.map(|schedule| schedule.text.clone()),
        next_run: bus.next_run(&rule.name).map(DateTime),
        managed_by: rule.managed_by,
        targets: rule.targets.iter().map(|target| shown(target)).collect(),
    }
}

fn shown(target: &Target) -> ShownTarget {
    let dead_letters = target.dead_letter_config.as_ref();
    ShownTarget {
        id: target.id().to_owned(),
        arn: target.arn().to_owned(),
        dead_letter_arn: dead_letters.and_then(|config| config.arn.clone()),
    }
}
