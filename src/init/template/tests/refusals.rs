//! Errors in resources, and their places.

use super::resources::is_refused;
use super::{lines, refusal, refusals};

#[test]
fn wrong_values_are_refused_with_their_place() {
    let queue = "AWS::SQS::Queue";
    is_refused(
        queue,
        "VisbilityTimeout: 5",
        "4: resource One, property VisbilityTimeout: AWS::SQS::Queue has no such property; did you mean VisibilityTimeout?",
    );
    is_refused(
        queue,
        "'Fn::Transform': {Name: 'AWS::Include'}",
        "4: resource One: Fn::Transform is not allowed in place of properties",
    );
    is_refused(
        queue,
        "DelaySeconds: '-'",
        "4: resource One, property DelaySeconds: this takes a whole number, not the text \"-\"",
    );
    is_refused(
        queue,
        "DelaySeconds: soon",
        "4: resource One, property DelaySeconds: this takes a whole number, not the text \"soon\"",
    );
    is_refused(
        queue,
        "DelaySeconds: 1.5",
        "4: resource One, property DelaySeconds: this takes a whole number, not the number 1.5",
    );
    is_refused(
        queue,
        "FifoQueue: 1",
        "4: resource One, property FifoQueue: this takes true or false, not the number 1",
    );
    is_refused(
        queue,
        "QueueName: [a]",
        "4: resource One, property QueueName: this takes a text, not a list",
    );
    is_refused(
        queue,
        "RedrivePolicy: 5",
        "4: resource One, property RedrivePolicy: this takes a mapping or its JSON text, not the number 5",
    );
    is_refused(
        queue,
        "Tags: {a: b}",
        "4: resource One, property Tags: this takes a list, not a mapping",
    );
    is_refused(
        queue,
        "Tags: [{Key: a}]",
        "4: resource One, property Tags[0]: the property Value is missing",
    );
    is_refused(
        queue,
        "Tags: [{Key: a, Value: !Ref Nobody}]",
        "4: resource One, property Tags[0].Value: there is no resource or parameter named Nobody",
    );
    is_refused(
        queue,
        "RedrivePolicy: {\n      deadLetterTargetArn: !GetAtt Dlq.Arn}",
        "5: resource One, property RedrivePolicy.deadLetterTargetArn: there is no resource named Dlq",
    );
}

#[test]
fn an_error_in_a_name_names_the_resource_that_has_it() {
    let text = "Resources:
  Asks: {Type: 'AWS::SQS::Queue', Properties: {KmsMasterKeyId: !GetAtt Named.Arn}}
  Named:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub '${Nobody}-x'
";
    assert_eq!(
        refusal(text),
        "infra.yaml:6: resource Named, property QueueName: there is no resource or parameter named Nobody"
    );
}

#[test]
fn a_template_has_its_shape() {
    assert_eq!(
        refusal("{}"),
        "infra.yaml:1: a template needs Resources, and there are none"
    );
    assert_eq!(
        refusal("Resources: [a]"),
        "infra.yaml:1: Resources takes a mapping, not a list"
    );
    assert_eq!(
        refusal("Resources:\n  A: x\n"),
        "infra.yaml:2: resource A: a resource takes a mapping, not a text"
    );
    assert_eq!(
        refusal("Resources:\n  A: {}\n"),
        "infra.yaml:2: resource A: the Type is missing"
    );
    assert_eq!(
        refusal("Resources:\n  A: {Type: 'AWS::SQS::Queue', Properties: [a]}\n"),
        "infra.yaml:2: resource A: Properties takes a mapping, not a list"
    );
    assert_eq!(
        refusal("Resources: {}\nTransform: [AWS::Serverless-2016-10-31, Mine]\n"),
        "infra.yaml:2: the transform Mine is not one that topiq knows"
    );
    assert_eq!(
        lines("Resources:\nOutputs: {A: !Ref Nobody}\nHooks: 5\n"),
        ""
    );
}

#[test]
fn all_errors_are_told_each_once() {
    let text = "Resources:
  A: {Type: 'AWS::SQS::Queue', Properties: {Delay: 5, QueueName: !Ref Nothing, Visibility: 1}}
  B: {Type: 'AWS::SQS::Queue', Condition: Nobody}
  C: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref Nobody}}
  D: {Type: 'AWS::SQS::Queue', Properties: {Tags: [{Key: a, Value: !Ref C}]}}
  E: {Type: 'AWS::SQS::Queue', Properties: {Tags: [{Key: a, Value: !Ref C}]}}
  F: {Type: 'AWS::SQS::Queeu'}
";
    assert_eq!(
        refusals(text, &[]),
        [
            "infra.yaml:2: resource A, property Delay: AWS::SQS::Queue has no such property; did you mean DelaySeconds?",
            "infra.yaml:2: resource A, property QueueName: there is no resource or parameter named Nothing",
            "infra.yaml:2: resource A, property Visibility: AWS::SQS::Queue has no such property; did you mean VisibilityTimeout?",
            "infra.yaml:3: resource B: there is no condition named Nobody",
            "infra.yaml:4: resource C, property QueueName: there is no resource or parameter named Nobody",
            "infra.yaml:7: resource F: there is no type AWS::SQS::Queeu; did you mean AWS::SQS::Queue?",
        ]
    );
    let text =
        "Resources:\n  A: x\n  B: {}\n  C: {Type: 'AWS::SQS::Queue', Properties: {Delay: 5}}\n";
    assert_eq!(
        refusals(text, &[]),
        [
            "infra.yaml:2: resource A: a resource takes a mapping, not a text",
            "infra.yaml:3: resource B: the Type is missing",
        ]
    );
}

#[test]
fn mistyped_types_are_errors() {
    let refused = |type_name: &str| refusal(&format!("Resources:\n  A: {{Type: '{type_name}'}}\n"));
    for (written, meant) in [
        ("AWS::SQS::Queeu", "; did you mean AWS::SQS::Queue?"),
        ("AWS::SQS::queue", "; did you mean AWS::SQS::Queue?"),
        ("AWS:SNS:Topic", "; did you mean AWS::SNS::Topic?"),
        (
            "AWS::SNS::Subscripton",
            "; did you mean AWS::SNS::Subscription?",
        ),
    ] {
        let expected = format!("infra.yaml:2: resource A: there is no type {written}{meant}");
        assert_eq!(refused(written), expected);
    }
    assert!(
        refused("AWS::SNS::Nonsense")
            .starts_with("infra.yaml:2: resource A: there is no type AWS::SNS::Nonsense")
    );
    assert_eq!(
        lines("Resources: {A: {Type: 'AWS::S3::Bucket'}, B: {Type: 'Custom::Queue'}}"),
        ""
    );
}
