//! The MD5 digests that SDKs compare with their own: of bodies, of message attributes, of system attributes.

use std::fmt;

use serde::{Serialize, Serializer};

use super::queue::{Attribute, AttributeValue};

/// An MD5, shown as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest(pub [u8; 16]);

impl Digest {
    /// Of a message's body.
    pub(crate) fn of_body(body: &str) -> Self {
        Self(md5::compute(body).0)
    }

    /// Of message attributes, which must be ordered by name, by bytes.
    ///
    /// AWS's rule ("Calculating the MD5 message digest for message attributes"): of each attribute its name, its whole
    /// data type and its value, each behind its length in four bytes, with one byte before the value that tells text
    /// (1) from bytes (2).
    pub(crate) fn of_attributes<'a>(attributes: impl IntoIterator<Item = &'a Attribute>) -> Self {
        let mut context = md5::Context::new();
        for attribute in attributes {
            let (transport, value) = match &attribute.value {
                AttributeValue::Text(text) => (1, text.as_bytes()),
                AttributeValue::Binary(bytes) => (2, &**bytes),
            };
            consume(&mut context, attribute.name.as_bytes());
            consume(&mut context, attribute.data_type.as_bytes());
            context.consume([transport]);
            consume(&mut context, value);
        }
        Self(context.finalize().0)
    }
}

fn consume(context: &mut md5::Context, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("a message is smaller than 4 GiB");
    context.consume(length.to_be_bytes());
    context.consume(bytes);
}

impl Digest {
    fn hex(self) -> [u8; 32] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [0; 32];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        hex
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.hex()).expect("hexadecimal digits are ASCII"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer
            .serialize_str(std::str::from_utf8(&self.hex()).expect("hexadecimal digits are ASCII"))
    }
}
