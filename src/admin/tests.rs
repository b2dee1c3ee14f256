//! The admin API as a whole, over services that are made up of what it sees.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::{Host, table};
use crate::agenda::Agenda;
use crate::aws::{AccountId, Home, Region};
use crate::clock::{ManualClock, Timestamp};
use crate::delivery::captured::CapturedLog;
use crate::faults::Faults;
use crate::ids::RequestId;
use crate::routes::{Answer, Location, Question, Table};
use crate::services::resource::{Inventory, Resource};
use crate::services::sns::inspect::{Inspect, TOPIC, routes};
use crate::trace::Traces;

const CERTIFICATE: &str = "/SimpleNotificationService-00112233445566778899aabbccddeeff.pem";

/// What the admin API sees, and nothing else.
#[derive(Debug)]
struct Seen(CapturedLog, Agenda, Faults, Traces);

impl Default for Seen {
    fn default() -> Self {
        let clock = ManualClock::new(Timestamp::from_secs(1_800_000_000));
        Self(
            CapturedLog::default(),
            Agenda::new(Arc::new(clock)),
            Faults::default(),
            Traces::default(),
        )
    }
}

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
    fn namespaces(&self) -> BTreeSet<(AccountId, Region)> {
        let home = Home::default();
        let other = AccountId::parse("000000000042").unwrap();
        BTreeSet::from([(home.account, home.region), (other, home.region)])
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        vec![Resource {
            kind: TOPIC,
            name: "t".to_owned(),
            arn: format!("arn:aws:sns:{region}:{account}:t"),
            attributes: vec![("DisplayName", "Tea".to_owned())],
            properties: Vec::new(),
            tags: BTreeMap::new(),
        }]
    }
}

impl Host for Seen {
    fn home(&self) -> Home {
        Home::default()
    }

    fn agenda(&self) -> &Agenda {
        &self.1
    }

    fn traces(&self) -> &Traces {
        &self.3
    }

    fn usage(&self) -> Vec<(&'static str, bool)> {
        vec![("sqs", false), ("sns", true)]
    }

    fn forget(&self, account: AccountId) {
        self.0
            .forget(|captured| captured.delivery.account == account);
    }

    fn forget_at(&self, _: AccountId, _: Timestamp) {}

    fn faults(&self) -> &Faults {
        &self.2
    }

    async fn reset(&self) -> Result<(), String> {
        Err("queues.yaml:3: there is no such property.".to_owned())
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
        accept: "",
        body: b"",
        request_id: RequestId::from_u128(0),
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
        "/_aws/sqs",
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
    for wrong in [
        "format=x",
        "output=x",
        "account=1",
        "region=EU",
        "formt=topiq",
        "region=",
    ] {
        assert_eq!(export(wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn namespaces_are_listed_with_what_they_hold() {
    let topic = json!({ "AWS::SNS::Topic": 1 });
    let namespace =
        |account| json!({ "Account": account, "Region": "us-east-1", "Resources": topic });
    let expected = json!({
        "Default": { "Account": "000000000000", "Region": "us-east-1" },
        "Namespaces": [namespace("000000000000"), namespace("000000000042")],
    });
    assert_eq!(get("/_topiq/namespaces").await, expected);
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
            assert_eq!(described["required"], parameter.is_required);
            assert!(parameter.is_required || !is_variable, "{path}");
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
        let output = match route.path {
            "/_topiq/export" => "?output=json",
            _ => "",
        };
        let answer = get(&format!("{}{output}", route.path)).await;
        assert!(
            json.unwrap().schema.has(&answer),
            "{}: {answer}",
            route.path
        );
    }
}

#[tokio::test]
async fn health_and_stages_have_the_bytes_that_people_search_for() {
    let body = async |target: &str| ask("GET", target).await.body;
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        body("/_localstack/health").await,
        format!(
            r#"{{"services": {{"sns": "running", "sqs": "available"}}, "edition": "community", "version": "{version}"}}"#
        )
    );
    assert_eq!(
        body("/_localstack/init").await,
        r#"{"completed": {"BOOT": true, "START": true, "READY": true, "SHUTDOWN": false}, "scripts": []}"#
    );
    for stage in ["ready", "READY", "boot", "start"] {
        let answer = body(&format!("/_localstack/init/{stage}")).await;
        assert_eq!(answer, r#"{"completed": true, "scripts": []}"#, "{stage}");
    }
    assert_eq!(
        body("/_localstack/init/shutdown").await,
        r#"{"completed": false, "scripts": []}"#
    );
    let unknown = ask("GET", "/_localstack/init/redy").await;
    assert_eq!(
        (unknown.status, &*unknown.body),
        (
            404,
            r#"{"Message":"There is no stage redy: it is boot, start, ready or shutdown."}"#
        )
    );
}

#[tokio::test]
async fn a_reset_that_fails_says_why() {
    for path in ["/_topiq/reset", "/_localstack/state/reset"] {
        let answer = ask("POST", path).await;
        assert_eq!(
            (answer.status, &*answer.body),
            (
                500,
                r#"{"Message":"Nothing was reset, since --init fails: queues.yaml:3: there is no such property."}"#
            )
        );
        assert_eq!(ask("GET", path).await.status, 405, "{path}");
    }
}
