//! `topiq lint`, and the same advice on what a server holds.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use topiq::aws::Home;
use topiq::init::Init;
use topiq::lint::{Advice, RULES, of_files};

use crate::support::{Host, Request};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

async fn advice(path: &Path) -> Vec<Advice> {
    let files = Init {
        paths: vec![path.to_owned()],
        ..Init::default()
    };
    let advice = of_files(&files, Home::default()).await;
    advice.unwrap_or_else(|error| panic!("{error}"))
}

fn told(advice: &[Advice]) -> Vec<(usize, String)> {
    let told = advice.iter();
    told.map(|one| (one.line.unwrap_or_default(), one.rule.to_string()))
        .collect()
}

/// The lines that say which rule they break.
fn expected(text: &str) -> Vec<(usize, String)> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(place, line)| {
            let (_, rule) = line.split_once("# trap: ")?;
            Some((place + 1, rule.to_owned()))
        })
        .collect()
}

/// The files of the fixtures whose names end so.
fn named(end: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(fixtures().join("lint")).unwrap();
    let mut files: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.to_str().unwrap().ends_with(end))
        .collect();
    files.sort_unstable();
    files
}

#[tokio::test]
async fn every_trap_is_told_by_its_rule_at_its_line() {
    let mut faults = Vec::new();
    let mut rules = Vec::new();
    for path in named(".trap.yaml") {
        let expected = expected(&fs::read_to_string(&path).unwrap());
        assert!(!expected.is_empty(), "{}", path.display());
        let found = told(&advice(&path).await);
        if found != expected {
            faults.push(format!("{}: {found:?}", path.display()));
        }
        rules.extend(expected.into_iter().map(|(_, rule)| rule));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for rule in RULES {
        let is_shown = rules.iter().any(|shown| shown == rule.name);
        assert!(is_shown, "no trap shows {}", rule.name);
    }
}

#[tokio::test]
async fn no_twin_without_a_trap_is_told_of() {
    let twins = named(".fine.yaml");
    assert_eq!(twins.len(), named(".trap.yaml").len());
    for path in twins {
        let found = told(&advice(&path).await);
        assert_eq!(found, [], "{}", path.display());
    }
}

/// What is told of files that were not written to be told of, each judged by hand.
#[tokio::test]
async fn of_other_files_only_what_is_true_is_told() {
    let examples = fixtures().join("../../examples/init.yaml");
    let mut found = vec![("init.yaml".to_owned(), told(&advice(&examples).await))];
    let others = [
        "cdk-events.json",
        "cdk-trail.json",
        "cdk.json",
        "elasticmq.conf",
        "goaws.yaml",
        "sam-events.yaml",
        "sam.yaml",
        "serverless.json",
    ];
    for name in others {
        let path = fixtures().join("init").join(name);
        found.push((name.to_owned(), told(&advice(&path).await)));
    }
    let retention = "dead-letter-retention";
    // Neither queue says how long it keeps messages: the dead letters are deleted with the age of the messages.
    let mut expected = vec![
        ("elasticmq.conf", 26, retention),
        ("goaws.yaml", 19, retention),
        // SAM writes policies for queues that it makes, not for those that it is given as dead-letter queues.
        ("sam-events.yaml", 41, "queue-policy"),
        ("sam-events.yaml", 63, "queue-policy"),
        ("serverless.json", 107, retention),
    ];
    for (file, told) in &found {
        for (line, rule) in told {
            let at = (file.as_str(), *line, rule.as_str());
            let place = expected.iter().position(|one| *one == at);
            expected.remove(place.unwrap_or_else(|| panic!("{at:?}")));
        }
    }
    assert_eq!(expected, []);
}

#[test]
fn the_page_has_a_row_for_every_rule() {
    let page = fs::read_to_string(fixtures().join("../../docs/lint.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<_> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    let rules: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(rows, rules);
}

fn lint(arguments: &[&str], file: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_topiq"));
    command.arg("lint").args(arguments).arg(file);
    command.output().unwrap()
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn the_exit_code_says_whether_there_is_advice() {
    let folder = fixtures().join("lint");
    let trap = folder.join("short-no-visibility-timeout.trap.yaml");
    let fine = folder.join("short-no-visibility-timeout.fine.yaml");
    let (code, out, _) = said(&lint(&[], &trap));
    assert_eq!(code, Some(1));
    let first = format!("{}:3: zero-visibility: queues.orders\n", trap.display());
    assert!(out.starts_with(&first), "{out}");
    assert!(
        out.contains("\n  Instead: A VisibilityTimeout longer than "),
        "{out}"
    );
    assert_eq!(
        said(&lint(&[], &fine)),
        (Some(0), String::new(), String::new())
    );
    let allowed = said(&lint(&["--allow", "zero-visibility"], &trap));
    assert_eq!(allowed, (Some(0), String::new(), String::new()));
    let (code, out, _) = said(&lint(&["--json"], &trap));
    let report: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report["Advice"][0]["Line"]), (Some(1), &json!(3)));
}

#[test]
fn wrong_use_and_refused_files_are_another_exit_code() {
    let trap = fixtures().join("lint/short-no-visibility-timeout.trap.yaml");
    let (code, _, error) = said(&lint(&["--allow", "zero-visibilty"], &trap));
    assert_eq!(code, Some(2));
    assert!(error.contains("did you mean zero-visibility?"), "{error}");
    let (code, out, error) = said(&lint(&[], Path::new("no-such-file.yaml")));
    assert_eq!((code, &*out), (Some(2), ""));
    assert!(error.contains("no-such-file.yaml: "), "{error}");
    let (code, _, error) = said(&lint(&["--account", "12"], &trap));
    assert_eq!(code, Some(2));
    assert!(error.contains("an account has twelve digits"), "{error}");
}

#[tokio::test]
async fn a_server_gives_the_same_advice_on_what_it_holds() {
    let host = Host::start().await;
    let attributes = json!({ "QueueName": "q", "Attributes": { "VisibilityTimeout": "0" } });
    let created = host.json("CreateQueue", &attributes.to_string()).await;
    assert_eq!(created.status(), 200);
    let sns = async |form: &str| {
        let request = Request::query(&format!("{form}&Version=2010-03-31")).signed_for("sns");
        assert_eq!(host.ask(&request).await.status(), 200, "{form}");
    };
    sns("Action=CreateTopic&Name=t").await;
    for queue in ["q", "gone"] {
        let form = format!(
            "Action=Subscribe&TopicArn=arn:aws:sns:us-east-1:000000000000:t&Protocol=sqs\
             &Endpoint=arn:aws:sqs:us-east-1:000000000000:{queue}"
        );
        sns(&form).await;
    }
    let asked = |query: &str| Request::new(&format!("GET /_topiq/advice{query}"));
    let answer = host
        .ask(&asked("?account=000000000000&region=us-east-1"))
        .await;
    let report = answer.value();
    let told = report["Advice"].as_array().unwrap().iter();
    let told: Vec<_> = told
        .map(|one| format!("{} {}", one["Rule"], one["Found"]).replace('"', ""))
        .collect();
    assert_eq!(
        told,
        [
            "zero-visibility VisibilityTimeout of q is 0.",
            "missing-target There is no queue gone for the topic t.",
            "queue-policy The policy of q does not let in the topic t: it has none.",
        ]
    );
    assert_eq!(report["Advice"][0].get("File"), None);
    let elsewhere = host.ask(&asked("?region=eu-west-1")).await;
    assert_eq!(elsewhere.value(), json!({ "Advice": [] }));
}
