//! The short format as a JSON Schema, with which editors complete and check files; it is made from the services' own
//! tables.

use serde_json::{Map, Value, json};

use super::sections::{SCHEMAS, SECTIONS, Section, TARGET_MEMBERS};
use crate::aws::attributes::{Settable, Values};
use crate::export::short::words::{QUEUES, TARGETS, TOPICS};
use crate::init::template::types::members::Shape;
use crate::services::{sns, sqs};

/// The schema.
pub fn schema() -> Value {
    let mut properties = json!({
        "$schema": { "type": "string" },
        QUEUES: {
            "description": "Queues by name. A name that ends in .fifo is a FIFO queue's.",
            "type": ["object", "null"],
            "propertyNames": { "pattern": "^[A-Za-z0-9_-]{1,80}$|^[A-Za-z0-9_-]{1,75}\\.fifo$" },
            "additionalProperties": { "$ref": "#/definitions/queue" },
        },
        TOPICS: {
            "description": "Topics by name. A name that ends in .fifo is a FIFO topic's.",
            "type": ["object", "null"],
            "propertyNames": { "pattern": "^[A-Za-z0-9_-]{1,256}$|^[A-Za-z0-9_-]{1,251}\\.fifo$" },
            "additionalProperties": { "$ref": "#/definitions/topic" },
        },
    });
    let mut definitions = json!({
        "queue": taking(&sqs::inspect::settable(), [("tags", tags())]),
        "topic": taking(&sns::inspect::of_topics(), [("subscriptions", subscriptions()), ("tags", tags())]),
        "subscription": subscription(),
        "target": target(),
    });
    for section in &SECTIONS {
        properties[section.key] = named(section);
        definitions[section.key] = described(section);
    }
    definitions[SCHEMAS.key] = described(&SCHEMAS);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "topiq",
        "description": "Resources that exist when topiq starts: topiq --init FILE",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "definitions": definitions,
    })
}

/// A section: its resources by name.
fn named(section: &Section) -> Value {
    json!({
        "description": section.about,
        "type": ["object", "null"],
        "additionalProperties": { "$ref": format!("#/definitions/{}", section.key) },
    })
}

/// A resource of a section.
fn described(section: &Section) -> Value {
    let mut properties = Map::new();
    for (name, shape) in section.properties() {
        properties.insert(name.to_owned(), of_shape(name, shape));
    }
    for key in section.own_keys() {
        let schema = match key {
            "tags" => tags(),
            "targets" => targets(),
            "schemas" => named(&SCHEMAS),
            other => {
                json!({ "type": "string", "description": format!("A {other}: its name, or its ARN.") })
            }
        };
        properties.insert(key.to_owned(), schema);
    }
    json!({
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn of_shape(name: &str, shape: Shape) -> Value {
    match shape {
        Shape::Text if name == "Content" => json!({ "type": ["object", "string"] }),
        Shape::Text => json!({ "type": "string" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Json => json!({ "type": ["object", "string"] }),
        Shape::Structure | Shape::Tags => json!({ "type": ["object", "array"] }),
    }
}

fn targets() -> Value {
    json!({
        "description": "Who gets the rule's events.",
        "type": ["array", "null"],
        "items": { "anyOf": [
            { "type": "string", "description": "A queue: its name, or its ARN." },
            { "$ref": "#/definitions/target" },
        ] },
    })
}

fn target() -> Value {
    let kinds = TARGETS.map(|(kind, _)| kind);
    let mut properties = Map::new();
    for kind in kinds {
        properties.insert(
            kind.to_owned(),
            json!({ "type": "string", "description": "Its name, or its ARN." }),
        );
    }
    for member in TARGET_MEMBERS {
        let types = match member {
            "Input" => json!(["object", "string"]),
            "Arn" | "Id" | "InputPath" | "RoleArn" => json!("string"),
            _ => json!("object"),
        };
        properties.insert(member.to_owned(), json!({ "type": types }));
    }
    let one = kinds.into_iter().chain(["Arn"]);
    let one: Vec<_> = one.map(|kind| json!({ "required": [kind] })).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "oneOf": one,
    })
}

/// An object of these attributes and of topiq's own members.
fn taking<const N: usize>(attributes: &[Settable], own: [(&str, Value); N]) -> Value {
    let mut properties = properties(attributes);
    properties.extend(own.map(|(name, schema)| (name.to_owned(), schema)));
    json!({
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": properties,
    })
}

fn subscriptions() -> Value {
    json!({
        "description": "Who gets the topic's messages.",
        "type": ["array", "null"],
        "items": { "anyOf": [
            { "type": "string", "description": "A queue: its name, or its ARN." },
            { "$ref": "#/definitions/subscription" },
        ] },
    })
}

fn subscription() -> Value {
    let mut properties = properties(&sns::inspect::of_subscriptions());
    let mut protocols: Vec<_> = sns::inspect::protocol_names().collect();
    protocols.sort_unstable();
    let own = [
        (
            "queue",
            json!({ "type": "string", "description": "A queue: its name, or its ARN." }),
        ),
        ("protocol", json!({ "enum": protocols })),
        (
            "endpoint",
            json!({ "type": "string", "description": "An ARN, a URL, an address or a number." }),
        ),
    ];
    properties.extend(own.map(|(name, schema)| (name.to_owned(), schema)));
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "oneOf": [
            { "required": ["queue"] },
            { "required": ["protocol", "endpoint"] },
        ],
    })
}

fn properties(attributes: &[Settable]) -> Map<String, Value> {
    attributes
        .iter()
        .map(|one| {
            let mut schema = values(one);
            if one.is_fifo_only {
                schema["description"] = "FIFO only.".into();
            }
            (one.name.to_owned(), schema)
        })
        .collect()
}

fn values(attribute: &Settable) -> Value {
    match &attribute.values {
        Values::Numbers(range) => {
            json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() })
        }
        Values::Booleans => json!({ "type": "boolean" }),
        // Numbers too, since a version looks like one.
        Values::Words(words) => json!({ "enum": words_and_numbers(words) }),
        Values::Text => json!({ "type": "string" }),
        Values::Document => document(attribute.name),
    }
}

fn words_and_numbers(words: &[&str]) -> Vec<Value> {
    let numbers = words.iter().filter_map(|word| word.parse::<u32>().ok());
    let texts = words.iter().map(|&word| Value::from(word));
    texts.chain(numbers.map(Value::from)).collect()
}

/// A document, whose shape is known for some attributes. All may be texts too, as in AWS's API.
fn document(name: &str) -> Value {
    let queue = json!({ "type": "string", "description": "A queue: its name, or its ARN." });
    match name {
        "RedrivePolicy" => json!({
            "type": ["object", "string"],
            "required": ["deadLetterTargetArn"],
            "properties": {
                "deadLetterTargetArn": queue,
                "maxReceiveCount": {
                    "description": "Queues only, and required there.",
                    "type": ["integer", "string"],
                },
            },
        }),
        "RedriveAllowPolicy" => json!({
            "type": ["object", "string"],
            "required": ["redrivePermission"],
            "properties": {
                "redrivePermission": { "enum": ["allowAll", "denyAll", "byQueue"] },
                "sourceQueueArns": { "type": "array", "items": queue, "maxItems": sqs::inspect::REDRIVE_SOURCES },
            },
        }),
        _ => json!({ "type": ["object", "string"] }),
    }
}

fn tags() -> Value {
    json!({
        "type": ["object", "null"],
        "additionalProperties": { "type": ["string", "number", "boolean"] },
    })
}
