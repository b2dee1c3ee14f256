//! Shapes of parameters and answers, as data: what `OpenAPI` needs of them.

use serde_json::{Map, Value, json};

/// The shape of a value.
#[derive(Clone, Copy, Debug)]
pub enum Schema {
    /// A text.
    Text,
    /// One of these texts.
    Words(&'static [&'static str]),
    /// A moment in RFC 3339.
    Moment,
    /// A whole number from zero.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Any JSON object.
    AnyObject,
    /// `null`, or a value of this shape.
    Nullable(&'static Schema),
    /// Values of this shape.
    List(&'static Schema),
    /// Values of this shape by texts that are not known beforehand.
    Map(&'static Schema),
    /// These members and no others.
    Object(&'static [Member]),
}

/// A member of an object.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// Its value's shape.
    pub schema: Schema,
    /// Whether every such object has it.
    pub is_required: bool,
}

impl Member {
    /// A member that every such object has.
    pub const fn always(name: &'static str, schema: Schema) -> Self {
        Self {
            name,
            schema,
            is_required: true,
        }
    }

    /// A member that may be missing.
    pub const fn sometimes(name: &'static str, schema: Schema) -> Self {
        Self {
            name,
            schema,
            is_required: false,
        }
    }
}

impl Schema {
    /// As JSON Schema.
    pub fn to_json(self) -> Value {
        match self {
            Self::Text => json!({ "type": "string" }),
            Self::Words(words) => json!({ "type": "string", "enum": words }),
            Self::Moment => json!({ "type": "string", "format": "date-time" }),
            Self::Number => json!({ "type": "integer", "minimum": 0 }),
            Self::Boolean => json!({ "type": "boolean" }),
            Self::AnyObject => json!({ "type": "object" }),
            Self::Nullable(schema) => {
                json!({ "oneOf": [schema.to_json(), { "type": "null" }] })
            }
            Self::List(items) => json!({ "type": "array", "items": items.to_json() }),
            Self::Map(values) => {
                json!({ "type": "object", "additionalProperties": values.to_json() })
            }
            Self::Object(members) => object(members),
        }
    }
}

fn object(members: &[Member]) -> Value {
    let properties: Map<_, _> = members
        .iter()
        .map(|member| (member.name.to_owned(), member.schema.to_json()))
        .collect();
    let required = members.iter().filter(|member| member.is_required);
    let required: Vec<_> = required.map(|member| member.name).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

#[cfg(test)]
impl Schema {
    /// Whether a value has this shape.
    pub(crate) fn has(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text | Self::Moment, value) => value.is_string(),
            (Self::Words(words), value) => value.as_str().is_some_and(|word| words.contains(&word)),
            (Self::Number, value) => value.is_u64(),
            (Self::Boolean, value) => value.is_boolean(),
            (Self::AnyObject, value) => value.is_object(),
            (Self::Nullable(schema), value) => value.is_null() || schema.has(value),
            (Self::List(items), Value::Array(values)) => values.iter().all(|one| items.has(one)),
            (Self::Map(schema), Value::Object(values)) => {
                values.values().all(|one| schema.has(one))
            }
            (Self::Object(members), Value::Object(values)) => {
                let is_known = |name: &String| members.iter().any(|member| member.name == name);
                values.keys().all(is_known)
                    && members.iter().all(|member| match values.get(member.name) {
                        Some(value) => member.schema.has(value),
                        None => !member.is_required,
                    })
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: Schema = Schema::Object(&[
        Member::always("a", Schema::List(&Schema::Words(&["x"]))),
        Member::sometimes("b", Schema::Nullable(&Schema::Number)),
    ]);

    #[test]
    fn values_that_differ_from_their_shape_are_found() {
        for good in [
            json!({ "a": [] }),
            json!({ "a": ["x"], "b": null }),
            json!({ "a": [], "b": 1 }),
        ] {
            assert!(SCHEMA.has(&good), "{good}");
        }
        for bad in [
            json!([]),
            json!({}),
            json!({ "a": null }),
            json!({ "a": ["y"] }),
            json!({ "a": [], "b": -1 }),
            json!({ "a": [], "c": 1 }),
        ] {
            assert!(!SCHEMA.has(&bad), "{bad}");
        }
    }

    #[test]
    fn shapes_are_written_as_json_schema() {
        let expected = json!({
            "type": "object",
            "properties": {
                "a": { "type": "array", "items": { "type": "string", "enum": ["x"] } },
                "b": { "oneOf": [{ "type": "integer", "minimum": 0 }, { "type": "null" }] },
            },
            "required": ["a"],
            "additionalProperties": false,
        });
        assert_eq!(SCHEMA.to_json(), expected);
    }
}
