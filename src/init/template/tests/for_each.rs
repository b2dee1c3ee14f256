//! `Fn::ForEach`.

use super::{lines, plan_with, refusal, shown};

const TRANSFORM: &str = "Transform: AWS::LanguageExtensions\n";

#[test]
fn loops_make_resources_conditions_and_outputs() {
    let text = "
Transform: [AWS::LanguageExtensions]
Parameters: {Names: {Type: CommaDelimitedList, Default: 'orders,refunds'}}
Conditions:
  Fn::ForEach::Switches: [Name, !Ref Names, {'Is${Name}': !Equals [!Ref Name, orders]}]
Resources:
  Fn::ForEach::Queues:
    - Name
    - !Ref Names
    - '${Name}Dead': {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${Name}-dead'}}
      '${Name}Queue':
        Type: AWS::SQS::Queue
        Properties:
          QueueName: !Ref Name
          RedrivePolicy: {deadLetterTargetArn: !GetAtt '${Name}Dead.Arn', maxReceiveCount: 3}
      '${Name}Topic':
        Type: AWS::SNS::Topic
        Condition: 'Is${Name}'
        Properties: {TopicName: !Ref Name}
  Plain: {Type: AWS::SQS::Queue, Properties: {QueueName: plain}}
";
    let redrive = |name: &str| {
        format!(
            r#"RedrivePolicy={{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:{name}-dead","maxReceiveCount":3}}"#
        )
    };
    assert_eq!(
        lines(text),
        format!(
            "queue orders-dead\nqueue orders {}\nqueue refunds-dead\nqueue refunds {}\nqueue plain\ntopic orders\n",
            redrive("orders"),
            redrive("refunds")
        )
    );
    let given = plan_with(text, &[("Names", "a")]).unwrap();
    assert_eq!(
        shown(&given),
        format!("queue a-dead\nqueue a {}\nqueue plain\n", redrive("a"))
    );
}

#[test]
fn loops_nest_and_reach_into_properties() {
    let text = format!(
        "{TRANSFORM}Resources:
  Fn::ForEach::Stages:
    - Stage
    - [dev, prod]
    - Fn::ForEach::Names:
        - Name
        - [a.b, c]
        - '${{Stage}}&{{Name}}':
            Type: AWS::SNS::Topic
            Properties:
              Fn::ForEach::Settings: [Key, [DisplayName], {{'${{Key}}': !Sub '${{Stage}} ${{Name}}'}}]
              TopicName: !Join ['-', ['&{{Name}}', !Ref Stage]]
"
    );
    assert_eq!(
        lines(&text),
        "topic ab-dev DisplayName=dev a.b\ntopic c-dev DisplayName=dev c\n\
         topic ab-prod DisplayName=prod a.b\ntopic c-prod DisplayName=prod c\n"
    );
}

#[test]
fn wrong_loops_are_refused() {
    let refused = |written: &str| {
        let text = format!("{TRANSFORM}Resources:\n  Fn::ForEach::Queues: {written}\n");
        refusal(&text)
    };
    let start = "infra.yaml:3: Fn::ForEach::Queues: ";
    assert_eq!(
        refused("[Name, [a]]"),
        format!("{start}Fn::ForEach takes a list of 3")
    );
    assert_eq!(
        refused("[Name, a, {}]"),
        format!("{start}Fn::ForEach takes a list, not a text")
    );
    assert_eq!(
        refused("[Name, [a, b], {Queue: {Type: 'AWS::SQS::Queue'}}]"),
        "infra.yaml:3: Fn::ForEach makes Queue a second time"
    );
    assert_eq!(
        refusal("Resources:\n  Fn::ForEach::Queues: [N, [a, b], {}]\n"),
        "infra.yaml:2: Fn::ForEach needs the transform AWS::LanguageExtensions"
    );
    let missing = format!(
        "Parameters:\n  Names: {{Type: CommaDelimitedList}}\n{TRANSFORM}Resources:\n  Fn::ForEach::Queues: [N, !Ref Names, {{}}]\n"
    );
    assert_eq!(
        refusal(&missing),
        "infra.yaml:2: parameter Names: it has no Default, and no value was given: --init-param Names=VALUE"
    );
}
