//! Each function, and its errors for wrong arguments.

use super::{plan_with, shown, value, value_refusal};

const OTHERS: &str = "
  Orders: {Type: 'AWS::SQS::Queue', Properties: {QueueName: orders}}
  Events: {Type: 'AWS::SNS::Topic', Properties: {TopicName: events}}
  Mail: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref Events, Protocol: email, Endpoint: a@b.c}}
Mappings:
  Stages: {prod: {Days: 14, Names: [a, b]}}
Parameters:
  Stage: {Type: String, Default: prod}
  Names: {Type: CommaDelimitedList, Default: 'x, y,z'}
";

fn is(written: &str, expected: &str) {
    assert_eq!(value(written, OTHERS), expected, "{written}");
}

fn is_refused(written: &str, expected: &str) {
    assert_eq!(value_refusal(written, OTHERS), expected, "{written}");
}

#[test]
fn ref_gives_parameters_and_identifiers_of_resources() {
    is("!Ref Stage", "prod");
    is("{Ref: Stage}", "prod");
    is("!Ref Orders", "http://localhost:4566/000000000000/orders");
    is("!Ref Events", "arn:aws:sns:eu-west-1:000000000000:events");
    is_refused(
        "!Ref Missing",
        "there is no resource or parameter named Missing",
    );
    is_refused("!Ref [a]", "Ref takes a name, not a list");
    is_refused(
        "!Ref Mail",
        "the ARN of the subscription Mail is not known before it exists",
    );
    is_refused("!Ref Names", "this takes a text, not a list");
}

#[test]
fn pseudo_parameters_name_the_stacks_home() {
    is("!Ref AWS::Region", "eu-west-1");
    is("!Ref AWS::AccountId", "000000000000");
    is("!Ref AWS::Partition", "aws");
    is("!Ref AWS::URLSuffix", "amazonaws.com");
    is("!Ref AWS::StackName", "shop");
    is("!Select [1, !Split [/, !Ref AWS::StackId]]", "shop");
    is("!Length {Ref: AWS::NotificationARNs}", "0");
    is("!Ref AWS::NoValue", "absent");
    is_refused(
        "!Ref AWS::Nonsense",
        "there is no pseudo parameter AWS::Nonsense",
    );
}

#[test]
fn get_att_gives_attributes_of_queues_and_topics() {
    is(
        "!GetAtt Orders.Arn",
        "arn:aws:sqs:eu-west-1:000000000000:orders",
    );
    is("!GetAtt [Orders, QueueName]", "orders");
    is(
        "!GetAtt Orders.QueueUrl",
        "http://localhost:4566/000000000000/orders",
    );
    is(
        "{'Fn::GetAtt': Orders.Arn}",
        "arn:aws:sqs:eu-west-1:000000000000:orders",
    );
    is(
        "!GetAtt Events.TopicArn",
        "arn:aws:sns:eu-west-1:000000000000:events",
    );
    is("!GetAtt Events.TopicName", "events");
    is_refused("!GetAtt Missing.Arn", "there is no resource named Missing");
    is_refused(
        "!GetAtt Orders.Url",
        "Orders is an AWS::SQS::Queue and has no attribute Url, only Arn, QueueName and QueueUrl",
    );
    is_refused(
        "!GetAtt Events.Arn",
        "Events is an AWS::SNS::Topic and has no attribute Arn, only TopicArn and TopicName",
    );
    is_refused(
        "!GetAtt Mail.Arn",
        "the ARN of the subscription Mail is not known before it exists",
    );
    is_refused(
        "!GetAtt Orders",
        "Fn::GetAtt takes a resource and its attribute",
    );
    is_refused("!GetAtt [Orders]", "Fn::GetAtt takes a list of 2");
}

#[test]
fn sub_fills_in_texts() {
    is("!Sub '${Stage}-${AWS::Region}'", "prod-eu-west-1");
    is(
        "!Sub '${Orders.Arn}!'",
        "arn:aws:sqs:eu-west-1:000000000000:orders!",
    );
    is(
        "!Sub ['${Stage}-${Own}', {Own: !GetAtt Orders.QueueName}]",
        "prod-orders",
    );
    is("!Sub ['${Stage}', {Stage: other}]", "other");
    is("!Sub '${!Literal} $5 {x}'", "${Literal} $5 {x}");
    is_refused(
        "!Sub '${Missing}'",
        "there is no resource or parameter named Missing",
    );
    is_refused(
        "!Sub '${Missing.Arn}'",
        "there is no resource named Missing",
    );
    is_refused(
        "!Sub '${Names}'",
        "Fn::Sub takes texts, and Names is not one",
    );
    is_refused(
        "!Sub '${AWS::NoValue}'",
        "Fn::Sub takes texts, and AWS::NoValue is not one",
    );
    is_refused("!Sub '${Stage'", "Fn::Sub has a ${ without its }");
    is_refused(
        "!Sub {a: b}",
        "Fn::Sub takes a text, or a list of a text and a mapping",
    );
    is_refused(
        "!Sub ['x', y]",
        "Fn::Sub as its second takes a mapping, not a text",
    );
}

