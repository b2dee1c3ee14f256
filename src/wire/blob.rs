//! Binary members.

use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::{Serialize, Serializer};

use super::error::BASE64_TEXT;

/// Lenient, as decoders in AWS's services and SDKs are: padding may be missing.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Bytes: Base64 in textual protocols, as they are in binary ones.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blob(pub Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&BASE64.encode(&self.0))
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(BlobVisitor)
        } else {
            deserializer.deserialize_byte_buf(BlobVisitor)
        }
    }
}

struct BlobVisitor;

impl Visitor<'_> for BlobVisitor {
    type Value = Blob;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Blob, E> {
        // A plus that a client forgot to percent-encode in a form arrives as a space.
        let decoded = if text.contains(' ') {
            BASE64.decode(text.replace(' ', "+"))
        } else {
            BASE64.decode(text)
        };
        decoded
            .map(Blob)
            .map_err(|_| E::invalid_value(Unexpected::Str(text), &BASE64_TEXT))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Blob, E> {
        Ok(Blob(bytes.to_vec()))
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Blob, E> {
        Ok(Blob(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_round_trips_and_spaces_stand_for_plus() {
        let blob: Blob = serde_json::from_str("\"+/v/\"").unwrap();
        assert_eq!(blob, Blob(vec![0xfb, 0xfb, 0xff]));
        assert_eq!(serde_json::to_string(&blob).unwrap(), "\"+/v/\"");
        assert_eq!(serde_json::from_str::<Blob>("\" /v/\"").unwrap(), blob);
        assert!(serde_json::from_str::<Blob>("\"a*b\"").is_err());
    }
}
