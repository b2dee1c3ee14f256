//! A queue's access policy: checked when it is set, edited by `AddPermission` and `RemovePermission`.

use std::fmt::Display;

use super::Sqs;
use super::error::Error;
use super::limits;
use crate::aws::characters::ill_formed;
use crate::aws::policy::Document;
use crate::aws::policy::document::Statement;
use crate::aws::policy::edit::{Edited, Permission};

/// The version of a policy that states none.
const VERSION: &str = "2008-10-17";

const NO_SUCH_ACTION: &str = "Please refer to the appropriate WSDL for a list of valid actions.";

/// The text under which a queue keeps the policy `text`, which is checked as a whole.
///
/// AWS's sentences about a statement without effect or principal and about another service's actions are not recorded;
/// nor are those for too many principals or conditions, which are modelled on that for actions.
pub(super) fn check(text: &str) -> Result<String, Error> {
    const INVALID: Error = Error::InvalidAttributeValue("Policy");
    if text.len() > limits::POLICY_SIZE {
        return Err(Error::PolicyTooLarge);
    }
    if ill_formed(text).is_some() {
        return Err(INVALID);
    }
    let policy = Document::parse(text).map_err(|_| INVALID)?;
    let statements = policy.statements();
    if statements.is_empty() {
        return Err(INVALID);
    }
    if statements.len() > limits::POLICY_STATEMENTS {
        return Err(Error::TooManyStatements(statements.len()));
    }
    statements.iter().try_for_each(check_statement)?;
    Ok(with_version(text))
}

fn check_statement(statement: &Statement) -> Result<(), Error> {
    let actions = &statement.actions.entries;
    let principals = &statement.principals.entries;
    for (what, count, maximum) in [
        ("actions", actions.len(), limits::POLICY_ACTIONS),
        ("principals", principals.len(), limits::POLICY_PRINCIPALS),
        (
            "conditions",
            statement.condition_count(),
            limits::POLICY_CONDITIONS,
        ),
    ] {
        if count > maximum {
            return Err(Error::StatementTooLong {
                count,
                what,
                maximum,
            });
        }
    }
    actions.iter().try_for_each(|action| check_action(action))?;
    match principals.iter().find(|principal| !principal.can_exist()) {
        Some(principal) => Err(unverifiable(principal)),
        None => Ok(()),
    }
}

/// Checks an action of a policy: one of a queue's, in any case, or a pattern of some. The batch forms of actions are
/// parts of these, without names of their own.
fn check_action(action: &str) -> Result<(), Error> {
    let Some((service, name)) = action.split_once(':') else {
        return match action {
            "*" => Ok(()),
            _ => Err(no_such_action(action)),
        };
    };
    if !service.eq_ignore_ascii_case("sqs") {
        return Err(Error::InvalidAttributeValue("Policy"));
    }
    let is_known = |known: &&str| known.eq_ignore_ascii_case(name) && !is_batch(known);
    if name.contains(['*', '?']) || Sqs::OPERATIONS.iter().any(is_known) {
        Ok(())
    } else {
        Err(no_such_action(action))
    }
}

/// Whether an operation is the batch form of another.
pub(super) fn is_batch(operation: &str) -> bool {
    operation.ends_with("Batch")
}

/// The error for an action that policies cannot name.
pub(super) fn no_such_action(action: impl ToString) -> Error {
    Error::invalid(action, "ActionName", NO_SUCH_ACTION)
}

/// The error for a principal that cannot exist.
pub(super) fn unverifiable(principal: impl Display) -> Error {
    Error::invalid(
        format_args!("[{principal}]"),
        "PrincipalId",
        "Unable to verify principal.",
    )
}

/// The policy with a version: AWS adds the older one where there is none (recorded). All else stays as it was sent.
fn with_version(text: &str) -> String {
    let has_version = Edited::read(text).is_none_or(|policy| policy.has_version());
    match text.split_once('{') {
        Some((start, rest)) if !has_version => {
            format!("{start}{{\"Version\":\"{VERSION}\",{rest}")
        }
        _ => text.to_owned(),
    }
}

