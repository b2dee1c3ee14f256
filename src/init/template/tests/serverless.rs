//! What AWS SAM generates: queues, topics, subscriptions and policies.

use super::{lines, made, plan_with, refusal, shown};

const EVENTS: &str = include_str!("../../../../tests/fixtures/init/sam-events.yaml");

const ARN: &str = "arn:aws:sqs:eu-west-1:000000000000";
const EVENTS_ARN: &str = "arn:aws:events:eu-west-1:000000000000";
const TOPIC: &str = "arn:aws:sns:eu-west-1:000000000000:orders";

fn policy(principal: &str, resource: &str, source: &str) -> String {
    format!(
        r#"Policy={{"Version":"2012-10-17","Statement":[{{"Action":"sqs:SendMessage","Resource":"{resource}","Effect":"Allow","Condition":{{"ArnEquals":{{"aws:SourceArn":"{source}"}}}},"Principal":{principal}}}]}}"#
    )
}

#[test]
fn events_make_subscriptions_queues_and_policies() {
    let plan = plan_with(EVENTS, &[]).unwrap();
    let [rule, given] = ["ReportNightly", "ReportGiven"].map(made);
    let [bill, nightly, weekly, failed] = [
        "BillPlacedQueue",
        "ReportNightlyQueue",
        "ReportWeeklyQueue",
        "AuditEventInvokeConfigOnFailureQueue",
    ]
    .map(made);
    let done = made("AuditEventInvokeConfigOnSuccessTopic");
    let function = |name: &str| format!("arn:aws:lambda:eu-west-1:000000000000:function:{name}");
    let report = function(&made("Report"));
    let service = r#"{"Service":"events.amazonaws.com"}"#;
    assert_eq!(
        shown(&plan),
        format!(
            r#"queue shipping
queue {bill}
queue {failed}
queue {nightly}
queue {weekly}
topic orders
topic {done}
attributes of queue {bill} {}
attributes of queue shipping {}
subscription arn:aws:sns:eu-west-1:000000000000:{done} email ops@example.com
subscription {TOPIC} sqs {ARN}:{bill} FilterPolicy={{"kind":["placed"]}} FilterPolicyScope=MessageBody
subscription {TOPIC} sqs {ARN}:shipping
subscription {TOPIC} lambda {}:live RedrivePolicy={{"deadLetterTargetArn":"{ARN}:{failed}"}}
PutRule {{"Name":"{rule}","ScheduleExpression":"rate(1 day)"}} ["{EVENTS_ARN}:rule/{rule}"]
PutTargets {{"Rule":"{rule}","Targets":[{{"Id":"ReportNightlyLambdaTarget","Arn":"{report}","DeadLetterConfig":{{"Arn":"{ARN}:{nightly}"}}}}]}} []
attributes of queue {nightly} {}
PutRule {{"Name":"{given}","EventPattern":"{{\"source\":[\"shop\"]}}"}} ["{EVENTS_ARN}:rule/{given}"]
PutTargets {{"Rule":"{given}","Targets":[{{"Id":"ReportGivenLambdaTarget","Arn":"{report}","DeadLetterConfig":{{"Arn":"{ARN}:shipping"}}}}]}} []
"#,
            policy("\"*\"", &format!("{ARN}:{bill}"), TOPIC),
            policy("\"*\"", &format!("{ARN}:shipping"), TOPIC),
            function("audit"),
            policy(
                service,
                &format!("{ARN}:{nightly}"),
                &format!("{EVENTS_ARN}:rule/{rule}")
            ),
        )
    );
    assert_eq!(
        plan.warnings,
        [
            "infra.yaml: topiq does not serve AWS::Serverless::Function, and makes only the queues, topics, subscriptions and policies of Bill, Ship, Audit, Report, Gone",
        ]
    );
}

