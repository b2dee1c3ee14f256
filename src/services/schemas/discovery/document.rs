//! What is known of events as an `OpenAPI` 3 document, in AWS's form: the envelope `AWSEvent`, and a named schema for each kind
//! of object.

use serde_json::{Map, Value, json};

use super::shape::{Members, Shape};
use super::{Discovered, camel_case};

/// The name of the envelope's schema.
pub(super) const ENVELOPE: &str = "AWSEvent";

/// The most schemas of a document: one with more of them is too long for a registry.
const COMPONENTS: usize = 2000;

/// The members that every event has, in AWS's order.
const REQUIRED: [&str; 9] = [
    "detail-type",
    "resources",
    "detail",
    "id",
    "source",
    "time",
    "region",
    "version",
    "account",
];

pub(super) fn open_api(discovered: &Discovered) -> Value {
    let title = discovered.title();
    let mut components = Components::default();
    let detail = components.schema(&discovered.shape, &title);
    let mut schemas = Map::new();
    if let Some(event) = &discovered.event {
        let text = json!({"type": "string"});
        let envelope = json!({
            "type": "object",
            "required": REQUIRED,
            "x-amazon-events-detail-type": event.detail_type,
            "x-amazon-events-source": event.source,
            "properties": {
                "detail": detail,
                "account": text,
                "detail-type": text,
                "id": text,
                "region": text,
                "resources": {"type": "array", "items": text},
                "source": text,
                "time": {"type": "string", "format": "date-time"},
                "version": text,
            },
        });
        schemas.insert(ENVELOPE.to_owned(), envelope);
    }
    let written = components.0.into_iter();
    schemas.extend(written.map(|component| (component.name, component.schema)));
    json!({
        "openapi": "3.0.0",
        "info": {"version": "1.0.0", "title": title},
        "paths": {},
        "components": {"schemas": schemas},
    })
}

/// The schemas of objects.
#[derive(Default)]
struct Components(Vec<Component>);

struct Component {
    name: String,
    members: Members,
    schema: Value,
}

impl Components {
    /// The schema of a shape. Objects get one of their own, named after the member that they are.
    fn schema(&mut self, shape: &Shape, name: &str) -> Value {
        match shape {
            Shape::Unknown | Shape::Mixed => json!({}),
            Shape::Boolean => json!({"type": "boolean"}),
            Shape::Integer => json!({"type": "integer", "format": "int64"}),
            Shape::Number => json!({"type": "number", "format": "double"}),
            Shape::Text => json!({"type": "string"}),
            Shape::DateTime => json!({"type": "string", "format": "date-time"}),
            Shape::List(element) => {
                json!({"type": "array", "items": self.schema(element, name)})
            }
            Shape::Object(_) if self.0.len() == COMPONENTS => json!({"type": "object"}),
            Shape::Object(members) => {
                let name = self.component(members, name);
                json!({"$ref": format!("#/components/schemas/{name}")})
            }
        }
    }

    /// The name of the component of these members: one that is there already, or a new one.
    fn component(&mut self, members: &Members, name: &str) -> String {
        let base = match camel_case(name) {
            empty if empty.is_empty() => "Object".to_owned(),
            name => name,
        };
        let numbered = (1..).map(|number| format!("{base}_{number}"));
        for name in std::iter::once(base.clone()).chain(numbered) {
            let taken = self.0.iter().find(|component| component.name == name);
            match taken {
                Some(component) if component.members == *members => return name,
                Some(_) => {}
                None if name == ENVELOPE => {}
                None => return self.add(name, members),
            }
        }
        unreachable!("there are more numbers than components")
    }

