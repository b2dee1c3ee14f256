//! EventBridge's table of target inputs, checked whole, and what it leaves out.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Context, InputFailed, InputRefused, InputTransformer, TargetInput};

const CONTEXT: Context<'_> = Context {
    rule_arn: "arn:aws:events:eu-west-1:111122223333:rule/shop/counts",
    rule_name: "counts",
    ingestion_time: "2024-05-06T07:08:10Z",
};

const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:q";

#[derive(Deserialize)]
struct Table {
    base_event: Value,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    target: Target,
    expect: String,
    body_text: Option<String>,
    body_json: Option<Value>,
    message: Option<String>,
    message_prefix: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Target {
    id: Option<String>,
    arn: Option<String>,
    input: Option<String>,
    input_path: Option<String>,
    input_transformer: Option<Transformer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Transformer {
    input_paths_map: Map<String, Value>,
    input_template: String,
}

impl Target {
    fn parse(&self) -> Result<TargetInput, InputRefused> {
        let transformer = self.input_transformer.as_ref();
        let transformer = transformer.map(|transformer| {
            let paths = transformer.input_paths_map.iter();
            let text = |path: &'_ Value| path.as_str().expect("a path").to_owned();
            let paths: Vec<_> = paths
                .map(|(name, path)| (name.clone(), text(path)))
                .collect();
            (paths, transformer.input_template.clone())
        });
        let transformer = transformer
            .as_ref()
            .map(|(paths, template)| InputTransformer {
                paths: paths
                    .iter()
                    .map(|(name, path)| (&**name, &**path))
                    .collect(),
                template,
            });
        TargetInput::parse(
            self.id.as_deref().unwrap_or("t1"),
            self.arn.as_deref().unwrap_or(QUEUE),
            self.input.as_deref(),
            self.input_path.as_deref(),
            transformer.as_ref(),
        )
    }
}

/// The table's texts in angle brackets stand for the moment of receipt.
fn with_moments(value: &Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('<') => json!(CONTEXT.ingestion_time),
        Value::Object(members) => {
            let members = members.iter();
            members
                .map(|(name, value)| (name.clone(), with_moments(value)))
                .collect()
        }
        Value::Array(elements) => elements.iter().map(with_moments).collect(),
        other => other.clone(),
    }
}

#[test]
fn every_row_of_the_table_holds() {
    let table: Table = serde_json::from_str(include_str!(
        "../../../../tests/fixtures/events-transform-cases.json"
    ))
    .expect("the table");
    let event = table.base_event.to_string();
    assert_eq!(table.cases.len(), 46);
    for case in &table.cases {
        let id = &case.id;
        let input = case.target.parse();
        let rendered = input.as_ref().map(|input| input.render(&event, &CONTEXT));
        match (&*case.expect, rendered) {
            ("text", Ok(Ok(text))) => assert_eq!(Some(&*text), case.body_text.as_deref(), "{id}"),
            ("json", Ok(Ok(text))) => {
                let text: Value = serde_json::from_str(&text).expect(id);
                let expected = case.body_json.as_ref().map(with_moments);
                assert_eq!(Some(text), expected, "{id}");
            }
            ("not-delivered", Ok(Err(failed))) => {
                assert_eq!(failed, InputFailed::InvalidJson, "{id}");
            }
            ("error", Err(refused)) => {
                assert_eq!(Some(refused.to_string()), case.message, "{id}");
            }
            ("error-prefix", Err(refused)) => {
                let prefix = case.message_prefix.as_ref().expect("a prefix");
                assert!(refused.to_string().starts_with(prefix), "{id}");
            }
            (expected, found) => panic!("{id}: {expected}, but {found:?}"),
        }
    }
}

const EVENT: &str = r#"{"version":"0","id":"i","detail-type":"t","source":"s","account":"1","time":"2024-05-06T07:08:09Z","region":"r","resources":[],"detail":{"big":1.50e+400,"none":null,"esc":"a\"b\u0041","half":"\ud800","twice":1,"twice":2,"rows":[{"n":1},{"n":2,"m":[3]},4],"empty":{},"n\u0061me":"by escape"}}"#;

fn path(path: &str) -> Option<String> {
    let input = TargetInput::parse("t", QUEUE, None, Some(path), None).expect("any path is taken");
    let found = input.render(EVENT, &CONTEXT);
    found.ok().map(std::borrow::Cow::into_owned)
}

fn parsed(paths: &[(&str, &str)], template: &str) -> Result<TargetInput, InputRefused> {
    let paths = paths.to_vec();
    let transformer = InputTransformer { paths, template };
    TargetInput::parse("t", QUEUE, None, None, Some(&transformer))
}

fn filled(paths: &[(&str, &str)], template: &str) -> Result<String, InputFailed> {
    let input = parsed(paths, template).unwrap_or_else(|refused| panic!("{template}: {refused}"));
    let text = input.render(EVENT, &CONTEXT);
    text.map(std::borrow::Cow::into_owned)
}

fn refused(template: &str) -> String {
    let refused = parsed(&[("x", "$.id")], template);
    refused.expect_err(template).to_string()
}

#[test]
fn values_are_sent_as_they_are_spelled() {
    for (from, expected) in [
        ("$.detail.big", "1.50e+400"),
        ("$.detail.none", "null"),
        ("$.detail.esc", r#""a\"b\u0041""#),
        ("$.detail.twice", "2"),
        ("$.detail.name", r#""by escape""#),
        ("$.detail.rows[0].n", "1"),
        ("$.detail.rows[1]", r#"{"n":2,"m":[3]}"#),
        ("$.detail.rows[1].m[0]", "3"),
        ("$.detail.rows[*].n", "[1,2]"),
        ("$.detail.rows[1].*", "[2,[3]]"),
        ("$.*.rows[*].m[*]", "[3]"),
        ("$.resources", "[]"),
    ] {
        assert_eq!(path(from).as_deref(), Some(expected), "{from}");
    }
}

#[test]
fn a_path_that_finds_nothing_gives_no_input() {
    for from in [
        "",
        "detail",
        "$.",
        "$.absent",
        "$.detail.rows[3]",
        "$.detail.rows.n",
        "$.detail.rows[-1]",
        "$.detail.rows[0",
        "$.detail.big.x",
        "$.detail.empty.*",
        "$..id",
        "$['id']",
        "$.detail.rows[0:1]",
        "$.detail.rows[99999999999999999999]",
    ] {
        assert_eq!(path(from), None, "{from}");
    }
}

#[test]
fn templates_hold_the_values_of_every_kind() {
    let paths = [
        ("big", "$.detail.big"),
        ("none", "$.detail.none"),
        ("esc", "$.detail.esc"),
        ("half", "$.detail.half"),
        ("rows", "$.detail.rows"),
        ("bad", "$['id']"),
    ];
    for (template, expected) in [
        (
            "{\"a\": <big>,\n\"b\": \"<big>\"}",
            Ok("{\"a\": 1.50e+400,\n\"b\": \"1.50e+400\"}"),
        ),
        (
            "{\"a\":<none>,\"b\":\"<none>\"}",
            Ok("{\"a\":null,\"b\":\"null\"}"),
        ),
        ("[<esc>,<bad>]", Ok(r#"["a\"b\u0041",""]"#)),
        ("{\"a\":\"<half>\"}", Ok(r#"{"a":"\ud800"}"#)),
        ("{\"a\":\"<esc>\"}", Err(InputFailed::InvalidJson)),
        ("<rows>", Ok(r#"[{"n":1},{"n":2,"m":[3]},4]"#)),
        (
            "\"<rows> <none> <esc>\"",
            Ok("\"[{n:1},{n:2,m:[3]},4] null a\"bA\""),
        ),
        ("\"a < b, c > d, <>\"", Ok("\"a < b, c > d, <>\"")),
        (
            "\"<aws.events.event.ingestion-time>\"",
            Ok("\"2024-05-06T07:08:10Z\""),
        ),
        (
            "<aws.events.event>",
            Ok(
                r#"{"id":"i","account":"1","detailType":"t","time":"2024-05-06T07:08:10Z","source":"s","region":"r","resources":[],"version":"0"}"#,
            ),
        ),
        ("<aws.events.event.json>", Ok(EVENT)),
        // In quotes it breaks the document.
        (
            "{\"a\":\"<aws.events.event>\"}",
            Err(InputFailed::InvalidJson),
        ),
    ] {
        let expected = expected.map(str::to_owned);
        assert_eq!(filled(&paths, template), expected, "{template}");
    }
}

#[test]
fn refusals_are_aws_sentences() {
    let placeholder =
        |name| format!("InputTemplate for target t contains invalid placeholder {name}.");
    assert_eq!(refused("\"<X>\""), placeholder("X"));
    assert_eq!(refused("{\"a\":\"<br>\"}"), placeholder("br"));
    assert_eq!(refused("{\"a\":<$.detail.x>}"), placeholder("$.detail.x"));
    assert_eq!(
        refused("{\"a\":\\<aws.events.x>}"),
        placeholder("aws.events.x")
    );
    let syntax = |text: &str, column| {
        format!(
            "JSON syntax error in input for target t: [Source: (String)\"{text}\"; line: 1, column: {column}]"
        )
    };
    assert_eq!(refused("hello <x>"), syntax("hello <x>", 6));
    // A placeholder is a whole value, and no name.
    assert_eq!(refused("{<x>:1}"), syntax("{<x>:1}", 4));
    assert_eq!(refused("{\"a\":<x><x>}"), syntax("{\"a\":<x><x>}", 11));
    assert_eq!(refused("{\"a\":1<x>}"), syntax("{\"a\":1<x>}", 9));
    for (input, column) in [("{bad", 3), ("1 2", 4), ("", 1), ("{\"a\":", 6)] {
        let refused = TargetInput::parse("t", QUEUE, Some(input), None, None);
        assert_eq!(refused.expect_err(input).to_string(), syntax(input, column));
    }
    let logs = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/x";
    for (template, is_good) in [
        ("{\"timestamp\":<x>,\"message\":\"m <x>\"}", true),
        (" { \"message\" : 1, \"timestamp\" : <x> } ", true),
        ("{\"timestamp\":<x>}", false),
        ("{\"timestamp\":<x>,\"message\":1,\"more\":1}", false),
        ("[\"timestamp\",\"message\"]", false),
        ("\"{\"", false),
    ] {
        let paths = vec![("x", "$.time")];
        let transformer = InputTransformer { paths, template };
        let parsed = TargetInput::parse("t", logs, None, None, Some(&transformer));
        let text = "Input for target t is not a valid JSON text.".to_owned();
        let expected = if is_good { None } else { Some(text) };
        assert_eq!(
            parsed.err().map(|refused| refused.to_string()),
            expected,
            "{template}"
        );
    }
}

#[test]
fn deep_and_wide_texts_are_gone_through_without_recursion() {
    let deep = format!(
        "{{\"detail\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let input = TargetInput::parse("t", QUEUE, None, Some("$.detail[0]"), None).unwrap();
    let text = input.render(&deep, &CONTEXT).unwrap();
    assert_eq!(text.len(), deep.len() - "{\"detail\":[]}".len());
    let input = parsed(&[("x", "$.detail")], "{\"a\":<x>}").unwrap();
    assert_eq!(input.render(&deep, &CONTEXT).unwrap().len(), deep.len() - 5);
    // What is filled in is bounded, however often a large value stands in the template.
    let large = format!("{{\"detail\":\"{}\"}}", "x".repeat(1 << 20));
    let template = format!("[{}0]", "<x>,".repeat(2_000));
    let input = parsed(&[("x", "$.detail")], &template).unwrap();
    assert_eq!(input.render(&large, &CONTEXT), Err(InputFailed::TooLarge));
}
