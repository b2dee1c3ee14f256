//! Parameters: their values and constraints.

use super::{parameters, plan_with, shown};
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
    is(
        "Type: 'AWS::SSM::Parameter::Value<String>', Default: /cdk-bootstrap/version",
        "/cdk-bootstrap/version",
    );
}

#[test]
fn a_parameter_needs_a_type_and_a_value() {
    is_refused("Type: String", "it has no Default, and no value was given");
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
    assert_eq!(parameters(&root), ["A", "B"]);
    assert!(parameters(&document::read("Resources: {}").unwrap()).is_empty());
}
