//! Events go from a bus by its rules to queues, at once or from an archive.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_eventbridge::operation::cancel_replay::CancelReplayError;
use aws_sdk_eventbridge::operation::create_event_bus::CreateEventBusError;
use aws_sdk_eventbridge::operation::describe_rule::DescribeRuleError;
use aws_sdk_eventbridge::operation::put_events::PutEventsOutput;
use aws_sdk_eventbridge::operation::put_rule::PutRuleError;
use aws_sdk_eventbridge::operation::put_targets::PutTargetsError;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::{
    InputTransformer, PutEventsRequestEntry, ReplayDestination, ReplayState, Target,
};
use serde_json::{Value, json};
use topiq_compat_tests::{
    World, eventually, facts, name_of, new_name, queue_arn, receive, receive_one, refusal, scenario,
};

/// Makes a rule of a bus and returns its ARN.
async fn rule(world: &World, bus: &str, name: &str, pattern: Value) -> String {
    let call = world.events.put_rule().event_bus_name(bus).name(name);
    let put = call.event_pattern(pattern.to_string()).send().await;
    put.unwrap().rule_arn.unwrap()
}

/// Makes a rule that sends what it matches to a queue, and returns its ARN.
async fn rule_to_queue(
    world: &World,
    bus: &str,
    queue: &str,
    pattern: Value,
    input: Option<InputTransformer>,
) -> String {
    let arn = rule(world, bus, "to-queue", pattern).await;
    world.allow(queue, "events.amazonaws.com", &arn).await;
    let target = Target::builder()
        .id("1")
        .arn(queue_arn(world, queue).await)
        .set_input_transformer(input)
        .build()
        .unwrap();
    let call = world.events.put_targets().event_bus_name(bus);
    let put = call.rule("to-queue").targets(target).send().await.unwrap();
    assert_eq!(put.failed_entry_count, 0, "{:?}", put.failed_entries());
    arn
}

async fn put_events<const N: usize>(
    world: &World,
    bus: &str,
    details: [&str; N],
) -> PutEventsOutput {
    let entry = |detail| {
        PutEventsRequestEntry::builder()
            .event_bus_name(bus)
            .source("shop.orders")
            .detail_type("OrderPlaced")
            .detail(detail)
            .build()
    };
    let call = world.events.put_events();
    let put = call.set_entries(Some(details.map(entry).into())).send();
    put.await.unwrap()
}

#[tokio::test]
async fn queue_gets_what_the_transformer_makes_of_events_that_match() {
    scenario(async |world| {
        let (bus, queue) = (world.bus().await, world.queue().await);
        let pattern = json!({ "detail": { "total": [{ "numeric": [">", 100] }] } });
        let input = InputTransformer::builder()
            .input_paths_map("id", "$.detail.id")
            .input_template(r#"{"order":<id>,"rule":<aws.events.rule-arn>}"#)
            .build()
            .unwrap();
        let rule = rule_to_queue(world, &bus, &queue, pattern, Some(input)).await;
        let details = [
            r#"{"id":"A-1","total":99}"#,
            "no JSON",
            r#"{"id":"A-2","total":100.5}"#,
        ];
        let put = put_events(world, &bus, details).await;

        assert_eq!(put.failed_entry_count, 1);
        let entries = put.entries().iter();
        let ids: Vec<_> = entries
            .map(|entry| entry.event_id().map(str::len))
            .collect();
        assert_eq!(ids, [Some(36), None, Some(36)]);
        let failed = &put.entries()[1];
        assert_eq!(failed.error_code(), Some("MalformedDetail"));
        assert_eq!(failed.error_message(), Some("Detail is malformed."));
        let message = receive_one(world, &queue).await;
        let body: Value = serde_json::from_str(message.body().unwrap()).unwrap();
        assert_eq!(body, json!({ "order": "A-2", "rule": rule }));
        assert!(receive(world, &queue, 0).await.is_empty());
    })
    .await;
}

/// Starts to replay what an archive has of the last and the next five minutes, and returns the times.
async fn replay(world: &World, name: &str, archive: &str, bus: &str) -> [DateTime; 2] {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_secs()).unwrap();
    let times = [now - 300, now + 300].map(DateTime::from_secs);
    let destination = ReplayDestination::builder().arn(bus).build().unwrap();
    let call = world
        .events
        .start_replay()
        .replay_name(name)
        .event_source_arn(archive)
        .destination(destination);
    let call = call.event_start_time(times[0]).event_end_time(times[1]);
    call.send().await.unwrap();
    times
}

