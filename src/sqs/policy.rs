//! A queue's access policy: kept and shown, edited by `AddPermission` and `RemovePermission`.

use serde_json::{Map, Value, json};

use super::error::Error;
use super::limits;

/// The text of a policy that is a JSON object and not too large.
pub(super) fn check(text: &str) -> Result<String, Error> {
    if text.len() > limits::POLICY_SIZE {
        return Err(Error::PolicyTooLarge(text.len()));
    }
    let document: Map<String, Value> =
        serde_json::from_str(text).map_err(|_| Error::InvalidAttributeValue("Policy"))?;
    let count = statements(&document).len();
    if count > limits::POLICY_STATEMENTS {
        return Err(Error::TooManyStatements(count));
    }
    Ok(text.to_owned())
}

/// One statement that `AddPermission` writes.
#[derive(Debug)]
pub(super) struct Permission<'a> {
    /// The statement's `Sid`.
    pub label: &'a str,
    /// Who may: account ids.
    pub accounts: &'a [String],
    /// What they may: action names without `SQS:`.
    pub actions: &'a [String],
    /// The queue.
    pub queue_arn: &'a str,
    /// The partition of the accounts' ARNs.
    pub partition: &'a str,
}

/// The policy with one more statement.
pub(super) fn add(policy: Option<&str>, permission: &Permission<'_>) -> Result<String, Error> {
    let mut document = match policy {
        Some(text) => parse(text),
        None => Map::from_iter([
            ("Version".to_owned(), json!("2008-10-17")),
            (
                "Id".to_owned(),
                json!(format!("{}/SQSDefaultPolicy", permission.queue_arn)),
            ),
        ]),
    };
    let mut statements = statements(&document);
    if statements
        .iter()
        .any(|statement| statement["Sid"] == permission.label)
    {
        return Err(Error::invalid(permission.label, "Label", "Already exists."));
    }
    if statements.len() >= limits::POLICY_STATEMENTS {
        return Err(Error::TooManyStatements(statements.len() + 1));
    }
    statements.push(statement(permission));
    document.insert("Statement".to_owned(), Value::Array(statements));
    let text = Value::Object(document).to_string();
    if text.len() > limits::POLICY_SIZE {
        Err(Error::PolicyTooLarge(text.len()))
    } else {
        Ok(text)
    }
}

/// The policy without the statement of this label; `None` when no statement is left.
pub(super) fn remove(policy: Option<&str>, label: &str) -> Result<Option<String>, Error> {
    let mut document = policy.map(parse).unwrap_or_default();
    let mut statements = statements(&document);
    let count = statements.len();
    statements.retain(|statement| statement["Sid"] != label);
    if statements.len() == count {
        return Err(Error::invalid(label, "Label", "can't find label."));
    }
    if statements.is_empty() {
        return Ok(None);
    }
    document.insert("Statement".to_owned(), Value::Array(statements));
    Ok(Some(Value::Object(document).to_string()))
}

fn parse(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).expect("a stored policy was checked to be a JSON object")
}

/// A policy's statements; a single one may stand without a list around it.
fn statements(document: &Map<String, Value>) -> Vec<Value> {
    match document.get("Statement") {
        Some(Value::Array(statements)) => statements.clone(),
        Some(statement @ Value::Object(_)) => vec![statement.clone()],
        _ => Vec::new(),
    }
}

fn statement(permission: &Permission<'_>) -> Value {
    let root = |account: &String| format!("arn:{}:iam::{account}:root", permission.partition);
    let action = |action: &String| format!("SQS:{action}");
    json!({
        "Sid": permission.label,
        "Effect": "Allow",
        "Principal": { "AWS": one_or_many(permission.accounts.iter().map(root)) },
        "Action": one_or_many(permission.actions.iter().map(action)),
        "Resource": permission.queue_arn,
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

    const ARN: &str = "arn:aws:sqs:us-east-1:000000000000:q";

    fn permission<'a>(
        label: &'a str,
        accounts: &'a [String],
        actions: &'a [String],
    ) -> Permission<'a> {
        Permission {
            label,
            accounts,
            actions,
            queue_arn: ARN,
            partition: "aws",
        }
    }

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn first_permission_makes_the_document_as_aws_writes_it() {
        let (accounts, actions) = (texts(&["111111111111"]), texts(&["ReceiveMessage"]));
        let policy = add(None, &permission("crossaccount", &accounts, &actions)).expect("added");
        let expected = concat!(
            r#"{"Version":"2008-10-17","Id":"arn:aws:sqs:us-east-1:000000000000:q/SQSDefaultPolicy","Statement":["#,
            r#"{"Sid":"crossaccount","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"#,
            r#""Action":"SQS:ReceiveMessage","Resource":"arn:aws:sqs:us-east-1:000000000000:q"}]}"#,
        );
        assert_eq!(policy, expected);
    }

    #[test]
    fn several_accounts_and_actions_are_lists() {
        let (accounts, actions) = (
            texts(&["1", "2"]),
            texts(&["SendMessage", "ReceiveMessage"]),
        );
        let policy = add(None, &permission("l", &accounts, &actions)).expect("added");
        assert!(
            policy.contains(r#""Action":["SQS:SendMessage","SQS:ReceiveMessage"]"#),
            "{policy}"
        );
        assert!(
            policy.contains(r#"{"AWS":["arn:aws:iam::1:root","arn:aws:iam::2:root"]}"#),
            "{policy}"
        );
    }

    #[test]
    fn labels_are_unique_and_the_last_removal_removes_the_policy() {
        let (accounts, actions) = (texts(&["1"]), texts(&["*"]));
        let one = add(None, &permission("one", &accounts, &actions)).expect("added");
        let again =
            add(Some(&one), &permission("one", &accounts, &actions)).expect_err("a used label");
        assert_eq!(
            again.to_string(),
            "Value one for parameter Label is invalid. Reason: Already exists."
        );
        let two = add(Some(&one), &permission("two", &accounts, &actions)).expect("added");
        assert_eq!(
            remove(Some(&two), "two").expect("removed").as_deref(),
            Some(&*one)
        );
        assert_eq!(remove(Some(&one), "one"), Ok(None));
        let gone = remove(None, "one").expect_err("no label");
        assert_eq!(
            gone.to_string(),
            "Value one for parameter Label is invalid. Reason: can't find label."
        );
    }

    #[test]
    fn policies_are_json_objects() {
        assert!(check(r#"{"Statement":[]}"#).is_ok());
        for wrong in ["x", "[]", "1", r#""text""#] {
            assert_eq!(
                check(wrong),
                Err(Error::InvalidAttributeValue("Policy")),
                "{wrong}"
            );
        }
        assert_eq!(check(&"x".repeat(8193)), Err(Error::PolicyTooLarge(8193)));
    }
}
