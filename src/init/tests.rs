//! Plans of several files together.

use super::*;
use crate::aws::{AccountId, Region};

fn context(parameters: &[(&str, &str)]) -> Context {
    let given = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Context {
        home: Home {
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
        },
        endpoint: "http://here".to_owned(),
        parameters: parameters.iter().map(given).collect(),
        ..Context::default()
    }
}

fn plan_with(files: &[(&str, &str)], parameters: &[(&str, &str)]) -> Result<Plan, String> {
    let file = |(name, text): &(&str, &str)| File {
        name: (*name).into(),
        text: (*text).to_owned(),
        stack_name: name.contains("Named").then(|| "named".to_owned()),
    };
    let files: Vec<_> = files.iter().map(file).collect();
    plan_of(&files, &mut context(parameters)).map_err(|error| error.to_string())
}

fn names_of(plan: &Plan) -> Vec<String> {
    let all = plan.resources.iter();
    let names = all.map(|resource| match &resource.wanted {
        Wanted::Queue { name, .. } | Wanted::Topic { name, .. } => name.clone(),
        _ => resource.name.clone(),
    });
    names.collect()
}

#[test]
fn errors_of_all_files_are_told() {
    let files = [
        (
            "a.yaml",
            "queues: {q: {Delay: 1}, r: {Nonsense: 1}}\ntopics: {t: 1}",
        ),
        ("b.yaml", "{"),
    ];
    let refused = plan_with(&files, &[("Stage", "x")]).unwrap_err();
    assert_eq!(
        refused,
        "b.yaml:1: EOF while parsing an object\n--init-param Stage: no template has this parameter"
    );
    let refused = plan_with(&files[..1], &[]).unwrap_err();
    let lines: Vec<_> = refused.lines().collect();
    assert_eq!(
        lines[0],
        "a.yaml:1: queues.q.Delay: there is no such attribute; did you mean DelaySeconds?"
    );
    assert!(
        lines[1].starts_with("a.yaml:1: queues.r.Nonsense: there is no such attribute; there are ")
    );
    assert_eq!(lines[2], "a.yaml:2: topics.t is a mapping, not a number");
    assert_eq!(lines.len(), 3);
    assert_eq!(
        plan_with(&[("a.yaml", "Queues: {q: {}}")], &[]).unwrap_err(),
        "a.yaml:1: there is no Queues in a topiq file, only queues, topics, buses, rules, archives, connections, apiDestinations, endpoints, logGroups, streams, registries and discoverers; did you mean queues?"
    );
}

#[test]
fn log_lines_are_lines_whatever_the_names() {
    let long = format!(
        "queues: {{\"a\\nb\": {{}}}}\n\"{}\": {{}}",
        "k\\r".repeat(10_000)
    );
    let refused = plan_with(&[("a.yaml", &long)], &[]).unwrap_err();
    assert_eq!(refused.lines().count(), 1);
    assert!(!refused.contains('\r'));
    assert!(refused.chars().count() < 2000, "{}", refused.len());
    assert!(refused.ends_with("and it is no template: that has Resources"));
}

#[test]
fn unknown_parameters_are_told_with_what_may_be_meant() {
    let template = "Parameters: {Stage: {Type: String, Default: a}}\nResources: {}";
    let refused = plan_with(
        &[("a.yaml", template)],
        &[("Stgae", "x"), ("resolve:ssm:/a", "b")],
    );
    assert_eq!(
        refused.unwrap_err(),
        "--init-param Stgae: no template has this parameter; did you mean Stage?"
    );
}

#[test]
fn a_stack_is_named_by_its_manifest_the_parameter_or_its_file() {
    let template = "Resources: {Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Sub '${AWS::StackName}-q'}}}";
    let name = |file: &str, parameters: &[(&str, &str)]| {
        names_of(&plan_with(&[(file, template)], parameters).unwrap()).remove(0)
    };
    assert_eq!(name("dir/Shop.template.json", &[]), "Shop-q");
    assert_eq!(name("infra.yaml", &[("AWS::StackName", "shop")]), "shop-q");
    assert_eq!(name("Named.yaml", &[("AWS::StackName", "shop")]), "named-q");
}

#[test]
fn what_belongs_to_other_topics_is_left_out() {
    let template = "Resources:
  Q: {Type: 'AWS::SQS::Queue', Properties: {QueueName: q}}
  Theirs: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: 'arn:aws:sns:eu-west-1:111111111111:theirs', Protocol: sqs, Endpoint: !GetAtt Q.Arn}}
  Far: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: 'arn:aws:sns:us-east-1:123456789012:far', Protocol: sqs, Endpoint: !GetAtt Q.Arn}}
  Policy: {Type: 'AWS::SNS::TopicPolicy', Properties: {Topics: ['arn:aws:sns:us-east-1:123456789012:far'], PolicyDocument: {}}}
  Here: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: 'arn:aws:sns:eu-west-1:123456789012:here', Protocol: sqs, Endpoint: !GetAtt Q.Arn}}
