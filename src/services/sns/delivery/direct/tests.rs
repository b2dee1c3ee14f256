//! Which phones and endpoints get a message published to them.

use super::super::links::Links;
use super::super::testing::{attributes, message};
use super::*;
use crate::agenda::Agenda;
use crate::clock::{ManualClock, Timestamp};
use crate::delivery::TargetCache;
use crate::delivery::captured::CapturedDelivery;
use crate::ids::{Id, Ids};
use crate::services::sns::platforms::{
    Application, ApplicationAttributes, ApplicationName, EndpointChange,
};
use crate::services::sns::topic_attributes::{Kind, TopicAttributes};
use crate::services::sns::topics::TopicName;
use crate::services::{Environment, Service};

const NUMBER: &str = "+1555-1234567";
const ENDPOINT: &str =
    "arn:aws:sns:us-east-1:000000000000:endpoint/APNS/app/00000000-0000-0000-0000-000000000001";

fn sns() -> Sns {
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1)));
    let ids = Arc::new(Ids::seeded(1));
    Sns::new(&Environment {
        ids,
        ..Environment::at(Arc::new(Agenda::new(clock)))
    })
}

/// A service with the endpoint [`ENDPOINT`], and its application.
fn with_endpoint() -> (Sns, Arc<Application>) {
    let sns = sns();
    let (account, region) = (AccountId::DEFAULT, Region::default());
    let name = ApplicationName::new(account, region, Platform::Apns, "app");
    let none = ApplicationAttributes::new(&BTreeMap::new()).expect("none");
    let (application, _) = sns.platforms.get_or_insert(&name, none);
    let asked = EndpointChange {
        token: Some("token".into()),
        ..EndpointChange::default()
    };
    let endpoint = application.add_endpoint(Id::from_u128(1), asked);
    assert_eq!(&*endpoint.expect("new").arn, ENDPOINT);
    (sns, application)
}

fn caller() -> Caller<'static> {
    Caller::within(
        AccountId::DEFAULT,
        Region::default(),
        "Publish",
        "http://localhost:4566",
    )
}

fn topic(display_name: &str) -> Topic {
    let name = TopicName {
        account: AccountId::DEFAULT,
        region: Region::default(),
        name: "t".into(),
    };
    let attributes = TopicAttributes {
        display_name: display_name.to_owned(),
        ..TopicAttributes::new(Kind::Standard)
    };
    Topic::new(name, attributes, BTreeMap::new(), None)
}

fn subscriber(protocol: Protocol, endpoint: &str) -> Identity {
    Identity {
        id: Id::from_u128(2),
        arn: "arn:aws:sns:us-east-1:000000000000:t:00000000-0000-0000-0000-000000000002".into(),
        owner: AccountId::DEFAULT,
        principal: String::new(),
        protocol,
        endpoint: endpoint.into(),
        links: Links::new("http://localhost:4566", "", ""),
        link_base: "http://localhost:4566".into(),
        queue: TargetCache::default(),
        lane: None,
    }
}

fn captured(sns: &Sns) -> Vec<CapturedDelivery> {
    let entries = sns.deliveries.captured.list(|_| true).entries;
    let entries = entries.iter();
    entries.map(|captured| captured.delivery.clone()).collect()
}

fn set(application: &Application, enabled: &str) {
    let asked = BTreeMap::from([("Enabled".to_owned(), enabled.to_owned())]);
    application.change_attributes(&asked).expect("set");
}

fn disable_endpoint(application: &Application) {
    let asked = EndpointChange {
        is_enabled: Some(false),
        ..EndpointChange::default()
    };
    application
        .change_endpoint(Id::from_u128(1), asked)
        .expect("disabled");
}

