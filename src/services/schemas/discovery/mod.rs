//! What events look like: from the events that were seen to the document that describes them. Pure.
//!
//! In reading order: here, what is known of the events of one source and type; `shape` is the shape of values and how two of
//! them become one, `document` writes it as `OpenAPI` 3, `draft4` makes JSON Schema Draft 4 of that.

mod document;
pub(super) mod draft4;
mod shape;

use serde_json::{Map, Value};

use shape::Shape;

/// The events of one source and type, or of other JSON objects, as far as they have been seen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Discovered {
    /// Their envelope; none of JSON objects that are no events.
    event: Option<Event>,
    shape: Shape,
}

/// What the envelope of an event says.
#[derive(Clone, Debug, PartialEq)]
struct Event {
    source: String,
    detail_type: String,
}

/// The members that make an object an event.
const ENVELOPE: [&str; 3] = ["source", "detail-type", "detail"];

impl Discovered {
    /// What one JSON object shows, an event or another one.
    pub(super) fn of(object: &Map<String, Value>) -> Self {
        let [source, detail_type, detail] = ENVELOPE.map(|name| object.get(name));
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        match (text(source), text(detail_type), detail) {
            (Some(source), Some(detail_type), Some(detail)) => Self {
                event: Some(Event {
                    source,
                    detail_type,
                }),
                shape: Shape::of(detail),
            },
            _ => Self {
                event: None,
                shape: Shape::of_object(object),
            },
        }
    }

    /// What both show. The envelope is that of the first.
    pub(super) fn merge(self, other: &Self) -> Self {
        Self {
            event: self.event,
            shape: self.shape.merge(&other.shape),
        }
    }

    /// Whether another one shows nothing new.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.shape.covers(&other.shape)
    }

    /// The name of the schema: `shop.orders@OrderPlaced`, with the characters that names may have.
    pub(super) fn schema_name(&self) -> Option<String> {
        let event = self.event.as_ref()?;
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || ".-_@".contains(c);
        let source = event.source.chars().filter(|c| is_allowed(*c));
        Some(format!("{}@{}", source.collect::<String>(), self.title()))
    }

    /// The `OpenAPI` 3 document.
    pub(super) fn open_api(&self) -> Value {
        document::open_api(self)
    }

    /// What the document and the description of the event's content are called: `OrderPlaced` of `Order Placed`.
    fn title(&self) -> String {
        let detail_type = self.event.as_ref().map(|event| &*event.detail_type);
        let title = camel_case(detail_type.unwrap_or_default());
        if title.is_empty() || title == document::ENVELOPE {
            "Event".to_owned()
        } else {
            title
        }
    }
}

/// `OrderPlaced` of `order placed`: the words of a text, each with a capital, without what stands between them.
pub(super) fn camel_case(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut name = String::new();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn discovered(source: &str, detail_type: &str) -> Discovered {
        let event = json!({"source": source, "detail-type": detail_type, "detail": {}});
        Discovered::of(event.as_object().expect("an object"))
    }

    #[test]
    fn schemas_are_named_after_source_and_type() {
        for (source, detail_type, name) in [
            ("shop.orders", "Order Placed", "shop.orders@OrderPlaced"),
            ("shop", "order-placed v2", "shop@OrderPlacedV2"),
            ("com.shop/eu é", "OrderPlaced", "com.shopeu@OrderPlaced"),
            ("shop", "注文", "shop@Event"),
        ] {
            let found = discovered(source, detail_type).schema_name();
            assert_eq!(found.as_deref(), Some(name));
        }
    }

    #[test]
    fn other_objects_have_no_name() {
        for object in [
            json!({}),
            json!({"source": "s", "detail": {}}),
            json!({"source": 1}),
        ] {
            let found = Discovered::of(object.as_object().expect("an object"));
            assert_eq!(found.schema_name(), None, "{object}");
        }
    }
}
