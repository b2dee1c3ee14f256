//! The MD5 digests that SDKs compare with their own: of bodies, message attributes and system attributes.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::aws::message::{Attribute, attributes_md5};
use crate::hex;

/// An MD5, shown as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest(pub [u8; 16]);

impl Digest {
    /// The digest of message attributes, which must be ordered by the bytes of their names.
    pub(crate) fn of_attributes<'a>(attributes: impl IntoIterator<Item = &'a Attribute>) -> Self {
        Self(attributes_md5(attributes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(hex::encode_into(&self.0, &mut [0; 32]))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0; 32];
        serializer.serialize_newtype_struct(hex::PLAIN, hex::encode_into(&self.0, &mut digits))
    }
}
