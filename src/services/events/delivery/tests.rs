//! Deliveries over time: to a target that fails, by a clock that stands still until it is moved.

use std::collections::BTreeMap;
use std::sync::Weak;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::*;
use crate::agenda::Agenda;
use crate::aws::{AccountId, Caller, Region};
use crate::budget::Budget;
use crate::clock::{ManualClock, Timestamp};
use crate::delivery::{Delivered, Message, Outcome, Source, Target, TargetService, Undelivered};
use crate::ids::{Id, Ids};
use crate::services::{Environment, Operations, Service, Settings};
use crate::wire::{Call, Speaks};

const TARGET: &str = "arn:aws:fake:us-east-1:000000000000:t";
const DEAD_LETTERS: &str = "arn:aws:fake:us-east-1:000000000000:d";
const START: Timestamp = Timestamp::from_secs(1_767_312_000);

/// The resources of a service: what they got, and the outcomes that the next deliveries to `t` have.
#[derive(Clone, Debug, Default)]
struct Fake(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    attempts: usize,
    outcomes: Vec<Undelivered>,
    /// The text, and the attributes, by the resource's name.
    got: Vec<(String, String, BTreeMap<String, String>)>,
    groups: Vec<Option<String>>,
}

#[derive(Debug)]
struct Resource(Fake, String);

impl TargetService for Fake {
    fn target(&self, arn: &str) -> Option<Arc<dyn Target>> {
        let name = arn.rsplit(':').next()?;
        Some(Arc::new(Resource(self.clone(), name.to_owned())))
    }
}

impl Target for Resource {
    fn deliver(&self, _: Timestamp, message: Message<'_>) -> Outcome {
        let mut state = self.0.0.lock();
        if self.1 == "t" {
            state.attempts += 1;
            if let Some(undelivered) = state.outcomes.pop() {
                return Err(undelivered);
            }
        }
        let attributes = message.attributes.iter();
        let attributes = attributes.flat_map(|all| all.attributes.iter());
        let attributes = attributes.map(|one| {
            let value = one.value.as_text().unwrap_or_default();
            (one.name.to_string(), value.to_owned())
        });
        let attributes = attributes.collect();
        let text = message.body.text().to_string();
        let group = message.group_id.as_deref().map(str::to_owned);
        state.groups.push(group);
        state.got.push((self.1.clone(), text, attributes));
        Ok(Delivered::As(Id::from_u128(7)))
    }

    fn permits(&self, _: &Source<'_>) -> Result<(), Undelivered> {
        Ok(())
    }
}

struct Fixture {
    events: Arc<Events>,
    fake: Arc<Fake>,
    agenda: Arc<Agenda>,
    budget: Arc<Budget>,
}

impl Fixture {
    /// The rule `r` with the target `t`, whose first deliveries have these outcomes.
    async fn new(policy: Value, outcomes: Vec<Undelivered>) -> Self {
        let agenda = Arc::new(Agenda::new(Arc::new(ManualClock::new(START))));
        let environment = Environment {
            agenda: agenda.clone(),
            ids: Arc::new(Ids::seeded(1)),
            deliveries: Arc::default(),
            budget: Arc::default(),
            faults: Arc::default(),
            traces: Arc::default(),
            settings: Settings {
                rules_per_bus: 3 * RULES,
                ..Settings::default()
            },
        };
        let fake = Arc::new(Fake::default());
        fake.0.lock().outcomes = outcomes;
        let service: Weak<dyn TargetService> = Arc::<Fake>::downgrade(&fake);
        for name in ["fake", "kinesis"] {
            let targets = &environment.deliveries.targets;
            targets.register(name, service.clone());
        }
        let events = Arc::new(Events::new(&environment));
        events.register(&environment);
        let fixture = Self {
            events,
            fake,
            agenda,
            budget: environment.budget,
        };
        let pattern = r#"{"source":["s"]}"#;
        fixture
            .call("PutRule", json!({"Name": "r", "EventPattern": pattern}))
            .await;
        fixture.put_target(policy).await;
        fixture
    }

