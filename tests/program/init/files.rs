//! Files that people have: the output of `cdk synth` and `sam build`, configurations of other emulators, and what is
//! wrong with others.

use std::path::PathBuf;

use topiq::init::Init;
use topiq::{Config, Server};

use super::harness::{config, export, file, refused, started, state};
use crate::support::Host;

fn folder(path: &std::path::Path) -> PathBuf {
    path.parent().unwrap().to_owned()
}

async fn exported(paths: impl IntoIterator<Item = PathBuf>) -> String {
    let host = Host::with(config(paths)).await;
    export(&host, "format=topiq").await
}

/// A queue named after its stack.
fn template(queue: &str) -> String {
    format!(
        r#"{{"Resources": {{"Q": {{"Type": "AWS::SQS::Queue", "Properties": {{"QueueName": {{"Fn::Sub": "${{AWS::StackName}}-{queue}"}}}}}}}}}}"#
    )
}

#[tokio::test]
async fn stages_of_a_cloud_assembly_are_read_and_stacks_have_their_names() {
    let mark = file("stages/cdk.out", r#"{"version": "48.0.0"}"#);
    file(
        "stages/manifest.json",
        r#"{"version": "48.0.0", "artifacts": {
            "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
            "Shared.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Shared.assets.json"}},
            "Shared": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
                       "properties": {"templateFile": "Shared.template.json", "stackName": "acme-shared"}},
            "assembly-Prod": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod", "displayName": "Prod"}}}}"#,
    );
    file("stages/Shared.template.json", &template("shared"));
    file("stages/Left.template.json", &template("left-behind"));
    file("stages/assembly-Prod/cdk.out", "{}");
    file(
        "stages/assembly-Prod/manifest.json",
        r#"{"artifacts": {"ProdOrders93D7F332": {"type": "aws:cloudformation:stack",
            "properties": {"templateFile": "ProdOrders93D7F332.template.json", "stackName": "Prod-Orders"}}}}"#,
    );
    let orders = file(
        "stages/assembly-Prod/ProdOrders93D7F332.template.json",
        &template("orders"),
    );
    let all = "queues:\n  Prod-Orders-orders: {}\n  acme-shared-shared: {}\n";
    assert_eq!(exported([folder(&mark)]).await, all);
    let one = "queues:\n  Prod-Orders-orders: {}\n";
    assert_eq!(exported([folder(&orders)]).await, one);
    assert_eq!(exported([orders]).await, one);
}

#[tokio::test]
async fn a_cloud_assembly_is_known_by_its_manifest_too() {
    let manifest = file(
        "copied/manifest.json",
        r#"{"version": "48.0.0", "artifacts": {"Shop": {"type": "aws:cloudformation:stack",
            "properties": {"templateFile": "Shop.template.json", "stackName": "acme-shop"}}}}"#,
    );
    file("copied/Shop.template.json", &template("orders"));
    let all = "queues:\n  acme-shop-orders: {}\n";
    assert_eq!(exported([folder(&manifest)]).await, all);
}

