//! Nested stacks whose templates are at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::init::library::{Child, Library};

/// A context in which `infra.yaml` and `child.yaml` name `child.yaml`.
fn library(child: &str) -> Context {
    let child = Arc::new(Child {
        file: "child.yaml".into(),
        root: document::read(child).unwrap(),
    });
    let named = |file: &str| ((file.to_owned(), "./child.yaml".to_owned()), child.clone());
    Context {
        library: Library::new(BTreeMap::from([named("infra.yaml"), named("child.yaml")])),
        ..context(&[])
    }
}

const CHILD: &str = "
Parameters: {Stage: {Type: String}, Zones: {Type: CommaDelimitedList}, Owner: {Type: String, Default: nobody}}
Resources:
  Dead: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub 'dead-${Stage}', Tags: [{Key: z, Value: !Select [1, !Ref Zones]}, {Key: o, Value: !Ref Owner}]}}
  Unnamed: {Type: AWS::SNS::Topic}
  Function: {Type: AWS::Lambda::Function}
Outputs:
  Arn: {Value: !GetAtt Dead.Arn}
  Stack: {Value: !Ref AWS::StackName}
  Bad: {Value: !Ref Nobody}
";

const PARENT: &str = "
Parameters: {Missing: {Type: String}}
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: orders
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Child.Outputs.Arn, maxReceiveCount: 3}
      Tags: [{Key: stack, Value: !GetAtt [Child, Outputs.Stack]}, {Key: id, Value: !Select [0, !Split ['/', !Ref Child]]}]
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./child.yaml
      Parameters: {Stage: test, Zones: !Join [',', [a, b]], Owner: !Ref Missing}
";

#[test]
fn a_child_gets_its_parameters_and_gives_its_outputs() {
    let plan = plan_or_errors(PARENT, &library(CHILD)).unwrap();
    let stack = names::made("shop", "Child", "", 128);
    let topic = names::made(&stack, "Unnamed", "", names::TOPIC_NAME_LENGTH);
    assert_eq!(
        shown(&plan),
        format!(
            "queue dead-test #z=b #o=nobody\ntopic {topic}\n\
             queue orders RedrivePolicy={{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-1:000000000000:dead-test\",\"maxReceiveCount\":3}} \
             #stack={stack} #id=arn:aws:cloudformation:eu-west-1:000000000000:stack\n"
        )
    );
    assert_eq!(
        plan.warnings,
        ["child.yaml: topiq does not serve AWS::Lambda::Function, and leaves out Function"]
    );
    assert_eq!(&*plan.resources[0].file, "child.yaml");
}

fn refused(parent: &str, child: &str) -> Vec<String> {
    let errors = plan_or_errors(parent, &library(child)).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn errors_are_those_of_parent_and_child() {
    assert_eq!(
        refused(&PARENT.replace("Outputs.Arn", "Outputs.Url"), CHILD),
        [
            "infra.yaml:8: resource Orders, property RedrivePolicy.deadLetterTargetArn: the nested stack Child has no output Url"
        ]
    );
    assert_eq!(
        refused(&PARENT.replace("Outputs.Arn", "Outputs.Bad"), CHILD),
        [
            "infra.yaml:8: resource Orders, property RedrivePolicy.deadLetterTargetArn: Child.Outputs.Bad: there is no resource or parameter named Nobody"
        ]
    );
    let parent = format!(
        "{}  S: {{Type: AWS::SNS::Subscription, Properties: {{TopicArn: !GetAtt Child.Outputs.Arn, Protocol: sqs, Endpoint: e}}}}\n",
        PARENT.replace("Stage: test, ", "")
    );
    assert_eq!(
        refused(&parent, CHILD),
        [
            "child.yaml:2: parameter Stage: it has no Default, and no value was given: --init-param Stage=VALUE"
        ]
    );
}

#[test]
fn stacks_that_depend_on_each_other_or_on_themselves_are_refused() {
    let parent = "Resources:
  Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !GetAtt Child.Outputs.Arn}}
  Child: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ./child.yaml, Parameters: {Stage: !GetAtt Q.Arn, Zones: a}}}
";
    let errors = refused(parent, CHILD);
    assert!(errors[0].contains("this depends on itself"), "{errors:?}");
    let endless = "Resources:
  A: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ./child.yaml}}
  B: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ./child.yaml}}
";
    let errors = refused(endless, endless);
    assert!(
        errors[0].ends_with("stacks nest deeper than 8 levels"),
        "{errors:?}"
    );
}