    async fn put_target(&self, policy: Value) {
        let target = json!({
            "Id": "t", "Arn": TARGET, "RetryPolicy": policy, "DeadLetterConfig": {"Arn": DEAD_LETTERS},
        });
        self.call("PutTargets", json!({"Rule": "r", "Targets": [target]}))
            .await;
    }

    async fn call(&self, operation: &'static str, input: Value) {
        let caller = Caller::within(
            AccountId::DEFAULT,
            Region::default(),
            "",
            "http://localhost:4566",
        );
        let input = input.to_string();
        let request = Ids::seeded(2).request_id();
        let call = Call::within(Events::MODEL, operation, caller, request, input.as_bytes());
        let answer = self.events.dispatch(&call).await.expect("an operation");
        let body = String::from_utf8_lossy(answer.body.bytes());
        assert_eq!(answer.status, 200, "{operation}: {body}");
    }

    async fn put_event(&self) {
        let entry = json!({"Source": "s", "DetailType": "t", "Detail": "{}"});
        self.call("PutEvents", json!({"Entries": [entry]})).await;
    }

    async fn advance(&self, seconds: u64) {
        let duration = Duration::from_secs(seconds);
        self.agenda.advance(duration).await.expect("a manual clock");
    }

    fn attempts(&self) -> usize {
        self.fake.0.lock().attempts
    }

    /// Who has got the event.
    fn got(&self) -> Vec<String> {
        let state = self.fake.0.lock();
        state.got.iter().map(|(name, ..)| name.clone()).collect()
    }