#[tokio::test]
async fn a_manifest_of_something_else_marks_no_cloud_assembly() {
    let queues = file("web/a.yaml", "queues: {a: {}}\n");
    file("web/manifest.json", r#"{"topics": {"t": {}}}"#);
    let all = "queues:\n  a: {}\ntopics:\n  t: {}\n";
    assert_eq!(exported([folder(&queues)]).await, all);
}

#[tokio::test]
async fn nested_stacks_of_a_cloud_assembly_are_read_by_their_hash() {
    let hash = "0123456789abcdef".repeat(4);
    let mark = file("nested/cdk.out", "{}");
    file(
        "nested/manifest.json",
        r#"{"artifacts": {"Shop": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}}}"#,
    );
    file(
        "nested/Shop.assets.json",
        &format!(
            r#"{{"version": "48.0.0", "files": {{"{hash}": {{"source": {{"path": "ShopInner.nested.template.json", "packaging": "file"}}, "destinations": {{}}}}}}}}"#
        ),
    );
    file(
        "nested/ShopInner.nested.template.json",
        r#"{"Parameters": {"Name": {"Type": "String"}},
            "Resources": {"Dead": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Name"}}}},
            "Outputs": {"ShopInnerDeadArn": {"Value": {"Fn::GetAtt": ["Dead", "Arn"]}}}}"#,
    );
    file(
        "nested/Shop.template.json",
        &format!(
            r#"{{"Resources": {{
                "Inner": {{"Type": "AWS::CloudFormation::Stack", "Properties": {{
                    "Parameters": {{"Name": "dead"}},
                    "TemplateURL": {{"Fn::Sub": "https://s3.${{AWS::Region}}.${{AWS::URLSuffix}}/cdk-hnb659fds-assets-${{AWS::AccountId}}-${{AWS::Region}}/{hash}.json"}}}}}},
                "Orders": {{"Type": "AWS::SQS::Queue", "Properties": {{"QueueName": "orders",
                    "RedrivePolicy": {{"deadLetterTargetArn": {{"Fn::GetAtt": ["Inner", "Outputs.ShopInnerDeadArn"]}}, "maxReceiveCount": 3}}}}}}}}}}"#
        ),
    );
    let expected = "queues:\n  dead: {}\n  orders:\n    RedrivePolicy:\n      deadLetterTargetArn: dead\n      maxReceiveCount: 3\n";
    assert_eq!(exported([folder(&mark)]).await, expected);
}

const CHILD: &str = "
Parameters: {Name: {Type: String}}
Resources: {Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Name}}}
Outputs: {Arn: {Value: !GetAtt Dead.Arn}}
";

#[tokio::test]
async fn nested_stacks_that_are_files_are_read() {
    file("sam-build/child/template.yaml", CHILD);
    let parent = file(
        "sam-build/template.yaml",
        "
Transform: AWS::Serverless-2016-10-31
Resources:
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child/template.yaml, Parameters: {Name: dead}}}
  Application: {Type: AWS::Serverless::Application, Properties: {Location: ./child/template.yaml, Parameters: {Name: also-dead}}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Child.Outputs.Arn, maxReceiveCount: 3}
",
    );
    let expected = "queues:\n  also-dead: {}\n  dead: {}\n  orders:\n    RedrivePolicy:\n      deadLetterTargetArn: dead\n      maxReceiveCount: 3\n";
    assert_eq!(exported([parent]).await, expected);
}

#[tokio::test]
async fn values_of_what_is_left_out_are_named_where_they_are_refused() {
    let text = "Resources:
  Child: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://s3.amazonaws.com/b/child.yaml'}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Child.Outputs.Arn, maxReceiveCount: 3}
  Events: {Type: AWS::SNS::Topic, Properties: {TopicName: events}}
  ToChild: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Events, Protocol: sqs, Endpoint: !GetAtt Child.Outputs.Arn}}
";
    let refused = refused("files/left-out.yaml", text).await;
    let lines: Vec<_> = refused.lines().collect();
    let origin =
        "; its value comes from Child, of AWS::CloudFormation::Stack, which topiq leaves out";
    assert_eq!(lines.len(), 2, "{refused}");
    assert!(
        lines[0].starts_with("left-out.yaml:7: resource Orders, property RedrivePolicy: "),
        "{refused}"
    );
    assert!(
        lines[1].starts_with("left-out.yaml:9: resource ToChild: "),
        "{refused}"
    );
    assert!(lines.iter().all(|line| line.ends_with(origin)), "{refused}");
    assert!(!refused.contains(".;"), "{refused}");
}