";
    let plan = plan_with(&[("a.yaml", template)], &[]).unwrap();
    assert_eq!(names_of(&plan), ["q", "Here"]);
    let warning = |line: usize, name: &str, what: &str, arn: &str| {
        format!(
            "a.yaml:{line}: resource {name} is left out: it is the {what} a topic of another account or region, arn:aws:sns:{arn}"
        )
    };
    assert_eq!(
        plan.warnings,
        [
            warning(5, "Policy", "policy of", "us-east-1:123456789012:far"),
            warning(
                3,
                "Theirs",
                "subscription to",
                "eu-west-1:111111111111:theirs"
            ),
            warning(4, "Far", "subscription to", "us-east-1:123456789012:far"),
        ]
    );
}

fn counts(next: &[(&'static str, &str)]) -> Vec<(String, usize)> {
    let next = next.iter().map(|(name, next)| (*name, (*next).to_owned()));
    let mut counts: Vec<_> = followers(&next.collect()).into_iter().collect();
    counts.sort_unstable();
    counts
}

#[test]
fn dead_letter_queues_are_counted_to_their_end() {
    let owned = |all: &[(&str, usize)]| -> Vec<(String, usize)> {
        let owned = all.iter().map(|(name, count)| ((*name).to_owned(), *count));
        owned.collect()
    };
    assert_eq!(
        counts(&[("a", "b"), ("b", "c"), ("d", "b")]),
        owned(&[("a", 2), ("b", 1), ("d", 2)])
    );
    assert_eq!(
        counts(&[("a", "b"), ("b", "a"), ("c", "a"), ("d", "d"), ("e", "f")]),
        owned(&[("a", 5), ("b", 5), ("c", 5), ("d", 5), ("e", 1)])
    );
}

#[tokio::test]
async fn planning_ends_with_its_caller() {
    let template = format!(
        "Resources: {{Q: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: !Join ['', [{}]]}}}}}}",
        "'x',".repeat(200_000)
    );
    let path = std::env::temp_dir().join(format!("topiq-{}-stop.yaml", std::process::id()));
    std::fs::write(&path, template).unwrap();
    let init = Init {
        paths: vec![path.clone()],
        ..Init::default()
    };
    let context = context(&[]);
    let work = context.work.clone();
    let mut planning = Box::pin(planned(init, context));
    tokio::select! {
        biased;
        _ = &mut planning => {}
        () = tokio::task::yield_now() => {}
    }
    drop(planning);
    assert!(work.is_stopped());
    std::fs::remove_file(path).unwrap();
}

#[test]
fn what_is_named_by_text_comes_before_what_names_it() {
    let template = "
Resources:
  Statement: {Type: 'AWS::Events::EventBusPolicy', Properties: {EventBusName: shop, StatementId: s, Statement: {Effect: Allow}}}
  Permission: {Type: 'AWS::Events::EventBusPolicy', Properties: {EventBusName: shop, StatementId: p, Action: 'events:PutEvents', Principal: '*'}}
  Readers: {Type: 'AWS::EventSchemas::RegistryPolicy', Properties: {RegistryName: shapes, Policy: {}}}
  Discoverer: {Type: 'AWS::EventSchemas::Discoverer', Properties: {SourceArn: 'arn:aws:events:eu-west-1:123456789012:event-bus/shop'}}
  Shape: {Type: 'AWS::EventSchemas::Schema', Properties: {RegistryName: shapes, SchemaName: s, Type: OpenApi3, Content: '{}'}}
  Placed: {Type: 'AWS::Events::Rule', Properties: {EventBusName: shop, Name: placed, EventPattern: {source: [s]}, Targets: [{Id: t, Arn: 'arn:aws:sqs:eu-west-1:123456789012:q'}]}}
  Kept: {Type: 'AWS::Events::Archive', Properties: {SourceArn: 'arn:aws:events:eu-west-1:123456789012:event-bus/shop', ArchiveName: kept}}
  Mail: {Type: 'AWS::SNS::Subscription', Properties: {TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t', Protocol: sqs, Endpoint: 'arn:aws:sqs:eu-west-1:123456789012:q'}}
  Fans: {Type: 'AWS::SNS::TopicPolicy', Properties: {PolicyDocument: {}, Topics: ['arn:aws:sns:eu-west-1:123456789012:t']}}
  Senders: {Type: 'AWS::SQS::QueuePolicy', Properties: {PolicyDocument: {}, Queues: ['http://here/123456789012/q']}}
  Bus: {Type: 'AWS::Events::EventBus', Properties: {Name: shop}}
  Registry: {Type: 'AWS::EventSchemas::Registry', Properties: {RegistryName: shapes}}
  Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: t}}
  Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: q, RedrivePolicy: {deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:d', maxReceiveCount: 3}}}
  Dead: {Type: 'AWS::SQS::Queue', Properties: {QueueName: d}}
";
    let plan = plan_with(&[("Shop.yaml", template)], &[]).unwrap();
    let expected = [
        "d",
        "q",
        "Senders",
        "t",
        "Fans",
        "Mail",
        "Bus",
        "Kept",
        "Placed",
        "Placed",
        "Registry",
        "Shape",
        "Discoverer",
        "Permission",
        "Readers",
        "Statement",
    ];
    assert_eq!(names_of(&plan), expected);
}
