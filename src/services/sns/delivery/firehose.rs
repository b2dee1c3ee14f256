//! The record for a Firehose stream.

use std::collections::BTreeMap;

use serde::Serialize;

use super::json_text::{AttributeMembers, compact};
use super::links::Links;
use crate::services::sns::message::Message;
use crate::wire::DateTimeMillis;

/// The record of a subscription that is not raw: the envelope without its layout and its signature.
pub(crate) fn record(message: &Message, links: &Links) -> String {
    let attributes = message.attributes.as_ref();
    compact(&Record {
        r#type: "Notification",
        message_id: message.id.to_string(),
        topic_arn: &message.topic_arn,
        subject: message.subject.as_deref(),
        message: message.text_for("firehose"),
        timestamp: DateTimeMillis(message.published_at).to_string(),
        unsubscribe_url: links.unsubscribe_url(),
        message_attributes: attributes.map(|attributes| {
            let attributes = attributes.attributes.iter();
            attributes
                .map(|attribute| (&*attribute.name, AttributeMembers::of(attribute)))
                .collect()
        }),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Record<'a> {
    r#type: &'a str,
    message_id: String,
    topic_arn: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    message: &'a str,
    timestamp: String,
    #[serde(rename = "UnsubscribeURL")]
    unsubscribe_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_attributes: Option<BTreeMap<&'a str, AttributeMembers<'a>>>,
}

#[cfg(test)]
mod tests {
    use super::super::testing::{attributes, links, message};
    use super::*;

    #[test]
    fn a_plain_message_has_neither_subject_nor_attributes() {
        assert_eq!(
            record(&message("Hello"), &links()),
            r#"{"Type":"Notification","MessageId":"63a3f6b6-d533-4a47-aef9-fcf5cf758c76","TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic","Message":"Hello","Timestamp":"2012-03-29T05:12:16.901Z","UnsubscribeURL":"http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee"}"#
        );
    }

    #[test]
    fn subject_and_attributes_have_their_places() {
        let message = Message {
            subject: Some("S".into()),
            texts: [("firehose".into(), "for the stream".into())].into(),
            attributes: Some(attributes()),
            ..message("Hello")
        };
        assert_eq!(
            record(&message, &links()),
            r#"{"Type":"Notification","MessageId":"63a3f6b6-d533-4a47-aef9-fcf5cf758c76","TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic","Subject":"S","Message":"for the stream","Timestamp":"2012-03-29T05:12:16.901Z","UnsubscribeURL":"http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee","MessageAttributes":{"array":{"Type":"String.Array","Value":"[\"a\", 1]"},"blob":{"Type":"Binary","Value":"AgED"},"code":{"Type":"String","Value":"movement-OUT"},"count":{"Type":"Number","Value":"1.50"}}}"#
        );
    }
}
