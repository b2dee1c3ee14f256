//! The attributes that each type's properties become.

use super::{is_template, lines, made, plan_with, refusal};
use crate::document;
use crate::init::plan::Wanted;

/// A template of one resource.
fn one(type_name: &str, properties: &str) -> String {
    format!("Resources:\n  One:\n    Type: {type_name}\n    Properties: {{{properties}}}\n")
}

fn is(type_name: &str, properties: &str, expected: &str) {
    assert_eq!(lines(&one(type_name, properties)).trim_end(), expected);
}

pub(super) fn is_refused(type_name: &str, properties: &str, expected: &str) {
    let refusal = refusal(&one(type_name, properties));
    assert_eq!(refusal.strip_prefix("infra.yaml:").unwrap(), expected);
}

const TOPIC: &str = "arn:aws:sns:eu-west-1:000000000000:events";

#[test]
fn every_property_of_a_queue_is_an_attribute() {
    is(
        "AWS::SQS::Queue",
        "QueueName: orders.fifo, FifoQueue: true, ContentBasedDeduplication: 'true', DeduplicationScope: messageGroup,
         DelaySeconds: 5, FifoThroughputLimit: perMessageGroupId, KmsDataKeyReusePeriodSeconds: 300,
         KmsMasterKeyId: alias/mine, MaximumMessageSize: '1024', MessageRetentionPeriod: 345600,
         ReceiveMessageWaitTimeSeconds: 20, RedriveAllowPolicy: {redrivePermission: denyAll},
         RedrivePolicy: '{\"maxReceiveCount\": 3}', SqsManagedSseEnabled: false, VisibilityTimeout: 60,
         Tags: [{Key: team, Value: shop}, {Key: number, Value: 7}]",
        "queue orders.fifo FifoQueue=true ContentBasedDeduplication=true DeduplicationScope=messageGroup \
         DelaySeconds=5 FifoThroughputLimit=perMessageGroupId KmsDataKeyReusePeriodSeconds=300 \
         KmsMasterKeyId=alias/mine MaximumMessageSize=1024 MessageRetentionPeriod=345600 \
         ReceiveMessageWaitTimeSeconds=20 RedriveAllowPolicy={\"redrivePermission\":\"denyAll\"} \
         RedrivePolicy={\"maxReceiveCount\": 3} SqsManagedSseEnabled=false VisibilityTimeout=60 #team=shop #number=7",
    );
}

#[test]
fn every_property_of_a_topic_is_an_attribute() {
    is(
        "AWS::SNS::Topic",
        "TopicName: events.fifo, FifoTopic: true, ArchivePolicy: {MessageRetentionPeriod: 30},
         ContentBasedDeduplication: true, DataProtectionPolicy: {Name: p}, DisplayName: Events,
         FifoThroughputScope: Topic, KmsMasterKeyId: k, MaximumMessageSize: 2048, SignatureVersion: 2,
         TracingConfig: Active, Tags: [{Key: a, Value: b}]",
        "topic events.fifo FifoTopic=true ArchivePolicy={\"MessageRetentionPeriod\":30} \
         ContentBasedDeduplication=true DataProtectionPolicy={\"Name\":\"p\"} DisplayName=Events \
         FifoThroughputScope=Topic KmsMasterKeyId=k MaximumMessageSize=2048 SignatureVersion=2 TracingConfig=Active \
         #a=b",
    );
}

