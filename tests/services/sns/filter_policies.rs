//! SNS's table of filter policies, held whole: what matches, what is refused in which words, what is accepted.

use serde::Deserialize;
use serde_json::{Map, Value};
use topiq::pattern::{Event, Index, Policy, Scope};

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
    assert_eq!(cases.len(), 149);
    for case in &cases {
        let policy = Policy::parse(&case.policy.to_string(), scope(&case.scope));
        let policy = policy.unwrap_or_else(|refused| panic!("{}: {refused}", case.id));
        assert_eq!(policy.matches(&case.event()), case.is_match, "{}", case.id);
    }
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
            index.insert(key, policy);
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
            // What is shown of a long policy ends at 500 characters; none with a place is as long.
            format!(" at [Source: {source}; line: 1, column: {column}]")
        });
        // Where the table has no place for a text that is not recorded, there may be one.
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
