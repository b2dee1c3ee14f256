//! Files of other tools.

use super::*;

/// The file of the short format that it is read as, its warnings last; or the error.
fn shown(name: &str, text: &str) -> String {
    match read(name, text) {
        Ok(content) => {
            let warnings = content.warnings.iter();
            let warnings = warnings.map(|(line, sentence)| format!("\n{line}: {sentence}"));
            document::to_json(&content.root) + &warnings.collect::<String>()
        }
        Err(error) => format!("{}: {}", error.line, error.message),
    }
}

fn elasticmq(text: &str) -> String {
    shown("elasticmq.conf", text)
}

#[test]
fn elasticmqs_queues_are_read() {
    let text = "include classpath(\"application.conf\")
// What we run with.
queues {
  orders {
    defaultVisibilityTimeout = 10 seconds, delay = 1 minute
    receiveMessageWait: 1500 ms # short
    deadLettersQueue { name = \"orders-dead\", maxReceiveCount = 3 }
    fifo = false
    contentBasedDeduplication = false
    tags { team = payments, \"cost center\" = \"a \\\"b\\\"\" }
  }
  orders-dead { }
  steps { fifo = yes, contentBasedDeduplication = \"true\" }
  \"more.fifo\" { fifo = true }
}
queues.late.delay = 5s
queues.orders.copyTo = late
aws { region = us-west-2 }
";
    assert_eq!(
        elasticmq(text),
        r#"{"queues":{"orders":{"VisibilityTimeout":10,"DelaySeconds":60,"ReceiveMessageWaitTimeSeconds":1,"RedrivePolicy":{"deadLetterTargetArn":"orders-dead","maxReceiveCount":3},"tags":{"team":"payments","cost center":"a \"b\""}},"orders-dead":{},"steps.fifo":{"ContentBasedDeduplication":true},"more.fifo":{},"late":{"DelaySeconds":5}},"topics":{}}
18: aws is not read: the account and the region are --account and --region
17: orders.copyTo is not available, and left out: a topic can have several queues"#
    );
}

#[test]
fn elasticmqs_errors_have_their_line() {
    for (text, expected) in [
        (
            "queues {\n q { defaultVisbilityTimeout = 1 s } }",
            "2: q: there is no setting defaultVisbilityTimeout; did you mean defaultVisibilityTimeout?",
        ),
        (
            "queues {\n q { delay = soon } }",
            "2: delay takes a duration such as 10 seconds, not soon",
        ),
        (
            "queues {\n q { delay = [1] } }",
            "2: delay takes a text, not a list",
        ),
        ("queues {\n q = 1 }", "2: q takes an object, not a number"),
        (
            "queues {\n q { deadLettersQueue { arn = a } } }",
            "2: deadLettersQueue has a name and maxReceiveCount, not arn",
        ),
        (
            "queues {\n q { delay = ${?DELAY} } }",
            "2: a substitution (${…}) is not read: write its value here",
        ),
        (
            "queues {\n q { delay = \"1\" seconds } }",
            "2: a value put together of parts is not read",
        ),
        (
            "queues = ${base}\nqueues { q { } }\nqueues.q.delay = 1 s",
            "1: a substitution (${…}) is not read: write its value here",
        ),
        (
            "queues {\n q = ${base} { delay = 1 s } }",
            "2: a substitution (${…}) is not read: write its value here",
        ),
        (
            "queues {\n q { tags { a = [1\n ${b}] } } }",
            "3: a substitution (${…}) is not read: write its value here",
        ),
        (
            "queues { q { delay = ${DELAY\n} } }",
            "1: there is no } to this ${",
        ),
        (
            "queues {\n q { fifo = flase } }",
            "2: fifo is true or false",
        ),
        (
            "queues {\n a.fifo { fifo = true } }",
            "2: fifo is true or false",
        ),
        (
            "queues {\n q { contentBasedDeduplication = 1 } }",
            "2: contentBasedDeduplication is true or false",
        ),
        ("queues {\n q {", "2: there is no } to this {"),
        ("queues { } }", "1: there is a '}' too many"),
        (
            "queues { q { tags { a = \"b } } }",
            "1: there is no end to this text",
        ),
        (
            "queues { q { delay } }",
            "1: delay has no value: = or { follows a name",
        ),
        (
            "queues { q { delay += 1 } }",
            "1: += is not read: write the whole value here",
        ),
        ("queues { q { delay = } }", "1: there is no value here"),
        ("queues { = 1 }", "1: there is no name here"),
        ("a = [1", "1: there is no ] to this ["),
        ("a = \"\"\"1", "1: there is no end to this text"),
    ] {
        assert_eq!(elasticmq(text), expected, "{text}");
    }
    let deep = format!("a = {}", "[".repeat(100_000));
    assert_eq!(elasticmq(&deep), "1: this nests deeper than 100 levels");
    let deep = "a {".repeat(100_000);
    assert_eq!(elasticmq(&deep), "1: this nests deeper than 100 levels");
}

#[test]
fn elasticmqs_other_sections_are_passed_over_whatever_their_syntax() {
    let text = "include \"application\"
rest-sqs { bind-port = 9324, bind-port = ${?PORT}
  bind-hostname = ${HOST}\".internal\" # a name
  paths = ${paths} [\"a\", ${b}] }
node-address = ${defaults} { host = \"}\" }
rest-sqs.more += 9325
url = \"http://\"${host}\":9324\"
queues {
  orders { delay = ${DELAY}, delay = 5 seconds, tags { a = \"${b}\" } }
}
";
    assert_eq!(
        elasticmq(text),
        r#"{"queues":{"orders":{"DelaySeconds":5,"tags":{"a":"${b}"}}},"topics":{}}"#
    );
}

#[test]
fn a_configuration_of_elasticmq_without_queues_makes_nothing() {
    let nothing = r#"{"queues":{},"topics":{}}
1: this is taken for a configuration of ElasticMQ, and there is no queues in it: nothing is made of it"#;
    let text = "include classpath(\"application.conf\")\nqueues-storage { enabled = true }";
    assert_eq!(elasticmq(text), nothing);
    assert_eq!(elasticmq(""), nothing);
    assert_eq!(elasticmq("queues { }"), r#"{"queues":{},"topics":{}}"#);
    assert_eq!(
        elasticmq("queue { orders { } }"),
        format!("{nothing}; is queue meant to be it?")
    );
}

#[test]
fn hocon_is_read_with_its_merges_and_lists() {
    let read = |text| document::to_json(&hocon::read(text).unwrap().root);
    assert_eq!(read(""), "{}");
    assert_eq!(
        read("{ a : 1, a { b = [x, \"y\"\n z] }, a.c = \"\"\"q\"r\n\"\"\"\n a { b = 2 } }"),
        r#"{"a":{"b":2,"c":"q\"r\n"}}"#
    );
    let line = |text: &str| {
        hocon::read(text)
            .unwrap()
            .root
            .get("b")
            .map(|node| node.line)
    };
    assert_eq!(line("a = \"\"\"\n\n\"\"\"\nb = 1"), Some(4));
}

const GOAWS: &str = "
Local:
  Host: localhost
  AccountId: \"100010001000\"
  QueueAttributeDefaults: {VisibilityTimeout: 30}
  Queues:
    - Name: orders
      VisibilityTimeout: 5
      RedrivePolicy: '{\"maxReceiveCount\": 9, \"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:100010001000:orders-dead\"}'
    - Name: orders-dead
  Topics:
    - Name: events
      Subscriptions:
        - {QueueName: orders, Raw: true, FilterPolicy: '{\"a\": [\"b\"]}'}
        - {QueueName: made-for-it}
        - {Protocol: http, EndPoint: \"http://localhost/x\", TopicArn: t}
    - Name: quiet
Dev: {Queues: []}
";

#[test]
fn goawss_environment_is_read() {
    assert_eq!(
        shown("goaws.yaml", GOAWS),
        r#"{"queues":{"orders":{"VisibilityTimeout":5,"RedrivePolicy":{"maxReceiveCount":9,"deadLetterTargetArn":"orders-dead"}},"orders-dead":{"VisibilityTimeout":30},"made-for-it":{"VisibilityTimeout":30}},"topics":{"events":{"subscriptions":[{"queue":"orders","RawMessageDelivery":true,"FilterPolicy":"{\"a\": [\"b\"]}"},{"queue":"made-for-it"},{"protocol":"http","endpoint":"http://localhost/x"}]},"quiet":{}}}
3: of its environments Local is read, and no other
4: AccountId is not read: it is --account"#
    );
    let only = shown("goaws.yaml", "Staging: {Queues: [{Name: q}]}");
    assert_eq!(only, r#"{"queues":{"q":{}},"topics":{}}"#);
}

#[test]
fn goawss_errors_have_their_line() {
    for (text, expected) in [
        (
            "A: {Queues: []}\nB: {Queues: []}",
            "1: of several environments the one named Local is read, and there is none",
        ),
        (
            "Local:\n  Queues: [{VisibilityTimeout: 1}]",
            "2: the Name is missing",
        ),
        (
            "Local:\n  Queues: []\n  Topics: {a: b}",
            "3: Topics takes a list, not a mapping",
        ),
        (
            "Local:\n  Queues: [{Name: [a]}]",
            "2: Name takes a text, not a list",
        ),
        (
            "Local:\n  Queues: [{Name: q, RedrivePolicy: '{'}]",
            "2: RedrivePolicy: EOF while parsing an object",
        ),
    ] {
        assert_eq!(shown("goaws.yaml", text), expected, "{text}");
    }
}

#[test]
fn files_of_other_tools_are_named() {
    let is = |name: &str, text: &str, line: usize, expected: &str| {
        let shown = shown(name, text);
        let start = format!("{line}: this is {expected}");
        assert!(shown.starts_with(&start), "{name}: {shown}");
    };
    let serverless = include_str!("../../../tests/fixtures/init/serverless.yml");
    is(
        "serverless.yml",
        serverless,
        1,
        "a configuration of the Serverless Framework: run serverless package",
    );
    is(
        "compose.yaml",
        "name: x\nservices:\n  topiq: {image: topiq}\n",
        2,
        "a compose file",
    );
    is(
        "infra.json",
        "{\"resource\": {\"aws_sqs_queue\": {}}}",
        1,
        "a configuration of Terraform",
    );
    is(
        "-",
        "# Queues\nresource \"aws_sqs_queue\" \"q\" {\n}\n",
        1,
        "a configuration of Terraform",
    );
    is("main.tf", "", 1, "a configuration of Terraform");
    is(
        "ready.sh",
        "awslocal sqs create-queue --queue-name q\n",
        1,
        "a script",
    );
    is(
        "-",
        "#!/bin/sh\nawslocal sqs create-queue --queue-name q\n",
        1,
        "a script",
    );
    is(
        "deploy.yaml",
        "apiVersion: v1\nkind: ConfigMap\n",
        1,
        "a manifest of Kubernetes",
    );
    is(
        "cdk.json",
        "{\"app\": \"node app\", \"context\": {}}",
        1,
        "the AWS CDK's cdk.json",
    );
    is(
        "cdk.json",
        "{\n  \"app\": \"npx ts-node bin/shop.ts\"\n}",
        2,
        "the AWS CDK's cdk.json",
    );
    is(
        "manifest.json",
        "{\n  \"version\": \"48.0.0\",\n  \"artifacts\": {}\n}",
        3,
        "the manifest of a cloud assembly of the AWS CDK: give its folder",
    );
    is(
        "Pulumi.yaml",
        "name: x\nruntime: nodejs\n",
        2,
        "a project of Pulumi",
    );
    let several =
        "# Deployed by hand\napiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: Service\n";
    is("all.yaml", several, 2, "a manifest of Kubernetes");
    is(
        "serverless.yml",
        "service: a\nprovider: {name: !Own b}\n",
        1,
        "a configuration of the Serverless Framework",
    );
    assert_eq!(
        shown("own.yaml", "queues:\n  q: !Own b\n"),
        "2: the tag !Own is not known"
    );
}

#[test]
fn topiqs_own_files_stay_as_they_are() {
    for text in [
        r#"{"queues":{"services":{},"image":{}}}"#,
        r#"{"Resources":{"service":{"Type":"x"}}}"#,
        r#"{"topics":{"resource":{}}}"#,
        r#"{"Local":{"VisibilityTimeout":3}}"#,
    ] {
        assert_eq!(shown("topiq.json", text), text);
    }
}