#[test]
fn logging_is_three_attributes_of_a_protocol() {
    let role = "arn:aws:iam::000000000000:role/r";
    is(
        "AWS::SNS::Topic",
        &format!(
            "TopicName: events, DeliveryStatusLogging: [
             {{Protocol: http/s, SuccessFeedbackRoleArn: '{role}', SuccessFeedbackSampleRate: 100}},
             {{Protocol: sqs, FailureFeedbackRoleArn: '{role}'}}]"
        ),
        &format!(
            "topic events HTTPSuccessFeedbackRoleArn={role} HTTPSuccessFeedbackSampleRate=100 \
             SQSFailureFeedbackRoleArn={role}"
        ),
    );
    is_refused(
        "AWS::SNS::Topic",
        "DeliveryStatusLogging: [{Protocol: smoke}]",
        "4: resource One, property DeliveryStatusLogging[0].Protocol: \
         this takes http/s, sqs, lambda, firehose or application, not the text \"smoke\"",
    );
    is_refused(
        "AWS::SNS::Topic",
        "DeliveryStatusLogging: [{}]",
        "4: resource One, property DeliveryStatusLogging[0]: the property Protocol is missing",
    );
}

#[test]
fn subscriptions_within_a_topic_come_after_it() {
    is(
        "AWS::SNS::Topic",
        "TopicName: events, Subscription: [{Protocol: email, Endpoint: a@b.c},
         {Protocol: sms, Endpoint: '+4915112345678'}]",
        &format!(
            "topic events\nsubscription {TOPIC} email a@b.c\nsubscription {TOPIC} sms +4915112345678"
        ),
    );
    is_refused(
        "AWS::SNS::Topic",
        "Subscription: [{Protocol: email}]",
        "4: resource One, property Subscription[0]: the property Endpoint is missing",
    );
    is_refused(
        "AWS::SNS::Topic",
        "Subscription: [{Protocol: email, Endpoint: a@b.c, FilterPolicy: {}}]",
        "4: resource One, property Subscription[0].FilterPolicy: a subscription within a topic has no such property",
    );
}

#[test]
fn every_property_of_a_subscription_is_an_attribute() {
    is(
        "AWS::SNS::Subscription",
        &format!(
            "TopicArn: '{TOPIC}', Protocol: https, Endpoint: 'https://a.test/', Region: eu-west-1,
             DeliveryPolicy: {{healthyRetryPolicy: {{numRetries: 5}}}}, FilterPolicy: {{store: [a, {{prefix: b}}]}},
             FilterPolicyScope: MessageBody, RawMessageDelivery: true, RedrivePolicy: {{deadLetterTargetArn: d}},
             ReplayPolicy: {{PointType: Timestamp}}, SubscriptionRoleArn: r"
        ),
        &format!(
            "subscription {TOPIC} https https://a.test/ \
             DeliveryPolicy={{\"healthyRetryPolicy\":{{\"numRetries\":5}}}} \
             FilterPolicy={{\"store\":[\"a\",{{\"prefix\":\"b\"}}]}} FilterPolicyScope=MessageBody \
             RawMessageDelivery=true RedrivePolicy={{\"deadLetterTargetArn\":\"d\"}} \
             ReplayPolicy={{\"PointType\":\"Timestamp\"}} SubscriptionRoleArn=r"
        ),
    );
    for missing in ["TopicArn", "Protocol", "Endpoint"] {
        let properties: Vec<_> = ["TopicArn: t", "Protocol: sqs", "Endpoint: e"]
            .into_iter()
            .filter(|p| !p.starts_with(missing))
            .collect();
        let expected = format!("2: resource One: the property {missing} is missing");
        is_refused("AWS::SNS::Subscription", &properties.join(", "), &expected);
    }
}

