//! A topic's access policy: the initial one, the checks of `CreateTopic` and `SetTopicAttributes`, and the changes by
//! `AddPermission` and `RemovePermission`.

use serde_json::json;
use thiserror::Error;

use super::topics::TopicName;
use crate::aws::policy::Document;
use crate::aws::policy::document::{Listed, PrincipalEntry};
use crate::aws::policy::edit::{Edited, Permission};

/// The actions that a topic's policy may name (SNS developer guide, "API permissions"), without `SNS:`. `Receive` is a
/// relic that AWS still accepts.
pub const ACTIONS: [&str; 14] = [
    "AddPermission",
    "DeleteTopic",
    "GetDataProtectionPolicy",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "ListTagsForResource",
    "Publish",
    "PutDataProtectionPolicy",
    "Receive",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
    "TagResource",
    "UntagResource",
];

/// A policy's bytes. SNS developer guide: 30 KB.
const SIZE: usize = 30 * 1024;
/// SNS developer guide: 100 statements.
const STATEMENTS: usize = 100;
/// SNS developer guide: 1 to 200 principals.
const PRINCIPALS: usize = 200;

/// Why a topic does not accept a policy: AWS's text after `Invalid parameter: `.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Unacceptable {
    /// No policy at all, or over a limit. AWS says no more than this.
    #[error("Policy Error: null")]
    Malformed,
    /// An account or user that cannot exist. AWS also knows which users exist; here any account number counts.
    #[error("Policy Error: PrincipalNotFound")]
    PrincipalNotFound,
    /// An action that no topic has.
    #[error("Policy statement action out of service scope!")]
    ActionOutOfScope,
    /// `AddPermission` with a label that exists.
    #[error("Statement already exists")]
    LabelIsUsed,
}

/// The actions that a new topic's policy allows its owner. There is no `Receive` (recorded).
const OWNERS_ACTIONS: [&str; 8] = [
    "SNS:GetTopicAttributes",
    "SNS:SetTopicAttributes",
    "SNS:AddPermission",
    "SNS:RemovePermission",
    "SNS:DeleteTopic",
    "SNS:Subscribe",
    "SNS:ListSubscriptionsByTopic",
    "SNS:Publish",
];

/// The policy of a topic that was given none.
pub(super) fn default(topic: &TopicName) -> String {
    json!({
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [{
            "Sid": "__default_statement_ID",
            "Effect": "Allow",
            "Principal": { "AWS": "*" },
            "Action": OWNERS_ACTIONS,
            "Resource": topic.arn(),
            "Condition": { "StringEquals": { "AWS:SourceOwner": topic.account.to_string() } },
        }],
    })
    .to_string()
}

/// The policy with one more statement.
pub(super) fn add(policy: &str, permission: &Permission<'_>) -> Result<String, Unacceptable> {
    let mut policy = Edited::read(policy).ok_or(Unacceptable::Malformed)?;
    if policy.has(permission.label) {
        return Err(Unacceptable::LabelIsUsed);
    }
    policy.add(permission);
    let text = policy.into_text();
    validate(&text)?;
    Ok(text)
}

/// The policy without the statement of this label; `None` if it has no such statement.
pub(super) fn remove(policy: &str, label: &str) -> Option<String> {
    let mut policy = Edited::read(policy)?;
    policy.remove(label).then(|| policy.into_text())
}

/// Whether a topic accepts the policy `text`.
pub fn validate(text: &str) -> Result<Document, Unacceptable> {
    if text.len() > SIZE {
        return Err(Unacceptable::Malformed);
    }
    let document = Document::parse(text).map_err(|_| Unacceptable::Malformed)?;
    let statements = document.statements();
    if !(1..=STATEMENTS).contains(&statements.len()) {
        return Err(Unacceptable::Malformed);
    }
    for statement in statements {
        if statement.resources.is_none() || statement.principals.entries.len() > PRINCIPALS {
            return Err(Unacceptable::Malformed);
        }
        if !are_in_scope(&statement.actions) {
            return Err(Unacceptable::ActionOutOfScope);
        }
        if !statement
            .principals
            .entries
            .iter()
            .all(PrincipalEntry::can_exist)
        {
            return Err(Unacceptable::PrincipalNotFound);
        }
    }
    Ok(document)
}

