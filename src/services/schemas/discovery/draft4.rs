//! An `OpenAPI` 3 document as a JSON Schema of Draft 4.

use serde_json::{Map, Value};

use super::document::ENVELOPE;

const DRAFT: &str = "http://json-schema.org/draft-04/schema#";

/// The formats that Draft 4 does not have.
const FORMATS: [&str; 7] = [
    "int32", "int64", "float", "double", "byte", "binary", "password",
];

/// The schemas of the document under `definitions`. The envelope, or else the schema that has the document's title, is that
/// of the whole.
pub(in crate::services::schemas) fn of_open_api(document: &Value) -> Value {
    let title = document["info"]["title"].as_str().unwrap_or_default();
    let schemas = document["components"]["schemas"].as_object();
    let mut definitions: Map<String, Value> = schemas
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), converted(schema)))
        .collect();
    let whole = match definitions.shift_remove(ENVELOPE) {
        Some(envelope) => Some(envelope),
        None => definitions.get(title).cloned(),
    };
    let mut draft = Map::new();
    draft.insert("$schema".to_owned(), DRAFT.into());
    draft.insert("title".to_owned(), title.into());
    draft.insert("definitions".to_owned(), definitions.into());
    if let Some(Value::Object(whole)) = whole {
        draft.extend(whole);
    }
    draft.into()
}

/// A part of a schema with Draft 4's references and without the formats that it does not have.
fn converted(part: &Value) -> Value {
    match part {
        Value::Object(members) => {
            let members = members.iter().filter_map(|(name, value)| {
                let text = value.as_str();
                let value = match (&**name, text) {
                    ("$ref", Some(text)) => text
                        .replace("#/components/schemas/", "#/definitions/")
                        .into(),
                    ("format", Some(format)) if FORMATS.contains(&format) => return None,
                    ("properties", None) => properties(value),
                    _ => converted(value),
                };
                Some((name.clone(), value))
            });
            Value::Object(members.collect())
        }
        Value::Array(parts) => parts.iter().map(converted).collect(),
        other => other.clone(),
    }
}

/// Properties, whose names are not those of a schema's own members: one can be called `format`.
fn properties(properties: &Value) -> Value {
    let Some(properties) = properties.as_object() else {
        return converted(properties);
    };
    let properties = properties.iter();
    let converted = properties.map(|(name, schema)| (name.clone(), converted(schema)));
    Value::Object(converted.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::services::schemas::discovery::Discovered;

    fn draft(event: &Value) -> Value {
        let event = event.as_object().expect("an object");
        of_open_api(&Discovered::of(event).open_api())
    }

    #[test]
    fn the_envelope_is_the_whole() {
        let detail = json!({"format": 1, "item": {"at": "2026-01-02T03:04:05Z", "price": 1.5}});
        let draft = draft(&json!({"source": "s", "detail-type": "Order Placed", "detail": detail}));
        assert_eq!(draft["$schema"], "http://json-schema.org/draft-04/schema#");
        assert_eq!(draft["title"], "OrderPlaced");
        assert_eq!(draft["type"], "object");
        assert_eq!(draft["x-amazon-events-source"], "s");
        assert_eq!(
            draft["properties"]["detail"],
            json!({"$ref": "#/definitions/OrderPlaced"})
        );
        let properties = json!({
            "format": {"type": "integer"},
            "item": {"$ref": "#/definitions/Item"},
        });
        assert_eq!(
            draft["definitions"]["OrderPlaced"]["properties"],
            properties
        );
        let item = json!({
            "at": {"type": "string", "format": "date-time"},
            "price": {"type": "number"},
        });
        assert_eq!(draft["definitions"]["Item"]["properties"], item);
        assert_eq!(draft["definitions"].as_object().map(Map::len), Some(2));
    }

    #[test]
    fn another_object_is_the_whole_by_its_title() {
        let draft = draft(&json!({"a": "x"}));
        assert_eq!(draft["properties"], json!({"a": {"type": "string"}}));
        assert_eq!(draft["definitions"]["Event"]["required"], json!(["a"]));
    }
}
