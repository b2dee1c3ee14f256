//! The service by its actions: archives and their rules; changes that meet each other, where each pair leaves what one of the
//! two orders leaves.

use std::pin::pin;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use serde_json::{Value, json};

use super::*;
use crate::agenda::Agenda;
use crate::clock::ManualClock;
use crate::ids::Ids;
use crate::services::Operations;
use crate::wire::Call;

const SOURCE: &str = "aws.partner/shop.example/orders";

/// How often each pair of changes meets.
const MEETINGS: usize = 300;

pub(super) fn service() -> Arc<Events> {
    let clock = ManualClock::new(Timestamp::from_secs(1_767_312_000));
    let environment = Environment::at(Arc::new(Agenda::new(Arc::new(clock))));
    let events = Arc::new(Events::new(&environment));
    events.register(&environment);
    events
}

fn caller() -> Caller<'static> {
    Caller::within(
        AccountId::DEFAULT,
        Region::default(),
        "",
        "http://localhost:4566",
    )
}

/// Calls an action; the answer's status and body.
fn call(events: &Events, action: &'static str, input: &Value) -> (u16, Value) {
    let input = input.to_string();
    let request = Ids::seeded(2).request_id();
    let call = Call::within(Events::MODEL, action, caller(), request, input.as_bytes());
    // Nothing that it waits for needs a runtime.
    let mut answer = pin!(events.dispatch(&call));
    let mut context = Context::from_waker(Waker::noop());
    let answer = loop {
        if let Poll::Ready(answer) = answer.as_mut().poll(&mut context) {
            break answer.expect("an action");
        }
    };
    let body = serde_json::from_slice(answer.body.bytes()).unwrap_or_default();
    (answer.status, body)
}

#[track_caller]
pub(super) fn ok(events: &Events, action: &'static str, input: &Value) -> Value {
    let (status, body) = call(events, action, input);
    assert_eq!(status, 200, "{action}: {body}");
    body
}

/// Does both at once; what they give.
fn at_once<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    let start = Barrier::new(2);
    thread::scope(|scope| {
        let one = scope.spawn(|| {
            start.wait();
            one()
        });
        start.wait();
        let other = other();
        (one.join().expect("an answer"), other)
    })
}

#[test]
fn a_source_that_is_withdrawn_while_its_bus_is_made_is_gone_or_deleted() {
    let events = service();
    let source = json!({"Name": SOURCE, "Account": AccountId::DEFAULT.to_string()});
    let bus = json!({"Name": SOURCE, "EventSourceName": SOURCE});
    for _ in 0..MEETINGS {
        ok(&events, "CreatePartnerEventSource", &source);
        let (made, _) = at_once(
            || call(&events, "CreateEventBus", &bus).0 == 200,
            || ok(&events, "DeletePartnerEventSource", &source),
        );
        let name = json!({ "Name": SOURCE });
        let (status, found) = call(&events, "DescribeEventSource", &name);
        let expected = if made { (200, "DELETED") } else { (400, "") };
        let state = found["State"].as_str().unwrap_or_default();
        assert_eq!((status, state), expected, "made: {made}, {found}");
        ok(&events, "DeleteEventBus", &name);
    }
}

const HERE: &str = "arn:aws:events:us-east-1:000000000000:event-bus/orders";
const THERE: &str = "arn:aws:events:eu-west-1:000000000000:event-bus/orders";

fn endpoint() -> Value {
    json!({
        "Name": "e",
        "RoutingConfig": {"FailoverConfig": {
            "Primary": {"HealthCheck": "arn:aws:route53:::healthcheck/a"},
            "Secondary": {"Route": "eu-west-1"},
        }},
        "EventBuses": [{"EventBusArn": HERE}, {"EventBusArn": THERE}],
        "RoleArn": "arn:aws:iam::000000000000:role/r",
    })
}

fn rules(events: &Events) -> usize {
    let listed = ok(events, "ListRules", &json!({"EventBusName": "orders"}));
    listed["Rules"].as_array().map_or(0, Vec::len)
}

#[test]
fn an_endpoint_that_is_changed_keeps_its_rules_all_the_time() {
    let events = service();
    ok(&events, "CreateEventBus", &json!({"Name": "orders"}));
    ok(&events, "CreateEndpoint", &endpoint());
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let changing = scope.spawn(|| {
            for _ in 0..MEETINGS {
                let change = json!({"Name": "e", "Description": "d"});
                ok(&events, "UpdateEndpoint", &change);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        while !is_over.load(Ordering::Relaxed) && !changing.is_finished() {
            assert_eq!(rules(&events), 1);
        }
    });
}

#[test]
fn an_endpoint_that_is_deleted_while_it_is_changed_leaves_no_rule() {
    let events = service();
    ok(&events, "CreateEventBus", &json!({"Name": "orders"}));
    for _ in 0..MEETINGS {
        ok(&events, "CreateEndpoint", &endpoint());
        let change = json!({"Name": "e", "Description": "d"});
        at_once(
            || call(&events, "UpdateEndpoint", &change),
            || ok(&events, "DeleteEndpoint", &json!({"Name": "e"})),
        );
        assert_eq!(rules(&events), 0);
    }
}

const DEFAULT_BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/default";

/// Makes an archive that asks for this pattern.
fn archive(events: &Events, pattern: &str) {
    let archive =
        json!({"ArchiveName": "a", "EventSourceArn": DEFAULT_BUS, "EventPattern": pattern});
    ok(events, "CreateArchive", &archive);
}

fn archived(events: &Events) -> Value {
    ok(events, "DescribeArchive", &json!({"ArchiveName": "a"}))
}

#[test]
fn the_condition_of_an_archives_rule_takes_the_place_of_the_patterns_own() {
    let events = service();
    let asked = r#"{"source": ["s"], "replay-name": ["r"], "detail": {"n": [1.50]}}"#;
    archive(&events, asked);
    let rule = ok(
        &events,
        "DescribeRule",
        &json!({"Name": "Events-Archive-a"}),
    );
    assert_eq!(
        rule["EventPattern"],
        r#"{"source":["s"],"detail":{"n": [1.50]},"replay-name":[{"exists":false}]}"#
    );
    let entry = json!({"Source": "s", "DetailType": "t", "Detail": r#"{"n": 1.5}"#});
    ok(&events, "PutEvents", &json!({"Entries": [entry]}));
    let archived = archived(&events);
    assert_eq!(archived["EventPattern"], asked);
    assert_eq!(archived["EventCount"], 1);
}

#[test]
fn an_archive_may_ask_for_as_much_as_fits_into_its_pattern() {
    let events = service();
    let fields = ('\u{4e00}'..)
        .take(511)
        .map(|name| format!(r#""{name}":[1]"#));
    let pattern = format!("{{{}}}", fields.collect::<Vec<_>>().join(","));
    // Another one would be too long.
    assert!((4096 - 8..=4096).contains(&pattern.chars().count()));
    archive(&events, &pattern);
    assert_eq!(archived(&events)["EventPattern"], pattern);
}

#[test]
fn an_archive_that_is_deleted_while_it_is_made_leaves_no_rule() {
    let events = service();
    let name = ArchiveName::owned(&caller(), "a");
    for _ in 0..MEETINGS {
        at_once(
            || archive(&events, r#"{"source":["s"]}"#),
            || {
                let made = loop {
                    if let Some(made) = events.archives.get(&name) {
                        break made;
                    }
                };
                events.delete_archive(&made);
            },
        );
        let rules = ok(&events, "ListRules", &json!({}));
        assert_eq!(rules["Rules"], json!([]));
    }
}
