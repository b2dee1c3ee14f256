//! The secrets of connections, which are never exported: each is a parameter, by the same name in both formats.

use super::logical_ids::LogicalIds;
use crate::document::compose::map;
use crate::document::{Node, Value};

/// The structures that have a secret, each with its member.
const SECRETS: [(&str, &str); 3] = [
    ("ApiKeyAuthParameters", "ApiKeyValue"),
    ("BasicAuthParameters", "Password"),
    ("ClientParameters", "ClientSecret"),
];

/// The names of parameters that are given.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    ids: LogicalIds,
    /// In their order.
    pub(super) names: Vec<String>,
}

impl Secrets {
    /// A connection's `AuthParameters` with what `as_parameter` makes of the name of each secret.
    pub(super) fn put_into(
        &mut self,
        connection: &str,
        parameters: &Node,
        as_parameter: fn(&str) -> Node,
    ) -> Node {
        let mut secret = |what: &str| {
            let name = self
                .ids
                .give(&format!("{connection} connection {what}"), "");
            let parameter = as_parameter(&name);
            self.names.push(name);
            parameter
        };
        with_secrets(parameters, "", &mut secret)
    }
}

/// The value of the member `name` with its secrets.
fn with_secrets(node: &Node, name: &str, secret: &mut dyn FnMut(&str) -> Node) -> Node {
    let value = match &node.value {
        Value::Map(entries) => {
            let mut members: Vec<(String, Node)> = Vec::new();
            for (key, value) in entries {
                let value = with_secrets(value, &key.text, secret);
                members.push((key.text.clone(), value));
            }
            let mut known = SECRETS.iter();
            if let Some((_, member)) = known.find(|(owner, _)| *owner == name) {
                members.push(((*member).to_owned(), secret(member)));
            }
            if let Some(key) = hidden(node) {
                let what = format!("{key} value");
                members.insert(1, ("Value".to_owned(), secret(&what)));
            }
            map(members).value
        }
        Value::List(items) => {
            let items = items.iter().map(|item| with_secrets(item, "", secret));
            Value::List(items.collect())
        }
        scalar => scalar.clone(),
    };
    Node {
        line: node.line,
        value,
    }
}

/// The key of a parameter of requests whose value is secret.
fn hidden(node: &Node) -> Option<String> {
    let is_secret = node.get("IsValueSecret")?.value == Value::Bool(true);
    node.get("Key").filter(|_| is_secret)?.value.scalar()
}
