//! The calls that a plan leads to, and the consequences of their answers, with stand-ins for services.

use std::sync::Mutex;

use serde_json::{Value, json};

use super::*;
use crate::init::plan::{Call, Change, Made};

/// Services that record their calls. They answer by operation; others are refused.
#[derive(Default)]
struct Noting {
    answers: Vec<(&'static str, Result<Value, &'static str>)>,
    subscription_arn: Option<&'static str>,
    asked: Mutex<Vec<String>>,
}

impl Invoke for Noting {
    async fn invoke(
        &self,
        service: &'static str,
        operation: &str,
        caller: Caller<'_>,
        input: &Value,
    ) -> Result<Value, Refused> {
        assert_eq!(caller.action, operation);
        let asked = format!("{service} {operation} {input}");
        self.asked.lock().unwrap().push(asked);
        let answer = self.answers.iter().find(|(known, _)| *known == operation);
        let Some((_, answer)) = answer else {
            return Err(refused("ResourceNotFoundException", "There is none."));
        };
        let answer = answer.clone();
        answer.map_err(|sentence| refused("ValidationException", sentence))
    }

    fn subscription_arn(&self, _: &str, _: &str, _: &str) -> Option<String> {
        self.subscription_arn.map(str::to_owned)
    }
}

fn refused(code: &str, sentence: &str) -> Refused {
    Refused {
        code: code.to_owned(),
        sentence: sentence.to_owned(),
    }
}

fn attribute(line: usize, name: &str, value: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        value: value.to_owned(),
        line,
    }
}

async fn applied(services: &Noting, wanted: Wanted) -> Result<(), String> {
    let context = Context {
        endpoint: "http://here".to_owned(),
        ..Context::default()
    };
    let resource = Resource {
        file: "f".into(),
        line: 3,
        name: "r".to_owned(),
        wanted,
    };
    let plan = Plan {
        resources: vec![resource],
        ..Plan::default()
    };
    let applied = apply(services, &context, &plan).await;
    applied.map_err(|error| error.to_string())
}

#[track_caller]
fn check_asked(services: &Noting, expected: &[&str]) {
    assert_eq!(*services.asked.lock().unwrap(), expected);
}

fn queue() -> Wanted {
    Wanted::Queue {
        name: "q".to_owned(),
        attributes: vec![attribute(5, "DelaySeconds", "7")],
        tags: vec![("a".to_owned(), "b".to_owned())],
    }
}

#[tokio::test]
async fn new_queue_is_created_with_all_its_settings() {
    let services = Noting {
        answers: vec![("CreateQueue", Ok(json!({})))],
        ..Noting::default()
    };
    assert_eq!(applied(&services, queue()).await, Ok(()));
    check_asked(
        &services,
        &[
            r#"sqs GetQueueUrl {"QueueName":"q"}"#,
            r#"sqs CreateQueue {"QueueName":"q","Attributes":{"DelaySeconds":"7"},"tags":{"a":"b"}}"#,
        ],
    );
}

#[tokio::test]
async fn existing_queue_is_set_where_it_differs() {
    let services = Noting {
        answers: vec![
            ("GetQueueUrl", Ok(json!({}))),
            ("SetQueueAttributes", Ok(json!({}))),
            ("TagQueue", Ok(json!({}))),
        ],
        ..Noting::default()
    };
    assert_eq!(applied(&services, queue()).await, Ok(()));
    check_asked(
        &services,
        &[
            r#"sqs GetQueueUrl {"QueueName":"q"}"#,
            r#"sqs GetQueueUrl {"QueueName":"q"}"#,
            r#"sqs CreateQueue {"QueueName":"q","Attributes":{"DelaySeconds":"7"}}"#,
            r#"sqs SetQueueAttributes {"QueueUrl":"http://here/000000000000/q","Attributes":{"DelaySeconds":"7"}}"#,
            r#"sqs TagQueue {"QueueUrl":"http://here/000000000000/q","Tags":{"a":"b"}}"#,
        ],
    );
}

#[tokio::test]
async fn refusal_names_the_attribute_that_it_is_about() {
    let services = Noting {
        answers: vec![(
            "CreateQueue",
            Err("Invalid value for the parameter DelaySeconds."),
        )],
        ..Noting::default()
    };
    let refused =
        "f:5: resource r, property DelaySeconds: Invalid value for the parameter DelaySeconds.";
    assert_eq!(applied(&services, queue()).await, Err(refused.to_owned()));
    let services = Noting::default();
    let refused = "f:3: resource r: There is none.";
    assert_eq!(applied(&services, queue()).await, Err(refused.to_owned()));
}

