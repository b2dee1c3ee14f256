//! Writes texts as JSON strings.

use std::fmt;

use crate::wire::plain;

/// Writes `text` in quotes.
#[inline]
pub(super) fn write(bytes: &mut Vec<u8>, text: &str) {
    bytes.reserve(text.len() + 2);
    bytes.push(b'"');
    escape(bytes, text);
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
    let mut rest = text.as_bytes();
    loop {
        let plain = plain::length(rest, is_special);
        bytes.extend_from_slice(&rest[..plain]);
        let Some(&special) = rest.get(plain) else {
            return;
        };
        match special {
            b'"' => bytes.extend_from_slice(b"\\\""),
            b'\\' => bytes.extend_from_slice(b"\\\\"),
            b'\n' => bytes.extend_from_slice(b"\\n"),
            b'\r' => bytes.extend_from_slice(b"\\r"),
            b'\t' => bytes.extend_from_slice(b"\\t"),
            0x08 => bytes.extend_from_slice(b"\\b"),
            0x0c => bytes.extend_from_slice(b"\\f"),
            control => {
                let digit = |digit: u8| b"0123456789abcdef"[usize::from(digit)];
                bytes.extend_from_slice(b"\\u00");
                bytes.extend_from_slice(&[digit(control >> 4), digit(control & 15)]);
            }
        }
        rest = &rest[plain + 1..];
    }
}

fn is_special(byte: u8) -> bool {
    (byte < b' ') | (byte == b'"') | (byte == b'\\')
}

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