#[test]
fn join_split_and_select_work_on_lists() {
    is("!Join ['-', [a, 1, true, !Ref Stage]]", "a-1-true-prod");
    is("!Join [',', !Ref Names]", "x,y,z");
    is("!Join ['', [a, !Ref AWS::NoValue, b]]", "ab");
    is("!Select [1, [a, b]]", "b");
    is("!Select ['2', !Ref Names]", "z");
    is("!Join ['+', !Split [':', 'a:b:c']]", "a+b+c");
    is_refused("!Join [a]", "Fn::Join takes a list of 2");
    is_refused("!Join ['-', x]", "Fn::Join takes a list, not a text");
    is_refused("!Join ['-', [[x]]]", "Fn::Join takes a text, not a list");
    is_refused(
        "!Select [2, [a, b]]",
        "Fn::Select takes item 2 of a list that has 2",
    );
    is_refused(
        "!Select [-1, [a, b]]",
        "Fn::Select takes a whole number first, not -1",
    );
    is_refused(
        "!Split ['', x]",
        "Fn::Split takes a delimiter that is not empty",
    );
}

#[test]
fn find_in_map_looks_into_mappings() {
    is("!FindInMap [Stages, !Ref Stage, Days]", "14");
    is("!Select [0, !FindInMap [Stages, prod, Names]]", "a");
    is("!FindInMap [Stages, dev, Days, {DefaultValue: 3}]", "3");
    is_refused(
        "!FindInMap [Stages, dev, Days]",
        "there is no Stages.dev.Days in Mappings",
    );
    is_refused(
        "!FindInMap [Stages]",
        "Fn::FindInMap takes a map and two keys",
    );
}

#[test]
fn base64_json_and_length() {
    is("!Base64 hello", "aGVsbG8=");
    is("{'Fn::Base64': !Sub '${Stage}'}", "cHJvZA==");
    is(
        "!ToJsonString {a: !Ref Stage, b: [1, true]}",
        r#"{"a":"prod","b":[1,true]}"#,
    );
    is("!Length [a, b]", "2");
    is("!Length {Ref: Names}", "3");
    is_refused("!Length x", "Fn::Length takes a list, not a text");
}

#[test]
fn values_unknown_here_are_errors() {
    is_refused(
        "!ImportValue other",
        "no other template that topiq starts with exports other",
    );
    is_refused(
        "!Transform {Name: AWS::Include}",
        "topiq does not know Fn::Transform",
    );
    is_refused("!GetAZs ''", "topiq does not know Fn::GetAZs");
    is_refused(
        "!Equals [a, b]",
        "Fn::Equals is for the section Conditions only",
    );
    is_refused(
        "{'Fn::Sub': a, b: c}",
        "Fn::Sub is not allowed beside other keys",
    );
    is_refused("null", "null is not allowed in templates");
}

#[test]
fn dynamic_references_are_given_or_refused() {
    let name = |written: &str, given: &[(&str, &str)]| {
        let text = format!(
            "Parameters: {{Stage: {{Type: String, Default: prod}}}}\nResources:\n  Q: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: {written}}}}}\n"
        );
        let planned = plan_with(&text, given).map(|plan| shown(&plan));
        planned.map_err(|error| error.to_string())
    };
    let refused = |reference: &str| {
        Err(format!(
            "infra.yaml:3: resource Q, property QueueName: topiq cannot look up {{{{{reference}}}}}: give its value by --init-param {reference}=VALUE"
        ))
    };
    assert_eq!(
        name("'{{resolve:ssm:/key}}'", &[]),
        refused("resolve:ssm:/key")
    );
    assert_eq!(
        name("!Sub '{{resolve:ssm:/${Stage}:3}}'", &[]),
        refused("resolve:ssm:/prod:3")
    );
    let given = [
        ("resolve:ssm:/prod", "shop"),
        ("resolve:ssm:/key:2", "second"),
    ];
    let named = |name: &str| Ok(format!("queue {name}\n"));
    assert_eq!(
        name("!Sub 'a-{{resolve:ssm:/${Stage}:3}}-b'", &given),
        named("a-shop-b")
    );
    assert_eq!(name("'{{resolve:ssm:/key:2}}'", &given), named("second"));
    assert_eq!(name("'{{a}}{{b'", &given), named("{{a}}{{b"));
}

/// An encryption key is only kept and shown.
#[test]
fn dynamic_references_of_keys_stay() {
    is("'{{resolve:ssm:/key}}'", "{{resolve:ssm:/key}}");
    is(
        "!Sub 'x{{resolve:ssm:/${Stage}}}{{y'",
        "x{{resolve:ssm:/prod}}{{y",
    );
}
