//! topiq's own short format.

use std::time::Duration;

use topiq::init::Init;
use topiq::{Config, Server};

use super::harness::{config, export, file, refused, started, state};
use crate::support::Host;

/// Every feature of the format.
const EVERYTHING: &str = r#"
queues:
  audit:
  orders:
    DelaySeconds: 5
    VisibilityTimeout: 60
    MaximumMessageSize: 2048
    KmsMasterKeyId: alias/orders
    Policy:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Principal: {Service: sns.amazonaws.com}
          Action: "sqs:SendMessage"
          Resource: ${queues.orders}
          Condition: {ArnEquals: {"aws:SourceArn": "${topics.order-events}"}}
        - Effect: Allow
          Principal: {AWS: "arn:aws:iam::${account}:root"}
          Action: sqs:*
          Resource: "arn:aws:sqs:${region}:${account}:orders*"
    RedrivePolicy: {deadLetterTargetArn: orders-dead, maxReceiveCount: 3}
    tags: {team: payments, "cost center": "007", on: "yes"}
  orders-dead:
    MessageRetentionPeriod: 1209600
    RedriveAllowPolicy: {redrivePermission: byQueue, sourceQueueArns: [orders, ping]}
    RedrivePolicy: {deadLetterTargetArn: orders-dead, maxReceiveCount: 1}
  # Dead letters that go round.
  ping: {RedrivePolicy: {deadLetterTargetArn: pong, maxReceiveCount: 1}}
  pong: {RedrivePolicy: {deadLetterTargetArn: ping, maxReceiveCount: 1}}
  steps.fifo:
    ContentBasedDeduplication: true
    DeduplicationScope: messageGroup
    FifoThroughputLimit: perMessageGroupId
topics:
  order-events:
    DisplayName: "Orders: all\tof them ☃"
    SignatureVersion: 2
    SQSSuccessFeedbackRoleArn: arn:aws:iam::123456789012:role/feedback
    SQSSuccessFeedbackSampleRate: 50
    HTTPFailureFeedbackRoleArn: arn:aws:iam::123456789012:role/feedback
    Policy:
      Statement:
        - {Effect: Allow, Principal: "*", Action: "sns:Publish", Resource: "${topics.order-events}"}
    tags: {team: payments}
    subscriptions:
      - audit
      - queue: orders
        RawMessageDelivery: true
        FilterPolicy: {store: [example], price: [{numeric: [">", 1.50]}], "Fn::Sub": ["${x}", "yes", "1", 1]}
        RedrivePolicy: {deadLetterTargetArn: orders-dead}
      - protocol: lambda
        endpoint: arn:aws:lambda:${region}:${account}:function:thank
      - {protocol: email, endpoint: someone@example.com, FilterPolicyScope: MessageBody, FilterPolicy: {a: {b: [null, true]}}}
      - {protocol: sqs, endpoint: "arn:aws:sqs:us-east-1:000000000000:elsewhere"}
      - {protocol: sms, endpoint: "+15551234567"}
  steps.fifo:
    ContentBasedDeduplication: true
    FifoThroughputScope: MessageGroup
    ArchivePolicy: {MessageRetentionPeriod: 30}
    subscriptions: [steps.fifo]
"#;

#[tokio::test]
async fn everything_comes_back_as_it_was_exported() {
    let first = started("everything.yaml", EVERYTHING).await;
    let (held, text) = (state(&first).await, export(&first, "format=topiq").await);
    assert_eq!(held.len(), 6 * 2 + 2 * 3 + 5, "{held:#?}");

    let again = started("again.yaml", &text).await;
    assert_eq!(state(&again).await, held, "{text}");
    assert_eq!(export(&again, "format=topiq").await, text);

    let json = export(&first, "format=topiq&output=json").await;
    let again = started("again.json", &json).await;
    assert_eq!(state(&again).await, held, "{json}");
    assert_eq!(export(&again, "format=topiq&output=json").await, json);
}

#[tokio::test]
async fn the_same_file_twice_is_as_good_as_once() {
    let path = file("twice.yaml", EVERYTHING);
    let once = Host::with(config([path.clone()])).await;
    let twice = Host::with(config([path.clone(), path])).await;
    assert_eq!(state(&twice).await, state(&once).await);
}

#[tokio::test]
async fn later_files_change_what_differs() {
    let change = file(
        "change.yaml",
        "
queues:
  orders: {VisibilityTimeout: 7, tags: {team: shipping}}
topics:
  order-events:
    DisplayName: Changed
    tags: {team: shipping}
    subscriptions:
      - {queue: orders, FilterPolicyScope: MessageBody, FilterPolicy: {order: {store: [other]}}}
",
    );
    let host = Host::with(config([file("changed.yaml", EVERYTHING), change])).await;
    let text = export(&host, "format=topiq").await;
    for expected in [
        "    VisibilityTimeout: 7\n",
        "    DelaySeconds: 5\n",
        "      team: shipping\n",
        "    DisplayName: Changed\n",
        "        FilterPolicyScope: MessageBody\n",
        "        RawMessageDelivery: true\n",
    ] {
        assert!(text.contains(expected), "{expected}{text}");
    }
    assert!(!text.contains("payments"), "{text}");
    assert_eq!(text.matches("queue: orders\n").count(), 1);
}

