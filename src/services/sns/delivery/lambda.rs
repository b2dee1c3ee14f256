//! The event with which a Lambda function is invoked.

use std::collections::BTreeMap;

use serde::Serialize;

use super::envelope::Envelopes;
use super::json_text::{AttributeMembers, compact};
use super::links::Links;
use crate::aws::message::Attribute;
use crate::wire::DateTimeMillis;

/// The event for one subscription: always one record.
pub(crate) fn event(envelopes: &Envelopes, subscription_arn: &str, links: &Links) -> String {
    let message = envelopes.message();
    let attributes = message.attributes.iter();
    compact(&Event {
        records: [Record {
            event_source: "aws:sns",
            event_version: "1.0",
            event_subscription_arn: subscription_arn,
            sns: Notification {
                r#type: "Notification",
                message_id: message.id.to_string(),
                topic_arn: &message.topic_arn,
                subject: message.subject.as_deref(),
                message: message.text_for("lambda"),
                timestamp: DateTimeMillis(message.published_at).to_string(),
                // AWS writes this for every topic, although the signature is of the topic's version (observed).
                signature_version: "1",
                signature: envelopes.signature("lambda"),
                signing_cert_url: links.signing_cert_url(),
                unsubscribe_url: links.unsubscribe_url(),
                message_attributes: attributes
                    .flat_map(|attributes| &attributes.attributes)
                    .map(|attribute| (&*attribute.name, lambda_attribute(attribute)))
                    .collect(),
            },
        }],
    })
}

/// Lambda has no numbers and no arrays: both come as `String` (SNS developer guide, "Message attribute data types").
fn lambda_attribute(attribute: &Attribute) -> AttributeMembers<'_> {
    let mut members = AttributeMembers::of(attribute);
    let data_type = members.r#type;
    if data_type == "String.Array" || data_type == "Number" || data_type.starts_with("Number.") {
        members.r#type = "String";
    }
    members
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'a> {
    records: [Record<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Record<'a> {
    event_source: &'a str,
    event_version: &'a str,
    event_subscription_arn: &'a str,
    sns: Notification<'a>,
}

/// The envelope in Lambda's spelling: `Url` instead of `URL`, and members that other envelopes omit.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Notification<'a> {
    r#type: &'a str,
    message_id: String,
    topic_arn: &'a str,
    subject: Option<&'a str>,
    message: &'a str,
    timestamp: String,
    signature_version: &'a str,
    signature: &'a str,
    signing_cert_url: &'a str,
    unsubscribe_url: &'a str,
    message_attributes: BTreeMap<&'a str, AttributeMembers<'a>>,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::testing::{SUBSCRIPTION, attributes, links, message, signer};
    use super::*;
    use crate::services::sns::message::Message;
    use crate::services::sns::signing::signature::SignatureVersion;

    /// Compares the event with its signature masked.
    fn check(message: Message, expected: &str) {
        let envelopes = Envelopes::new(Arc::new(message), signer());
        let event = event(&envelopes, SUBSCRIPTION, &links());
        let masked = event.replace(envelopes.signature("lambda"), "SIGNATURE");
        assert_eq!(masked, expected.replace('\n', ""));
    }

    #[test]
    fn what_is_absent_is_null_or_empty() {
        check(
            message("Hello"),
            r#"{"Records":[{"EventSource":"aws:sns","EventVersion":"1.0",
"EventSubscriptionArn":"arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee",
"Sns":{"Type":"Notification","MessageId":"63a3f6b6-d533-4a47-aef9-fcf5cf758c76",
"TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic","Subject":null,"Message":"Hello",
"Timestamp":"2012-03-29T05:12:16.901Z","SignatureVersion":"1","Signature":"SIGNATURE",
"SigningCertUrl":"https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0.pem",
"UnsubscribeUrl":"http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee",
"MessageAttributes":{}}}]}"#,
        );
    }

    #[test]
    fn the_version_stays_1_and_numbers_and_arrays_become_strings() {
        check(
            Message {
                subject: Some("S".into()),
                texts: [("lambda".into(), "for lambda".into())].into(),
                attributes: Some(attributes()),
                signature_version: SignatureVersion::V2,
                ..message("Hello")
            },
            r#"{"Records":[{"EventSource":"aws:sns","EventVersion":"1.0",
"EventSubscriptionArn":"arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee",
"Sns":{"Type":"Notification","MessageId":"63a3f6b6-d533-4a47-aef9-fcf5cf758c76",
"TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic","Subject":"S","Message":"for lambda",
"Timestamp":"2012-03-29T05:12:16.901Z","SignatureVersion":"1","Signature":"SIGNATURE",
"SigningCertUrl":"https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0.pem",
"UnsubscribeUrl":"http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee",
"MessageAttributes":{"array":{"Type":"String","Value":"[\"a\", 1]"},"blob":{"Type":"Binary","Value":"AgED"},
"code":{"Type":"String","Value":"movement-OUT"},"count":{"Type":"String","Value":"1.50"}}}}]}"#,
        );
    }
}
