//! Rules with schedules: which are accepted, by the table of their specification, and what their targets get as time goes
//! on.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, Host, Request};

const RULE: &str = "arn:aws:events:us-east-1:000000000000:rule/r";
const MINUTE: Duration = Duration::from_mins(1);

async fn call(host: &Host, target: &str, input: Value) -> Answer {
    let request = Request::new("POST /").header("X-Amz-Target", target);
    host.ask(&request.body(input.to_string())).await
}

async fn events(host: &Host, action: &str, input: Value) {
    let answer = call(host, &format!("AWSEvents.{action}"), input).await;
    assert_eq!(answer.status(), 200, "{action}: {answer:?}");
}

async fn schedule(host: &Host, expression: &str) {
    let input = json!({"Name": "r", "ScheduleExpression": expression});
    events(host, "PutRule", input).await;
}

/// A queue, to which the rule delivers.
async fn listen(host: &Host) {
    let queue = json!({"QueueName": "q"});
    let answer = call(host, "AmazonSQS.CreateQueue", queue).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    let target = json!({"Id": "t", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"});
    events(
        host,
        "PutTargets",
        json!({"Rule": "r", "Targets": [target]}),
    )
    .await;
}

/// All events that have arrived since the last time, in order.
async fn arrived(host: &Host) -> Vec<Value> {
    let receive =
        json!({"QueueUrl": "http://localhost:4566/000000000000/q", "MaxNumberOfMessages": 10});
    let mut arrived = Vec::new();
    loop {
        let answer = call(host, "AmazonSQS.ReceiveMessage", receive.clone()).await;
        let answer = answer.value();
        let Some(messages) = answer["Messages"].as_array() else {
            let queue = json!({"QueueUrl": receive["QueueUrl"]});
            let answer = call(host, "AmazonSQS.PurgeQueue", queue).await;
            assert_eq!(answer.status(), 200, "{answer:?}");
            return arrived;
        };
        for message in messages {
            let body = message["Body"].as_str().expect("a text");
            arrived.push(serde_json::from_str(body).expect("an event"));
        }
    }
}

/// The times of all events that have arrived.
async fn times(host: &Host) -> Vec<String> {
    let times = arrived(host).await.into_iter();
    times
        .map(|event| event["time"].as_str().expect("a time").to_owned())
        .collect()
}

async fn pass(host: &Host, duration: Duration) {
    let passed = host.server.advance(duration).await;
    passed.expect("the clock is manual");
}

#[tokio::test]
async fn expressions_are_accepted_and_refused_as_the_table_says() {
    let host = Host::start().await;
    let table = include_str!("../../fixtures/events-schedule-cases.json");
    let table: Value = serde_json::from_str(table).expect("a table");
    events(&host, "CreateEventBus", json!({"Name": "shop"})).await;
    let rows = |name: &str| table[name].as_array().expect("rows").clone();
    let mut count = 0;
    for row in [rows("cron_valid"), rows("rate_valid")].concat() {
        let input = json!({"Name": "r", "ScheduleExpression": row["expression"]});
        events(&host, "PutRule", input).await;
        let rule = call(&host, "AWSEvents.DescribeRule", json!({"Name": "r"})).await;
        assert_eq!(rule.value()["ScheduleExpression"], row["expression"]);
        count += 1;
    }
    for row in rows("invalid") {
        let mut input = json!({"Name": "r", "ScheduleExpression": row["expression"]});
        if let Some(bus) = row.get("event_bus") {
            input["EventBusName"] = json!("shop");
            assert_ne!(bus, "default");
        }
        let answer = call(&host, "AWSEvents.PutRule", input).await;
        assert_eq!(answer.status(), 400, "{row}");
        let found = answer.value();
        assert_eq!(
            (&found["__type"], &found["message"]),
            (&row["error"], &row["message"]),
            "{row}"
        );
        count += 1;
    }
    assert!(count > 50, "{count}");
}

#[tokio::test]
async fn each_time_makes_an_event_for_the_targets_of_its_rule_alone() {
    let host = Host::start().await;
    schedule(&host, "rate(1 minute)").await;
    listen(&host).await;
    // A rule that lets everything through: a schedule's event is not on the bus.
    let other = json!({"Name": "other", "EventPattern": r#"{"source":[{"prefix":""}]}"#});
    events(&host, "PutRule", other).await;
    let target = json!({"Id": "t", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"});
    events(
        &host,
        "PutTargets",
        json!({"Rule": "other", "Targets": [target]}),
    )
    .await;
    pass(&host, Duration::from_millis(59_999)).await;
    assert_eq!(arrived(&host).await, [] as [Value; 0]);
    pass(&host, Duration::from_millis(1)).await;
    let mut found = arrived(&host).await;
    assert_eq!(found.len(), 1);
    let id = found[0]["id"].take();
    assert_eq!(id.as_str().map(str::len), Some(36));
    let expected = json!({
        "version": "0", "id": null, "detail-type": "Scheduled Event", "source": "aws.events", "account": "000000000000",
        "time": "2026-01-02T03:05:05Z", "region": "us-east-1", "resources": [RULE], "detail": {},
    });
    assert_eq!(found[0], expected);
}

#[tokio::test]
async fn a_day_fires_all_that_fell_due_in_order() {
    let host = Host::start().await;
    schedule(&host, "cron(0/30 5-9 ? * MON-FRI *)").await;
    listen(&host).await;
    // From Friday, 03:04:05, to Monday.
    pass(&host, Duration::from_hours(24 * 3 + 3)).await;
    let expected = ["2026-01-02", "2026-01-05"].into_iter().flat_map(|day| {
        let last = if day == "2026-01-05" { 6 } else { 9 };
        (5..=last).flat_map(move |hour| {
            let minutes = if hour == 6 && last == 6 {
                &["00"][..]
            } else {
                &["00", "30"]
            };
            minutes
                .iter()
                .map(move |minute| format!("{day}T{hour:02}:{minute}:00Z"))
        })
    });
    assert_eq!(times(&host).await, expected.collect::<Vec<_>>());
}

#[tokio::test]
async fn a_rate_counts_from_when_its_rule_is_made_changed_or_enabled() {
    let host = Host::start().await;
    schedule(&host, "rate(5 minutes)").await;
    listen(&host).await;
    pass(&host, 4 * MINUTE).await;
    // The same again, with another description: it goes on counting.
    let same = json!({"Name": "r", "ScheduleExpression": "rate(5 minutes)", "Description": "d"});
    events(&host, "PutRule", same).await;
    pass(&host, 2 * MINUTE).await;
    assert_eq!(times(&host).await, ["2026-01-02T03:09:05Z"]);
    schedule(&host, "rate(2 minutes)").await;
    pass(&host, 5 * MINUTE).await;
    assert_eq!(
        times(&host).await,
        ["2026-01-02T03:12:05Z", "2026-01-02T03:14:05Z"]
    );
    // What falls due while it is disabled is lost.
    events(&host, "DisableRule", json!({"Name": "r"})).await;
    pass(&host, 9 * MINUTE).await;
    events(&host, "EnableRule", json!({"Name": "r"})).await;
    events(&host, "EnableRule", json!({"Name": "r"})).await;
    assert_eq!(times(&host).await, [] as [&str; 0]);
    pass(&host, 2 * MINUTE).await;
    assert_eq!(times(&host).await, ["2026-01-02T03:26:05Z"]);
    // Without its schedule, or deleted, it is never due.
    let pattern = json!({"Name": "r", "EventPattern": r#"{"source":["a"]}"#});
    events(&host, "PutRule", pattern).await;
    pass(&host, 9 * MINUTE).await;
    schedule(&host, "rate(2 minutes)").await;
    events(&host, "RemoveTargets", json!({"Rule": "r", "Ids": ["t"]})).await;
    events(&host, "DeleteRule", json!({"Name": "r"})).await;
    pass(&host, 9 * MINUTE).await;
    assert_eq!(times(&host).await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_rule_with_a_pattern_too_fires_by_both() {
    let host = Host::start().await;
    let rule = json!({
        "Name": "r", "ScheduleExpression": "cron(0 4 * * ? 2026)", "EventPattern": r#"{"source":["shop"]}"#,
        "State": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
    });
    events(&host, "PutRule", rule).await;
    listen(&host).await;
    let entry = json!({"Source": "shop", "DetailType": "t", "Detail": "{}"});
    events(&host, "PutEvents", json!({"Entries": [entry]})).await;
    pass(&host, Duration::from_hours(1)).await;
    let sources = arrived(&host).await.into_iter();
    let sources: Vec<_> = sources.map(|event| event["source"].clone()).collect();
    assert_eq!(sources, ["shop", "aws.events"]);
}