#[tokio::test]
async fn archive_is_replayed() {
    scenario(async |world| {
        let (bus, queue) = (world.bus().await, world.queue().await);
        let (events, name) = (&world.events, new_name(false));
        let call = events.create_archive().archive_name(new_name(false));
        let created = call.event_source_arn(&bus).retention_days(1).send().await;
        let archive = created.unwrap().archive_arn.unwrap();
        let put = put_events(world, &bus, [r#"{"id":"A-1"}"#]).await;
        let again = json!({ "replay-name": [{ "exists": true }] });
        rule_to_queue(world, &bus, &queue, again, None).await;
        let [start, end] = replay(world, &name, &archive, &bus).await;

        let message = receive_one(world, &queue).await;
        let event: Value = serde_json::from_str(message.body().unwrap()).unwrap();
        assert_eq!(event["id"].as_str(), put.entries()[0].event_id());
        assert_eq!(event["replay-name"], name);
        assert_eq!(event["detail"], json!({ "id": "A-1" }));
        let shown = eventually(async || {
            let shown = events.describe_replay().replay_name(&name).send().await;
            let shown = shown.unwrap();
            (shown.state == Some(ReplayState::Completed)).then_some(shown)
        })
        .await;
        assert_eq!(shown.event_source_arn(), Some(&*archive));
        assert_eq!(
            [shown.event_start_time, shown.event_end_time],
            [Some(start), Some(end)]
        );
        let refused = refusal(events.cancel_replay().replay_name(&name).send().await);
        let words = format!("Replay {name} is not in a valid state for this operation.");
        let error = facts(refused, "IllegalStatusException", 400, &words);
        assert!(matches!(
            error,
            CancelReplayError::IllegalStatusException(_)
        ));
    })
    .await;
}

#[tokio::test]
async fn rules_are_listed_in_pages() {
    scenario(async |world| {
        let bus = world.bus().await;
        for name in ["r-1", "r-2", "r-3"] {
            rule(world, &bus, name, json!({ "source": ["s"] })).await;
        }
        // This SDK has no paginators for EventBridge.
        let list = async |token| {
            let call = world.events.list_rules().event_bus_name(&bus).limit(2);
            call.set_next_token(token).send().await.unwrap()
        };
        let first = list(None).await;
        let token = first.next_token.clone().expect("a third rule is left");
        let second = list(Some(token)).await;
        let pages = [&first, &second].map(|page| {
            let names = page.rules().iter().map(|rule| rule.name().unwrap());
            names.collect::<Vec<_>>()
        });
        assert_eq!(pages, [vec!["r-1", "r-2"], vec!["r-3"]]);
        assert_eq!(second.next_token, None);
    })
    .await;
}

#[tokio::test]
async fn rules_are_refused_by_typed_errors() {
    scenario(async |world| {
        let bus = world.bus().await;
        let (events, name) = (&world.events, name_of(&bus));

        let call = events.describe_rule().event_bus_name(name).name("absent");
        let refused = refusal(call.send().await);
        let words = format!("Rule absent does not exist on EventBus {name}.");
        let error = facts(refused, "ResourceNotFoundException", 400, &words);
        assert!(matches!(
            error,
            DescribeRuleError::ResourceNotFoundException(_)
        ));

        let call = events.put_rule().name("r").event_bus_name(name);
        let refused = refusal(call.event_pattern("[]").send().await);
        let words = "Event pattern is not valid. Reason: Filter is not an object\n \
                     at [Source: (String)\"[]\"; line: 1, column: 2]";
        let error = facts(refused, "InvalidEventPatternException", 400, words);
        assert!(matches!(
            error,
            PutRuleError::InvalidEventPatternException(_)
        ));

        // AWS's model does not name this error, so the SDK has no type for it.
        let call = events
            .put_rule()
            .name("r")
            .schedule_expression("rate(1 minute");
        let refused = refusal(call.send().await);
        let words = "Parameter ScheduleExpression is not valid.";
        facts(refused, "ValidationException", 400, words);
    })
    .await;
}

#[tokio::test]
async fn buses_and_targets_are_refused_by_typed_errors() {
    scenario(async |world| {
        let bus = world.bus().await;
        let events = &world.events;

        let call = events.create_event_bus().name(name_of(&bus));
        let refused = refusal(call.send().await);
        let words = format!("Event bus {} already exists.", name_of(&bus));
        let error = facts(refused, "ResourceAlreadyExistsException", 400, &words);
        assert!(matches!(
            error,
            CreateEventBusError::ResourceAlreadyExistsException(_)
        ));

        rule(world, &bus, "r", json!({ "source": ["s"] })).await;
        let target = |number: u8| {
            let arn = "arn:aws:sqs:us-east-1:123456789012:q";
            let target = Target::builder().id(number.to_string()).arn(arn);
            target.build().unwrap()
        };
        let call = events.put_targets().event_bus_name(&bus).rule("r");
        let call = call.set_targets(Some((0..6).map(target).collect()));
        let refused = refusal(call.send().await);
        let words = "The requested resource exceeds the maximum number allowed.";
        let error = facts(refused, "LimitExceededException", 400, words);
        assert!(matches!(error, PutTargetsError::LimitExceededException(_)));
    })
    .await;
}
