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