#[test]
fn policies_are_set_on_each_queue_they_name() {
    is(
        "AWS::SQS::QueuePolicy",
        "Queues: ['http://localhost:4566/000000000000/a',
           !Sub 'https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/b'],
         PolicyDocument: {Version: 2012-10-17, Statement: [{Principal: {AWS: 123456789012},
           Condition: {Bool: {'aws:SecureTransport': false}}}]}",
        "attributes of queue a Policy={\"Version\":\"2012-10-17\",\"Statement\":[{\"Principal\":\
         {\"AWS\":\"123456789012\"},\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}\n\
         attributes of queue b Policy={\"Version\":\"2012-10-17\",\"Statement\":[{\"Principal\":\
         {\"AWS\":\"123456789012\"},\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}",
    );
    is_refused(
        "AWS::SQS::QueuePolicy",
        "PolicyDocument: {}",
        "2: resource One: the property Queues is missing",
    );
    is_refused(
        "AWS::SQS::QueuePolicy",
        "PolicyDocument: {}, Queues: ['arn:aws:sqs:eu-west-1:000000000000:a']",
        "4: resource One, property Queues[0]: this takes the URL of a queue of this account, \
         not the text \"arn:aws:sqs:eu-west-1:000000000000:a\"",
    );
    is_refused(
        "AWS::SQS::QueuePolicy",
        "Queues: []",
        "2: resource One: the property PolicyDocument is missing",
    );
    is_refused(
        "AWS::SQS::QueuePolicy",
        "Queues: [], PolicyDocument: [a]",
        "4: resource One, property PolicyDocument: this takes a mapping or its JSON text, not a list",
    );
}

#[test]
fn inline_policies_are_of_one_queue_or_topic() {
    is(
        "AWS::SQS::QueueInlinePolicy",
        "Queue: 'http://localhost:4566/000000000000/a', PolicyDocument: {}",
        "attributes of queue a Policy={}",
    );
    is(
        "AWS::SNS::TopicInlinePolicy",
        &format!("TopicArn: '{TOPIC}', PolicyDocument: {{}}"),
        &format!("attributes of topic {TOPIC} Policy={{}}"),
    );
    is(
        "AWS::SNS::TopicPolicy",
        &format!("Topics: ['{TOPIC}', b], PolicyDocument: {{}}"),
        &format!("attributes of topic {TOPIC} Policy={{}}\nattributes of topic b Policy={{}}"),
    );
    is_refused(
        "AWS::SNS::TopicPolicy",
        "PolicyDocument: {}",
        "2: resource One: the property Topics is missing",
    );
}

#[test]
fn names_are_generated_where_none_are_given() {
    let text = "Resources:
  Orders: {Type: 'AWS::SQS::Queue'}
  Sorted: {Type: 'AWS::SQS::Queue', Properties: {FifoQueue: true}}
  Plain: {Type: 'AWS::SQS::Queue', Properties: {FifoQueue: false, QueueName: !Ref 'AWS::NoValue'}}
  Events: {Type: 'AWS::SNS::Topic', Properties: {FifoTopic: 'true'}}
";
    assert_eq!(
        lines(text),
        format!(
            "queue {}\nqueue {}.fifo FifoQueue=true\nqueue {} FifoQueue=false\ntopic {}.fifo FifoTopic=true\n",
            made("Orders"),
            made("Sorted"),
            made("Plain"),
            made("Events")
        )
    );
}

#[test]
fn lines_are_those_of_resources_and_values() {
    let text = "Resources:\n\n  One:\n    Type: AWS::SNS::Topic\n    Properties:\n      DisplayName: !Sub\n        x\n      Subscription:\n        - Protocol: sqs\n          Endpoint: e\n";
    let plan = plan_with(text, &[]).unwrap();
    assert_eq!(
        plan.resources
            .iter()
            .map(|resource| resource.line)
            .collect::<Vec<_>>(),
        [3, 9]
    );
    assert_eq!(
        (&*plan.resources[1].file, plan.resources[1].name.as_str()),
        ("infra.yaml", "One")
    );
    let Wanted::Topic { attributes, .. } = &plan.resources[0].wanted else {
        panic!("a topic")
    };
    assert_eq!(attributes[0].line, 6);
}

#[test]
fn templates_are_distinguished_from_other_files() {
    let is = |text| is_template(&document::read(text).unwrap());
    assert!(is("AWSTemplateFormatVersion: 2010-09-09\n"));
    assert!(is("Resources: {A: {Type: x}}\n"));
    assert!(is("Resources: {A: {}}\n"));
    assert!(is("Resources: {}\n"));
    assert!(is("Resources: {'Fn::ForEach::A': []}\n"));
    assert!(!is("queues: {orders: {}}\n"));
    assert!(!is("[a]"));
}
