//! A queue's access policy: stored and shown, edited by `AddPermission` and `RemovePermission`.

use super::error::Error;
use super::limits;
use crate::aws::policy::edit::{Edited, Permission};

/// The text of a policy that is a JSON object and not too large.
pub(super) fn check(text: &str) -> Result<String, Error> {
    if text.len() > limits::POLICY_SIZE {
        return Err(Error::PolicyTooLarge(text.len()));
    }
    let policy = Edited::read(text).ok_or(Error::InvalidAttributeValue("Policy"))?;
    if policy.count() > limits::POLICY_STATEMENTS {
        return Err(Error::TooManyStatements(policy.count()));
    }
    Ok(text.to_owned())
}

/// The policy with an added statement.
pub(super) fn add(policy: Option<&str>, permission: &Permission<'_>) -> Result<String, Error> {
    let new = || {
        let id = format!("{}/SQSDefaultPolicy", permission.resource_arn);
        Edited::new("2008-10-17", &id)
    };
    let mut policy = policy.map_or_else(new, read);
    if policy.has(permission.label) {
        return Err(Error::invalid(permission.label, "Label", "Already exists."));
    }
    if policy.count() >= limits::POLICY_STATEMENTS {
        return Err(Error::TooManyStatements(policy.count() + 1));
    }
    policy.add(permission);
    let text = policy.into_text();
    if text.len() > limits::POLICY_SIZE {
        Err(Error::PolicyTooLarge(text.len()))
    } else {
        Ok(text)
    }
}

/// The policy without the statement of this label; `None` when no statement is left.
pub(super) fn remove(policy: Option<&str>, label: &str) -> Result<Option<String>, Error> {
    let not_found = || Error::invalid(label, "Label", "can't find label.");
    let mut policy = policy.map(read).ok_or_else(not_found)?;
    if !policy.remove(label) {
        return Err(not_found());
    }
    Ok((policy.count() > 0).then(|| policy.into_text()))
}

fn read(text: &str) -> Edited {
    Edited::read(text).expect("a stored policy was checked to be a JSON object")
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
            service: "SQS",
            resource_arn: ARN,
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
