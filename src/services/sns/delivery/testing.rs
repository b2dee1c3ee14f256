//! What the tests of deliveries share: a signer, a message, a verifier.

use std::sync::{Arc, OnceLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use num_bigint::BigUint;
use sha1::{Digest, Sha1};
use sha2::Sha256;

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

/// The signer of all tests: a key takes its time.
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

/// Whether the certificate's key made the signature of `text`. Shares nothing with what signs but the numbers.
pub(crate) fn is_signature(
    pem: &str,
    version: SignatureVersion,
    text: &str,
    signature: &str,
) -> bool {
    let signature = BASE64.decode(signature).expect("signatures are Base64");
    let power = BigUint::from_bytes_be(&signature).modpow(&65_537u32.into(), &modulus(pem));
    let (algorithm, digest): (&[u8], _) = match version {
        SignatureVersion::V1 => (
            b"0!0\t\x06\x05+\x0e\x03\x02\x1a\x05\0\x04\x14",
            Sha1::digest(text).to_vec(),
        ),
        SignatureVersion::V2 => (
            b"010\r\x06\x09`\x86H\x01e\x03\x04\x02\x01\x05\0\x04 ",
            Sha256::digest(text).to_vec(),
        ),
    };
    let padding = vec![0xff; 253 - algorithm.len() - digest.len()];
    let expected = [&[1], &*padding, &[0], algorithm, &digest].concat();
    signature.len() == 256 && power.to_bytes_be() == expected
}

/// A certificate's modulus: its only whole number of 2048 bits.
fn modulus(pem: &str) -> BigUint {
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    let der = BASE64
        .decode(lines.collect::<String>())
        .expect("PEM is Base64");
    let opening = [0x02, 0x82, 0x01, 0x01, 0x00];
    let at = der
        .windows(opening.len())
        .position(|window| window == opening);
    let at = at.expect("the modulus is there") + opening.len();
    BigUint::from_bytes_be(&der[at..at + 256])
}
