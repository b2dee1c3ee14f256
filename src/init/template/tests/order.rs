//! The order in which resources are created.

use std::fmt::Write as _;

use super::{lines, refusal};

#[test]
fn resources_come_before_references_to_them() {
    let template = "
Resources:
  Mail: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref Events, Protocol: sqs, Endpoint: !GetAtt Orders.Arn}}
  Policy: {Type: 'AWS::SQS::QueuePolicy', Properties: {Queues: [!Ref Orders], PolicyDocument: {}}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub '${Events.TopicName}-orders'
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dlq.Arn, maxReceiveCount: 3}
  Events: {Type: 'AWS::SNS::Topic', Properties: {TopicName: events}}
  Dlq: {Type: 'AWS::SQS::Queue', Properties: {QueueName: dlq}}
";
    let redrive =
        r#"{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:dlq","maxReceiveCount":3}"#;
    assert_eq!(
        lines(template),
        format!(
            "queue dlq\n\
             topic events\n\
             queue events-orders RedrivePolicy={redrive}\n\
             attributes of queue events-orders Policy={{}}\n\
             subscription arn:aws:sns:eu-west-1:000000000000:events sqs arn:aws:sqs:eu-west-1:000000000000:events-orders\n"
        )
    );
}

#[test]
fn depends_on_is_an_order_too() {
    let template = "
Resources:
  A: {Type: 'AWS::SQS::Queue', DependsOn: C, Properties: {QueueName: a}}
  B: {Type: 'AWS::SQS::Queue', DependsOn: [Function, Gone], Properties: {QueueName: b}}
  C: {Type: 'AWS::SNS::Topic', DependsOn: [B], Properties: {TopicName: c}}
  Function: {Type: 'AWS::Lambda::Function'}
  Gone: {Type: 'AWS::SQS::Queue', Condition: Never}
Conditions: {Never: !Equals [a, b]}
";
    assert_eq!(lines(template), "queue b\ntopic c\nqueue a\n");
    assert_eq!(
        refusal("Resources:\n  A:\n    Type: AWS::SQS::Queue\n    DependsOn: [Missing]\n"),
        "infra.yaml:4: resource A: DependsOn: there is no resource named Missing"
    );
    assert_eq!(
        refusal("Resources:\n  A:\n    Type: AWS::SQS::Queue\n    DependsOn: {a: b}\n"),
        "infra.yaml:4: resource A: DependsOn takes names, not a mapping"
    );
}

#[test]
fn a_cycle_is_named() {
    let template = "Resources:
  First: {Type: 'AWS::SQS::Queue', Properties: {KmsMasterKeyId: !GetAtt A.Arn}}
  A: {Type: 'AWS::SQS::Queue', Properties: {KmsMasterKeyId: !GetAtt B.Arn}}
  B: {Type: 'AWS::SQS::Queue', DependsOn: C}
  C: {Type: 'AWS::SQS::Queue', Properties: {Tags: [{Key: a, Value: !Ref A}]}}
";
    assert_eq!(
        refusal(template),
        "infra.yaml:3: resource A: this depends on itself: A -> B -> C -> A"
    );
    assert_eq!(
        refusal("Resources:\n  A: {Type: 'AWS::SQS::Queue', DependsOn: A}\n"),
        "infra.yaml:2: resource A: this depends on itself: A -> A"
    );
}

#[test]
fn names_that_wait_for_each_other_are_named() {
    let template = "Resources:
  A: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !GetAtt B.QueueName}}
  B: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !GetAtt A.QueueName}}
";
    assert!(
        refusal(template).ends_with("this depends on itself: B -> A -> B"),
        "{}",
        refusal(template)
    );
}

#[test]
fn names_cannot_build_on_each_other_endlessly() {
    let mut template =
        "Resources:\n  Q0: {Type: 'AWS::SQS::Queue', Properties: {QueueName: q}}\n".to_owned();
    for number in (1..1000).rev() {
        let name = format!("!GetAtt Q{}.QueueName", number - 1);
        let _ = writeln!(
            template,
            "  Q{number}: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: {name}}}}}"
        );
    }
    assert!(refusal(&template).ends_with("more than 32 names and conditions build on each other"));
}
