//! CloudFormation templates: read by `--init`, written by export, and read again.

use super::harness::{config, export, file, refused, started, state};
use crate::support::Host;

/// The resources of a small service: two queues, their dead-letter queue, a topic, two filtered subscriptions and the
/// policies.
const SHOP: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Description: A shop's orders
Resources:
  DeadLetters:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders-dead
      MessageRetentionPeriod: 1209600
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      VisibilityTimeout: 60
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt DeadLetters.Arn
        maxReceiveCount: 3
      Tags:
        - {Key: team, Value: payments}
  Audit:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: audit
  OrderEvents:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: order-events
      DisplayName: Orders
      MaximumMessageSize: 2048
      DeliveryStatusLogging:
        - Protocol: sqs
          FailureFeedbackRoleArn: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/feedback"
          SuccessFeedbackSampleRate: "50"
  QueuesPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders, !Ref Audit]
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: sns.amazonaws.com}
            Action: sqs:SendMessage
            Resource: [!GetAtt Orders.Arn, !GetAtt Audit.Arn]
            Condition: {ArnEquals: {"aws:SourceArn": !Ref OrderEvents}}
  EventsPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref OrderEvents]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
            Action: sns:Publish
            Resource: !Ref OrderEvents
  ToOrders:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref OrderEvents
      Protocol: sqs
      Endpoint: !GetAtt Orders.Arn
      RawMessageDelivery: true
      FilterPolicy: {kind: [created, {prefix: paid}], price: [{numeric: [">=", 1.50]}]}
  ToAudit:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref OrderEvents
      Protocol: sqs
      Endpoint: !GetAtt Audit.Arn
      FilterPolicyScope: MessageBody
      FilterPolicy: {order: {store: [{anything-but: test}]}}
      RedrivePolicy: {deadLetterTargetArn: !GetAtt DeadLetters.Arn}
"#;

