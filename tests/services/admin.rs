//! topiq's own paths, through a socket.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Host, Request};

const DELIVERIES: &str = "/_topiq/sns/deliveries";

async fn ask(host: &Host, line: &str) -> crate::support::Answer {
    let request = Request::new(line).header("Authorization", "none");
    host.ask(&request).await
}

#[tokio::test]
async fn fresh_server_has_captured_nothing() {
    let host = Host::start().await;
    let answer = ask(&host, &format!("GET {DELIVERIES}?protocol=email")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.value(),
        json!({ "Deliveries": [], "LastSequence": 0, "Dropped": 0 })
    );
    assert_eq!(answer.request_id().len(), 36);

    let answer = ask(&host, "GET /_aws/sns/sms-messages?region=eu-west-1").await;
    assert_eq!(
        answer.value(),
        json!({ "sms_messages": {}, "region": "eu-west-1" })
    );
    let answer = ask(&host, "GET /_aws/sns/platform-endpoint-messages").await;
    assert_eq!(
        answer.value(),
        json!({ "platform_endpoint_messages": {}, "region": "us-east-1" })
    );
}

#[tokio::test]
async fn deletions_need_no_body() {
    let host = Host::start().await;
    let answer = ask(&host, &format!("DELETE {DELIVERIES}")).await;
    assert_eq!((answer.status(), &*answer.body), (200, r#"{"Deleted":0}"#));
    let answer = ask(&host, "DELETE /_aws/sns/sms-messages").await;
    assert_eq!((answer.status(), &*answer.body), (204, ""));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_json() {
    let host = Host::start().await;
    let answer = ask(&host, "GET /_topiq/nothing").await;
    assert_eq!(answer.status(), 404);
    assert_eq!(
        answer.value(),
        json!({ "Message": "There is nothing at /_topiq/nothing." })
    );
    let answer = ask(
        &host,
        "GET /_aws/sns/subscription-tokens/arn:aws:sns:us-east-1:000000000000:t:x",
    )
    .await;
    assert_eq!(answer.status(), 404);
    let answer = ask(&host, "GET /SimpleNotificationService-0.pem").await;
    assert_eq!(answer.status(), 404);
    let answer = ask(&host, &format!("PUT {DELIVERIES}")).await;
    assert_eq!(
        (answer.status(), answer.header("allow")),
        (405, Some("GET, DELETE"))
    );
}

#[tokio::test]
async fn requests_from_other_hosts_and_pages_are_refused() {
    let host = Host::start().await;
    for (name, value) in [
        ("Host", "evil.example.com"),
        ("Origin", "https://evil.example.com"),
    ] {
        let request = Request::new(&format!("DELETE {DELIVERIES}")).header(name, value);
        assert_eq!(host.ask(&request).await.status(), 403, "{name}");
    }
}

#[tokio::test]
async fn aws_requests_are_unaffected() {
    let host = Host::start().await;
    let created = host.json("CreateQueue", r#"{"QueueName":"_topiq"}"#).await;
    assert_eq!(created.status(), 200);
    let request = Request::new("POST /000000000000/_topiq").body("Action=GetQueueAttributes");
    assert_eq!(host.ask(&request).await.status(), 200);
}

/// The methods and paths of an `OpenAPI` document.
fn operations(document: &Value) -> Vec<(String, String)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().into_iter().flatten();
        methods.map(|(method, _)| (method.to_uppercase(), path.clone()))
    });
    operations.collect()
}

#[tokio::test]
async fn exactly_the_described_paths_and_methods_exist() {
    let host = Host::start().await;
    let document = ask(&host, "GET /_topiq/openapi.json").await.value();
    assert_eq!(document["openapi"], "3.1.0");
    let described = operations(&document);
    assert!(described.contains(&("DELETE".to_owned(), DELIVERIES.to_owned())));
    for (_, path) in &described {
        for method in ["GET", "DELETE", "PUT", "POST"] {
            let target = path.replace(['{', '}'], "");
            let answer = ask(&host, &format!("{method} {target}")).await;
            let is_described = described.contains(&(method.to_owned(), path.clone()));
            assert_eq!(answer.status() != 405, is_described, "{method} {path}");
            // Each path answers as described, unless something that it needs is missing here.
            let operation = &document["paths"][path][method.to_lowercase()];
            let status = answer.status().to_string();
            let parameters = operation["parameters"].as_array();
            let mut parameters = parameters.into_iter().flatten();
            let needs_more = parameters.any(|parameter| parameter["required"] == true)
                || operation["requestBody"]["required"] == true;
            let is_missing = needs_more && ["400", "404"].contains(&&*status);
            let statuses = &operation["responses"];
            assert!(
                !is_described || is_missing || statuses.get(&status).is_some(),
                "{method} {path}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own() {
    let host = Host::start().await;
    let document = ask(&host, "GET /_topiq/openapi.json").await.value();
    let mut names = BTreeSet::new();
    for (method, path) in operations(&document) {
        let name = &document["paths"][&path][method.to_lowercase()]["operationId"];
        let name = name.as_str().expect("a name").to_owned();
        assert!(names.insert(name.clone()), "{name} is {path}'s too");
    }
}

#[tokio::test]
async fn the_index_lists_what_is_described() {
    let host = Host::start().await;
    let index = ask(&host, "GET /_topiq").await.value();
    let line = |route: &Value| {
        let text = |name: &str| route[name].as_str().unwrap().to_owned();
        (text("Method"), text("Path"))
    };
    let mut listed: Vec<_> = index["Routes"]
        .as_array()
        .unwrap()
        .iter()
        .map(line)
        .collect();
    let mut described = operations(&ask(&host, "GET /_topiq/openapi.json").await.value());
    listed.sort_unstable();
    described.sort_unstable();
    assert_eq!(listed, described);
}

/// The reference of the API: each route's section, under a heading such as ``### `GET /_topiq` ``.
fn reference() -> Vec<((String, String), String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/api.md")).expect("the reference");
    let sections = text.split("\n### `").skip(1).map(|section| {
        let (heading, rest) = section.split_once("`\n").expect("a heading");
        let (method, path) = heading.split_once(' ').expect("a method and a path");
        let body = rest.split("\n## ").next().unwrap_or(rest);
        ((method.to_owned(), path.to_owned()), body.to_owned())
    });
    sections.collect()
}

/// Whether a value has the shape that a JSON Schema of the document describes.
fn has_shape(schema: &Value, value: &Value) -> bool {
    if let Some(alternatives) = schema["oneOf"].as_array() {
        return alternatives.iter().any(|schema| has_shape(schema, value));
    }
    let is_among = |words: &Vec<Value>| words.contains(value);
    match schema["type"].as_str() {
        Some("string") => value.is_string() && schema["enum"].as_array().is_none_or(is_among),
        Some("integer") => value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("array") => {
            let items = value.as_array();
            items.is_some_and(|items| items.iter().all(|item| has_shape(&schema["items"], item)))
        }
        Some("object") => value.as_object().is_some_and(|members| {
            let mut required = schema["required"].as_array().into_iter().flatten();
            required.all(|name| members.contains_key(name.as_str().unwrap_or_default()))
                && members.iter().all(|(name, member)| {
                    match (&schema["properties"][name], &schema["additionalProperties"]) {
                        (Value::Null, Value::Bool(false)) => false,
                        (Value::Null, Value::Null) => true,
                        (Value::Null, others) => has_shape(others, member),
                        (property, _) => has_shape(property, member),
                    }
                })
        }),
        _ => false,
    }
}

#[tokio::test]
async fn the_reference_has_every_route_with_its_parameters_and_an_answer_of_its_shape() {
    let host = Host::start().await;
    let document = ask(&host, "GET /_topiq/openapi.json").await.value();
    let mut described = operations(&document);
    let reference = reference();
    let mut written: Vec<_> = reference.iter().map(|(route, _)| route.clone()).collect();
    described.sort_unstable();
    written.sort_unstable();
    assert_eq!(written, described);
    for ((method, path), text) in &reference {
        let operation = &document["paths"][path][method.to_lowercase()];
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default();
            assert!(
                text.contains(&format!("`{name}`")),
                "{method} {path}: {name}"
            );
            let words = parameter["schema"]["enum"].as_array();
            for word in words.into_iter().flatten().filter_map(Value::as_str) {
                let is_there = text.contains(&format!("`{word}`")) || method == "DELETE";
                assert!(is_there, "{method} {path}: {word}");
            }
        }
        let (_, response) = operation["responses"]
            .as_object()
            .and_then(|responses| responses.iter().find(|(status, _)| *status != "default"))
            .expect("an answer");
        let schema = &response["content"]["application/json"]["schema"];
        let example = text.split("```json\n").nth(1);
        let example = example.and_then(|rest| rest.split("```").next());
        match example {
            Some(example) => {
                let example: Value = serde_json::from_str(example).expect(path);
                assert!(has_shape(schema, &example), "{method} {path}: {example}");
            }
            // What any object may be is not shown.
            None => assert!(schema.is_null() || schema["properties"].is_null(), "{path}"),
        }
    }
}

#[tokio::test]
async fn a_mistyped_filter_deletes_nothing() {
    let host = Host::start().await;
    let publish = "Action=Publish&PhoneNumber=%2B15550100&Message=m";
    let published = host.ask(&Request::query(publish).signed_for("sns")).await;
    assert_eq!(published.status(), 200, "{published:?}");
    let email = "email, email-json, sms, application, lambda or firehose";
    for (line, message) in [
        (
            "/_topiq/sns/deliveries?protcol=email",
            "Unknown parameter protcol: did you mean protocol?".to_owned(),
        ),
        (
            "/_topiq/sns/deliveries?protocol=emial",
            format!("protocol is {email}, not emial: did you mean email?"),
        ),
        (
            "/_topiq/sns/deliveries?topic=",
            "topic is empty.".to_owned(),
        ),
        (
            "/_aws/sns/sms-messages?phonenumber=1",
            "Unknown parameter phonenumber: did you mean phoneNumber?".to_owned(),
        ),
        (
            "/_aws/sns/sms-messages?region=",
            "region is empty.".to_owned(),
        ),
    ] {
        let answer = ask(&host, &format!("DELETE {line}")).await;
        assert_eq!(answer.status(), 400, "{line}");
        assert_eq!(answer.value(), json!({ "Message": message }), "{line}");
    }
    let answer = ask(&host, &format!("GET {DELIVERIES}")).await;
    assert_eq!(answer.value()["LastSequence"], 1);
    assert_eq!(answer.value()["Deliveries"][0]["Message"], "m");
}
