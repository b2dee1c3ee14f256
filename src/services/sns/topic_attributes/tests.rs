//! Which attributes a topic takes, and how it shows them.

use super::*;
use crate::aws::{AccountId, Region};

fn topic() -> TopicName {
    TopicName {
        account: AccountId::DEFAULT,
        region: Region::default(),
        name: "t".into(),
    }
}

fn asked(pairs: &[(&str, &str)]) -> RequestedAttributes {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn created(kind: Kind, pairs: &[(&str, &str)]) -> Result<TopicAttributes, Refused> {
    TopicAttributes::created(kind, &asked(pairs))
}

/// How an attribute set to `value` is shown.
fn shown(kind: Kind, name: &str, value: &str) -> Option<String> {
    let attributes = created(kind, &[(name, value)]).expect(value);
    attributes.all(&topic()).remove(name)
}

fn refused(kind: Kind, name: &str, value: &str) -> String {
    let refused = created(kind, &[(name, value)]).expect_err(value);
    assert_eq!(
        TopicAttributes::new(kind).set(name, value),
        Err(refused.clone())
    );
    refused.in_set().to_string()
}

#[test]
fn table_is_in_alphabetical_order() {
    assert!(table::TABLE.is_sorted_by_key(|attribute| attribute.name));
}

#[test]
fn new_topics_show_the_attributes_of_every_topic() {
    let names = |kind| {
        let all = TopicAttributes::new(kind).all(&topic());
        all.into_keys().collect::<Vec<_>>().join(" ")
    };
    let standard = "DisplayName EffectiveDeliveryPolicy Owner Policy TopicArn";
    assert_eq!(names(Kind::Standard), standard);
    assert_eq!(
        names(Kind::Fifo),
        "ContentBasedDeduplication DisplayName EffectiveDeliveryPolicy FifoTopic Owner Policy TopicArn"
    );
}

#[test]
fn values_are_shown_as_they_were_set() {
    let whole = r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"SNS:Publish","Resource":"*"}]}"#;
    for (name, value) in [
        ("DisplayName", "topiq"),
        ("KmsMasterKeyId", "alias/aws/sns"),
        ("MaximumMessageSize", "1024"),
        ("MaximumMessageSize", "1048576"),
        ("Policy", whole),
        ("SignatureVersion", "1"),
        ("SignatureVersion", "2"),
        ("TracingConfig", "Active"),
        ("TracingConfig", "PassThrough"),
        ("HTTPSuccessFeedbackRoleArn", "arn:aws:iam::1:role/r"),
        ("SQSSuccessFeedbackSampleRate", "0"),
        ("LambdaSuccessFeedbackSampleRate", "100"),
    ] {
        assert_eq!(
            shown(Kind::Standard, name, value).as_deref(),
            Some(value),
            "{name}"
        );
    }
    for (name, value) in [
        ("ArchivePolicy", r#"{"MessageRetentionPeriod":"1"}"#),
        ("ArchivePolicy", r#"{"MessageRetentionPeriod":365}"#),
        ("FifoThroughputScope", "Topic"),
        ("FifoThroughputScope", "MessageGroup"),
        ("SignatureVersion", "2"),
    ] {
        assert_eq!(
            shown(Kind::Fifo, name, value).as_deref(),
            Some(value),
            "{name}"
        );
    }
    let deduplication = shown(Kind::Fifo, "ContentBasedDeduplication", "TRUE");
    assert_eq!(deduplication.as_deref(), Some("true"));
}

#[test]
fn empty_values_remove_optional_attributes() {
    for (name, value) in [
        ("DeliveryPolicy", r#"{"http":{}}"#),
        ("KmsMasterKeyId", "k"),
        ("MaximumMessageSize", "2000"),
        ("SignatureVersion", "2"),
        ("TracingConfig", "Active"),
        ("FirehoseFailureFeedbackRoleArn", "r"),
        ("ApplicationSuccessFeedbackSampleRate", "5"),
    ] {
        let mut attributes = created(Kind::Standard, &[(name, value)]).expect(name);
        assert!(attributes.all(&topic()).contains_key(name), "{name}");
        attributes.set(name, "").expect(name);
        assert!(!attributes.all(&topic()).contains_key(name), "{name}");
    }
    let archive = ("ArchivePolicy", r#"{"MessageRetentionPeriod":"30"}"#);
    let mut attributes = created(Kind::Fifo, &[archive]).expect("an archive");
    assert_eq!(
        attributes.archive_policy.as_ref().map(|policy| policy.days),
        Some(30)
    );
    attributes.set("ArchivePolicy", "{}").expect("no archive");
    assert_eq!(attributes.archive_policy, None);
}

#[test]
fn values_out_of_range_are_refused() {
    for (name, value) in [
        ("DisplayName", &*"ä".repeat(101)),
        ("MaximumMessageSize", "1023"),
        ("MaximumMessageSize", "1048577"),
        ("MaximumMessageSize", "+2000"),
        ("SignatureVersion", "3"),
        ("TracingConfig", "active"),
        ("HTTPSuccessFeedbackSampleRate", "101"),
        ("HTTPSuccessFeedbackSampleRate", "1.5"),
    ] {
        let sentence = format!("Invalid parameter: {name}");
        assert_eq!(refused(Kind::Standard, name, value), sentence, "{value}");
    }
    for (name, value) in [
        ("ArchivePolicy", ""),
        ("ArchivePolicy", "30"),
        ("ArchivePolicy", r#"{"MessageRetentionPeriod":"0"}"#),
        ("ArchivePolicy", r#"{"MessageRetentionPeriod":"366"}"#),
        ("ArchivePolicy", r#"{"MessageRetentionPeriod":1.5}"#),
        ("ArchivePolicy", r#"{"MessageRetentionPeriod":1,"Other":1}"#),
        ("ArchivePolicy", r#"{"Other":1}"#),
        ("FifoThroughputScope", "topic"),
        ("FifoThroughputScope", ""),
    ] {
        let sentence = format!("Invalid parameter: {name}");
        assert_eq!(refused(Kind::Fifo, name, value), sentence, "{value}");
    }
    assert_eq!(
        refused(Kind::Fifo, "ContentBasedDeduplication", ""),
        "Invalid parameter: ContentBasedDeduplication: Invalid value []. Must be true or false."
    );
    assert_eq!(
        refused(Kind::Standard, "Policy", "{}"),
        "Invalid parameter: Policy Error: null"
    );
    assert_eq!(
        refused(Kind::Standard, "Policy", ""),
        "Invalid parameter: Policy is empty"
    );
    assert_eq!(
        refused(Kind::Standard, "DeliveryPolicy", "x"),
        "Invalid parameter: DeliveryPolicy: failed to parse JSON."
    );
}

#[test]
fn attributes_that_a_topic_does_not_have_are_unknown() {
    for (kind, name) in [
        (Kind::Standard, "displayName"),
        (Kind::Standard, "Owner"),
        (Kind::Standard, "ArchivePolicy"),
        (Kind::Standard, "ContentBasedDeduplication"),
        (Kind::Standard, "FifoThroughputScope"),
        (Kind::Fifo, "TracingConfig"),
    ] {
        assert_eq!(
            refused(kind, name, "true"),
            "Invalid parameter: AttributeName"
        );
        let created = created(kind, &[(name, "true")]).expect_err(name);
        assert_eq!(
            created.in_create().to_string(),
            format!("Invalid parameter: Attributes Reason: Unknown attribute {name}")
        );
    }
    let fifo_topic = TopicAttributes::new(Kind::Fifo).set("FifoTopic", "true");
    assert_eq!(
        fifo_topic.map_err(Refused::in_set),
        Err(Error::invalid("AttributeName"))
    );
}

#[test]
fn throughput_by_group_is_not_taken_back() {
    let mut attributes = created(Kind::Fifo, &[("FifoThroughputScope", "Topic")]).expect("a topic");
    attributes
        .set("FifoThroughputScope", "MessageGroup")
        .expect("changed");
    attributes
        .set("FifoThroughputScope", "MessageGroup")
        .expect("the same");
    assert_eq!(
        attributes.set("FifoThroughputScope", "Topic"),
        Err(Refused::of("FifoThroughputScope"))
    );
    assert_eq!(
        attributes.fifo_throughput_scope,
        Some(ThroughputScope::MessageGroup)
    );
}

#[test]
fn topics_agree_in_the_requested_attributes() {
    let present = [("DisplayName", "a"), ("KmsMasterKeyId", "k")];
    let present = created(Kind::Standard, &present).expect("attributes");
    let agrees = |pairs: &[(&str, &str)]| {
        let new = created(Kind::Standard, pairs).expect("attributes");
        new.agrees_with(&present, &asked(pairs), &topic())
    };
    assert!(agrees(&[]));
    assert!(agrees(&[("FifoTopic", "false")]));
    assert!(agrees(&[("KmsMasterKeyId", "k")]));
    assert!(agrees(&[("DisplayName", "a"), ("KmsMasterKeyId", "k")]));
    assert!(!agrees(&[("DisplayName", "b")]));
    assert!(!agrees(&[("DisplayName", "a"), ("SignatureVersion", "1")]));
    // The present policy, however it is written, and another one.
    let default = topic_policy::default(&topic());
    assert!(agrees(&[("Policy", &default.replace(',', ", "))]));
    assert!(!agrees(&[(
        "Policy",
        &default.replace("SNS:Publish", "SNS:*")
    )]));
}
