//! The program itself: its flags, its exit code, its output.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use super::harness::file;

const SHOP: &str = "
Parameters: {Stage: {Type: String}}
Resources:
  Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'orders-dead-${Stage}'}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub 'orders-${Stage}'
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
  Events: {Type: AWS::SNS::Topic, Properties: {TopicName: events}}
  ToOrders:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Events, Protocol: sqs, Endpoint: !GetAtt Orders.Arn, FilterPolicy: {a: [b]}}
  Bucket: {Type: AWS::S3::Bucket}
";

/// A program that ends with its test.
struct Program {
    child: Child,
    url: String,
    /// The lines that it logged until it was ready.
    log: Vec<String>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_topiq"));
    command.args(arguments).env_clear();
    command
}

fn start(arguments: &[&str]) -> Program {
    let arguments = [&["--port", "0"], arguments].concat();
    let mut child = command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut log: Vec<String> = Vec::new();
    while !log.last().is_some_and(|line| line.ends_with("Ready.")) {
        log.push(lines.next().expect("it becomes ready").unwrap());
    }
    let url = log.last().unwrap().split_once("(http://").unwrap().1;
    let url = format!("http://{}", url.split_once(')').unwrap().0);
    Program { child, url, log }
}

fn run(arguments: &[&str]) -> (bool, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(arguments).output().unwrap();
    let text = [stdout, stderr].concat();
    (status.success(), String::from_utf8(text).unwrap())
}

#[test]
fn templates_start_and_come_back_by_the_program() {
    let path = file("program/shop.yaml", SHOP);
    let flags = [
        "--init",
        path.to_str().unwrap(),
        "--init-param",
        "Stage=test",
    ];
    let whose = ["--account", "123456789012", "--region", "eu-west-1"];
    let first = start(&[flags, whose].concat());
    let warned = first
        .log
        .iter()
        .any(|line| line.contains("AWS::S3::Bucket"));
    assert!(warned, "{:?}", first.log);
    let (is_ready, ready) = run(&["health", "--endpoint", &first.url]);
    assert!(is_ready && ready.contains("\"ready\""), "{ready}");

    for format in ["cloudformation", "topiq"] {
        let export =
            |program: &Program| run(&["export", "--format", format, "--endpoint", &program.url]);
        let (is_exported, text) = export(&first);
        assert!(is_exported && text.contains("orders-test"), "{text}");
        let path = file(&format!("program/{format}.yaml"), &text);
        let again = start(&[&["--init", path.to_str().unwrap()], &whose[..]].concat());
        assert_eq!(export(&again), (true, text));
    }
    let other = [
        "export",
        "--region",
        "us-east-1",
        "--output",
        "json",
        "--endpoint",
        &first.url,
    ];
    let (_, elsewhere) = run(&other);
    assert!(elsewhere.contains("\"Resources\": {}"), "{elsewhere}");
}

#[test]
fn a_start_that_fails_says_why_and_ends() {
    let path = file(
        "program/wrong.yaml",
        "queues:\n  q:\n    DelaySeconds: 901\n",
    );
    let (is_success, words) = run(&["--port", "0", "--init", path.to_str().unwrap()]);
    assert!(!is_success);
    let expected = "wrong.yaml:3: resource queues.q, property DelaySeconds: Invalid value for the parameter DelaySeconds.";
    assert!(words.contains(expected), "{words}");
    let (is_success, words) = run(&["--port", "0", "--init-param", "Stage=test"]);
    assert!(!is_success && words.contains("Stage"), "{words}");
}

#[test]
fn standard_input_is_a_file_too() {
    let mut child = command(&["--port", "0", "--init", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    std::io::Write::write_all(&mut input, b"queues: {q: 1}").unwrap();
    drop(input);
    let mut words = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut words)
        .unwrap();
    assert!(!child.wait().unwrap().success());
    assert!(
        words.contains("-:1: queues.q is a mapping, not a number"),
        "{words}"
    );
}

#[test]
fn the_schema_is_printed() {
    let (is_success, schema) = run(&["schema"]);
    assert!(is_success);
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema, topiq::init::short::schema::schema());
}

/// A start that takes its time ends at once when it is told to, here one whose standard input never ends.
#[cfg(unix)]
#[test]
fn a_start_is_stopped_by_a_signal() {
    let mut child = command(&["--port", "0", "--init", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // More than a pipe holds: when it is written, topiq reads, and has its handlers of signals.
    let comment = "# queues\n".repeat(1 << 17);
    std::io::Write::write_all(&mut input, comment.as_bytes()).unwrap();
    let pid = child.id().to_string();
    let kill = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    assert!(kill.success());
    let status = child.wait().unwrap();
    drop(input);
    let mut words = String::new();
    let mut output = child.stdout.take().unwrap();
    output.read_to_string(&mut words).unwrap();
    assert!(status.success(), "{status}: {words}");
    assert!(words.contains("Stopping."), "{words}");
}

#[test]
fn every_error_is_a_line_of_the_log() {
    let path = file(
        "program/errors.yaml",
        "Resources:\n  A: {Type: AWS::SQS::Queeu}\n  \"B\\nC\": {Type: AWS::SNS::Topci}\n",
    );
    let (is_success, words) = run(&["--port", "0", "--init", path.to_str().unwrap()]);
    assert!(!is_success);
    let errors: Vec<_> = words
        .lines()
        .filter(|line| line.contains("ERROR"))
        .collect();
    assert_eq!(errors.len(), 2, "{words}");
    assert!(errors[0].ends_with("errors.yaml:2: resource A: there is no type AWS::SQS::Queeu; did you mean AWS::SQS::Queue?"), "{words}");
    assert!(errors[1].contains("errors.yaml:3: resource B\\nC: there is no type AWS::SNS::Topci; did you mean AWS::SNS::Topic?"), "{words}");
}
