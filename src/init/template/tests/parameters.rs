//! Parameters: their values and constraints.

use super::{parameters, plan_with, refusals, shown};
use crate::document;

/// The name of a queue that is named by the parameter, declared and given like this.
fn name(declared: &str, given: &[(&str, &str)]) -> Result<String, String> {
    let text = format!(
        "Parameters:\n  Name: {{{declared}}}\nResources:\n  Q: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: !Join ['+', [!Ref Name]]}}}}\n"
    );
    match plan_with(&text, given) {
        Ok(plan) => Ok(shown(&plan)
            .trim_end()
            .strip_prefix("queue ")
            .unwrap()
            .to_owned()),
        Err(error) => {
            let error = error.to_string();
            Err(error
                .strip_prefix("infra.yaml:2: parameter Name: ")
                .unwrap()
                .to_owned())
        }
    }
}

fn is(declared: &str, expected: &str) {
    assert_eq!(name(declared, &[]).as_deref(), Ok(expected), "{declared}");
}

fn is_refused(declared: &str, expected: &str) {
    assert_eq!(name(declared, &[]).unwrap_err(), expected, "{declared}");
}

#[test]
fn a_given_value_overrides_the_default() {
    is("Type: String, Default: a", "a");
    assert_eq!(
        name("Type: String, Default: a", &[("Name", "b"), ("Other", "c")]).as_deref(),
        Ok("b")
    );
    assert_eq!(
        name("Type: String", &[("Name", "a"), ("Name", "b")]).as_deref(),
        Ok("b")
    );
}

#[test]
fn defaults_keep_their_text() {
    is("Type: String, Default: 007", "007");
    is("Type: String, Default: true", "true");
    is("Type: Number, Default: 007", "007");
}

#[test]
fn an_ssm_parameters_value_is_given() {
    let declared = "Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/name";
    is_refused(
        declared,
        "its value is the SSM parameter /shop/name, which topiq does not have: --init-param Name=VALUE",
    );
    assert_eq!(
        name(declared, &[("Name", "orders")]).as_deref(),
        Ok("orders")
    );
    assert_eq!(
        name(declared, &[("resolve:ssm:/shop/name", "orders")]).as_deref(),
        Ok("orders")
    );
}

#[test]
fn missing_parameters_are_told_all_at_once() {
    let text = "Parameters:
  Stage: {Type: String}
  VpcId: {Type: 'AWS::EC2::VPC::Id'}
  Owner: {Type: String}
  Zones: {Type: CommaDelimitedList}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  HasVpc: !Not [!Equals [!Ref VpcId, '']]
Resources:
  Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Select [1, !Ref Zones], Tags: [{Key: a, Value: !Ref Owner}]}}
  T: {Type: 'AWS::SNS::Topic', Condition: IsProd}
  F: {Type: 'AWS::Lambda::Function', Condition: HasVpc, Properties: {FunctionName: !Sub '${VpcId}-f'}}
  S: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: !Ref T, Protocol: lambda, Endpoint: !GetAtt F.Arn}}
";
    let missing = |line: usize, name: &str| {
        format!(
            "infra.yaml:{line}: parameter {name}: it has no Default, and no value was given: --init-param {name}=VALUE"
        )
    };
    assert_eq!(
        refusals(text, &[("VpcId", "v")]),
        [
            missing(2, "Stage"),
            missing(4, "Owner"),
            missing(5, "Zones")
        ]
    );
}

/// A network, a bucket with code and the like: most templates have such parameters, and no queue needs them.
#[test]
fn parameters_that_nothing_served_needs_may_be_missing() {
    let text = "Parameters:
  VpcId: {Type: 'AWS::EC2::VPC::Id'}
  Bucket: {Type: String}
  Version: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /cdk-bootstrap/hnb659fds/version}
Conditions:
  HasVpc: !Not [!Equals [!Ref VpcId, '']]
Rules:
  CheckVersion:
    Assertions: [{Assert: !Not [!Contains [['1', '2'], !Ref Version]], AssertDescription: old}]
Resources:
  Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: q, RedriveAllowPolicy: {a: !GetAtt F.Arn}}}
  F:
    Type: AWS::Lambda::Function
    Condition: HasVpc
    Properties: {FunctionName: !If [HasVpc, !Ref VpcId, x], Code: {S3Bucket: !Ref Bucket}}
Outputs:
  Vpc: {Value: !Ref VpcId, Export: {Name: vpc}}
