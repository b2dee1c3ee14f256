//! SNS's table of filter policies, checked whole: matches, refusals with their texts, accepted policies; and the log's
//! line about a message that a policy drops.

use crate::log::Log;
use crate::support::{Host, Request};
use serde::Deserialize;
use serde_json::{Map, Value};
use topiq::pattern::{Event, Index, Mismatch, Policy, Scope};

#[derive(Deserialize)]
struct Table {
    cases: Vec<Case>,
    invalid_policies: Vec<Invalid>,
    accepted_policies: Vec<Accepted>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    scope: String,
    policy: Value,
    #[serde(default)]
    attributes: Map<String, Value>,
    message: Option<String>,
    #[serde(rename = "match")]
    is_match: bool,
}

#[derive(Deserialize)]
struct Invalid {
    id: String,
    scope: String,
    policy_text: String,
    error_fragment: String,
    column: Option<usize>,
    note: Option<String>,
    source: String,
}

#[derive(Deserialize)]
struct Accepted {
    id: String,
    scope: String,
    policy: Value,
}

fn table() -> Table {
    serde_json::from_str(include_str!("../../fixtures/sns-filter-policy-cases.json"))
        .expect("the table")
}

fn scope(name: &str) -> Scope {
    match name {
        "MessageAttributes" => Scope::MessageAttributes,
        "MessageBody" => Scope::MessageBody,
        _ => panic!("no scope {name}"),
    }
}

impl Case {
    fn event(&self) -> Event<'_> {
        if let Some(message) = &self.message {
            return Event::from_body(message);
        }
        Event::from_attributes(self.attributes.iter().map(|(name, attribute)| {
            let data_type = attribute["DataType"].as_str().expect("a data type");
            (name.as_str(), data_type, attribute["StringValue"].as_str())
        }))
    }
}

#[test]
fn messages_match_as_in_the_table() {
    let cases = table().cases;
    assert_eq!(cases.len(), 181);
    for case in &cases {
        let policy = Policy::parse(&case.policy.to_string(), scope(&case.scope));
        let policy = policy.unwrap_or_else(|refused| panic!("{}: {refused}", case.id));
        assert_eq!(policy.matches(&case.event()), case.is_match, "{}", case.id);
    }
}

/// An explanation names a key and its conditions: a policy of these alone drops the message too.
#[test]
fn a_mismatch_is_explained_by_a_key_that_refuses() {
    let (mut explained, mut unreadable) = (0, 0);
    for case in &table().cases {
        let scope = scope(&case.scope);
        let policy = Policy::parse(&case.policy.to_string(), scope).expect("a policy");
        let event = case.event();
        let mismatch = policy.explain(&event);
        assert_eq!(mismatch.is_none(), case.is_match, "{}", case.id);
        match mismatch {
            Some(Mismatch::Unmet { key, wanted, .. }) => {
                let alone = format!("{}:[{}]", Value::from(&*key), wanted.join(","));
                let alone = Policy::parse(&format!("{{{alone}}}"), scope);
                let alone = alone.unwrap_or_else(|refused| panic!("{}: {refused}", case.id));
                assert!(!alone.matches(&event), "{}", case.id);
                explained += 1;
            }
            Some(Mismatch::NothingToFilter(of)) => {
                assert_eq!(of, scope, "{}", case.id);
                let absent = r#"{"no such key":[{"exists":false}]}"#;
                let absent = Policy::parse(absent, scope).expect("a policy");
                assert!(!absent.matches(&event), "{}", case.id);
            }
            Some(Mismatch::NotAnEvent) => panic!("{}: a message is no event", case.id),
            Some(Mismatch::Unreadable { attribute, is_list }) => {
                let attribute = &case.attributes[&*attribute];
                let is_array = attribute["DataType"] == "String.Array";
                assert_eq!(is_list, is_array, "{}", case.id);
                unreadable += 1;
            }
            Some(Mismatch::Apart { keys }) => assert!(keys.len() > 1, "{}", case.id),
            None => {}
        }
    }
    assert!(
        explained > 40 && unreadable > 10,
        "{explained} {unreadable}"
    );
}

