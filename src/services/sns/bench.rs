//! For `benches/` alone: the cost of a notification.

use std::sync::Arc;

use super::delivery::envelope::Envelopes;
use super::delivery::links::Links;
use super::message::Message;
use super::signing::signature::{SignatureVersion, Signer};
use crate::clock::Timestamp;
use crate::ids::Id;

/// A message with its envelopes, and a subscription's links.
#[derive(Debug)]
pub struct Notification {
    signer: Arc<Signer>,
    envelopes: Envelopes,
    links: Links,
}

impl Notification {
    /// A notification of this text. The key is made and the text signed already.
    pub fn new(text: &str) -> Self {
        let signer = Arc::new(Signer::new(Id::from_u128(1)));
        let message = Message {
            id: Id::from_u128(1),
            topic_arn: "arn:aws:sns:eu-west-1:000000000000:bench".into(),
            subject: None,
            text: text.into(),
            texts: [].into(),
            published: None,
            attributes: None,
            published_at: Timestamp::from_millis(1_700_000_000_000),
            sequence_number: None,
            group_id: None,
            deduplication_id: None,
            trace_header: None,
            signature_version: SignatureVersion::V1,
        };
        let links = Links::new(
            "http://localhost:4566",
            "http://localhost:4566/SimpleNotificationService-00000000000000000000000000000001.pem",
            "arn:aws:sns:eu-west-1:000000000000:bench:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee",
        );
        let notification = Self {
            envelopes: Envelopes::new(Arc::new(message), Arc::clone(&signer)),
            signer,
            links,
        };
        notification.envelope();
        notification
    }

    /// The envelope of another delivery.
    pub fn envelope(&self) -> String {
        self.envelopes.notification("sqs", &self.links).text()
    }

    /// A signature by SHA-1 or SHA-256.
    pub fn sign(&self, is_sha256: bool) -> String {
        let version = if is_sha256 {
            SignatureVersion::V2
        } else {
            SignatureVersion::V1
        };
        let text = &self.envelopes.message().text;
        self.signer.sign(version, text)
    }

    /// A new key and its certificate.
    pub fn certificate() -> String {
        Signer::new(Id::from_u128(1)).certificate_pem().to_owned()
    }
}
