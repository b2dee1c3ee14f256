//! A server that starts with files, and its resources as a client can see them.

use std::fs;
use std::path::PathBuf;

use topiq::aws::{AccountId, Home, Region};
use topiq::clock::ManualClock;
use topiq::init::Init;
use topiq::{Config, Server};

use crate::support::{Host, Request, START};

const ACCOUNT: &str = "123456789012";
const REGION: &str = "eu-west-1";

/// A file of a test's own.
pub(crate) fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).unwrap();
    }
    fs::write(&path, text).unwrap();
    path
}

pub(crate) fn config(paths: impl IntoIterator<Item = PathBuf>) -> Config {
    Config {
        port: 0,
        home: Home {
            account: AccountId::parse(ACCOUNT).unwrap(),
            region: Region::parse(REGION).unwrap(),
        },
        init: Init {
            paths: paths.into_iter().collect(),
            ..Init::default()
        },
        ..Config::default()
    }
}

pub(crate) async fn started(name: &str, text: &str) -> Host {
    Host::with(config([file(name, text)])).await
}

/// The same with parameters.
pub(crate) async fn started_with(name: &str, text: &str, parameters: &[(&str, &str)]) -> Host {
    let given = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let mut config = config([file(name, text)]);
    config.init.parameters = parameters.iter().map(given).collect();
    Host::with(config).await
}

/// The error of a server that does not start with this file.
pub(crate) async fn refused(name: &str, text: &str) -> String {
    let path = file(name, text);
    let config = Config {
        clock: std::sync::Arc::new(ManualClock::new(START)),
        ..config([path.clone()])
    };
    let error = Server::start(config).await.expect_err(text);
    let folder = format!("{}/", path.parent().unwrap().display());
    error.to_string().replace(&folder, "")
}

pub(crate) async fn export(host: &Host, query: &str) -> String {
    let answer = host
        .ask(&Request::new(&format!("GET /_topiq/export?{query}")))
        .await;
    assert_eq!(answer.status(), 200, "{answer:?}");
    answer.body
}

/// Every attribute and tag of every queue, topic and subscription, as AWS's API shows them; ids are masked.
pub(crate) async fn state(host: &Host) -> Vec<String> {
    let mut state = Vec::new();
    let queues = json(host, "ListQueues", "{}").await;
    for url in queues["QueueUrls"].as_array().into_iter().flatten() {
        let name = url.as_str().unwrap().rsplit('/').next().unwrap();
        let input = format!(r#"{{"QueueUrl":"{name}","AttributeNames":["All"]}}"#);
        state.push(json(host, "GetQueueAttributes", &input).await.to_string());
        state.push(json(host, "ListQueueTags", &input).await.to_string());
    }
    for arn in elements(&sns(host, "Action=ListTopics").await, "TopicArn") {
        for action in [
            "GetTopicAttributes&TopicArn",
            "ListTagsForResource&ResourceArn",
        ] {
            state.push(sns(host, &format!("Action={action}={arn}")).await);
        }
        let listed = sns(
            host,
            &format!("Action=ListSubscriptionsByTopic&TopicArn={arn}"),
        )
        .await;
        for arn in elements(&listed, "SubscriptionArn") {
            if arn != "PendingConfirmation" {
                let form = format!("Action=GetSubscriptionAttributes&SubscriptionArn={arn}");
                state.push(sns(host, &form).await);
            }
        }
        state.push(listed);
    }
    state.iter().map(|text| masked(text)).collect()
}

/// Without credentials: account and region are the server's own.
pub(crate) async fn json(host: &Host, action: &str, input: &str) -> serde_json::Value {
    let request = Request::json(action, input).header("Authorization", "none");
    let answer = host.ask(&request).await;
    assert_eq!(answer.status(), 200, "{action}: {answer:?}");
    // An answer without output is empty.
    serde_json::from_str(&answer.body).unwrap_or_default()
}

/// A call of EventBridge's, in the server's own account and region.
pub(crate) async fn events(
    host: &Host,
    action: &str,
    input: &serde_json::Value,
) -> serde_json::Value {
    amz_json(host, &format!("AWSEvents.{action}"), input).await
}

/// A call by JSON 1.1 with this target.
pub(crate) async fn amz_json(
    host: &Host,
    target: &str,
    input: &serde_json::Value,
) -> serde_json::Value {
    let request = Request::new("POST /")
        .header("Authorization", "none")
        .header("X-Amz-Target", target)
        .header("Content-Type", "application/x-amz-json-1.1")
        .body(input.to_string());
    let answer = host.ask(&request).await;
    assert_eq!(answer.status(), 200, "{target}: {answer:?}");
    serde_json::from_str(&answer.body).unwrap_or_default()
}

pub(crate) async fn sns(host: &Host, form: &str) -> String {
    let form = format!("{form}&Version=2010-03-31");
    let answer = host
        .ask(&Request::query(&form).header("Authorization", "none"))
        .await;
    assert_eq!(answer.status(), 200, "{form}: {answer:?}");
    answer.body
}

fn elements(xml: &str, name: &str) -> Vec<String> {
    let open = format!("<{name}>");
    let texts = xml.split(&open).skip(1);
    texts
        .filter_map(|rest| Some(rest.split_once('<')?.0.to_owned()))
        .collect()
}

/// The text with the parts masked that differ from run to run.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let is_id = rest.get(..36).is_some_and(|word| {
            let hyphens: Vec<_> = word.match_indices('-').map(|(at, _)| at).collect();
            hyphens == [8, 13, 18, 23]
                && word.replace('-', "").bytes().all(|b| b.is_ascii_hexdigit())
        });
        if is_id {
            masked.push_str("{id}");
            rest = &rest[36..];
        } else {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            masked.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    masked
}
