//! A tree as JSON text: policies and the like, which AWS's API takes as text.

use serde::ser::{Error, Serialize, Serializer};
use serde_json::value::RawValue;

use super::{Node, Value};

/// `node` as JSON, without spaces, in its order.
pub fn to_json(node: &Node) -> String {
    serde_json::to_string(node).expect("the reader takes only JSON's numbers for numbers")
}

/// For `serde_json` only: a number keeps its digits.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(is_true) => serializer.serialize_bool(*is_true),
            Value::Number(digits) => serde_json::from_str::<&RawValue>(digits)
                .map_err(S::Error::custom)?
                .serialize(serializer),
            Value::Text(text) => serializer.serialize_str(text),
            Value::List(items) => serializer.collect_seq(items),
            Value::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(key, item)| (&key.text, item)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    #[test]
    fn yaml_becomes_json_in_its_order_with_its_digits() {
        let node =
            read("b: [1.50, 12345678901234567890, 'a\"b', ~]\na: {x: true, y: false, 1: {}}\n")
                .unwrap();
        assert_eq!(
            to_json(&node),
            r#"{"b":[1.50,12345678901234567890,"a\"b",null],"a":{"x":true,"y":false,"1":{}}}"#
        );
    }
}
