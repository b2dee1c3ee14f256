//! Event streams as a client reads them: out of chunks and frames, whose checksums it verifies.

use super::digits;

/// The media type of answers with event streams.
pub(crate) const EVENT_STREAM: &str = "application/vnd.amazon.eventstream";

/// What begins with its length may not be there whole yet.
const PRELUDE: usize = 12;

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    /// What it is: the type of its event, or the exception's.
    pub(crate) fn kind(&self) -> &str {
        &self.headers[0].1
    }

    /// The payload as JSON.
    pub(crate) fn value(&self) -> serde_json::Value {
        serde_json::from_slice(&self.payload).expect("JSON")
    }

    /// For cases: headers, then the payload, in hexadecimal digits if it is CBOR.
    pub(crate) fn shown(&self) -> String {
        let headers = self.headers.iter();
        let headers: Vec<_> = headers
            .map(|(name, text)| format!("{name} {text}"))
            .collect();
        let payload = match std::str::from_utf8(&self.payload) {
            Ok(text) if text.starts_with('{') => text.to_owned(),
            _ => digits(&self.payload),
        };
        format!("{}\n{payload}\n", headers.join(", "))
    }
}

/// The bytes in the chunks of a body, and whether their end has come.
pub(crate) fn chunks(mut body: &[u8]) -> (Vec<u8>, bool) {
    let mut bytes = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&body[..end]).expect("digits");
        let length = usize::from_str_radix(length, 16).expect("a chunk's length");
        let Some(chunk) = body.get(end + 2..end + 2 + length + 2) else {
            break;
        };
        assert!(chunk.ends_with(b"\r\n"));
        if length == 0 {
            return (bytes, true);
        }
        bytes.extend(&chunk[..length]);
        body = &body[end + 2 + length + 2..];
    }
    (bytes, false)
}

/// The whole frames with which some bytes begin, and how many bytes these are.
pub(crate) fn frames(bytes: &[u8]) -> (Vec<Frame>, usize) {
    let (mut frames, mut start) = (Vec::new(), 0);
    while bytes.len() >= start + PRELUDE {
        let length = number(&bytes[start..]);
        let Some(whole) = bytes.get(start..start + length) else {
            break;
        };
        frames.push(frame(whole));
        start += length;
    }
    (frames, start)
}

fn frame(whole: &[u8]) -> Frame {
    let (prelude, rest) = whole.split_at(PRELUDE);
    assert_eq!(
        number(&prelude[8..]),
        crc32(&prelude[..8]),
        "the prelude's checksum"
    );
    let end = whole.len() - 4;
    assert_eq!(
        number(&whole[end..]),
        crc32(&whole[..end]),
        "the frame's checksum"
    );
    let (mut head, payload) = rest[..rest.len() - 4].split_at(number(&prelude[4..]));
    let mut headers = Vec::new();
    while let [length, after @ ..] = head {
        let (name, value) = after.split_at(usize::from(*length));
        assert_eq!(value[0], 7, "a text");
        let length = usize::from(u16::from_be_bytes([value[1], value[2]]));
        let (text, after) = value[3..].split_at(length);
        let [name, text] = [name, text].map(|it| String::from_utf8(it.to_vec()).expect("UTF-8"));
        headers.push((name, text));
        head = after;
    }
    Frame {
        headers,
        payload: payload.to_vec(),
    }
}

fn number(bytes: &[u8]) -> usize {
    let four = bytes[..4].try_into().expect("four bytes");
    usize::try_from(u32::from_be_bytes(four)).expect("64 bits")
}

/// Bit by bit, as it is defined.
fn crc32(bytes: &[u8]) -> usize {
    let of_byte = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    };
    usize::try_from(!bytes.iter().fold(!0, of_byte)).expect("64 bits")
}
