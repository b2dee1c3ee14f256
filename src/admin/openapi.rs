//! `/_topiq/openapi.json`: the routes as an `OpenAPI` document, for programs that make clients or pages of it.

use http::Method;
use serde_json::{Map, Value, json};

use super::{Description, JSON, Media, Schema};
use crate::routes::{Location, Parameter, Refusal};

pub(super) const DESCRIPTION: Description = Description {
    method: Method::GET,
    path: "/_topiq/openapi.json",
    summary: "Describes the routes as an OpenAPI document.",
    parameters: &[],
    body: None,
    status: 200,
    media: &[Media {
        name: JSON,
        schema: Schema::AnyObject,
    }],
};

/// The document of these routes.
pub(super) fn document(routes: &[&Description]) -> Value {
    let mut paths = Map::new();
    for route in routes {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "topiq",
            "description": "topiq's own API beside the APIs of AWS.",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "paths": paths,
    })
}

fn operation(route: &Description) -> Value {
    let parameters: Vec<_> = route.parameters.iter().map(parameter).collect();
    let mut good = json!({ "description": "Done." });
    if !route.media.is_empty() {
        good["content"] = content(route.media);
    }
    let refusal = [Media {
        name: JSON,
        schema: Refusal::SCHEMA,
    }];
    let mut operation = json!({
        "operationId": operation_id(&route.method, route.path),
        "tags": [tag(route.path)],
        "summary": route.summary,
        "parameters": parameters,
        "responses": {
            route.status.to_string(): good,
            "default": { "description": "Refused, and why.", "content": content(&refusal) },
        },
    });
    if let Some(schema) = route.body {
        let body = [Media { name: JSON, schema }];
        operation["requestBody"] = json!({ "required": true, "content": content(&body) });
    }
    operation
}

/// The operation's name in generated clients: `getSqsQueues` for `GET /_topiq/sqs/queues`. A variable is named by its
/// preposition, and a path that ends in a slash says so: `getAwsSqsMessagesByQueue`, `postAwsSqsMessagesSlash`.
fn operation_id(method: &Method, path: &str) -> String {
    let mut id = method.as_str().to_lowercase();
    let parts = path
        .trim_start_matches("/_topiq")
        .split(['/', '-', '_', '.']);
    for part in parts {
        let (fixed, variable) = part.split_once('{').unwrap_or((part, ""));
        push_capitalized(&mut id, fixed);
        if !variable.is_empty() {
            id.push_str("By");
            push_capitalized(&mut id, variable.trim_end_matches('}'));
        }
    }
    if path.ends_with('/') {
        id.push_str("Slash");
    }
    if path == "/_topiq" {
        id.push_str("Index");
    }
    id
}

fn push_capitalized(id: &mut String, word: &str) {
    let mut letters = word.chars();
    id.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    id.push_str(letters.as_str());
}

/// What the operation is about: a service, or the server.
fn tag(path: &str) -> &str {
    let mut parts = path.split('/').skip(1);
    let (start, next) = (parts.next().unwrap_or_default(), parts.next());
    match (start, next) {
        ("_topiq" | "_aws", Some(service @ ("sqs" | "sns" | "events" | "kinesis" | "logs"))) => {
            service
        }
        ("_topiq", _) => "server",
        ("_localstack", _) => "localstack",
        _ => "sns",
    }
}

fn parameter(parameter: &Parameter) -> Value {
    let is_in_path = parameter.location == Location::Path;
    json!({
        "name": parameter.name,
        "in": if is_in_path { "path" } else { "query" },
        "required": parameter.is_required,
        "description": parameter.summary,
        "schema": parameter.schema.to_json(),
    })
}

fn content(media: &[Media]) -> Value {
    let content = media.iter().map(|media| {
        let schema = json!({ "schema": media.schema.to_json() });
        (media.name.to_owned(), schema)
    });
    Value::Object(content.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_have_names_for_clients() {
        for (method, path, name, about) in [
            (Method::GET, "/_topiq", "getIndex", "server"),
            (Method::GET, "/_topiq/sqs/queues", "getSqsQueues", "sqs"),
            (Method::POST, "/_topiq/clock", "postClock", "server"),
            (
                Method::POST,
                "/_topiq/events/health-checks/{id}",
                "postEventsHealthChecksById",
                "events",
            ),
            (
                Method::GET,
                "/_aws/sqs/messages/{queue}",
                "getAwsSqsMessagesByQueue",
                "sqs",
            ),
            (
                Method::POST,
                "/_aws/sqs/messages/",
                "postAwsSqsMessagesSlash",
                "sqs",
            ),
            (
                Method::GET,
                "/SimpleNotificationService-{file}",
                "getSimpleNotificationServiceByFile",
                "sns",
            ),
            (
                Method::POST,
                "/_localstack/state/reset",
                "postLocalstackStateReset",
                "localstack",
            ),
        ] {
            assert_eq!(operation_id(&method, path), name);
            assert_eq!(tag(path), about, "{path}");
        }
    }
}
