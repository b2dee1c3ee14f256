//! What the log says of events that do not arrive.

use serde_json::json;
use tracing::Level;

use super::{call, ok, put};
use crate::log::Log;
use crate::support::Host;

#[tokio::test]
async fn rules_that_do_not_match_say_why_at_level_debug() {
    let host = Host::start().await;
    for (name, pattern, state) in [
        ("one", r#"{"detail":{"id":[{"prefix":"B-"}]}}"#, "ENABLED"),
        ("two", r#"{"source":["s"]}"#, "DISABLED"),
        ("three", r#"{"source":["s"]}"#, "ENABLED"),
    ] {
        let rule = json!({"Name": name, "EventPattern": pattern, "State": state});
        ok(&host, "AWSEvents.PutRule", &rule).await;
    }
    let (log, _logging) = Log::start(Level::DEBUG);
    let entry = json!({"Source": "s", "DetailType": "t", "Detail": r#"{"id":"A-1"}"#});
    put(&host, &json!([entry])).await;
    log.line(
        "rule/one",
        &[
            "a rule does not match an event",
            r#"detail.id is \"A-1\", wanted is"#,
        ],
    );
    log.line("rule/two", &["it is disabled"]);
    assert!(!log.text().contains("rule/three"), "{}", log.text());
}

#[tokio::test]
async fn the_same_again_and_again_is_one_line() {
    let host = Host::start().await;
    let (log, _logging) = Log::start(Level::INFO);
    let rule = json!({"Name": "r", "EventPattern": r#"{"source":["s"]}"#});
    ok(&host, "AWSEvents.PutRule", &rule).await;
    let target = json!({"Id": "t", "Arn": "arn:aws:sqs:eu-west-1:111122223333:missing"});
    let targets = json!({"Rule": "r", "Targets": [target]});
    ok(&host, "AWSEvents.PutTargets", &targets).await;
    for _ in 0..3 {
        let entry = |source: &str, bus: &str| json!({"Source": source, "DetailType": "t", "Detail": "{}", "EventBusName": bus});
        let entries = [
            entry("s", "default"),
            entry("other", "default"),
            entry("s", "missing"),
        ];
        let answer = call(&host, "AWSEvents.PutEvents", &json!({"Entries": entries})).await;
        assert_eq!(answer.status(), 200);
    }
    log.line(
        "an event was not delivered: it is lost, there is no dead-letter queue",
        &["rule/r", "missing", "the target does not exist"],
    );
    log.line("an event matches no rule", &["event-bus/default"]);
    log.line(
        "an event is lost: the bus does not exist",
        &["event-bus/missing"],
    );
}
