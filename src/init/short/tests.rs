//! The short format and its plan.

use super::*;
use crate::aws::{AccountId, Home, Region};
use crate::document::read;
use crate::init::plan::Wanted;

fn planned(text: &str) -> Plan {
    planned_with(text, &[])
}

fn planned_with(text: &str, parameters: &[(&str, &str)]) -> Plan {
    let given = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let root = read(text).expect("YAML");
    let file = File {
        name: "topiq.yaml".into(),
        root: &root,
    };
    let context = Context {
        home: Home {
            account: AccountId::parse("000000000042").unwrap(),
            region: Region::parse("cn-north-1").unwrap(),
        },
        endpoint: "http://localhost:4566".to_owned(),
        parameters: parameters.iter().map(given).collect(),
        ..Context::default()
    };
    plan(&[file], Names::default(), &context).expect("a plan")
}

const NO_ATTRIBUTES: Vec<crate::init::plan::Attribute> = Vec::new();

/// The resources, each with its line and its attributes.
fn check(text: &str, expected: &[&str]) {
    let resources = planned(text).resources;
    let shown = resources.iter().map(|resource| {
        let (verb, attributes) = match &resource.wanted {
            Wanted::Queue { attributes, .. } | Wanted::Topic { attributes, .. } => {
                ("make", attributes)
            }
            Wanted::QueueAttributes { attributes, .. }
            | Wanted::TopicAttributes { attributes, .. } => ("set", attributes),
            Wanted::Subscription { attributes, .. } => ("subscribe", attributes),
            Wanted::Call(call) => (call.make.action, &NO_ATTRIBUTES),
            Wanted::BusStatement { .. } => ("state", &NO_ATTRIBUTES),
        };
        let attributes = attributes
            .iter()
            .map(|one| format!(" {}={}@{}", one.name, one.value, one.line));
        let attributes: String = attributes.collect();
        format!("{}: {verb} {}{attributes}", resource.line, resource.name)
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[test]
fn queues_are_created_before_they_are_named() {
    check(
        "topics:\n  t:\n    subscriptions: [q]\nqueues:\n  q:\n    RedrivePolicy:\n      deadLetterTargetArn: d\n      maxReceiveCount: 2\n  d:\n",
        &[
            "5: make queues.q",
            "9: make queues.d",
            "5: set queues.q RedrivePolicy={\"deadLetterTargetArn\":\"arn:aws-cn:sqs:cn-north-1:000000000042:d\",\"maxReceiveCount\":2}@7",
            "2: make topics.t",
            "3: subscribe topics.t.subscriptions[0]",
        ],
    );
}

#[test]
fn kinds_follow_from_names() {
    check(
        "queues: {q.fifo: , r.fifo: {FifoQueue: true}}\ntopics: {t.fifo: }",
        &[
            "1: make queues.q.fifo FifoQueue=true@1",
            "1: make queues.r.fifo FifoQueue=true@1",
            "2: make topics.t.fifo FifoTopic=true@2",
        ],
    );
}

#[test]
fn a_rule_that_is_named_by_a_parameter_has_the_arn_of_that_name() {
    let text = "rules: {r: {Name: '${parameters.Stage}-r', ScheduleExpression: rate(1 hour)}}\nqueues: {q: {Policy: {a: '${rules.r}'}}}";
    let plan = planned_with(text, &[("Stage", "dev")]);
    let policy = plan.resources.iter().find_map(|resource| {
        let Wanted::Queue { attributes, .. } = &resource.wanted else {
            return None;
        };
        Some(attributes[0].value.clone())
    });
    let expected = r#"{"a":"arn:aws-cn:events:cn-north-1:000000000042:rule/dev-r"}"#;
    assert_eq!(policy.as_deref(), Some(expected));
}

#[test]
fn unknown_variables_stay() {
    let text = "queues: {q: {Policy: {a: '${aws:username} ${account} ${region} ${queues.q} ${', b: '${*}'}}}";
    let expected = r#"1: make queues.q Policy={"a":"${aws:username} 000000000042 cn-north-1 arn:aws-cn:sqs:cn-north-1:000000000042:q ${","b":"${*}"}@1"#;
    check(text, &[expected]);
}

#[test]
fn filters_are_data() {
    let text = "topics: {t: {subscriptions: [{protocol: email, endpoint: 'a@b.c', FilterPolicy: {a: ['${account}']}}]}}";
    check(
        text,
        &[
            "1: make topics.t",
            "1: subscribe topics.t.subscriptions[0] FilterPolicy={\"a\":[\"${account}\"]}@1",
        ],
    );
}