    fn add(&mut self, name: String, members: &Members) -> String {
        let at = self.0.len();
        self.0.push(Component {
            name: name.clone(),
            members: members.clone(),
            schema: Value::Null,
        });
        let mut schema = json!({"type": "object"});
        let required = members.iter().filter(|(_, (_, is_required))| *is_required);
        let required: Vec<_> = required.map(|(name, _)| name).collect();
        // A list of required members is not empty, in OpenAPI 3 and in Draft 4.
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        let mut properties = Map::new();
        for (name, (shape, _)) in members {
            properties.insert(name.clone(), self.schema(shape, name));
        }
        schema["properties"] = Value::Object(properties);
        self.0[at].schema = schema;
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(events: &[Value]) -> Value {
        let discovered = events
            .iter()
            .map(|event| Discovered::of(event.as_object().expect("an object")));
        let merged = discovered.reduce(|known, seen| known.merge(&seen));
        merged.expect("an event").open_api()
    }

    fn event(detail: &Value) -> Value {
        json!({"source": "shop.orders", "detail-type": "Order Placed", "detail": detail})
    }

    #[test]
    fn an_event_is_an_envelope_and_its_detail() {
        let detail = json!({
            "at": "2026-01-02T03:04:05Z", "count": 2, "gift": false, "lines": [{"sku": "a"}], "note": null,
            "price": 9.5, "ship-to": {"city": "Rome"}, "tags": ["a", 1], "text": "x",
        });
        let document = document(&[event(&detail)]);
        assert_eq!(document["openapi"], "3.0.0");
        assert_eq!(
            document["info"],
            json!({"version": "1.0.0", "title": "OrderPlaced"})
        );
        assert_eq!(document["paths"], json!({}));
        let schemas = &document["components"]["schemas"];
        let envelope = &schemas["AWSEvent"];
        assert_eq!(envelope["x-amazon-events-source"], "shop.orders");
        assert_eq!(envelope["x-amazon-events-detail-type"], "Order Placed");
        assert_eq!(envelope["required"], json!(REQUIRED));
        assert_eq!(
            envelope["properties"]["detail"],
            json!({"$ref": "#/components/schemas/OrderPlaced"})
        );
        let expected = json!({
            "type": "object",
            "required": ["at", "count", "gift", "lines", "note", "price", "ship-to", "tags", "text"],
            "properties": {
                "at": {"type": "string", "format": "date-time"},
                "count": {"type": "integer", "format": "int64"},
                "gift": {"type": "boolean"},
                "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Lines"}},
                "note": {},
                "price": {"type": "number", "format": "double"},
                "ship-to": {"$ref": "#/components/schemas/ShipTo"},
                "tags": {"type": "array", "items": {}},
                "text": {"type": "string"},
            },
        });
        assert_eq!(schemas["OrderPlaced"], expected);
        let city = json!({
            "type": "object", "required": ["city"], "properties": {"city": {"type": "string"}},
        });
        assert_eq!(schemas["ShipTo"], city);
        let names: Vec<_> = schemas.as_object().expect("an object").keys().collect();
        assert_eq!(names, ["AWSEvent", "OrderPlaced", "Lines", "ShipTo"]);
    }

    #[test]
    fn equal_objects_share_a_schema_and_others_get_numbers() {
        let detail = json!({
            "a": {"item": {"x": 1}}, "b": {"item": {"x": 2}}, "c": {"item": {"y": 1}},
            "AWSEvent": {"z": 1}, "é": {"z": 1},
        });
        let document = document(&[event(&detail)]);
        let schemas = &document["components"]["schemas"];
        let reference = |schema: &str, member: &str| {
            let reference = &schemas[schema]["properties"][member]["$ref"];
            let text = reference.as_str().expect("a reference");
            text.trim_start_matches("#/components/schemas/").to_owned()
        };
        assert_eq!(reference("A", "item"), "Item");
        assert_eq!(reference("OrderPlaced", "b"), "B");
        assert_eq!(reference("B", "item"), "Item");
        assert_eq!(reference("C", "item"), "Item_1");
        assert_eq!(reference("OrderPlaced", "AWSEvent"), "AWSEvent_1");
        assert_eq!(reference("OrderPlaced", "é"), "Object");
    }

    #[test]
    fn several_events_make_one_document() {
        let events = [event(&json!({"a": 1, "b": 1})), event(&json!({"a": 1.5}))];
        let document = document(&events);
        let schema = &document["components"]["schemas"]["OrderPlaced"];
        assert_eq!(schema["required"], json!(["a"]));
        assert_eq!(schema["properties"]["a"]["type"], "number");
    }

    #[test]
    fn other_objects_have_no_envelope() {
        let document = document(&[json!({"a": {}})]);
        assert_eq!(document["info"]["title"], "Event");
        let empty = json!({"type": "object", "properties": {}});
        let event = json!({
            "type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/A"}},
        });
        assert_eq!(
            document["components"]["schemas"],
            json!({"Event": event, "A": empty})
        );
    }
}