#[tokio::test]
async fn refused_resources_are_all_told_but_not_what_needs_them() {
    let text = "Resources:
  A: {Type: AWS::SQS::Queue, Properties: {QueueName: a, DelaySeconds: 901}}
  B: {Type: AWS::SQS::Queue, Properties: {QueueName: b, FifoQueue: false}}
  C: {Type: AWS::SQS::Queue, Properties: {QueueName: c, RedrivePolicy: {deadLetterTargetArn: !GetAtt A.Arn, maxReceiveCount: 3}}}
  P: {Type: AWS::SQS::QueuePolicy, Properties: {Queues: [!Ref B], PolicyDocument: {Statement: []}}}
  T: {Type: AWS::SNS::Topic, Properties: {TopicName: t, Subscription: [{Protocol: sqs, Endpoint: !GetAtt B.Arn}]}}
  S: {Type: AWS::SNS::Subscription, Properties: {TopicArn: 'arn:aws:sns:eu-west-1:123456789012:none', Protocol: sqs, Endpoint: 'arn:aws:sqs:eu-west-1:123456789012:x'}}
";
    assert_eq!(
        refused("files/refused.yaml", text).await,
        "refused.yaml:2: resource A, property DelaySeconds: Invalid value for the parameter DelaySeconds.\n\
         refused.yaml:3: resource B, property FifoQueue: Unknown Attribute FifoQueue.\n\
         refused.yaml:7: resource S: Topic does not exist: no file describes arn:aws:sns:eu-west-1:123456789012:none"
    );
}

#[tokio::test]
async fn elasticmqs_configuration_starts() {
    let text = include_str!("../../fixtures/init/elasticmq.conf");
    let host = started("files/elasticmq.conf", text).await;
    assert_eq!(
        export(&host, "format=topiq").await,
        "queues:
  audit: {}
  orders:
    DelaySeconds: 5
    RedrivePolicy:
      deadLetterTargetArn: orders-dead
      maxReceiveCount: 3
    VisibilityTimeout: 10
    tags:
      stage: local
      team: payments
  orders-dead: {}
  steps.fifo:
    ContentBasedDeduplication: true
"
    );
}

#[tokio::test]
async fn goawss_configuration_starts() {
    let text = include_str!("../../fixtures/init/goaws.yaml");
    let host = started("files/goaws.yaml", text).await;
    let held = state(&host).await.join("\n");
    assert!(held.contains("VisibilityTimeout\":\"20"), "{held}");
    let exported = export(&host, "format=topiq").await;
    let of_topics = exported.split_once("topics:").unwrap().1;
    assert_eq!(
        of_topics,
        "
  order-events:
    subscriptions:
      - audit
      - queue: orders
        FilterPolicy:
          kind:
            - placed
        RawMessageDelivery: true
  quiet: {}
"
    );
    for queue in [
        "  audit:\n",
        "  orders:\n",
        "  orders-dead:\n",
        "  steps.fifo:\n",
    ] {
        assert!(exported.contains(queue), "{exported}");
    }
    assert!(!exported.contains("dev-queue"), "{exported}");
}

#[tokio::test]
async fn a_sam_template_with_events_starts() {
    let host = started(
        "files/sam-events.yaml",
        include_str!("../../fixtures/init/sam-events.yaml"),
    )
    .await;
    let exported = export(&host, "format=topiq").await;
    assert_eq!(exported.matches("aws:SourceArn: ").count(), 3, "{exported}");
    for subscription in ["email", "lambda"] {
        assert!(
            exported.contains(&format!("protocol: {subscription}")),
            "{exported}"
        );
    }
}

#[tokio::test]
async fn parameters_come_from_a_file_too() {
    let text = "Parameters: {Stage: {Type: String}, Name: {Type: String}}\nResources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${Name}-${Stage}'}}}\n";
    let template = file("files/with-parameters.yaml", text);
    let parameters = file(
        "files/parameters.json",
        r#"[{"ParameterKey": "Stage", "ParameterValue": "file"}, {"ParameterKey": "Name", "ParameterValue": "orders"}]"#,
    );
    let config = Config {
        init: Init {
            paths: vec![template.clone()],
            parameter_files: vec![parameters],
            parameters: vec![("Stage".to_owned(), "flag".to_owned())],
        },
        ..config([])
    };
    let host = Host::with(config).await;
    assert_eq!(
        export(&host, "format=topiq").await,
        "queues:\n  orders-flag: {}\n"
    );
    let missing = Config {
        init: Init {
            paths: vec![template],
            parameter_files: vec!["none.yaml".into()],
            ..Init::default()
        },
        ..super::harness::config([])
    };
    let error = Server::start(missing).await.expect_err("no such file");
    assert!(
        error.to_string().starts_with("--init-param @none.yaml: "),
        "{error}"
    );
}
