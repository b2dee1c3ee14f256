//! Fixtures of the deliveries' tests: a signer, a message, a verifier.

use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::ParsedCertificate;

use super::links::Links;
use crate::aws::message::{Attribute, AttributeValue, MessageAttributes};
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::services::sns::message::Message;
use crate::services::sns::signing::signature::{SignatureVersion, Signer};

pub(super) const TOPIC: &str = "arn:aws:sns:us-west-2:123456789012:MyTopic";
pub(super) const SUBSCRIPTION: &str =
    "arn:aws:sns:us-west-2:123456789012:MyTopic:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee";
pub(super) const CERTIFICATE_URL: &str =
    "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0.pem";

/// The signer of all tests, since making a key takes time.
pub(crate) fn signer() -> Arc<Signer> {
    static SIGNER: OnceLock<Arc<Signer>> = OnceLock::new();
    let new = || Arc::new(Signer::new(Id::from_u128(0xf3ec_fb72_24c7_233f)));
    Arc::clone(SIGNER.get_or_init(new))
}

/// A message with a text and nothing else.
pub(crate) fn message(text: &str) -> Message {
    Message {
        id: Id::from_u128(0x63a3_f6b6_d533_4a47_aef9_fcf5_cf75_8c76),
        topic_arn: TOPIC.into(),
        subject: None,
        text: text.into(),
        texts: [].into(),
        published: None,
        attributes: None,
        published_at: Timestamp::from_millis(1_332_997_936_901),
        sequence_number: None,
        group_id: None,
        deduplication_id: None,
        trace_header: None,
        signature_version: SignatureVersion::V1,
    }
}

/// An attribute of each type.
pub(super) fn attributes() -> Arc<MessageAttributes> {
    let text = |text: &str| AttributeValue::Text(text.into());
    let attribute = |name: &str, data_type: &str, value| Attribute {
        name: name.into(),
        data_type: data_type.into(),
        value,
    };
    Arc::new(MessageAttributes {
        attributes: vec![
            attribute("array", "String.Array", text(r#"["a", 1]"#)),
            attribute("blob", "Binary", AttributeValue::Binary([2, 1, 3].into())),
            attribute("code", "String", text("movement-OUT")),
            attribute("count", "Number", text("1.50")),
        ],
        md5: [0; 16],
    })
}

pub(super) fn links() -> Links {
    Links::new("http://localhost:4566", CERTIFICATE_URL, SUBSCRIPTION)
}

/// The value of a member of an indented message, as JSON has it between quotes.
pub(super) fn member<'a>(message: &'a str, key: &str) -> &'a str {
    let opening = format!("  \"{key}\" : \"");
    let (_, rest) = message.split_once(&opening).expect("the member is there");
    rest.split_once('"').expect("its value ends").0
}

/// Whether the certificate's key made the signature of `text`, according to libraries that share no code with the
/// signer.
pub(crate) fn is_signature(
    pem: &str,
    version: SignatureVersion,
    text: &str,
    signature: &str,
) -> bool {
    let signature = BASE64.decode(signature).expect("signatures are Base64");
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
    let certificate = ParsedCertificate::try_from(&certificate).expect("X.509");
    let key = certificate.subject_public_key_info();
    // The key itself, of 2048 bits, comes last in its description.
    let key = &key[key.len() - 270..];
    let algorithm = match version {
        SignatureVersion::V1 => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        SignatureVersion::V2 => &RSA_PKCS1_2048_8192_SHA256,
    };
    UnparsedPublicKey::new(algorithm, key)
        .verify(text.as_bytes(), &signature)
        .is_ok()
}
