//! AWS's CBOR 1.1, which the Java SDKs speak to Kinesis: the members of AWS JSON as one CBOR map, blobs as byte strings,
//! moments as tag 1 with whole milliseconds (see [`Moment`](super::Moment)). `ciborium` is the codec.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use ciborium::Value;
use ciborium::value::Error;
use serde::{Deserialize, Serialize};

use super::error::{DecodeError, ErrorBody, ErrorInfo, MALFORMED};
use super::{json, scratch};

/// The media type of requests and answers.
pub const MEDIA_TYPE: &str = "application/x-amz-cbor-1.1";

/// Levels of arrays and maps that a request may have. No input has more than five.
const DEPTH: usize = 64;

/// Reads an operation's input from a request's body. An empty body counts as an empty map.
///
/// By way of a tree, since `ciborium` reads bytes into types that own all that they hold, and inputs need not.
pub fn decode<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    let members = if body.is_empty() {
        Value::Map(Vec::new())
    } else {
        read(body).ok_or_else(DecodeError::default)?
    };
    members.deserialized().map_err(|Error::Custom(sentence)| {
        let text = json::wrong_type(&sentence);
        DecodeError {
            message: text.map_or(MALFORMED.into(), Cow::from),
        }
    })
}

/// The one map that a body is.
fn read(mut body: &[u8]) -> Option<Value> {
    let members = ciborium::de::from_reader_with_recursion_limit(&mut body, DEPTH).ok()?;
    (body.is_empty() && matches!(members, Value::Map(_))).then_some(members)
}

/// The first of these members that a body has as a text.
pub fn member(body: &[u8], names: &[&str]) -> Option<Cow<'static, str>> {
    let members = read(body)?;
    let members = members.as_map()?;
    let text = |name: &&str| {
        let mut members = members.iter();
        let (_, value) = members.find(|(key, _)| key.as_text() == Some(name))?;
        value.as_text().map(|text| Cow::Owned(text.to_owned()))
    };
    names.iter().find_map(text)
}

/// Writes an operation's output. `()` becomes an empty body, as in JSON.
pub fn encode<T: Serialize>(output: &T) -> Vec<u8> {
    /// What `()` is written as.
    const NULL: [u8; 1] = [0xf6];
    let mut body = scratch::take();
    ciborium::into_writer(output, &mut body).expect("outputs are structures of plain members");
    if body == NULL {
        body.clear();
    }
    scratch::finish(body)
}

/// Writes an error.
pub fn error(info: &ErrorInfo) -> Vec<u8> {
    encode(&ErrorBody::from(info))
}
