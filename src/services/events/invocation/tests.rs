//! AWS's table of requests and answers of API destinations, whole.

use std::collections::BTreeMap;

use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{HttpRequest, Invocation, Verdict, read_token, token_request, verdict};
use crate::clock::Timestamp;
use crate::services::events::connections::parameters::{
    AuthParameters, Authorization, AuthorizationType, Credentials,
};
use crate::services::events::input::{Context, InputTransformer, TargetInput};
use crate::services::events::parameters::HttpParameters;

const CONTEXT: Context<'_> = Context {
    rule_arn: "arn:aws:events:eu-west-1:111122223333:rule/counts",
    rule_name: "counts",
    ingestion_time: "2024-05-06T07:08:09Z",
};

fn table() -> Value {
    let table = include_str!("../../../../tests/fixtures/events-apidest-cases.json");
    serde_json::from_str(table).expect("a table")
}

fn authorization(connection: &Value) -> Authorization {
    let kind = connection["AuthorizationType"].as_str().expect("a type");
    let kind = AuthorizationType::named(kind).expect("a type");
    let parameters = connection["AuthParameters"].to_string();
    let parameters: AuthParameters = serde_json::from_str(&parameters).expect("parameters");
    parameters.complete(kind, None).expect("they are whole")
}

/// What a row's target gets of the event.
fn input(target: &Value, event: &str) -> String {
    let transformer = target.get("InputTransformer").map(|transformer| {
        let paths = transformer["InputPathsMap"].as_object().expect("paths");
        let paths = paths
            .iter()
            .map(|(name, path)| (name.as_str(), path.as_str().expect("a path")));
        InputTransformer {
            paths: paths.collect(),
            template: transformer["InputTemplate"].as_str().expect("a template"),
        }
    });
    let arn = "arn:aws:events:eu-west-1:111122223333:api-destination/d/0";
    let input = TargetInput::parse("t", arn, None, None, transformer.as_ref()).expect("an input");
    input
        .render(event, &CONTEXT)
        .expect("it can be filled in")
        .into_owned()
}

/// The parameters of a query or a form, decoded; none of them twice.
fn parameters(text: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs: Vec<_> = pairs
        .map(|pair| pair.split_once('=').expect("a name and a value"))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect();
    let map: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "{text}");
    map
}

fn check(id: &Value, request: &HttpRequest, expected: &Value) {
    for (member, expected) in expected.as_object().expect("what is expected") {
        match member.as_str() {
            "method" => assert_eq!(request.method.as_str(), expected, "{id}"),
            "path" => assert_eq!(request.path_and_query.path(), expected, "{id}"),
            "query" => {
                let query = request.path_and_query.query().unwrap_or_default();
                assert_eq!(json!(parameters(query)), *expected, "{id}");
            }
            "headers" => {
                for (name, value) in expected.as_object().expect("headers") {
                    let found = request
                        .headers
                        .get(name)
                        .map(|value| value.to_str().expect("text"));
                    assert_eq!(found, value.as_str(), "{id}: {name}");
                }
            }
            "headers_absent" => {
                for name in expected.as_array().expect("names") {
                    let name = name.as_str().expect("a name");
                    assert!(!request.headers.contains_key(name), "{id}: {name}");
                }
            }
            "body_json" => {
                let body: Value = serde_json::from_slice(&request.body).expect("JSON");
                assert_eq!(body, *expected, "{id}");
            }
            "body_text" => assert_eq!(request.body, expected.as_str().expect("a text"), "{id}"),
            "form" => {
                let body = std::str::from_utf8(&request.body).expect("a form");
                assert_eq!(json!(parameters(body)), *expected, "{id}");
            }
            "token_request" | "token_response" => {}
            other => panic!("{id} asks for {other}"),
        }
    }
}

