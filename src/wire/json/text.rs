//! Writes texts as JSON strings.

use std::fmt;

use crate::hex;
use crate::wire::plain;

/// Writes `text` in quotes.
#[inline]
pub(crate) fn write(bytes: &mut Vec<u8>, text: &str) {
    bytes.reserve(text.len() + 2);
    bytes.push(b'"');
    escape(bytes, text);
    bytes.push(b'"');
}

/// Writes `text`, which needs no escapes, in quotes.
#[inline]
pub(super) fn write_plain(bytes: &mut Vec<u8>, text: &str) {
    bytes.reserve(text.len() + 2);
    bytes.push(b'"');
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(b'"');
}

/// Takes what is displayed, and escapes it.
pub(super) struct Escaped<'b>(pub(super) &'b mut Vec<u8>);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(self.0, text);
        Ok(())
    }
}

fn escape(bytes: &mut Vec<u8>, text: &str) {
    plain::write(
        bytes,
        text.as_bytes(),
        is_special,
        &SPECIAL,
        |bytes, rest| {
            let short = match rest[0] {
                byte @ (b'"' | b'\\') => byte,
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0x08 => b'b',
                0x0c => b'f',
                control => {
                    let [high, low] = hex::pair(control);
                    bytes.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
                    return 1;
                }
            };
            bytes.push(b'\\');
            bytes.push(short);
            1
        },
    );
}

const fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

static SPECIAL: plain::Table = plain::table!(is_special);

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes, text);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_scalar_value_is_written_as_serde_json_writes_it() {
        let all: Vec<char> = (char::MIN..=char::MAX).collect();
        for block in all.chunks(4001) {
            let text: String = block.iter().collect();
            assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
        }
    }

    proptest::proptest! {
        #[test]
        fn texts_are_written_as_serde_json_writes_them(text in "[a-z\"\\\\\u{0}-\u{20}é]{0,80}") {
            proptest::prop_assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
        }
    }
}
