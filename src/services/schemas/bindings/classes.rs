//! The objects that a schema describes, in either of its languages.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::names::{self, Unique};

/// An object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Class {
    /// An identifier that no other class of the schema has.
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
}

/// A member of an object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Its name in JSON.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) is_required: bool,
}

/// What a member can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Boolean,
    Integer,
    Number,
    Text,
    DateTime,
    List(Box<Self>),
    /// An object, by its class's name.
    Class(String),
}

/// The objects of a schema: of the components of `OpenAPI`, or the definitions of Draft 4 and what these make up.
pub(super) fn read(content: &Value) -> Vec<Class> {
    let mut schemas: Vec<(&str, &Value)> = Vec::new();
    if is_object(content) {
        let is_event = content.get("x-amazon-events-source").is_some();
        let title = content.get("title").and_then(Value::as_str);
        let name = if is_event {
            "AWSEvent"
        } else {
            title.unwrap_or("Root")
        };
        schemas.push((name, content));
    }
    for described in [&content["components"]["schemas"], &content["definitions"]] {
        let members = described.as_object().into_iter().flatten();
        schemas.extend(members.map(|(name, schema)| (&**name, schema)));
    }
    let mut reader = Reader::default();
    let mut objects = Vec::new();
    for (name, schema) in schemas {
        if is_object(schema) {
            let class = reader.unique.add(&names::camel(name));
            // The whole comes first, and is not what others refer to.
            reader.referred.insert(name, class.clone());
            objects.push((class, schema));
        } else {
            reader.others.insert(name, schema);
        }
    }
    for (class, schema) in objects {
        reader.add(class, schema, true);
    }
    reader.classes
}

fn is_object(schema: &Value) -> bool {
    schema.get("properties").is_some_and(Value::is_object)
}

#[derive(Default)]
struct Reader<'c> {
    unique: Unique,
    /// The classes of named schemas.
    referred: BTreeMap<&'c str, String>,
    /// Named schemas that are no objects.
    others: BTreeMap<&'c str, &'c Value>,
    /// What those are that were referred to.
    followed: BTreeMap<&'c str, Kind>,
    classes: Vec<Class>,
}

impl<'c> Reader<'c> {
    fn add(&mut self, name: String, schema: &'c Value, follows: bool) {
        let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
        let properties: Option<&Map<_, _>> = schema["properties"].as_object();
        let mut fields = Vec::new();
        for (member, described) in properties.into_iter().flatten() {
            fields.push(Field {
                name: member.clone(),
                kind: self.kind(described, &format!("{name}-{member}"), follows),
                is_required: required.iter().any(|name| name == member),
            });
        }
        self.classes.push(Class { name, fields });
    }

    /// What a schema describes. An object within another gets the name `within`. A reference to what is no object is
    /// followed, if it `follows`, and those in there are not.
    fn kind(&mut self, schema: &'c Value, within: &str, follows: bool) -> Kind {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default();
            if let Some(class) = self.referred.get(name) {
                return Kind::Class(class.clone());
            }
            if let Some(kind) = self.followed.get(name) {
                return kind.clone();
            }
            let Some((name, other)) = self.others.get_key_value(name).filter(|_| follows) else {
                return Kind::Any;
            };
            let (name, other) = (*name, *other);
            let kind = self.kind(other, within, false);
            self.followed.insert(name, kind.clone());
            return kind;
        }
        if is_object(schema) {
            let name = self.unique.add(&names::camel(within));
            self.add(name.clone(), schema, follows);
            return Kind::Class(name);
        }
        match schema["type"].as_str() {
            Some("string") if schema["format"] == "date-time" => Kind::DateTime,
            Some("string") => Kind::Text,
            Some("integer") => Kind::Integer,
            Some("number") => Kind::Number,
            Some("boolean") => Kind::Boolean,
            Some("array") => Kind::List(Box::new(self.kind(&schema["items"], within, follows))),
            _ => Kind::Any,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(content: &Value) -> Vec<String> {
        let classes = read(content);
        let field = |field: &Field| {
            let mark = if field.is_required { "" } else { "?" };
            format!("{}{mark}:{:?}", field.name, field.kind)
        };
        let class = |class: &Class| {
            let fields: Vec<_> = class.fields.iter().map(field).collect();
            format!("{} {}", class.name, fields.join(" "))
        };
        classes.iter().map(class).collect()
    }

    #[test]
    fn components_are_classes_and_so_are_objects_within_them() {
        let content = json!({"components": {"schemas": {
            "order": {"required": ["id"], "properties": {
                "id": {"type": "string"},
                "ship to": {"properties": {"city": {"type": "string"}}},
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
                "at": {"$ref": "#/components/schemas/Moment"},
            }},
            "Line": {"properties": {"n": {"type": "integer"}, "x": {"type": "number"}, "b": {"type": "boolean"}}},
            "Moment": {"type": "string", "format": "date-time"},
            "Loop": {"$ref": "#/components/schemas/Loop"},
        }}});
        let expected = [
            "OrderShipTo city?:Text",
            r#"Order id:Text ship to?:Class("OrderShipTo") lines?:List(Class("Line")) at?:DateTime"#,
            "Line n?:Integer x?:Number b?:Boolean",
        ];
        assert_eq!(shown(&content), expected);
    }

    #[test]
    fn what_is_followed_is_followed_once_however_it_refers_to_itself() {
        let content = json!({"definitions": {
            "List": {"type": "array", "items": {"properties": {"next": {"$ref": "#/definitions/List"}}}},
            "A": {"properties": {
                "x": {"$ref": "#/definitions/List"},
                "y": {"$ref": "#/definitions/List"},
            }},
        }});
        let expected = [
            "AX next?:Any",
            r#"A x?:List(Class("AX")) y?:List(Class("AX"))"#,
        ];
        assert_eq!(shown(&content), expected);
    }

    #[test]
    fn definitions_are_classes_beside_what_they_make_up() {
        let content = json!({
            "title": "OrderPlaced", "x-amazon-events-source": "s",
            "properties": {"detail": {"$ref": "#/definitions/OrderPlaced"}},
            "definitions": {"OrderPlaced": {"properties": {"loop": {"$ref": "#/definitions/Loop"}}},
                "Loop": {"$ref": "#/definitions/Loop"}},
        });
        let expected = [
            r#"AWSEvent detail?:Class("OrderPlaced")"#,
            "OrderPlaced loop?:Any",
        ];
        assert_eq!(shown(&content), expected);
    }
}
