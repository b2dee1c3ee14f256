//! EventBridge's table of event patterns, checked whole: matches, refusals with their texts, scores of wildcards.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use topiq::pattern::{Event, Index, Policy};

#[derive(Deserialize)]
struct Table {
    base_event: Map<String, Value>,
    cases: Vec<Case>,
    complexity_scores: Scores,
}

#[derive(Deserialize)]
struct Scores {
    scores: Vec<Score>,
}

#[derive(Deserialize)]
struct Score {
    wildcard: String,
    score: usize,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    expect: String,
    pattern: Option<Box<RawValue>>,
    pattern_text: Option<String>,
    #[serde(default)]
    event_overrides: Map<String, Value>,
    event_overrides_text: Option<String>,
    message: Option<String>,
}

fn table() -> Table {
    serde_json::from_str(include_str!("../fixtures/events-pattern-cases.json")).expect("the table")
}

impl Case {
    fn pattern(&self) -> &str {
        let pattern = self.pattern.as_deref().map(RawValue::get);
        pattern.or(self.pattern_text.as_deref()).expect("a pattern")
    }

    /// The base event with the case's members in place of its own; as a text where the spelling matters.
    fn event(&self, base: &Map<String, Value>) -> String {
        let mut event = base.clone();
        let Some(text) = &self.event_overrides_text else {
            event.extend(self.event_overrides.clone());
            return Value::Object(event).to_string();
        };
        event.remove("detail");
        let event = Value::Object(event).to_string();
        let members = text.strip_prefix('{').expect("an object");
        format!("{},{members}", event.strip_suffix('}').expect("an object"))
    }
}

fn pattern(text: &str) -> Policy {
    Policy::parse_event_pattern(text).unwrap_or_else(|refused| panic!("{text}: {refused}"))
}

#[test]
fn events_match_as_in_the_table() {
    let Table {
        base_event, cases, ..
    } = table();
    let mut checked = 0;
    for case in cases.iter().filter(|case| case.expect != "error") {
        let event = case.event(&base_event);
        let is_match = pattern(case.pattern()).matches(&Event::from_json(&event));
        assert_eq!(is_match, case.expect == "match", "{} {event}", case.id);
        checked += 1;
    }
    assert_eq!(checked, 231);
}

#[test]
fn patterns_are_refused_in_the_words_of_the_table() {
    let mut checked = 0;
    for case in table().cases.iter().filter(|case| case.expect == "error") {
        let refused = Policy::parse_event_pattern(case.pattern()).expect_err(&case.id);
        let message = format!("Event pattern is not valid. Reason: {refused}");
        assert_eq!(Some(message), case.message, "{}", case.id);
        checked += 1;
    }
    assert_eq!(checked, 104);
}

#[test]
fn an_index_of_the_table_answers_as_each_pattern_does() {
    let Table {
        base_event, cases, ..
    } = table();
    let cases: Vec<_> = cases.iter().filter(|case| case.expect != "error").collect();
    let patterns: Vec<_> = cases.iter().map(|case| pattern(case.pattern())).collect();
    let mut index = Index::default();
    for (key, pattern) in patterns.iter().enumerate() {
        index.insert(key, pattern.clone());
    }
    for case in cases {
        let text = case.event(&base_event);
        let event = Event::from_json(&text);
        let mut found = Vec::new();
        index.matches(&index.event(&text), &mut found);
        found.sort_unstable();
        let expected = (0..patterns.len()).filter(|&key| patterns[key].matches(&event));
        assert_eq!(found, expected.collect::<Vec<_>>(), "{}", case.id);
    }
}

/// The limit lies between 7, which is accepted, and 11.
#[test]
fn wildcards_of_a_high_score_are_refused() {
    let scores = table().complexity_scores.scores;
    assert_eq!(scores.len(), 10);
    for Score { wildcard, score } in scores {
        let pattern = format!("{{\"a\":[{{\"wildcard\":{}}}]}}", Value::from(&*wildcard));
        let is_accepted = Policy::parse_event_pattern(&pattern).is_ok();
        assert_eq!(is_accepted, score <= 10, "{wildcard}");
    }
}
