//! The policy of a bus: the statements that `PutPermission` adds and `RemovePermission` takes out.

use serde_json::{Map, Value, json};

use super::error::Error;
use super::limits;
use crate::aws::policy::edit::Edited;

/// The only action that another account can be allowed by statement.
pub(super) const ACTION: &str = "events:PutEvents";

/// A policy without statements.
const EMPTY: &str = r#"{"Version":"2012-10-17"}"#;

/// A statement to be added.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    pub(super) id: &'a str,
    /// Twelve digits, or `*`.
    pub(super) principal: &'a str,
    pub(super) bus_arn: &'a str,
    /// The partition of the principal's ARN.
    pub(super) partition: &'a str,
    /// A condition's operator, key and value.
    pub(super) condition: Option<[&'a str; 3]>,
}

/// The policy with a statement more, in the place of one with the same id.
pub(super) fn with(policy: Option<&str>, statement: &Statement<'_>) -> Result<String, Error> {
    let edited = policy
        .and_then(Edited::read)
        .or_else(|| Edited::read(EMPTY));
    let mut edited = edited.expect("an empty policy is one");
    edited.remove(statement.id);
    edited.push(statement.written());
    check_length(edited.into_text())
}

/// The policy without the statement of this id; none if it was the last.
pub(super) fn without(policy: Option<&str>, id: &str) -> Result<Option<String>, Error> {
    let edited = policy.and_then(Edited::read);
    let mut edited = edited.ok_or(Error::StatementDoesNotExist)?;
    if !edited.remove(id) {
        return Err(Error::StatementDoesNotExist);
    }
    Ok((edited.count() > 0).then(|| edited.into_text()))
}

/// A whole policy, as it was sent.
pub(super) fn check(text: &str) -> Result<String, Error> {
    if serde_json::from_str::<Map<String, Value>>(text).is_err() {
        return Err(Error::invalid("This policy contains invalid Json"));
    }
    check_length(text.to_owned())
}

fn check_length(text: String) -> Result<String, Error> {
    if text.chars().count() > limits::POLICY_LENGTH {
        return Err(Error::PolicyLengthExceeded);
    }
    Ok(text)
}

impl Statement<'_> {
    fn written(&self) -> Value {
        let principal = match self.principal {
            "*" => json!("*"),
            account => json!({ "AWS": format!("arn:{}:iam::{account}:root", self.partition) }),
        };
        let mut statement = json!({
            "Sid": self.id,
            "Effect": "Allow",
            "Principal": principal,
            "Action": ACTION,
            "Resource": self.bus_arn,
        });
        if let Some([operator, key, value]) = self.condition {
            statement["Condition"] = json!({ operator: { key: value } });
        }
        statement
    }
}
