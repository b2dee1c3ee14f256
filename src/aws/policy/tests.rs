//! Whole policies, evaluated as SQS and SNS do.

use crate::aws::AccountId;

use super::{Decision, Document, Malformed, Mismatch, NearMiss, NoStatement, Principal, Request};

const QUEUE: &str = "arn:aws:sqs:us-east-1:123456789012:q";
const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:t";
const SNS: Principal<'_> = Principal::Service("sns.amazonaws.com");
const OWNER: Principal<'_> = Principal::Account("arn:aws:iam::123456789012:user/topiq");
const STRANGER: Principal<'_> = Principal::Account("arn:aws:iam::999999999999:user/topiq");

fn policy(statements: &str) -> Document {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#);
    Document::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn send<'a>(principal: Principal<'a>, context: &'a [(&'a str, &'a str)]) -> Request<'a> {
    Request {
        principal,
        action: "sqs:SendMessage",
        resource: QUEUE,
        context,
    }
}

/// The name of the statement that allows a request.
fn allowed_by<'a>(document: &'a Document, request: &Request<'a>) -> Option<&'a str> {
    match document.evaluate(request) {
        Decision::Allowed(statement) => Some(&statement.name),
        Decision::Denied(_) | Decision::NoStatement(_) => None,
    }
}

fn explain(document: &Document, request: &Request<'_>) -> String {
    document.evaluate(request).to_string()
}

/// One statement that allows `sqs:SendMessage`, with `elements` in place of its own.
fn allows(elements: &str, principal: Principal<'_>) -> bool {
    let mut statement = vec![r#""Effect":"Allow""#.to_owned(), elements.to_owned()];
    for (name, default) in [
        ("Principal", "*"),
        ("Action", "sqs:SendMessage"),
        ("Resource", QUEUE),
    ] {
        if !elements.contains(&format!("{name}\":")) {
            statement.push(format!(r#""{name}":"{default}""#));
        }
    }
    let document = policy(&format!("{{{}}}", statement.join(",")));
    allowed_by(&document, &send(principal, &[])) == Some("#1")
}

/// The policy in AWS's documentation for a queue that a topic sends to.
fn topic_to_queue() -> Document {
    policy(
        r#"{"Sid":"topic","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage",
            "Resource":"arn:aws:sqs:us-east-1:123456789012:q",
            "Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:us-east-1:123456789012:t"}}}"#,
    )
}

#[test]
fn queue_lets_the_topic_send_that_its_policy_names_and_no_other() {
    let document = topic_to_queue();
    let ours = [
        ("aws:SourceArn", TOPIC),
        ("aws:SourceAccount", "123456789012"),
    ];
    let request = send(SNS, &ours);
    assert_eq!(allowed_by(&document, &request), Some("topic"));
    assert_eq!(explain(&document, &request), "allowed by statement topic");

    let other = [("aws:SourceArn", "arn:aws:sns:us-east-1:123456789012:other")];
    let request = send(SNS, &other);
    assert!(matches!(
        document.evaluate(&request),
        Decision::NoStatement(_)
    ));
    assert_eq!(
        explain(&document, &request),
        "no statement allows sqs:SendMessage for sns.amazonaws.com; aws:SourceArn was \
         arn:aws:sns:us-east-1:123456789012:other, statement topic wants ArnEquals \
         arn:aws:sns:us-east-1:123456789012:t"
    );
    assert_eq!(
        explain(&document, &send(SNS, &[])),
        "no statement allows sqs:SendMessage for sns.amazonaws.com; aws:SourceArn was absent, statement topic wants \
         ArnEquals arn:aws:sns:us-east-1:123456789012:t"
    );
}

#[test]
fn sentences_name_the_mismatch_of_the_closest_statement() {
    let document = policy(
        r#"[{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"*","Resource":"*"},
            {"Sid":"read","Effect":"Allow","Principal":"*","Action":["sqs:ReceiveMessage","sqs:Get*"],"Resource":"*"}]"#,
    );
    let sentence = explain(&document, &send(STRANGER, &[]));
    assert_eq!(
        sentence,
        "no statement allows sqs:SendMessage for arn:aws:iam::999999999999:user/topiq; \
         statement read allows sqs:ReceiveMessage, sqs:Get*"
    );
    let about = |statement: &str| explain(&policy(statement), &send(SNS, &[]));
    let sentence = about(
        r#"{"Effect":"Allow","NotPrincipal":{"Service":"sns.amazonaws.com"},"Action":"*","Resource":"*"}"#,
    );
    assert!(
        sentence.ends_with("; statement #1 is about all but sns.amazonaws.com"),
        "{sentence}"
    );
    let sentence = about(r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:x"}"#);
    assert!(
        sentence.ends_with(&format!("; statement #1 is about arn:x, not {QUEUE}")),
        "{sentence}"
    );
    let nothing = explain(&Document::default(), &send(SNS, &[]));
    assert_eq!(
        nothing,
        "no statement allows sqs:SendMessage for sns.amazonaws.com"
    );
}

#[test]
fn the_nearest_statement_is_named_with_the_values_that_it_did_not_match() {
    let document = policy(
        r#"[{"Sid":"other","Effect":"Allow","Principal":"*","Action":"sqs:DeleteMessage","Resource":"*"},
            {"Sid":"deny","Effect":"Deny","Principal":{"AWS":"999999999999"},"Action":"*","Resource":"*"},
            {"Sid":"from","Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{
             "StringEquals":{"aws:SourceAccount":"123456789012"}}},
            {"Sid":"later","Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{
             "StringEquals":{"aws:SourceAccount":"1"}}}]"#,
    );
    let context = [("aws:SourceAccount", "999999999999")];
    let decision = document.evaluate(&send(SNS, &context));
    let Decision::NoStatement(NoStatement {
        nearest: Some(NearMiss {
            statement,
            mismatch,
        }),
        action: "sqs:SendMessage",
        ..
    }) = decision
    else {
        panic!("{decision}");
    };
    assert_eq!(statement.name, "from");
    assert!(matches!(mismatch, Mismatch::Condition { found, .. } if found == ["999999999999"]));
    let denied_only =
        policy(r#"{"Effect":"Deny","Principal":"*","Action":"sqs:Get*","Resource":"*"}"#);
    assert!(matches!(
        denied_only.evaluate(&send(SNS, &context)),
        Decision::NoStatement(NoStatement { nearest: None, .. })
    ));
}