#[tokio::test]
async fn errors_say_where_they_are() {
    for (text, expected) in [
        (
            "queues:\n  a:\n    VisibilityTimeout: 99999\n",
            "wrong.yaml:3: resource queues.a, property VisibilityTimeout: Invalid value for the parameter VisibilityTimeout.",
        ),
        (
            "queues:\n  a b:\n",
            "wrong.yaml:2: resource queues.a b: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
        ),
        (
            "topics:\n  t:\n    subscriptions:\n      - protocol: email\n        endpoint: a@b.c\n        FilterPolicy: {a: 1}\n",
            "wrong.yaml:6: resource topics.t.subscriptions[0], property FilterPolicy: Invalid parameter: Attributes Reason: FilterPolicy: \"a\" must be an object or an array\\n at [Source: (String)\"{\"a\":1}\"; line: 1, column: 7]",
        ),
        (
            "queues:\n  a: {RedrivePolicy: {deadLetterTargetArn: b, maxReceiveCount: 1}}\n",
            "wrong.yaml:2: queues.a.RedrivePolicy: there is no queue b",
        ),
        (
            "topics: {t: {subscriptions: [q]}}",
            "wrong.yaml:1: topics.t.subscriptions[0]: there is no queue q",
        ),
        (
            "queue: {}\n",
            "wrong.yaml:1: there is no queue in a topiq file, only queues, topics, buses, rules, archives, connections, apiDestinations, endpoints, logGroups, streams, registries and discoverers; did you mean queues?",
        ),
        (
            "queues:\n  a: 7\n",
            "wrong.yaml:2: queues.a is a mapping, not a number",
        ),
        (
            "topics:\n  t:\n    subscriptions: x\n",
            "wrong.yaml:3: topics.t.subscriptions is a list, not a text",
        ),
        (
            "topics:\n  t:\n    subscriptions:\n      - {queue: q, protocol: sqs}\n",
            "wrong.yaml:4: topics.t.subscriptions[0] has either queue, or protocol and endpoint",
        ),
        (
            "queues: {a: {VisibilityTimeout: {}}}",
            "wrong.yaml:1: queues.a.VisibilityTimeout: it has a value, not a mapping",
        ),
        (
            "queues: {a: {tags: {b: []}}}",
            "wrong.yaml:1: queues.a.tags.b is a text, not a list",
        ),
    ] {
        assert_eq!(refused("wrong/wrong.yaml", text).await, expected);
    }
    let mistyped = refused("wrong/wrong.yaml", "queues:\n  a:\n    Visibility: 1\n").await;
    let expected = "wrong.yaml:3: queues.a.Visibility: there is no such attribute; did you mean VisibilityTimeout?";
    assert_eq!(mistyped, expected);
    let unknown = refused("wrong/wrong.yaml", "queues:\n  a:\n    X: 1\n").await;
    let expected = "wrong.yaml:3: queues.a.X: there is no such attribute; there are ContentBasedDeduplication, ";
    assert!(unknown.starts_with(expected), "{unknown}");
    let policy = "queues: {a: {Policy: {Statement: [{Resource: \"${queues.b}\"}]}}}";
    let unknown = refused("wrong/wrong.yaml", policy).await;
    assert_eq!(
        unknown,
        "wrong.yaml:1: queues.a.Policy: there is no queue b"
    );
}

#[tokio::test]
async fn directories_are_read_by_name_and_files_refer_to_each_other() {
    let a = file("folder/a.yml", "topics: {t: {subscriptions: [q]}}");
    file(
        "folder/b.json",
        r#"{"$schema": "x", "queues": {"q": {"DelaySeconds": 1}}}"#,
    );
    file("folder/c.yaml", "queues: {q: {DelaySeconds: 2}}");
    file("folder/README.md", "Not: {a: file");
    let folder = a.parent().unwrap().to_owned();
    let host = Host::with(config([folder])).await;
    let expected =
        "queues:\n  q:\n    DelaySeconds: 2\ntopics:\n  t:\n    subscriptions:\n      - q\n";
    assert_eq!(export(&host, "format=topiq").await, expected);
}

#[tokio::test]
async fn missing_files_and_unknown_parameters_are_errors() {
    let start = |init: Init| async {
        let config = Config {
            port: 0,
            init,
            ..Config::default()
        };
        Server::start(config)
            .await
            .expect_err("nothing there")
            .to_string()
    };
    let missing = start(Init {
        paths: vec!["missing.yaml".into()],
        ..Init::default()
    });
    assert!(missing.await.starts_with("missing.yaml: "));
    let parameters = vec![("Stage".to_owned(), "test".to_owned())];
    let unknown = start(Init {
        parameters,
        ..Init::default()
    });
    let expected = "--init-param Stage: no template has this parameter";
    assert_eq!(unknown.await, expected);
}

#[tokio::test]
async fn pending_subscriptions_and_their_endpoints_come_back_without_credentials() {
    let text = "topics: {t: {subscriptions: [{protocol: http, endpoint: \"http://me:secret@127.0.0.1:9/x\", DeliveryPolicy: {throttlePolicy: {maxReceivesPerSecond: 5}}}]}}";
    let host = started("pending.yaml", text).await;
    host.advance(Duration::from_secs(1)).await;
    for query in ["format=topiq", "format=cloudformation", "output=json"] {
        let exported = export(&host, query).await;
        assert!(exported.contains("http://127.0.0.1:9/x"), "{exported}");
        assert!(!exported.contains("secret"), "{exported}");
    }
}
