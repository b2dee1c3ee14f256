//! The admin API as a whole, over services that are made up of what it sees.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use super::table;
use crate::aws::{AccountId, Home, Region};
use crate::delivery::captured::CapturedLog;
use crate::routes::{Answer, Location, Question, Table};
use crate::services::resource::{Inventory, Resource};
use crate::services::sns::inspect::{Inspect, TOPIC, routes};

const CERTIFICATE: &str = "/SimpleNotificationService-00112233445566778899aabbccddeeff.pem";

/// What the admin API sees, and nothing else.
#[derive(Debug, Default)]
struct Seen(CapturedLog);

impl Inspect for Seen {
    fn captured(&self) -> &CapturedLog {
        &self.0
    }

    fn confirmation_token(&self, _: &str) -> Option<String> {
        None
    }

    fn certificate(&self, _: &str) -> Option<String> {
        None
    }
}

impl Inventory for Seen {
    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        vec![Resource {
            kind: TOPIC,
            name: "t".to_owned(),
            arn: format!("arn:aws:sns:{region}:{account}:t"),
            attributes: vec![("DisplayName", "Tea".to_owned())],
            tags: BTreeMap::new(),
        }]
    }
}

fn whole() -> Table<Seen> {
    table(routes())
}

async fn ask(method: &str, target: &str) -> Answer {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let question = Question {
        method: &method.parse().unwrap(),
        path,
        query,
        home: Home::default(),
    };
    whole().answer(&Seen::default(), &question).await
}

async fn get(target: &str) -> Value {
    let answer = ask("GET", target).await;
    let kind = (answer.status, answer.content_type);
    assert_eq!(kind, (200, Some("application/json")), "{target}");
    serde_json::from_str(&answer.body).unwrap()
}

#[test]
fn only_paths_that_no_queue_has_are_taken() {
    let table = whole();
    for path in [
        "/_topiq",
        "/_topiq/",
        "/_topiq/x",
        "/_aws/sns/sms-messages",
        CERTIFICATE,
    ] {
        assert!(table.has(path), "{path}");
    }
    for path in [
        "/",
        "/_topiqx",
        "/_awsome",
        "/000000000000/_topiq",
        "/health",
    ] {
        assert!(!table.has(path), "{path}");
    }
}

#[tokio::test]
async fn other_paths_and_methods_are_refused_in_json() {
    for path in [
        "/_topiq/",
        "/_topiq/sns",
        "/_aws/sqs/messages",
        "/_topiq/sns/deliveries/",
    ] {
        let answer = ask("GET", path).await;
        assert_eq!(
            (answer.status, answer.content_type),
            (404, Some("application/json"))
        );
        assert_eq!(
            answer.body,
            format!(r#"{{"Message":"There is nothing at {path}."}}"#)
        );
    }
    let answer = ask("POST", "/_topiq/sns/deliveries").await;
    assert_eq!(
        (answer.status, answer.allow.as_deref()),
        (405, Some("GET, DELETE"))
    );
    let answer = ask("DELETE", CERTIFICATE).await;
    assert_eq!((answer.status, answer.allow.as_deref()), (405, Some("GET")));
    assert_eq!(ask("HEAD", "/_topiq/sns/deliveries").await.status, 200);
    assert_eq!(ask("GET", "/_topiq/%ff").await.status, 400);
    assert_eq!(
        ask("GET", "/_topiq/sns/deliveries?topic=%ff").await.status,
        400
    );
}

#[tokio::test]
async fn exports_have_a_format_and_an_output() {
    let export = async |query: &str| ask("GET", &format!("/_topiq/export?{query}")).await;
    let yaml = export("format=topiq").await;
    assert_eq!(yaml.content_type, Some("application/yaml"));
    assert_eq!(yaml.body, "topics:\n  t:\n    DisplayName: Tea\n");
    let json = export("output=json&region=eu-west-1").await;
    assert_eq!(json.content_type, Some("application/json"));
    let template: Value = serde_json::from_str(&json.body).unwrap();
    let properties = &template["Resources"]["TTopic"]["Properties"];
    assert_eq!(
        *properties,
        json!({ "TopicName": "t", "DisplayName": "Tea" })
    );
    for wrong in ["format=x", "output=x", "account=1", "region=EU"] {
        assert_eq!(export(wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn every_route_is_in_the_index_and_described() {
    let (table, index) = (whole(), get("/_topiq").await);
    let document = get("/_topiq/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut count = 0;
    for route in table.descriptions() {
        let (method, path) = (route.method.as_str(), route.path);
        let line = json!({ "Method": method, "Path": path, "Summary": route.summary });
        assert!(
            index["Routes"].as_array().unwrap().contains(&line),
            "{line}"
        );
        let operation = &document["paths"][path][method.to_lowercase()];
        assert_eq!(operation["summary"], route.summary, "{path}");
        let parameters = operation["parameters"].as_array().unwrap();
        assert_eq!(parameters.len(), route.parameters.len(), "{path}");
        for (described, parameter) in parameters.iter().zip(route.parameters) {
            assert_eq!(described["name"], parameter.name);
            assert_eq!(described["schema"], parameter.schema.to_json());
            // `OpenAPI` has it that every variable of a path is described, and required.
            let is_variable = path.contains(&format!("{{{}}}", parameter.name));
            assert_eq!(parameter.location == Location::Path, is_variable, "{path}");
            assert_eq!(described["required"], is_variable);
        }
        assert_eq!(path.matches('{').count(), usize::from(path.ends_with('}')));
        let good = &operation["responses"][route.status.to_string()];
        for media in route.media {
            assert_eq!(
                good["content"][media.name]["schema"],
                media.schema.to_json()
            );
        }
        count += 1;
    }
    assert_eq!(index["Routes"].as_array().unwrap().len(), count);
    let operations = document["paths"].as_object().unwrap().values();
    let operations = operations.map(|path| path.as_object().unwrap().len());
    assert_eq!(operations.sum::<usize>(), count);
}

#[tokio::test]
async fn answers_have_the_shape_that_they_are_described_with() {
    for route in whole().descriptions() {
        if route.method != Method::GET || route.path.contains('{') {
            continue;
        }
        let json = route.media.iter().find(|media| media.name == super::JSON);
        let answer = get(&format!("{}?output=json", route.path)).await;
        assert!(
            json.unwrap().schema.has(&answer),
            "{}: {answer}",
            route.path
        );
    }
}