#[test]
fn a_deny_wins_over_every_allow() {
    let document = policy(
        r#"[{"Sid":"all","Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},
            {"Sid":"tls","Effect":"Deny","Principal":"*","Action":"sqs:*","Resource":"*",
             "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]"#,
    );
    let plain = [("aws:SecureTransport", "false")];
    let request = send(OWNER, &plain);
    assert!(
        matches!(document.evaluate(&request), Decision::Denied(statement) if statement.name == "tls")
    );
    assert_eq!(explain(&document, &request), "denied by statement tls");
    let secure = [("aws:SecureTransport", "true")];
    assert_eq!(allowed_by(&document, &send(OWNER, &secure)), Some("all"));
}

#[test]
fn without_a_statement_only_the_owner_may_act() {
    let owner = AccountId::parse("123456789012").unwrap();
    let document = topic_to_queue();
    let permits = |document: &Document, principal| {
        document
            .evaluate(&send(principal, &[]))
            .permits(&principal, owner)
    };
    assert!(permits(&document, OWNER));
    assert!(!permits(&document, STRANGER));
    assert!(!permits(&document, SNS));
    let open = policy(r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}"#);
    assert!(permits(&open, STRANGER) && permits(&open, SNS));
    let closed = policy(r#"{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}"#);
    assert!(!permits(&closed, OWNER));
}

#[test]
fn default_topic_policy_is_for_its_owner() {
    let document = Document::parse(
        r#"{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID",
            "Effect":"Allow","Principal":{"AWS":"*"},"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes",
            "SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe",
            "SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"arn:aws:sns:us-east-1:123456789012:t",
            "Condition":{"StringEquals":{"AWS:SourceOwner":"123456789012"}}}]}"#,
    )
    .unwrap();
    let decide = |action, owner| {
        let context = [("aws:sourceowner", owner)];
        let request = Request {
            principal: OWNER,
            action,
            resource: TOPIC,
            context: &context,
        };
        allowed_by(&document, &request) == Some("__default_statement_ID")
    };
    assert!(decide("sns:Publish", "123456789012"));
    assert!(!decide("sns:Publish", "999999999999"));
    assert!(!decide("sns:TagResource", "123456789012"));
}

