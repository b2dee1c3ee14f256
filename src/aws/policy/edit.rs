//! Adds and removes statements in a policy's text: what `AddPermission` and `RemovePermission` do to queues and topics.

use serde_json::{Map, Value, json};

/// A policy that is being changed. Everything but the statements stays as it was.
#[derive(Debug)]
pub struct Edited {
    document: Map<String, Value>,
    statements: Vec<Value>,
}

/// One statement that `AddPermission` writes.
#[derive(Debug)]
pub struct Permission<'a> {
    /// The statement's `Sid`.
    pub label: &'a str,
    /// The accounts that are allowed, by their ids.
    pub accounts: &'a [String],
    /// The service prefix of the actions' names in policies: `SQS`.
    pub service: &'a str,
    /// The actions that they may call, without the service.
    pub actions: &'a [String],
    /// The queue or topic.
    pub resource_arn: &'a str,
    /// The partition of the accounts' ARNs.
    pub partition: &'a str,
}

impl Edited {
    /// The policy of this text; `None` if it is not a JSON object.
    pub fn read(text: &str) -> Option<Self> {
        let document: Map<String, Value> = serde_json::from_str(text).ok()?;
        // A single statement may stand without a list around it.
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.clone(),
            Some(statement @ Value::Object(_)) => vec![statement.clone()],
            _ => Vec::new(),
        };
        Some(Self {
            document,
            statements,
        })
    }

    /// A policy without statements.
    pub fn new(version: &str, id: &str) -> Self {
        let member = |name: &str, value: &str| (name.to_owned(), json!(value));
        Self {
            document: Map::from_iter([member("Version", version), member("Id", id)]),
            statements: Vec::new(),
        }
    }

    /// Whether it states its version.
    pub fn has_version(&self) -> bool {
        self.document.contains_key("Version")
    }

    /// How many statements there are.
    pub fn count(&self) -> usize {
        self.statements.len()
    }

    /// Whether a statement has this label.
    pub fn has(&self, label: &str) -> bool {
        self.statements
            .iter()
            .any(|statement| statement["Sid"] == label)
    }

    /// Adds a statement.
    pub fn add(&mut self, permission: &Permission<'_>) {
        self.push(statement(permission));
    }

    /// Adds a statement as it is written.
    pub fn push(&mut self, statement: Value) {
        self.statements.push(statement);
    }

    /// Removes the statements with this label. Returns whether there was one.
    pub fn remove(&mut self, label: &str) -> bool {
        let count = self.statements.len();
        self.statements
            .retain(|statement| statement["Sid"] != label);
        self.statements.len() < count
    }

    /// The policy's text.
    pub fn into_text(mut self) -> String {
        let statements = Value::Array(self.statements);
        self.document.insert("Statement".to_owned(), statements);
        Value::Object(self.document).to_string()
    }
}

fn statement(permission: &Permission<'_>) -> Value {
    let root = |account: &String| format!("arn:{}:iam::{account}:root", permission.partition);
    let action = |action: &String| format!("{}:{action}", permission.service);
    json!({
        "Sid": permission.label,
        "Effect": "Allow",
        "Principal": { "AWS": one_or_many(permission.accounts.iter().map(root)) },
        "Action": one_or_many(permission.actions.iter().map(action)),
        "Resource": permission.resource_arn,
    })
}

/// AWS writes a single value without a list around it.
fn one_or_many(values: impl Iterator<Item = String>) -> Value {
    let mut values: Vec<_> = values.map(Value::from).collect();
    if values.len() == 1 {
        values.remove(0)
    } else {
        Value::Array(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_members_stay_as_they_were() {
        let text = r#"{"Id":"x","Statement":{"Sid":"one","Effect":"Deny"},"Version":"2012-10-17"}"#;
        let mut policy = Edited::read(text).expect("a policy");
        let accounts = ["1".to_owned(), "2".to_owned()];
        let actions = ["Publish".to_owned()];
        policy.add(&Permission {
            label: "two",
            accounts: &accounts,
            service: "SNS",
            actions: &actions,
            resource_arn: "arn",
            partition: "aws-cn",
        });
        assert!(policy.has("one") && policy.has("two") && !policy.has("three"));
        assert!(policy.remove("one") && !policy.remove("one"));
        assert_eq!(policy.count(), 1);
        assert_eq!(
            policy.into_text(),
            concat!(
                r#"{"Id":"x","Statement":[{"Sid":"two","Effect":"Allow","#,
                r#""Principal":{"AWS":["arn:aws-cn:iam::1:root","arn:aws-cn:iam::2:root"]},"#,
                r#""Action":"SNS:Publish","Resource":"arn"}],"Version":"2012-10-17"}"#
            )
        );
    }

    #[test]
    fn only_objects_are_policies() {
        for wrong in ["", "x", "[]", "1", r#""text""#] {
            assert!(Edited::read(wrong).is_none(), "{wrong}");
        }
    }
}