#[tokio::test]
async fn filter_policy_is_removed_while_its_scope_changes() {
    let services = Noting {
        answers: vec![
            (
                "GetSubscriptionAttributes",
                Ok(json!({ "Attributes": { "RawMessageDelivery": "true" } })),
            ),
            ("SetSubscriptionAttributes", Ok(json!({}))),
        ],
        subscription_arn: Some("s"),
        ..Noting::default()
    };
    let subscription = Wanted::Subscription {
        topic_arn: "t".to_owned(),
        protocol: "sqs".to_owned(),
        endpoint: "e".to_owned(),
        attributes: vec![
            attribute(1, "FilterPolicy", "{}"),
            attribute(2, "FilterPolicyScope", "MessageBody"),
            attribute(3, "RawMessageDelivery", "true"),
        ],
    };
    assert_eq!(applied(&services, subscription).await, Ok(()));
    let set = |name: &str, value: &str| {
        format!(
            r#"sns SetSubscriptionAttributes {{"SubscriptionArn":"s","AttributeName":"{name}","AttributeValue":"{value}"}}"#
        )
    };
    check_asked(
        &services,
        &[
            r#"sns GetSubscriptionAttributes {"SubscriptionArn":"s"}"#,
            &set("FilterPolicy", ""),
            &set("FilterPolicyScope", "MessageBody"),
            &set("FilterPolicy", "{}"),
        ],
    );
}

fn change(action: &'static str, input: &str) -> Change {
    Change {
        action,
        input: input.to_owned(),
    }
}

fn connection() -> Call {
    Call {
        service: "events",
        turn: 0,
        made: Some(Made {
            type_name: "AWS::Events::Connection",
            name: "c".to_owned(),
            arn: "arn:foretold".to_owned(),
            lines: Vec::new(),
        }),
        find: Some(change("DescribeConnection", r#"{"Name":"c"}"#)),
        make: change("CreateConnection", r#"{"Name":"c"}"#),
        change: Some(change("UpdateConnection", r#"{"Name":"c"}"#)),
        tag: None,
        told: vec![("ConnectionArn".to_owned(), "arn:foretold".to_owned())],
    }
}

#[tokio::test]
async fn what_is_there_is_changed_and_known_by_its_true_arn() {
    let services = Noting {
        answers: vec![
            (
                "DescribeConnection",
                Ok(json!({ "ConnectionArn": "arn:true" })),
            ),
            ("UpdateConnection", Ok(json!({}))),
            ("CreateApiDestination", Ok(json!({}))),
        ],
        ..Noting::default()
    };
    let destination = Call {
        service: "events",
        turn: 1,
        made: None,
        find: None,
        make: change(
            "CreateApiDestination",
            r#"{"ConnectionArn":"arn:foretold"}"#,
        ),
        change: None,
        tag: None,
        told: Vec::new(),
    };
    let resources = [connection(), destination].map(|call| Resource {
        file: "f".into(),
        line: 3,
        name: "r".to_owned(),
        wanted: Wanted::Call(Box::new(call)),
    });
    let plan = Plan {
        resources: resources.into(),
        ..Plan::default()
    };
    let applied = apply(&services, &Context::default(), &plan).await;
    applied.expect("everything is made");
    check_asked(
        &services,
        &[
            r#"events DescribeConnection {"Name":"c"}"#,
            r#"events UpdateConnection {"Name":"c"}"#,
            r#"events DescribeConnection {"Name":"c"}"#,
            r#"events CreateApiDestination {"ConnectionArn":"arn:true"}"#,
        ],
    );
}

#[tokio::test]
async fn what_cannot_be_looked_up_is_not_made() {
    let services = Noting {
        answers: vec![
            ("DescribeConnection", Err("It is throttled.")),
            ("CreateConnection", Ok(json!({}))),
        ],
        ..Noting::default()
    };
    let wanted = Wanted::Call(Box::new(connection()));
    let refused = "f:3: resource r: It is throttled.";
    assert_eq!(applied(&services, wanted).await, Err(refused.to_owned()));
    check_asked(&services, &[r#"events DescribeConnection {"Name":"c"}"#]);
}

#[tokio::test]
async fn a_statement_takes_the_place_of_the_one_with_its_id() {
    let policy =
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"s","Effect":"Deny"},{"Sid":"t"}]}"#;
    let services = Noting {
        answers: vec![
            ("DescribeEventBus", Ok(json!({ "Policy": policy }))),
            ("PutPermission", Ok(json!({}))),
        ],
        ..Noting::default()
    };
    let wanted = Wanted::BusStatement {
        bus: "shop".to_owned(),
        statement: r#"{"Sid":"s","Effect":"Allow"}"#.to_owned(),
    };
    applied(&services, wanted).await.expect("it is made");
    check_asked(
        &services,
        &[
            r#"events DescribeEventBus {"Name":"shop"}"#,
            r#"events PutPermission {"EventBusName":"shop","Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"t\"},{\"Sid\":\"s\",\"Effect\":\"Allow\"}]}"}"#,
        ],
    );
}