#[test]
fn an_index_of_all_policies_answers_as_each_does() {
    let cases = table().cases;
    for scope_name in ["MessageAttributes", "MessageBody"] {
        let policies = cases.iter().filter(|case| case.scope == scope_name);
        let policies: Vec<_> = policies
            .map(|case| Policy::parse(&case.policy.to_string(), scope(scope_name)).unwrap())
            .collect();
        let mut index = Index::default();
        for (key, policy) in policies.iter().enumerate() {
            index.insert(key, policy.clone());
        }
        for case in cases.iter().filter(|case| case.scope == scope_name) {
            let event = case.event();
            let mut found = Vec::new();
            index.matches(&event, &mut found);
            found.sort_unstable();
            let expected = (0..policies.len()).filter(|&key| policies[key].matches(&event));
            assert_eq!(found, expected.collect::<Vec<_>>(), "{}", case.id);
        }
    }
}

#[test]
fn policies_are_refused_in_the_words_of_the_table() {
    let cases = table().invalid_policies;
    assert_eq!(cases.len(), 57);
    for case in &cases {
        let refused = Policy::parse(&case.policy_text, scope(&case.scope)).expect_err(&case.id);
        let refused = refused.to_string();
        let (text, place) = match refused.split_once('\n') {
            Some((text, place)) => (text, Some(place)),
            None => (refused.as_str(), None),
        };
        let note = case.note.as_deref().unwrap_or_default();
        let attribute = if note.starts_with("sent without") {
            ""
        } else {
            "FilterPolicy: "
        };
        assert_eq!(
            text,
            format!("{attribute}{}", case.error_fragment),
            "{}",
            case.id
        );
        let expected = case.column.map(|column| {
            let source = match note {
                "source is REDACTED in this one" => {
                    "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)".to_owned()
                }
                _ => format!("(String)\"{}\"", case.policy_text),
            };
            // A long policy is shown up to 500 characters; none with a place is as long.
            format!(" at [Source: {source}; line: 1, column: {column}]")
        });
        // Where the table has no place for a text that is not recorded, the answer may have one.
        if expected.is_some() || case.source == "aws-recorded" {
            assert_eq!(place, expected.as_deref(), "{}", case.id);
        }
    }
}

#[test]
fn policies_at_the_limits_are_accepted() {
    let cases = table().accepted_policies;
    assert_eq!(cases.len(), 10);
    for case in &cases {
        let policy = Policy::parse(&case.policy.to_string(), scope(&case.scope));
        assert!(policy.is_ok(), "{}: {policy:?}", case.id);
    }
}

/// Calls an action of SNS.
async fn sns(host: &Host, form: &str) {
    let scope = "Credential=test/20260102/us-east-1/sns/aws4_request";
    let authorization = format!("AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0");
    let request = Request::query(form).header("Authorization", &authorization);
    let answer = host.ask(&request).await;
    assert_eq!(answer.status(), 200, "{answer:?}");
}

#[tokio::test]
async fn the_log_says_at_level_debug_why_a_message_was_not_delivered() {
    let (log, _logging) = Log::start(tracing::Level::DEBUG);
    let host = Host::start().await;
    sns(&host, "Action=CreateTopic&Name=t").await;
    let topic = "arn:aws:sns:us-east-1:000000000000:t";
    let queue = "arn:aws:sqs:us-east-1:000000000000:q";
    let policy = "%7B%22store%22:%5B%22example%22%5D%7D";
    sns(
        &host,
        &format!(
            "Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint={queue}\
             &Attributes.entry.1.key=FilterPolicy&Attributes.entry.1.value={policy}"
        ),
    )
    .await;
    let attribute = "MessageAttributes.entry.1.Name=store&MessageAttributes.entry.1.Value.DataType=String\
                     &MessageAttributes.entry.1.Value.StringValue=other";
    sns(
        &host,
        &format!("Action=Publish&TopicArn={topic}&Message=m&{attribute}"),
    )
    .await;
    let log = log.text();
    let reason = r#"reason=filtered: store is "other", wanted is "example""#;
    let line = log.lines().find(|line| line.contains(reason));
    let line = line.unwrap_or_else(|| panic!("no reason in {log}"));
    assert!(line.contains("a message was not delivered"), "{line}");
    assert!(line.contains(&format!("subscription=\"{topic}:")), "{line}");
}