    /// The attributes of the only dead letter.
    fn dead_letter(&self) -> Vec<(String, String)> {
        let state = self.fake.0.lock();
        let [(name, text, attributes)] = &state.got[..] else {
            panic!("{:?}", state.got);
        };
        assert_eq!(name, "d");
        assert!(text.starts_with(r#"{"version":"0""#), "{text}");
        attributes.clone().into_iter().collect()
    }
}

fn slow(times: usize) -> Vec<Undelivered> {
    (0..times).map(|_| Undelivered::Timeout(5)).collect()
}

fn named(attributes: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    attributes.iter().map(owned).collect()
}

#[tokio::test]
async fn what_fails_for_now_is_tried_again_until_it_is_there() {
    let fixture = Fixture::new(json!({}), slow(3)).await;
    fixture.put_event().await;
    assert_eq!((fixture.attempts(), fixture.got()), (1, vec![]));
    assert!(fixture.budget.taken() > 0);
    fixture.advance(7).await;
    assert_eq!(fixture.attempts(), 4);
    assert_eq!(fixture.got(), ["t"]);
    assert_eq!((fixture.budget.taken(), fixture.agenda.len()), (0, 0));
}

#[tokio::test]
async fn attempts_run_out() {
    let policy = json!({"MaximumRetryAttempts": 4});
    let fixture = Fixture::new(policy, slow(9)).await;
    fixture.put_event().await;
    fixture.advance(60).await;
    assert_eq!(fixture.attempts(), 5);
    let expected = named(&[
        ("ERROR_CODE", "TIMEOUT"),
        ("ERROR_MESSAGE", "no answer within 5 seconds"),
        ("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts"),
        ("RETRY_ATTEMPTS", "4"),
        ("RULE_ARN", "arn:aws:events:us-east-1:000000000000:rule/r"),
        ("TARGET_ARN", TARGET),
    ]);
    assert_eq!(fixture.dead_letter(), expected);
    assert_eq!(fixture.budget.taken(), 0);
}

#[tokio::test]
async fn events_grow_too_old() {
    let policy = json!({"MaximumEventAgeInSeconds": 60});
    let fixture = Fixture::new(policy, slow(99)).await;
    fixture.put_event().await;
    fixture.advance(59).await;
    assert_eq!(fixture.got(), [""; 0]);
    fixture.advance(1).await;
    let attempts = fixture.attempts();
    let letter = fixture.dead_letter();
    let retries = (attempts - 1).to_string();
    assert_eq!(letter[2].1, "MaximumEventAgeInSeconds");
    assert_eq!(letter[3].1, retries);
    fixture.advance(600).await;
    assert_eq!(fixture.attempts(), attempts);
}

#[tokio::test]
async fn what_fails_for_good_is_given_up_at_once() {
    for (undelivered, code, message) in [
        (
            Undelivered::NoTarget,
            "NO_RESOURCE",
            "the target does not exist",
        ),
        (
            Undelivered::Refused("Too long.".into()),
            "INVALID_PARAMETER",
            "Too long.",
        ),
        (
            Undelivered::Denied("no statement".into()),
            "NO_PERMISSIONS",
            "access denied: no statement",
        ),
    ] {
        let fixture = Fixture::new(json!({}), vec![undelivered]).await;
        fixture.put_event().await;
        let letter = fixture.dead_letter();
        let expected = named(&[
            ("ERROR_CODE", code),
            ("ERROR_MESSAGE", message),
            ("RETRY_ATTEMPTS", "0"),
        ]);
        assert_eq!(letter[..3], expected);
        assert_eq!(fixture.agenda.len(), 0);
    }
}

#[tokio::test]
async fn a_later_refusal_ends_the_retries() {
    let mut outcomes = vec![Undelivered::Refused("no".into())];
    outcomes.extend(slow(2));
    let fixture = Fixture::new(json!({}), outcomes).await;
    fixture.put_event().await;
    fixture.advance(10).await;
    let expected = named(&[("RETRY_ATTEMPTS", "2")]);
    assert_eq!(fixture.dead_letter()[2..3], expected);
}

#[tokio::test]
async fn each_event_is_retried_on_its_own() {
    let fixture = Fixture::new(json!({}), slow(300)).await;
    for _ in 0..250 {
        fixture.put_event().await;
    }
    assert_eq!(fixture.got(), [""; 0]);
    fixture.advance(120).await;
    assert_eq!(fixture.got().len(), 250);
    assert_eq!(fixture.attempts(), 550);
}

#[tokio::test]
async fn a_removed_target_gets_nothing_more_and_a_changed_one_goes_by_its_new_policy() {
    let fixture = Fixture::new(json!({}), slow(99)).await;
    fixture.put_event().await;
    let policy = json!({"MaximumRetryAttempts": 0});
    fixture.put_target(policy).await;
    fixture.advance(1).await;
    assert_eq!((fixture.attempts(), fixture.got().len()), (2, 1));

    let fixture = Fixture::new(json!({}), slow(99)).await;
    fixture.put_event().await;
    fixture
        .call("RemoveTargets", json!({"Rule": "r", "Ids": ["t"]}))
        .await;
    fixture.advance(600).await;
    assert_eq!((fixture.attempts(), fixture.got()), (1, vec![]));
    assert_eq!((fixture.budget.taken(), fixture.agenda.len()), (0, 0));
}

#[tokio::test]
async fn a_bus_in_the_place_of_a_target_gets_what_waits() {
    let fixture = Fixture::new(json!({}), slow(1)).await;
    fixture.put_event().await;
    let bus = "arn:aws:events:us-east-1:000000000000:event-bus/b";
    let rule = json!({"Name": "r", "EventBusName": "b", "EventPattern": r#"{"source":["s"]}"#});
    let target = |arn: &str| json!([{"Id": "t", "Arn": arn}]);
    for (operation, input) in [
        ("CreateEventBus", json!({"Name": "b"})),
        ("PutRule", rule),
        (
            "PutTargets",
            json!({"Rule": "r", "EventBusName": "b", "Targets": target(TARGET)}),
        ),
        ("PutTargets", json!({"Rule": "r", "Targets": target(bus)})),
    ] {
        fixture.call(operation, input).await;
    }
    fixture.advance(1).await;
    assert_eq!((fixture.attempts(), fixture.got().len()), (2, 1));
}

#[tokio::test]
async fn without_memory_nothing_waits() {
    let fixture = Fixture::new(json!({}), slow(1)).await;
    fixture.budget.force(crate::budget::DEFAULT_BYTES);
    fixture.put_event().await;
    assert_eq!(fixture.dead_letter()[0].1, "TIMEOUT");
    assert_eq!(fixture.agenda.len(), 0);
}

#[tokio::test]
async fn a_stopped_service_keeps_nothing_and_is_not_kept() {
    let fixture = Fixture::new(json!({}), slow(99)).await;
    fixture.put_event().await;
    assert_eq!(fixture.events.waiting.len(), 1);
    fixture.events.stop().await;
    fixture.put_event().await;
    assert_eq!(
        (fixture.events.waiting.len(), fixture.budget.taken()),
        (0, 0)
    );
    fixture.advance(600).await;
    assert_eq!(fixture.attempts(), 2);
    let events = Arc::downgrade(&fixture.events);
    drop(fixture);
    assert!(events.upgrade().is_none());
}

#[tokio::test]
async fn records_of_streams_are_by_what_their_path_finds_or_by_the_event() {
    let fixture = Fixture::new(json!({}), vec![]).await;
    let target = |id: &str, path: Option<&str>| {
        let parameters = path.map(|path| json!({"PartitionKeyPath": path}));
        json!({"Id": id, "Arn": "arn:aws:kinesis:us-east-1:000000000000:stream/s", "KinesisParameters": parameters})
    };
    let targets = json!([
        target("a", Some("$.source")),
        target("b", Some("$.resources")),
        target("c", Some("$.detail.none")),
        target("d", None),
    ]);
    let input = json!({"Rule": "r", "Targets": targets});
    fixture.call("PutTargets", input).await;
    fixture.put_event().await;
    let state = fixture.fake.0.lock();
    let event: Value = serde_json::from_str(&state.got[0].1).expect("an event");
    let id = event["id"].as_str();
    let groups: Vec<_> = state.groups.iter().map(Option::as_deref).collect();
    assert_eq!(groups, [None, Some("s"), Some("[]"), id, id]);
}

/// An event for many rules lets others pass in between, and goes to all of them though its publisher hangs up.
#[tokio::test]
async fn many_rules_get_an_event_in_turns() {
    let fixture = Fixture::new(json!({}), vec![]).await;
    for number in 0..2 * RULES {
        let name = format!("r{number}");
        let rule = json!({"Name": name, "EventPattern": r#"{"source":["s"]}"#});
        fixture.call("PutRule", rule).await;
        let target = json!({"Id": "t", "Arn": TARGET});
        fixture
            .call("PutTargets", json!({"Rule": name, "Targets": [target]}))
            .await;
    }
    {
        let mut put = std::pin::pin!(fixture.put_event());
        let mut turns = 0;
        std::future::poll_fn(|context| {
            turns += 1;
            assert!(put.as_mut().poll(context).is_pending());
            assert_eq!(fixture.got().len(), turns * RULES);
            if turns == 2 {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }
    assert_eq!(fixture.got().len(), 2 * RULES + 1);
}

/// Patterns that take long are asked in turns too, and in the end every rule that matches gets the event.
#[tokio::test]
async fn rules_that_take_long_to_ask_are_asked_in_turns() {
    let fixture = Fixture::new(json!({}), vec![]).await;
    // Each value is held against each of the first conditions before the last one lets the event through.
    for number in 0..20 {
        let name = format!("r{number}");
        let suffixes = (0..100).map(|other| format!("x{other}"));
        let last = if number == 7 { "v2" } else { "v1" };
        let suffixes = suffixes.chain([last.to_owned()]);
        let asked: Vec<_> = suffixes.map(|suffix| json!({"suffix": suffix})).collect();
        let pattern = json!({"detail": {"v": asked}});
        let rule = json!({"Name": name, "EventPattern": pattern.to_string()});
        fixture.call("PutRule", rule).await;
        let target = json!({"Id": "t", "Arn": TARGET});
        fixture
            .call("PutTargets", json!({"Rule": name, "Targets": [target]}))
            .await;
    }
    let values: Vec<_> = (0..500).map(|number| format!("{number}-v1")).collect();
    let detail = json!({"v": values}).to_string();
    let entry = json!({"Source": "t", "DetailType": "d", "Detail": detail});
    let mut turns = 0;
    {
        let mut put = std::pin::pin!(fixture.call("PutEvents", json!({"Entries": [entry]})));
        std::future::poll_fn(|context| {
            turns += 1;
            put.as_mut().poll(context)
        })
        .await;
    }
    assert!((3..100).contains(&turns), "{turns} turns");
    assert_eq!(fixture.got().len(), 19);
}