#[test]
fn destinations_are_made_where_none_is_given() {
    let text = |destination: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31
Parameters: {{Has: {{Type: String, Default: 'no'}}}}
Conditions: {{HasQueue: !Equals [!Ref Has, 'yes'], Never: !Equals [a, b]}}
Resources:
  F: {{Type: 'AWS::Serverless::Function', Properties: {{EventInvokeConfig: {{DestinationConfig: {{OnFailure: {{Type: SQS{destination}}}}}}}}}}}
"
        )
    };
    let made = format!("queue {}\n", made("FEventInvokeConfigOnFailureQueue"));
    let planned = |destination: &str, has: &str| {
        shown(&plan_with(&text(destination), &[("Has", has)]).unwrap())
    };
    assert_eq!(planned("", "no"), made);
    assert_eq!(planned(", Destination: 'arn:x'", "no"), "");
    let either = ", Destination: !If [HasQueue, 'arn:x', !Ref 'AWS::NoValue']";
    assert_eq!(planned(either, "no"), made);
    assert_eq!(planned(either, "yes"), "");
    let other = ", Destination: !If [HasQueue, !Ref 'AWS::NoValue', 'arn:x']";
    assert_eq!(planned(other, "no"), "");
    assert_eq!(planned(other, "yes"), made);
    let dropped = text(either).replace("Properties", "Condition: Never, Properties");
    assert_eq!(lines(&dropped), "");
}

#[test]
fn destinations_are_named_by_their_function() {
    let text = "
Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}, OnSuccess: {Type: SNS}}}}}
  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q, Tags: [{Key: a, Value: !Sub '${F.DestinationQueue.Arn}+${F.DestinationTopic}'}]}}
";
    let (queue, topic) = (
        made("FEventInvokeConfigOnFailureQueue"),
        made("FEventInvokeConfigOnSuccessTopic"),
    );
    let sns = "arn:aws:sns:eu-west-1:000000000000";
    assert_eq!(
        lines(text),
        format!("queue {queue}\ntopic {topic}\nqueue q #a={ARN}:{queue}+{sns}:{topic}\n")
    );
}

#[test]
fn connectors_let_topics_and_rules_write() {
    let text = "
Transform: AWS::Serverless-2016-10-31
Resources:
  Events:
    Type: AWS::SNS::Topic
    Properties: {TopicName: events}
    Connectors:
      ToQueues: {Properties: {Destination: [{Id: A}, {Id: B}], Permissions: [Write]}}
      ToFunction: {Properties: {Destination: {Id: F}, Permissions: [Write]}}
  Rule: {Type: AWS::Events::Rule, Properties: {Name: rule}}
  A: {Type: AWS::SQS::Queue, Properties: {QueueName: a}}
  B: {Type: AWS::SQS::Queue, Properties: {QueueName: b}}
  C: {Type: AWS::SQS::Queue, Properties: {QueueName: c}}
  F: {Type: AWS::Serverless::Function}
  RuleToTopic: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: Rule}, Destination: {Id: Events}, Permissions: [Write]}}
  Reads: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: Events}, Destination: {Id: C}, Permissions: [Read]}}
  FToC: {Type: AWS::Serverless::Connector, Properties: {Source: {Id: F}, Destination: {Id: C}, Permissions: [Write]}}
";
    let topic = "arn:aws:sns:eu-west-1:000000000000:events";
    let sns = r#"{"Service":"sns.amazonaws.com"}"#;
    assert_eq!(
        lines(text),
        format!(
            "queue a\nqueue b\nqueue c\ntopic events\nattributes of queue a {}\nattributes of queue b {}\n\
             PutRule {{\"Name\":\"rule\"}} [\"{EVENTS_ARN}:rule/rule\"]\nattributes of topic {topic} {}\n",
            policy(sns, &format!("{ARN}:a"), topic),
            policy(sns, &format!("{ARN}:b"), topic),
            policy(
                r#"{"Service":"events.amazonaws.com"}"#,
                topic,
                &format!("{EVENTS_ARN}:rule/rule")
            )
            .replace("sqs:SendMessage", "sns:Publish"),
        )
    );
}

#[test]
fn wrong_events_are_refused() {
    let refused = |event: &str| {
        refusal(&format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  F: {{Type: 'AWS::Serverless::Function', Properties: {{Events: {{E: {event}}}}}}}\n"
        ))
    };
    let start = "infra.yaml:3: resource F, property Events.E";
    assert_eq!(
        refused("{Type: SNS}"),
        format!("{start}: the property Topic is missing")
    );
    assert_eq!(
        refused("{Type: SNS, Properties: {Topic: t, SqsSubscription: 'yes'}}"),
        format!("{start}.SqsSubscription: this takes true, false or a mapping, not a text")
    );
    assert_eq!(
        refused("{Type: SNS, Properties: {Topic: t, SqsSubscription: {QueueArn: a}}}"),
        format!("{start}.SqsSubscription: the property QueueUrl is missing")
    );
}
