//! How much a template's values may take. A template of a kilobyte can ask for gigabytes.

use std::fmt::Write as _;

use super::{context, lines, plan_or_errors, refusal};

const TOO_MUCH: &str = "with this the template's values take more than 64 MiB";

fn queue(name: &str) -> String {
    format!("Resources:\n  Q: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: {name}}}}}\n")
}

#[test]
fn nested_substitutions_are_bounded() {
    for (innermost, levels) in [("xxxxxxxx", 22), ("", 22)] {
        let mut name = format!("{{'Fn::Sub': ['${{a}}${{a}}', {{a: '{innermost}'}}]}}");
        for _ in 0..levels {
            name = format!("{{'Fn::Sub': ['${{a}}${{a}}', {{a: {name}}}]}}");
        }
        let refused = refusal(&queue(&name));
        let expected = format!("infra.yaml:2: resource Q, property QueueName: {TOO_MUCH}");
        assert_eq!(refused, expected);
    }
}

#[test]
fn long_texts_are_bounded() {
    let long = "x".repeat(4000);
    let parameters = format!("Parameters: {{P: {{Type: String, Default: {long}}}}}\n");
    let repeated = "${P}".repeat(20_000);
    let items = "a,".repeat(20_000);
    for name in [
        format!("!Sub '{repeated}'"),
        format!("!Join [{long}, [{items}]]"),
        format!("!Join ['', [{}]]", "!Ref P,".repeat(20_000)),
    ] {
        let refused = refusal(&format!("{}{parameters}", queue(&name)));
        assert!(refused.starts_with("infra.yaml:2: resource Q, property QueueName"));
        assert!(refused.ends_with(TOO_MUCH), "{refused}");
    }
}

#[test]
fn splitting_and_choosing_are_bounded() {
    let text = format!(
        "{}Parameters: {{P: {{Type: String, Default: '{}'}}}}\n",
        queue("!Select [0, !Split [',', !Ref P]]"),
        ",".repeat(1 << 20)
    );
    assert!(refusal(&text).ends_with(TOO_MUCH));
}

#[test]
fn loops_are_bounded() {
    let items: Vec<String> = (0..100).map(|number| format!("i{number}")).collect();
    let items = items.join(", ");
    let mut body = "{'${A0}${A1}${A2}${A3}': {Type: 'AWS::SQS::Queue'}}".to_owned();
    for level in 0..4 {
        body = format!("{{'Fn::ForEach::L{level}': [A{level}, [{items}], {body}]}}");
    }
    let text = format!("Transform: AWS::LanguageExtensions\nResources: {body}\n");
    let refused = refusal(&text);
    assert!(refused.ends_with(TOO_MUCH), "{refused}");
}

/// Each queue is the dead-letter queue of the one before.
#[test]
fn long_chains_of_dead_letters_are_planned() {
    const COUNT: usize = 5000;
    let mut text = "Resources:\n".to_owned();
    for number in 0..COUNT {
        let redrive = match number + 1 {
            COUNT => String::new(),
            next => format!(
                ", RedrivePolicy: {{deadLetterTargetArn: !GetAtt Q{next}.Arn, maxReceiveCount: 3}}"
            ),
        };
        let _ = writeln!(
            text,
            "  Q{number}: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: q{number}{redrive}}}}}"
        );
    }
    let lines = lines(&text);
    assert!(lines.starts_with("queue q4999\nqueue q4998 RedrivePolicy="));
    assert_eq!(lines.lines().count(), COUNT);
}

#[test]
fn planning_stops_when_it_is_told_to() {
    let context = context(&[]);
    drop(context.work.until_dropped());
    let errors = plan_or_errors(&queue("q"), &context).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].sentence.ends_with("topiq was told to stop"),
        "{}",
        errors[0]
    );
}
