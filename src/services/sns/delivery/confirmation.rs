//! The messages that ask a subscriber to confirm its subscription, and inform it of the subscription's end.

use serde::Serialize;

use super::json_text::{Part, pretty};
use crate::clock::Timestamp;
use crate::ids::MessageId;
use crate::services::sns::signing::signature::{SignatureVersion, Signer, text_to_sign};
use crate::wire::DateTimeMillis;

/// The subject of a confirmation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Occasion<'a> {
    /// Somebody subscribed the endpoint: it must confirm.
    Subscription,
    /// The subscription was ended: it may be restored.
    Unsubscription {
        /// The subscription that was ended.
        subscription_arn: &'a str,
    },
}

/// A message that carries a token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Confirmation<'a> {
    pub(crate) occasion: Occasion<'a>,
    pub(crate) id: MessageId,
    pub(crate) token: &'a str,
    pub(crate) topic_arn: &'a str,
    /// Where the token is used: see [`subscribe_url`](super::links::subscribe_url).
    pub(crate) subscribe_url: &'a str,
    pub(crate) sent_at: Timestamp,
    pub(crate) signature_version: SignatureVersion,
    pub(crate) signing_cert_url: &'a str,
}

impl Confirmation<'_> {
    /// The message's type, in its body and in the header `x-amz-sns-message-type`.
    pub(crate) fn message_type(&self) -> &'static str {
        match self.occasion {
            Occasion::Subscription => "SubscriptionConfirmation",
            Occasion::Unsubscription { .. } => "UnsubscribeConfirmation",
        }
    }

    /// The body, signed.
    pub(crate) fn body(&self, signer: &Signer) -> String {
        let (id, timestamp) = (
            self.id.to_string(),
            DateTimeMillis(self.sent_at).to_string(),
        );
        let message = self.message();
        let to_sign = text_to_sign([
            ("Message", &*message),
            ("MessageId", &id),
            ("SubscribeURL", self.subscribe_url),
            ("Timestamp", &timestamp),
            ("Token", self.token),
            ("TopicArn", self.topic_arn),
            ("Type", self.message_type()),
        ]);
        let body = Body {
            r#type: self.message_type(),
            message_id: &id,
            token: self.token,
            topic_arn: self.topic_arn,
            message: &message,
            subscribe_url: self.subscribe_url,
            timestamp: &timestamp,
            signature_version: self.signature_version.as_str(),
            signature: signer.sign(self.signature_version, &to_sign),
            signing_cert_url: self.signing_cert_url,
        };
        pretty(&body, Part::Whole)
    }

    fn message(&self) -> String {
        match self.occasion {
            Occasion::Subscription => format!(
                "You have chosen to subscribe to the topic {}.\n\
                 To confirm the subscription, visit the SubscribeURL included in this message.",
                self.topic_arn
            ),
            Occasion::Unsubscription { subscription_arn } => format!(
                "You have chosen to deactivate subscription {subscription_arn}.\n\
                 To cancel this operation and restore the subscription, visit the SubscribeURL included in this message."
            ),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Body<'a> {
    r#type: &'a str,
    message_id: &'a str,
    token: &'a str,
    topic_arn: &'a str,
    message: &'a str,
    #[serde(rename = "SubscribeURL")]
    subscribe_url: &'a str,
    timestamp: &'a str,
    signature_version: &'a str,
    signature: String,
    #[serde(rename = "SigningCertURL")]
    signing_cert_url: &'a str,
}

#[cfg(test)]
mod tests {
    use super::super::links::subscribe_url;
    use super::super::testing::{
        CERTIFICATE_URL, SUBSCRIPTION, TOPIC, is_signature, member, signer,
    };
    use super::*;
    use crate::ids::Id;

    /// Compares the body with its signature masked, and verifies the signature in both versions.
    fn check(occasion: Occasion<'_>, expected: &str, signed: &str) {
        let subscribe_url = subscribe_url("http://localhost:4566", TOPIC, "2336412f37");
        for version in [SignatureVersion::V1, SignatureVersion::V2] {
            let confirmation = Confirmation {
                occasion,
                id: Id::from_u128(0x165e_16e3_1d8d_4f32_b0f8_2f7b_0d1e_4c55),
                token: "2336412f37",
                topic_arn: TOPIC,
                subscribe_url: &subscribe_url,
                sent_at: Timestamp::from_millis(1_335_471_394_640),
                signature_version: version,
                signing_cert_url: CERTIFICATE_URL,
            };
            let body = confirmation.body(&signer());
            let signature = member(&body, "Signature");
            assert!(is_signature(
                signer().certificate_pem(),
                version,
                signed,
                signature
            ));
            let masked = body.replace(signature, "SIGNATURE");
            assert_eq!(masked, expected.replace("VERSION", version.as_str()));
        }
    }

    #[test]
    fn subscriptions_are_to_be_confirmed() {
        check(
            Occasion::Subscription,
            r#"{
  "Type" : "SubscriptionConfirmation",
  "MessageId" : "165e16e3-1d8d-4f32-b0f8-2f7b0d1e4c55",
  "Token" : "2336412f37",
  "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
  "Message" : "You have chosen to subscribe to the topic arn:aws:sns:us-west-2:123456789012:MyTopic.\nTo confirm the subscription, visit the SubscribeURL included in this message.",
  "SubscribeURL" : "http://localhost:4566/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37",
  "Timestamp" : "2012-04-26T20:16:34.640Z",
  "SignatureVersion" : "VERSION",
  "Signature" : "SIGNATURE",
  "SigningCertURL" : "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0.pem"
}"#,
            "Message\nYou have chosen to subscribe to the topic arn:aws:sns:us-west-2:123456789012:MyTopic.\n\
             To confirm the subscription, visit the SubscribeURL included in this message.\n\
             MessageId\n165e16e3-1d8d-4f32-b0f8-2f7b0d1e4c55\n\
             SubscribeURL\nhttp://localhost:4566/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37\n\
             Timestamp\n2012-04-26T20:16:34.640Z\nToken\n2336412f37\n\
             TopicArn\narn:aws:sns:us-west-2:123456789012:MyTopic\nType\nSubscriptionConfirmation\n",
        );
    }

    #[test]
    fn the_end_of_a_subscription_is_told() {
        check(
            Occasion::Unsubscription {
                subscription_arn: SUBSCRIPTION,
            },
            r#"{
  "Type" : "UnsubscribeConfirmation",
  "MessageId" : "165e16e3-1d8d-4f32-b0f8-2f7b0d1e4c55",
  "Token" : "2336412f37",
  "TopicArn" : "arn:aws:sns:us-west-2:123456789012:MyTopic",
  "Message" : "You have chosen to deactivate subscription arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.",
  "SubscribeURL" : "http://localhost:4566/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37",
  "Timestamp" : "2012-04-26T20:16:34.640Z",
  "SignatureVersion" : "VERSION",
  "Signature" : "SIGNATURE",
  "SigningCertURL" : "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0.pem"
}"#,
            "Message\nYou have chosen to deactivate subscription arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee.\n\
             To cancel this operation and restore the subscription, visit the SubscribeURL included in this message.\n\
             MessageId\n165e16e3-1d8d-4f32-b0f8-2f7b0d1e4c55\n\
             SubscribeURL\nhttp://localhost:4566/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37\n\
             Timestamp\n2012-04-26T20:16:34.640Z\nToken\n2336412f37\n\
             TopicArn\narn:aws:sns:us-west-2:123456789012:MyTopic\nType\nUnsubscribeConfirmation\n",
        );
    }
}