#[test]
fn a_message_to_an_endpoint_is_captured_in_its_platforms_form() {
    let (sns, _) = with_endpoint();
    let target = sns.endpoint_target(&caller(), ENDPOINT).expect("a target");
    let message = Message {
        attributes: Some(attributes()),
        subject: Some("S".into()),
        ..message("Hello")
    };
    sns.publish_to_endpoint(&caller(), &target, &message);
    let [delivery] = &captured(&sns)[..] else {
        panic!("one message");
    };
    assert_eq!(delivery.target_kind, "application");
    assert_eq!(&*delivery.target, ENDPOINT);
    assert_eq!(delivery.source_arn, None);
    assert_eq!(delivery.message_id.to_string(), message.id.to_string());
    assert_eq!(&*delivery.message, "Hello");
    assert_eq!(&*delivery.published_message, "Hello");
    assert_eq!(&*delivery.payload, r#"{"aps":{"alert":"Hello"}}"#);
    assert_eq!(delivery.subject.as_deref(), Some("S"));
    assert_eq!(delivery.message_structure, None);
    let blob = &delivery.message_attributes["blob"];
    assert_eq!(blob.binary_value.as_deref(), Some("AgED"));
    let count = &delivery.message_attributes["count"];
    assert_eq!(
        (&*count.data_type, count.string_value.as_deref()),
        ("Number", Some("1.50"))
    );
}

#[test]
fn targets_must_exist_be_enabled_and_be_in_the_region() {
    let (sns, application) = with_endpoint();
    let refused = |arn: &str| {
        sns.endpoint_target(&caller(), arn)
            .expect_err(arn)
            .to_string()
    };
    let unknown =
        "Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified";
    assert_eq!(refused(&ENDPOINT.replace("0001", "0002")), unknown);
    assert_eq!(refused(&ENDPOINT.replace("/app/", "/other/")), unknown);
    assert_eq!(
        refused("arn:aws:sns:us-east-1:000000000000:endpoint/x"),
        unknown
    );
    assert_eq!(
        refused(&ENDPOINT.replace("us-east-1", "eu-west-1")),
        "Invalid parameter: TargetArn"
    );
    assert_eq!(
        refused(&application.arn),
        "Invalid parameter: TargetArn Reason: Cannot publish directly to a platform application ARN."
    );
    set(&application, "false");
    assert_eq!(refused(ENDPOINT), "Platform application is disabled");
    set(&application, "true");
    disable_endpoint(&application);
    assert_eq!(refused(ENDPOINT), "Endpoint is disabled");
}

#[test]
fn a_structured_message_needs_a_text_for_the_platform() {
    let (sns, _) = with_endpoint();
    let target = sns.endpoint_target(&caller(), ENDPOINT).expect("a target");
    let texts = |key: &str| BTreeMap::from([(key.into(), "own".into())]);
    let default: Arc<str> = "default".into();
    let text = |default, key| {
        target
            .text(default, &texts(key))
            .map(|text| text.to_string())
    };
    assert_eq!(text(Some(&default), "GCM"), Ok("default".to_owned()));
    assert_eq!(text(None, "APNS"), Ok("own".to_owned()));
    assert_eq!(
        text(None, "GCM").expect_err("refused").to_string(),
        "Invalid parameter: JSON must contain an entry for 'default' or 'APNS'."
    );
}

#[test]
fn a_structured_message_is_captured_whole_and_as_chosen() {
    let (sns, _) = with_endpoint();
    let target = sns.endpoint_target(&caller(), ENDPOINT).expect("a target");
    let own = r#"{"aps":{"badge":1}}"#;
    let json = r#"{"default":"Hello","APNS":"{\"aps\":{\"badge\":1}}"}"#;
    let message = Message {
        texts: [("APNS".into(), own.into())].into(),
        published: Some(json.into()),
        ..message("Hello")
    };
    sns.publish_to_endpoint(&caller(), &target, &message);
    let delivery = &captured(&sns)[0];
    assert_eq!((&*delivery.message, &*delivery.payload), (own, own));
    assert_eq!(&*delivery.published_message, json);
    assert_eq!(delivery.message_structure.as_deref(), Some("json"));
}

#[test]
fn topics_deliver_to_endpoints_that_exist_and_are_enabled() {
    let (sns, application) = with_endpoint();
    let (topic, identity) = (topic(""), subscriber(Protocol::Application, ENDPOINT));
    let deliver = || sns.deliver_push(&topic, &identity, &message("Hello"));
    assert!(matches!(deliver(), Ok(Delivered::Captured(1))));
    let delivery = &captured(&sns)[0];
    assert_eq!(delivery.source_arn, Some(topic.arn.clone()));
    assert_eq!(delivery.subscription_arn, Some(identity.arn.clone()));
    set(&application, "false");
    assert!(matches!(deliver(), Err(Undelivered::Disabled)));
    set(&application, "true");
    disable_endpoint(&application);
    assert!(matches!(deliver(), Err(Undelivered::Disabled)));
    application.remove_endpoint(Id::from_u128(1));
    assert!(matches!(deliver(), Err(Undelivered::NoTarget)));
    assert_eq!(captured(&sns).len(), 1);
}

#[test]
fn phones_get_messages_unless_they_opted_out() {
    let sns = sns();
    let target = sns.phone_target(NUMBER).expect("a number");
    sns.publish_to_phone(&caller(), &target, &message("Hello"));
    let delivery = &captured(&sns)[0];
    assert_eq!((delivery.target_kind, &*delivery.target), ("sms", NUMBER));
    assert_eq!(&*delivery.payload, "Hello");
    assert!(sns.opt_out_phone_number(AccountId::DEFAULT, Region::default(), "+15551234567"));
    sns.publish_to_phone(&caller(), &target, &message("Hello"));
    assert_eq!(captured(&sns).len(), 1);
}

#[test]
fn malformed_numbers_are_refused() {
    for wrong in ["+1a234", "NAA+15551234567", ""] {
        let error = sns().phone_target(wrong).expect_err(wrong);
        let sentence =
            format!("Invalid parameter: PhoneNumber Reason: {wrong} is not valid to publish to");
        assert_eq!(error.to_string(), sentence);
    }
    assert!(!sns().opt_out_phone_number(AccountId::DEFAULT, Region::default(), "+1a234"));
}

#[test]
fn texts_from_topics_start_with_the_display_name() {
    let sns = sns();
    let (topic, identity) = (topic("Shop"), subscriber(Protocol::Sms, NUMBER));
    let deliver = || sns.deliver_sms(&topic, &identity, &message("Hello"));
    assert!(matches!(deliver(), Ok(Delivered::Captured(1))));
    let delivery = &captured(&sns)[0];
    assert_eq!(&*delivery.message, "Hello");
    assert_eq!(&*delivery.payload, "SHOP> Hello");
    assert!(sns.opt_out_phone_number(AccountId::DEFAULT, Region::default(), NUMBER));
    assert!(matches!(deliver(), Err(Undelivered::OptedOut)));
    assert_eq!(captured(&sns).len(), 1);
}

#[test]
fn push_arns_are_distinguished_from_topic_arns() {
    assert!(is_of_mobile_push(ENDPOINT));
    assert!(is_of_mobile_push(
        "arn:aws:sns:us-east-1:000000000000:app/GCM/app"
    ));
    assert!(!is_of_mobile_push(
        "arn:aws:sns:us-east-1:000000000000:topic"
    ));
    assert!(!is_of_mobile_push(""));
}

#[test]
fn endpoints_are_found_by_arn() {
    let (sns, _) = with_endpoint();
    assert!(sns.has_platform_endpoint(ENDPOINT));
    assert!(!sns.has_platform_endpoint(&ENDPOINT.replace("0001", "0002")));
    assert!(!sns.has_platform_endpoint("token"));
}