/// The policy with an added statement.
pub(super) fn add(policy: Option<&str>, permission: &Permission<'_>) -> Result<String, Error> {
    let new = || {
        let id = format!("{}/SQSDefaultPolicy", permission.resource_arn);
        Edited::new(VERSION, &id)
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
        Err(Error::PolicyTooLarge)
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
    Edited::read(text).expect("a stored policy was checked")
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

    /// A policy of one statement with other members than a usual one's.
    fn policy(members: &str) -> String {
        let statement = format!(r#"{{"Effect":"Allow","Resource":"*",{members}}}"#);
        format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)
    }

    fn refusal(text: &str) -> String {
        check(text).expect_err(text).to_string()
    }

    const EVERYONE: &str = r#""Principal":"*""#;

    #[test]
    fn what_is_no_policy_is_refused() {
        for wrong in [
            "x",
            "[]",
            "1",
            r#""text""#,
            "{}",
            r#"{"Statement":[]}"#,
            r#"{"Version":"2012-10-17"}"#,
            &policy(EVERYONE),
            &policy(r#""Action":"sqs:SendMessage""#),
            &policy(r#""Principal":"*","Action":"sns:Publish""#),
            &policy("\"Principal\":\"*\",\"Action\":\"sqs:*\",\"Sid\":\"\u{ffff}\""),
            r#"{"Statement":[{"Principal":"*","Action":"sqs:SendMessage","Resource":"*"}]}"#,
        ] {
            assert_eq!(
                refusal(wrong),
                "Invalid value for the parameter Policy.",
                "{wrong}"
            );
        }
    }

    #[test]
    fn actions_are_those_of_queues_without_their_batch_forms() {
        let with = |action: &str| policy(&format!(r#"{EVERYONE},"Action":"{action}""#));
        for fine in [
            "*",
            "sqs:*",
            "SQS:Send*",
            "sqs:sendmessage",
            "SQS:CreateQueue",
        ] {
            assert!(check(&with(fine)).is_ok(), "{fine}");
        }
        for wrong in [
            "SQS:ChangeMessageVisibilityBatch",
            "sqs:sendmessagebatch",
            "sqs:Foo",
            "SendMessage",
        ] {
            let expected = format!(
                "Value {wrong} for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions."
            );
            assert_eq!(refusal(&with(wrong)), expected);
        }
    }

    #[test]
    fn principals_are_accounts_users_roles_and_services() {
        let with = |principal: &str| {
            policy(&format!(
                r#""Principal":{principal},"Action":"sqs:SendMessage""#
            ))
        };
        for fine in [
            r#""*""#,
            r#"{"AWS":["*","123456789012","arn:aws:iam::123456789012:role/r"]}"#,
            r#"{"Service":"sns.amazonaws.com"}"#,
        ] {
            assert!(check(&with(fine)).is_ok(), "{fine}");
        }
        assert_eq!(
            refusal(&with(r#"{"AWS":"arn:aws:iam::123456789012:group/g"}"#)),
            "Value [arn:aws:iam::123456789012:group/g] for parameter PrincipalId is invalid. Reason: Unable to verify principal."
        );
    }

    #[test]
    fn statements_and_their_parts_are_limited() {
        let list = |count: usize, entry: &str| vec![entry; count].join(",");
        let actions = |count| {
            let actions = list(count, r#""sqs:SendMessage""#);
            policy(&format!(r#"{EVERYONE},"Action":[{actions}]"#))
        };
        assert!(check(&actions(7)).is_ok());
        assert_eq!(
            refusal(&actions(10)),
            "10 actions were found in a statement from the submitted policy, max allowed is 7"
        );
        let principals = list(51, r#""123456789012""#);
        let principals = policy(&format!(
            r#""Principal":{{"AWS":[{principals}]}},"Action":"*""#
        ));
        assert_eq!(
            refusal(&principals),
            "51 principals were found in a statement from the submitted policy, max allowed is 50"
        );
        let conditions: Vec<_> = (0..11).map(|key| format!(r#""aws:k{key}":"v""#)).collect();
        let conditions = policy(&format!(
            r#"{EVERYONE},"Action":"*","Condition":{{"StringEquals":{{{}}}}}"#,
            conditions.join(",")
        ));
        assert_eq!(
            refusal(&conditions),
            "11 conditions were found in a statement from the submitted policy, max allowed is 10"
        );
        let statements = |count| {
            let statement = r#"{"Effect":"Allow","Principal":"*","Action":"sqs:*"}"#;
            format!(r#"{{"Statement":[{}]}}"#, list(count, statement))
        };
        assert!(check(&statements(20)).is_ok());
        assert_eq!(
            refusal(&statements(21)),
            "21 statements were found in the submitted policy, max allowed is 20"
        );
        let largest = actions(1);
        let largest = largest.clone() + &" ".repeat(8192 - largest.len());
        assert!(check(&largest).is_ok());
        assert_eq!(
            refusal(&(largest + " ")),
            "Submitted policy is over max allowed size."
        );
    }

    #[test]
    fn a_policy_without_a_version_gets_the_older_one() {
        let statement = r#" "Statement": {"Effect":"Deny","Principal":"*","Action":"sqs:*"} }"#;
        assert_eq!(
            check(&format!(" {{{statement}")),
            Ok(format!(r#" {{"Version":"2008-10-17",{statement}"#))
        );
        let versioned = format!(r#"{{"Version":"2012-10-17",{statement}"#);
        assert_eq!(check(&versioned), Ok(versioned));
    }
}
