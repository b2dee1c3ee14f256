//! Tags: CloudFormation's short forms and YAML's own types.

use granit_parser::Tag;

use super::scalar;
use super::{Key, Node, Value};

/// The short forms whose long form is `Fn::Name`.
const FUNCTIONS: &str = "And Base64 Cidr Contains EachMemberEquals EachMemberIn Equals FindInMap GetAtt GetAZs If \
                         ImportValue Join Length Not Or RefAll Select Split Sub ToJsonString Transform ValueOf \
                         ValueOfAll";

const CORE: &str = "tag:yaml.org,2002:";

/// The meaning of `node` with `tag`; `text` is the scalar's text as it was written. Errors are sentences.
pub(super) fn apply(tag: &Tag, text: Option<&str>, node: Node) -> Result<Node, String> {
    let full = format!("{}{}", tag.handle(), tag.suffix());
    if let Some(kind) = full.strip_prefix(CORE) {
        return core(kind, text, node);
    }
    match full.strip_prefix('!') {
        // The lone `!` says that a scalar is text, whatever it looks like.
        Some("") => Ok(text.map_or(node.clone(), |text| Node {
            line: node.line,
            value: Value::Text(text.to_owned()),
        })),
        Some(name) => short_form(name, node),
        None => Err(unknown(&full)),
    }
}

fn short_form(name: &str, node: Node) -> Result<Node, String> {
    let key = match name {
        "Ref" | "Condition" => name.to_owned(),
        _ if FUNCTIONS.split(' ').any(|function| function == name) => format!("Fn::{name}"),
        _ => return Err(unknown(&format!("!{name}"))),
    };
    let line = node.line;
    let argument = if name == "GetAtt" {
        name_and_attribute(node)
    } else {
        node
    };
    Ok(Node {
        line,
        value: Value::Map(vec![(Key { line, text: key }, argument)]),
    })
}

/// `!GetAtt Name.Attribute` is the list of both; the attribute may contain dots.
fn name_and_attribute(node: Node) -> Node {
    let Value::Text(text) = &node.value else {
        return node;
    };
    let Some((name, attribute)) = text.split_once('.') else {
        return node;
    };
    let text = |text: &str| Node {
        line: node.line,
        value: Value::Text(text.to_owned()),
    };
    Node {
        line: node.line,
        value: Value::List(vec![text(name), text(attribute)]),
    }
}

fn core(kind: &str, text: Option<&str>, node: Node) -> Result<Node, String> {
    let line = node.line;
    let value = match (kind, text) {
        ("map", None) if matches!(node.value, Value::Map(_)) => node.value,
        ("seq", None) if matches!(node.value, Value::List(_)) => node.value,
        ("str", Some(text)) => Value::Text(text.to_owned()),
        ("null" | "bool" | "int" | "float", Some(text)) => match (kind, scalar::plain(text)) {
            ("null", value @ Value::Null)
            | ("bool", value @ Value::Bool(_))
            | ("int" | "float", value @ Value::Number(_)) => value,
            _ => return Err(format!("{text} is no !!{kind}")),
        },
        ("map" | "seq" | "str" | "null" | "bool" | "int" | "float", _) => {
            return Err(format!("{} is no !!{kind}", node.value.kind()));
        }
        _ => return Err(unknown(&format!("!!{kind}"))),
    };
    Ok(Node { line, value })
}

fn unknown(tag: &str) -> String {
    format!("the tag {tag} is not known")
}