#[test]
fn principals_are_accounts_users_services_or_everyone() {
    for everyone in [
        r#""Principal":"*""#,
        r#""Principal":{"AWS":"*"}"#,
        r#""Principal":{"AWS":["1","*"]}"#,
    ] {
        assert!(
            allows(everyone, STRANGER) && allows(everyone, SNS),
            "{everyone}"
        );
    }
    for stranger in [
        "999999999999",
        "9999-9999-9999",
        "arn:aws:iam::999999999999:root",
        "arn:aws:iam::999999999999:user/topiq",
    ] {
        let element = format!(r#""Principal":{{"AWS":"{stranger}"}}"#);
        assert!(allows(&element, STRANGER), "{stranger}");
        assert!(
            !allows(&element, OWNER) && !allows(&element, SNS),
            "{stranger}"
        );
    }
    // AWS: part of a name cannot be a wildcard.
    assert!(!allows(
        r#""Principal":{"AWS":"arn:aws:iam::999999999999:user/*"}"#,
        STRANGER
    ));
    let services = r#""Principal":{"Service":["s3.amazonaws.com","sns.amazonaws.com"]}"#;
    assert!(allows(services, SNS) && !allows(services, OWNER));
    let both = r#""Principal":{"Service":"sns.amazonaws.com","AWS":"999999999999"}"#;
    assert!(allows(both, SNS) && allows(both, STRANGER) && !allows(both, OWNER));
    let others = r#""NotPrincipal":{"AWS":"999999999999"}"#;
    assert!(!allows(others, STRANGER) && allows(others, OWNER));
}

#[test]
fn actions_have_wildcards_and_no_case() {
    for yes in [
        r#""*""#,
        r#""SQS:SendMessage""#,
        r#""sqs:*""#,
        r#"["sqs:ReceiveMessage","SqS:send*"]"#,
        r#""sqs:SendMessag?""#,
    ] {
        assert!(allows(&format!(r#""Action":{yes}"#), SNS), "{yes}");
        assert!(!allows(&format!(r#""NotAction":{yes}"#), SNS), "{yes}");
    }
    for no in [
        r#""sns:*""#,
        r#""sqs:SendMessageBatch""#,
        r#""SendMessage""#,
        r#"["sqs:ReceiveMessage"]"#,
    ] {
        assert!(!allows(&format!(r#""Action":{no}"#), SNS), "{no}");
        assert!(allows(&format!(r#""NotAction":{no}"#), SNS), "{no}");
    }
}

#[test]
fn resources_have_wildcards() {
    for yes in [
        "*",
        QUEUE,
        "arn:aws:sqs:*:123456789012:q",
        "arn:aws:sqs:us-east-?:*:*",
        "arn:aws:sqs:*",
    ] {
        assert!(allows(&format!(r#""Resource":"{yes}""#), SNS), "{yes}");
        assert!(
            !allows(&format!(r#""NotResource":["{yes}"]"#), SNS),
            "{yes}"
        );
    }
    for no in ["", "q", "arn:aws:sqs:us-east-1:123456789012:Q", TOPIC] {
        assert!(!allows(&format!(r#""Resource":"{no}""#), SNS), "{no}");
    }
}

#[test]
fn all_conditions_must_be_met() {
    let document = policy(
        r#"{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{
            "ArnLike":{"aws:SourceArn":["arn:aws:sns:*:*:a","arn:aws:sns:*:*:t"]},
            "StringEquals":{"aws:SourceAccount":123456789012,"aws:PrincipalIsAWSService":true}}}"#,
    );
    let decide = |context: &[(&str, &str)]| {
        let decision = document.evaluate(&send(SNS, context));
        !matches!(decision, Decision::NoStatement(_))
    };
    assert!(decide(&[
        ("aws:SourceArn", TOPIC),
        ("AWS:sourceaccount", "123456789012")
    ]));
    assert!(!decide(&[
        ("aws:SourceArn", TOPIC),
        ("AWS:sourceaccount", "999999999999")
    ]));
    assert!(!decide(&[("aws:SourceArn", TOPIC)]));
}

#[test]
fn keys_of_the_principal_need_not_be_given() {
    let by = |key: &str, value: &str, principal| {
        let condition = format!(r#""Condition":{{"StringEquals":{{"{key}":"{value}"}}}}"#);
        allows(&condition, principal)
    };
    assert!(by(
        "aws:principalArn",
        "arn:aws:iam::123456789012:user/topiq",
        OWNER
    ));
    assert!(by("aws:PrincipalAccount", "123456789012", OWNER));
    assert!(by("aws:PrincipalServiceName", "sns.amazonaws.com", SNS));
    assert!(by("aws:PrincipalIsAWSService", "false", OWNER));
    assert!(!by("aws:PrincipalAccount", "123456789012", STRANGER));
    assert!(!by("aws:PrincipalAccount", "123456789012", SNS));
}

#[test]
fn texts_that_are_not_policies_are_refused() {
    let whole = |text: &str| Document::parse(text).map(|_| ());
    for wrong in ["", "x", "[]", "1", r#""text""#] {
        assert_eq!(whole(wrong), Err(Malformed::NotAnObject), "{wrong}");
    }
    assert_eq!(whole("{}"), Err(Malformed::Missing("Statement")));
    assert_eq!(
        whole(r#"{"Version":"2020-01-01","Statement":[]}"#),
        Err(Malformed::Version)
    );
    assert_eq!(
        whole(r#"{"Id":1,"Statement":[]}"#),
        Err(Malformed::Invalid("Id"))
    );
    assert_eq!(
        whole(r#"{"Statement":[1]}"#),
        Err(Malformed::Invalid("Statement"))
    );
    assert_eq!(
        whole(r#"{"Statement":[],"X":1}"#),
        Err(Malformed::Unknown("X".to_owned()))
    );

    let unknown = |name: &str| Err(Malformed::Unknown(name.to_owned()));
    let everyone = r#""Principal":"*""#;
    for (rest, expected) in [
        (
            r#""Action":"*""#.to_owned(),
            Err(Malformed::Missing("Principal")),
        ),
        (
            r#""Principle":"*","Action":"*""#.to_owned(),
            unknown("Principle"),
        ),
        (
            r#""Principal":"1","Action":"*""#.to_owned(),
            Err(Malformed::Invalid("Principal")),
        ),
        (
            r#""Principal":{},"Action":"*""#.to_owned(),
            Err(Malformed::Invalid("Principal")),
        ),
        (
            r#""Principal":{"AWS":[]},"Action":"*""#.to_owned(),
            Err(Malformed::Invalid("Principal")),
        ),
        (
            r#""Principal":{"User":"*"},"Action":"*""#.to_owned(),
            unknown("User"),
        ),
        (everyone.to_owned(), Err(Malformed::Missing("Action"))),
        (
            format!(r#"{everyone},"Action":[1]"#),
            Err(Malformed::Invalid("Action")),
        ),
        (
            format!(r#"{everyone},"Action":"*","NotAction":"*""#),
            Err(Malformed::Both("Action")),
        ),
        (
            format!(r#"{everyone},"Action":"*","Sid":1"#),
            Err(Malformed::Invalid("Sid")),
        ),
        (
            format!(r#"{everyone},"Action":"*","Condition":[]"#),
            Err(Malformed::Invalid("Condition")),
        ),
        (
            format!(r#"{everyone},"Action":"*","Condition":{{"Is":{{"k":"v"}}}}"#),
            unknown("Is"),
        ),
        (format!(r#"{everyone},"Action":"*""#), Ok(())),
    ] {
        let text = format!(r#"{{"Statement":{{"Effect":"Allow",{rest}}}}}"#);
        assert_eq!(whole(&text), expected, "{text}");
    }
    for (effect, expected) in [
        (r#""Effect":"Permit","#, Malformed::Invalid("Effect")),
        ("", Malformed::Missing("Effect")),
    ] {
        let text = format!(r#"{{"Statement":{{{effect}"Principal":"*","Action":"*"}}}}"#);
        assert_eq!(whole(&text), Err(expected), "{text}");
    }
}
