//! A tree as JSON text: policies and the like, which AWS's API takes as text.

use super::{Node, Value};

/// `node` as JSON, without spaces, in its order. Numbers keep their digits: the reader takes only JSON's for numbers.
pub fn to_json(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(number),
        Value::Text(text) => write_text(text, out),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                separate(index, out);
                write(item, out);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                separate(index, out);
                write_text(&key.text, out);
                out.push(':');
                write(item, out);
            }
            out.push('}');
        }
    }
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
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
