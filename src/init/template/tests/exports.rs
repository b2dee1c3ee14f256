//! Exports of templates, and imports from each other.

use std::collections::BTreeMap;

use super::*;

const QUEUES: &str = "
Parameters: {Stage: {Type: String, Default: test}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Dead: {Type: 'AWS::SQS::Queue', Properties: {QueueName: dead}}
Outputs:
  Arn: {Value: !GetAtt Dead.Arn, Export: {Name: !Sub '${AWS::StackName}:Dead'}}
  Url: {Value: !Ref Dead}
  Prod: {Condition: IsProd, Value: x, Export: {Name: prod}}
  List: {Value: [a], Export: {Name: list}}
  Second: {Value: !Join ['-', [!ImportValue first, b]], Export: {Name: second}}
";

fn exported(exports: &[(&str, &str)]) -> Vec<(String, String)> {
    let root = document::read(QUEUES).unwrap();
    let context = Context {
        exports: owned(exports).into_iter().collect(),
        ..context(&[])
    };
    super::super::exports(&shop(&root), &context)
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn outputs_are_exported_as_far_as_they_can_be_resolved() {
    let arn = ("shop:Dead", "arn:aws:sqs:eu-west-1:000000000000:dead");
    assert_eq!(exported(&[]), owned(&[arn]));
    assert_eq!(
        exported(&[("first", "a")]),
        owned(&[arn, ("second", "a-b")])
    );
}

#[test]
fn exports_of_another_template_are_imported() {
    let text = "
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      RedrivePolicy: {deadLetterTargetArn: !ImportValue 'shop:Dead', maxReceiveCount: 3}
";
    let context = Context {
        exports: BTreeMap::from([("shop:Dead".to_owned(), "an-arn".to_owned())]),
        ..context(&[])
    };
    let root = document::read(text).unwrap();
    let planned = shown(&plan(&shop(&root), &context).unwrap());
    let expected =
        r#"queue orders RedrivePolicy={"deadLetterTargetArn":"an-arn","maxReceiveCount":3}"#;
    assert_eq!(planned.trim_end(), expected);
}
