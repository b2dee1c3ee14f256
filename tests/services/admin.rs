//! topiq's own paths, through a socket.

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
            // Each path answers as described: one with a variable names something that does not exist.
            let statuses = &document["paths"][path][method.to_lowercase()]["responses"];
            let status = answer.status().to_string();
            let is_missing = path.contains('{') && status == "404";
            assert!(
                !is_described || is_missing || statuses.get(&status).is_some(),
                "{method} {path}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn the_index_lists_what_is_described_and_the_documents_name_it() {
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = fs::read_dir(root.join("docs")).unwrap();
    let files = docs.map(|file| file.unwrap().path());
    let files = files.chain([root.join("README.md")]);
    let texts: String = files
        .filter_map(|file| fs::read_to_string(file).ok())
        .collect();
    for (_, path) in &listed {
        let start = path.split('{').next().unwrap();
        assert!(texts.contains(start), "no word of {path}");
    }
    listed.sort_unstable();
    described.sort_unstable();
    assert_eq!(listed, described);
}