";
    let refused = refusals(text, &[]);
    // The queue needs to know whether the function exists, which depends on the network.
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("parameter VpcId"), "{refused:?}");
    let independent = text.replace("RedriveAllowPolicy: {a: !GetAtt F.Arn}", "DelaySeconds: 1");
    let plan = plan_with(&independent, &[]).unwrap();
    assert_eq!(shown(&plan), "queue q DelaySeconds=1\n");
    assert_eq!(
        plan.warnings,
        ["infra.yaml: topiq does not serve AWS::Lambda::Function, and leaves out F"]
    );
}

#[test]
fn a_parameter_needs_a_type_and_a_value() {
    is_refused(
        "Type: String",
        "it has no Default, and no value was given: --init-param Name=VALUE",
    );
    is_refused("Default: a", "the Type is missing");
    is_refused(
        "Type: String, Default: [a]",
        "Default takes a text, not a list",
    );
}

#[test]
fn numbers_are_checked() {
    is("Type: Number, Default: '5', MinValue: 5, MaxValue: 5", "5");
    is_refused("Type: Number, Default: five", "\"five\" is no number");
    is_refused("Type: Number, Default: NaN", "\"NaN\" is no number");
    is_refused(
        "Type: Number, Default: 4, MinValue: 5",
        "\"4\" is less than its MinValue, 5",
    );
    is_refused(
        "Type: Number, Default: 4, MaxValue: 3.5",
        "\"4\" is more than its MaxValue, 3.5",
    );
    is_refused(
        "Type: Number, Default: 4, MaxValue: x",
        "MaxValue takes a number, not x",
    );
}

#[test]
fn texts_are_checked() {
    is(
        "Type: String, Default: abc, MinLength: 3, MaxLength: 3, AllowedPattern: '[a-c]+'",
        "abc",
    );
    is_refused(
        "Type: String, Default: abc, MinLength: 4",
        "\"abc\" is shorter than its MinLength, 4",
    );
    is_refused(
        "Type: String, Default: abc, MaxLength: 2",
        "\"abc\" is longer than its MaxLength, 2",
    );
    is_refused(
        "Type: String, Default: x, AllowedValues: [dev, 1]",
        "\"x\" is none of its AllowedValues: dev, 1",
    );
    is_refused(
        "Type: String, Default: abcd, AllowedPattern: 'a|abc'",
        "\"abcd\" does not match its AllowedPattern, a|abc",
    );
}

#[test]
fn a_pattern_that_only_java_knows_is_not_checked_but_warned_of() {
    let text =
        "Parameters: {P: {Type: String, Default: x, AllowedPattern: '(?!x).*'}}\nResources: {}\n";
    assert_eq!(
        plan_with(text, &[]).unwrap().warnings,
        ["infra.yaml: the AllowedPattern of the parameter P cannot be read, and is not checked"]
    );
}

#[test]
fn lists_are_split_and_each_item_checked() {
    let list = |declared: &str| {
        let text = format!(
            "Parameters:\n  Name: {{{declared}}}\nResources:\n  Q: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: !Join ['+', !Ref Name]}}}}\n"
        );
        plan_with(&text, &[])
            .map(|plan| shown(&plan))
            .map_err(|error| error.sentence)
    };
    assert_eq!(
        list("Type: CommaDelimitedList, Default: 'a, b'").as_deref(),
        Ok("queue a+b\n")
    );
    assert_eq!(
        list("Type: List<Number>, Default: '1,2'").as_deref(),
        Ok("queue 1+2\n")
    );
    assert_eq!(
        list("Type: 'List<AWS::EC2::Subnet::Id>', Default: 's-1,s-2'").as_deref(),
        Ok("queue s-1+s-2\n")
    );
    assert_eq!(
        list("Type: List<Number>, Default: '1,x'").unwrap_err(),
        "parameter Name: \"x\" is no number"
    );
    assert_eq!(
        list("Type: CommaDelimitedList, Default: 'a,b', AllowedValues: [a]").unwrap_err(),
        "parameter Name: \"b\" is none of its AllowedValues: a"
    );
}

#[test]
fn a_template_lists_its_parameters() {
    let root = document::read("Parameters: {A: {Type: String}, B: {}}\nResources: {}\n").unwrap();
    assert!(parameters(&root).eq(["A", "B"]));
    assert_eq!(
        parameters(&document::read("Resources: {}").unwrap()).count(),
        0
    );
}