#[test]
fn requests_are_those_of_the_table() {
    let table = table();
    let event = table["event"].to_string();
    let rows = table["requests"].as_array().expect("rows");
    let defaults = &rows[0]["request"]["headers"];
    let fixed = ["User-Agent", "Range", "Accept-Encoding", "Connection"];
    for row in rows {
        let (id, expected) = (&row["id"], &row["request"]);
        let authorization = authorization(&row["connection"]);
        let token = expected.get("token_request").map(|expected_request| {
            let Credentials::OAuth(oauth) = &authorization.credentials else {
                panic!("{id} has no OAuth");
            };
            check(
                id,
                &token_request(oauth).expect("a request"),
                expected_request,
            );
            let answer = expected["token_response"].to_string();
            read_token(answer.as_bytes()).expect("a token").token
        });
        let http = row["target"].get("HttpParameters").map(Value::to_string);
        let http: Option<HttpParameters> =
            http.map(|http| serde_json::from_str(&http).expect("parameters"));
        let invocation = Invocation {
            endpoint: row["api_destination"]["InvocationEndpoint"]
                .as_str()
                .expect("a URL"),
            method: row["api_destination"]["HttpMethod"]
                .as_str()
                .expect("a method"),
            authorization: &authorization,
            token: token.as_deref(),
            target: http.as_ref(),
            event: &event,
            input: &input(&row["target"], &event),
            trace_header: Some("Root=1-67891233-abcdef012345678912345678"),
        };
        let request = invocation.request().expect("a request");
        check(id, &request, expected);
        for name in fixed {
            assert_eq!(
                request.headers[name],
                defaults[name].as_str().expect("a text"),
                "{id}"
            );
        }
        assert_eq!(
            request.headers["x-amzn-trace-id"],
            "Root=1-67891233-abcdef012345678912345678"
        );
    }
    assert!(rows.len() > 10);
}

/// The rows without a status are of attempts without an answer: `Undelivered::is_retryable` has them.
#[test]
fn answers_mean_what_the_table_says() {
    let table = table();
    let rows = table["responses"].as_array().expect("rows");
    let mut count = 0;
    for row in rows {
        let Some(status) = row["response"]
            .as_u64()
            .and_then(|it| u16::try_from(it).ok())
        else {
            assert_eq!(row["retried"], true);
            continue;
        };
        let status = StatusCode::from_u16(status).expect("a status");
        let verdict = verdict(status, &HeaderMap::new(), Timestamp::default());
        let expected = match row["retried"].as_bool() {
            Some(true) => Verdict::Retry { after: None },
            _ if status.is_success() => Verdict::Delivered,
            _ => Verdict::GiveUp,
        };
        assert_eq!(verdict, expected, "{status}");
        count += 1;
    }
    assert!(count > 15, "{count}");
}

fn keyed() -> Authorization {
    authorization(&json!({
        "AuthorizationType": "API_KEY",
        "AuthParameters": {"ApiKeyAuthParameters": {"ApiKeyName": "x-key", "ApiKeyValue": "k"}},
    }))
}

fn request(endpoint: &str, method: &str, target: &Value) -> HttpRequest {
    let target: HttpParameters = serde_json::from_str(&target.to_string()).expect("parameters");
    let invocation = Invocation {
        endpoint,
        method,
        authorization: &keyed(),
        token: None,
        target: Some(&target),
        event: r#"{"detail":{"s":"a/b ?","o":{"x":[1,2]},"empty":"","n":1.50}}"#,
        input: "{}",
        trace_header: None,
    };
    invocation.request().expect("a request")
}

#[test]
fn values_stay_within_their_places() {
    let target = json!({
        "PathParameterValues": ["$.detail.s", "../x", "$.detail.missing"],
        "QueryStringParameters": {"a&b": "$.detail.o", "c": "$.detail.n", "d": "x-$.detail.n"},
    });
    let request = request(
        "http://host.test:8080/*/a*/*/*?own=*&c=0&f",
        "POST",
        &target,
    );
    assert_eq!(
        request.path_and_query,
        "/a%2Fb%20%3F/a..%2Fx//*?own=*&f&a%26b=%7B%22x%22%3A%5B1%2C2%5D%7D&c=1.50&d=x-%24.detail.n"
    );
}

#[test]
fn endpoints_without_a_path_have_the_shortest() {
    let target = json!({"QueryStringParameters": {"a": "b"}});
    for (endpoint, expected) in [
        ("https://host.test", "/?a=b"),
        ("https://host.test?x=y", "/?x=y&a=b"),
        ("https://host.test/", "/?a=b"),
    ] {
        assert_eq!(request(endpoint, "PUT", &target).path_and_query, expected);
    }
}

#[test]
fn some_methods_have_no_body() {
    for (method, has_body) in [
        ("GET", false),
        ("HEAD", false),
        ("OPTIONS", true),
        ("DELETE", true),
    ] {
        assert_eq!(
            request("http://h/", method, &json!({})).body.is_empty(),
            !has_body,
            "{method}"
        );
    }
}