/// Whether every action is one of a topic's, in any case, or has wildcards.
fn are_in_scope(actions: &Listed<String>) -> bool {
    actions
        .entries
        .iter()
        .all(|action| match action.split_once(':') {
            None => action == "*",
            Some((service, _)) if !service.eq_ignore_ascii_case("sns") => false,
            Some((_, name)) => {
                name.contains(['*', '?'])
                    || ACTIONS.iter().any(|known| known.eq_ignore_ascii_case(name))
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{AccountId, Region};

    fn topic() -> TopicName {
        TopicName {
            account: AccountId::parse("123456789012").expect("an account"),
            region: Region::default(),
            name: "My-Topic".into(),
        }
    }

    fn permission<'a>(
        label: &'a str,
        accounts: &'a [String],
        actions: &'a [String],
    ) -> Permission<'a> {
        Permission {
            label,
            accounts,
            service: "SNS",
            actions,
            resource_arn: "arn:aws:sns:us-east-1:123456789012:My-Topic",
            partition: "aws",
        }
    }

    #[test]
    fn default_policy_is_awss_and_one_that_a_topic_takes() {
        let text = default(&topic());
        assert_eq!(
            text,
            concat!(
                r#"{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":["#,
                r#"{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},"#,
                r#""Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","#,
                r#""SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe","#,
                r#""SNS:ListSubscriptionsByTopic","SNS:Publish"],"#,
                r#""Resource":"arn:aws:sns:us-east-1:123456789012:My-Topic","#,
                r#""Condition":{"StringEquals":{"AWS:SourceOwner":"123456789012"}}}]}"#,
            )
        );
        assert!(validate(&text).is_ok());
    }

    #[test]
    fn statements_are_added_and_removed_by_label() {
        let first = default(&topic());
        let (accounts, actions) = (["111122223333".to_owned()], ["Publish".to_owned()]);
        let added = add(&first, &permission("one", &accounts, &actions)).expect("added");
        assert!(added.ends_with(concat!(
            r#",{"Sid":"one","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"#,
            r#""Action":"SNS:Publish","Resource":"arn:aws:sns:us-east-1:123456789012:My-Topic"}]}"#,
        )), "{added}");
        assert_eq!(
            add(&added, &permission("one", &accounts, &actions)),
            Err(Unacceptable::LabelIsUsed)
        );
        assert_eq!(remove(&added, "one"), Some(first));
        assert_eq!(remove(&added, "two"), None);
    }

    #[test]
    fn statements_are_checked_before_they_are_added() {
        let first = default(&topic());
        let (accounts, actions) = (["111122223333".to_owned()], ["Publish".to_owned()]);
        let unknown = ["CreateTopic".to_owned()];
        assert_eq!(
            add(&first, &permission("one", &accounts, &unknown)),
            Err(Unacceptable::ActionOutOfScope)
        );
        let nobody = ["1111".to_owned()];
        assert_eq!(
            add(&first, &permission("one", &nobody, &actions)),
            Err(Unacceptable::PrincipalNotFound)
        );
        let mut policy = first;
        for label in 1..100 {
            let label = label.to_string();
            policy = add(&policy, &permission(&label, &accounts, &actions)).expect("added");
        }
        assert_eq!(
            add(&policy, &permission("100", &accounts, &actions)),
            Err(Unacceptable::Malformed)
        );
    }

    fn check(principal: &str, action: &str) -> Result<(), Unacceptable> {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":{action},"Resource":"arn:aws:sns:us-east-1:1:t"}}"#
        );
        validate(&format!(r#"{{"Statement":[{statement}]}}"#)).map(|_| ())
    }

    #[test]
    fn policies_of_topics_are_taken() {
        for principal in [
            r#""*""#,
            r#"{"AWS":"*"}"#,
            r#"{"AWS":"123456789012"}"#,
            r#"{"AWS":"arn:aws:iam::123456789012:root"}"#,
            r#"{"AWS":["arn:aws:iam::123456789012:user/a","arn:aws-cn:iam::123456789012:role/a/b"]}"#,
            r#"{"Service":"s3.amazonaws.com"}"#,
        ] {
            assert_eq!(check(principal, r#""SNS:Publish""#), Ok(()), "{principal}");
        }
        for action in [
            r#""*""#,
            r#""SNS:*""#,
            r#"["sns:publish","SNS:Receive"]"#,
            r#""sns:Get*""#,
        ] {
            assert_eq!(check(r#""*""#, action), Ok(()), "{action}");
        }
    }

    #[test]
    fn what_is_no_policy_is_refused_with_null() {
        let without_resource = r#"{"Effect":"Allow","Principal":"*","Action":"SNS:Publish"}"#;
        let whole = r#"{"Effect":"Allow","Principal":"*","Action":"SNS:Publish","Resource":"*"}"#;
        for statements in [
            String::new(),
            without_resource.to_owned(),
            vec![whole; 101].join(","),
        ] {
            let text = format!(r#"{{"Statement":[{statements}]}}"#);
            let refused = validate(&text).expect_err(&text);
            assert_eq!(refused.to_string(), "Policy Error: null");
        }
        assert!(
            validate(&format!(
                r#"{{"Statement":[{}]}}"#,
                vec![whole; 100].join(",")
            ))
            .is_ok()
        );
        for text in ["", "{}", "null", r#"{"Statement":[{"Principle":"*"}]}"#] {
            assert_eq!(
                validate(text).map(|_| ()),
                Err(Unacceptable::Malformed),
                "{text}"
            );
        }
        let padded = |size: usize| {
            let text = format!(r#"{{"Statement":[{whole}]}}"#);
            validate(&format!("{text}{}", " ".repeat(size - text.len()))).map(|_| ())
        };
        assert_eq!(padded(30 * 1024), Ok(()));
        assert_eq!(padded(30 * 1024 + 1), Err(Unacceptable::Malformed));
    }

    #[test]
    fn principals_that_cannot_exist_are_not_found() {
        for principal in [
            r#"{"AWS":"12345678901"}"#,
            r#"{"AWS":"_"}"#,
            r#"{"AWS":""}"#,
            r#"{"AWS":"arn:aws:iam::12345678901:root"}"#,
            r#"{"AWS":["123456789012","arn:aws:iam::123456789012:user/*"]}"#,
            r#"{"AWS":"arn:aws:sqs:us-east-1:123456789012:q"}"#,
        ] {
            let refused = check(principal, r#""SNS:Publish""#).expect_err(principal);
            assert_eq!(refused.to_string(), "Policy Error: PrincipalNotFound");
        }
    }

    #[test]
    fn actions_of_others_are_out_of_scope() {
        for action in [
            r#""sqs:SendMessage""#,
            r#""sns:CreateTopic""#,
            r#""Publish""#,
            r#"["sns:Publish","sns:"]"#,
        ] {
            let refused = check(r#""*""#, action).expect_err(action);
            assert_eq!(
                refused.to_string(),
                "Policy statement action out of service scope!"
            );
        }
    }
}