#[tokio::test]
async fn templates_come_back_as_they_were_exported() {
    let first = started("shop.yaml", SHOP).await;
    let held = state(&first).await;
    assert_eq!(held.len(), 3 * 2 + 2 + 2 + 1, "{held:#?}");
    for output in ["yaml", "json"] {
        let query = format!("format=cloudformation&output={output}");
        let text = export(&first, &query).await;
        let again = started(&format!("shop-again.{output}"), &text).await;
        assert_eq!(state(&again).await, held, "{text}");
        assert_eq!(export(&again, &query).await, text);
        for expected in [
            "MaximumMessageSize",
            "SuccessFeedbackSampleRate",
            "role/feedback",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        for unexpected in ["123456789012", "NotExported"] {
            assert!(!text.contains(unexpected), "{unexpected}: {text}");
        }
    }
    let short = export(&first, "format=topiq").await;
    let again = started("shop-short.yaml", &short).await;
    assert_eq!(state(&again).await, held, "{short}");
}

#[tokio::test]
async fn templates_are_written_for_people() {
    let host = started("shop-read.yaml", SHOP).await;
    let text = export(&host, "").await;
    for expected in [
        "  OrdersQueue:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: orders\n      RedrivePolicy:\n        deadLetterTargetArn: !GetAtt OrdersDeadQueue.Arn\n        maxReceiveCount: 3\n      VisibilityTimeout: 60\n      Tags:\n        - Key: team\n          Value: payments\n",
        "              aws:SourceArn: !Ref OrderEventsTopic\n",
        "              AWS: !Sub \"arn:${AWS::Partition}:iam::${AWS::AccountId}:root\"\n",
        "  OrderEventsTopicOrdersSubscription:\n",
        "          - numeric:\n              - \">=\"\n              - 1.50\n",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
}

#[tokio::test]
async fn templates_refer_to_the_region_that_they_are_deployed_to() {
    let text = export(&started("shop-here.yaml", SHOP).await, "").await;
    let path = super::harness::file("shop-there.yaml", &text);
    let config = topiq::Config {
        home: topiq::aws::Home::default(),
        ..super::harness::config([path])
    };
    let there = crate::support::Host::with(config).await;
    assert_eq!(export(&there, "").await, text);
    let held = state(&there).await.join("\n");
    assert!(held.contains("arn:aws:sqs:us-east-1:000000000000:orders"));
    assert!(!held.contains("eu-west-1") && !held.contains("123456789012"));
}

/// AWS allows such queues; CloudFormation refuses to create them.
#[tokio::test]
async fn circles_of_dead_letter_queues_are_cut_once_and_noted() {
    let text = "queues:
  a: {RedrivePolicy: {deadLetterTargetArn: b, maxReceiveCount: 1}}
  b: {RedrivePolicy: {deadLetterTargetArn: c, maxReceiveCount: 2}}
  c: {RedrivePolicy: {deadLetterTargetArn: b, maxReceiveCount: 3}}
  d: {RedrivePolicy: {deadLetterTargetArn: d, maxReceiveCount: 4}}
topics:
  t: {DeliveryPolicy: {http: {defaultThrottlePolicy: {maxReceivesPerSecond: 5}}}}
";
    let text = export(&started("round.yaml", text).await, "").await;
    let arn = "arn:aws:sqs:eu-west-1:123456789012:c";
    let note = format!(
        r#"    - "RedrivePolicy of queue b: {{\"deadLetterTargetArn\":\"{arn}\",\"maxReceiveCount\":2}}""#
    );
    assert!(text.contains(&note), "{text}");
    assert!(
        text.contains("    - \"DeliveryPolicy of topic t: "),
        "{text}"
    );
    assert_eq!(text.matches("maxReceiveCount: ").count(), 3, "{text}");
    assert_eq!(text.matches("!GetAtt BQueue.Arn").count(), 2, "{text}");
    let again = started("round-again.yaml", &text).await;
    assert!(
        export(&again, "")
            .await
            .contains("deadLetterTargetArn: !Sub")
    );
}

#[tokio::test]
async fn errors_of_aws_say_where_they_are() {
    let text = "Resources:
  Q:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: q
      VisibilityTimeout: 99999
";
    let expected = "wrong.yaml:6: resource Q, property VisibilityTimeout: Invalid value for the parameter VisibilityTimeout.";
    assert_eq!(refused("template/wrong.yaml", text).await, expected);
    let text = "Resources:
  P:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [\"http://localhost:4566/123456789012/none\"]
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: \"*\", Action: \"sqs:*\", Resource: \"*\"}]
";
    let expected = "wrong.yaml:2: resource P: The specified queue does not exist.";
    assert_eq!(refused("template/wrong.yaml", text).await, expected);
}

#[tokio::test]
async fn stacks_of_a_cloud_assembly_are_read() {
    let stack = file(
        "cdk.out/Shop.template.json",
        r#"{"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}}"#,
    );
    file("cdk.out/cdk.out", r#"{"version": "36.0.0"}"#);
    file(
        "cdk.out/manifest.json",
        r#"{"artifacts": {"Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}}}"#,
    );
    file("cdk.out/Shop.assets.json", r#"{"files": {}}"#);
    file(
        "cdk.out/ShopInner.nested.template.json",
        r#"{"Parameters": {"P": {"Type": "String"}}, "Resources": {"Inner": {"Type": "AWS::SQS::Queue"}}}"#,
    );
    let host = Host::with(config([stack.parent().unwrap().to_owned()])).await;
    let queues = export(&host, "format=topiq").await;
    assert!(queues.starts_with("queues:\n  Shop-Orders-"), "{queues}");
    assert!(!queues.contains("Inner"), "{queues}");
}

#[tokio::test]
async fn stacks_import_the_exports_of_others() {
    let orders = file(
        "stacks/a.yaml",
        "
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      RedrivePolicy: {deadLetterTargetArn: !ImportValue dead, maxReceiveCount: 3}
",
    );
    file(
        "stacks/b.yaml",
        "
Resources: {Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: dead}}}
Outputs: {Dead: {Value: !GetAtt Dead.Arn, Export: {Name: dead}}}
",
    );
    let host = Host::with(config([orders.parent().unwrap().to_owned()])).await;
    let expected = "queues:\n  dead: {}\n  orders:\n    RedrivePolicy:\n      deadLetterTargetArn: dead\n      maxReceiveCount: 3\n";
    assert_eq!(export(&host, "format=topiq").await, expected);
}
