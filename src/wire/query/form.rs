//! A form: the pairs of a request's query string and body.

use std::borrow::Cow;

use crate::wire::error::DecodeError;
use crate::wire::plain;

/// How many pairs a form may have. A batch of ten messages with ten attributes each has about four hundred; the bound
/// keeps a body of separators from becoming gigabytes of pairs.
const MAX_PAIRS: usize = 1 << 16;

/// A form's pairs in the order they came, percent-decoded; borrowed where nothing was encoded.
#[derive(Debug, Default)]
pub struct Form<'a> {
    pub(super) pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Form<'a> {
    /// The pairs of the query string, then those of the body. Fails if either is not UTF-8 once it is decoded, if a
    /// percent sign does not start an encoded byte, or if there are too many pairs.
    pub fn parse(query: &'a str, body: &'a [u8]) -> Result<Self, DecodeError> {
        let body = std::str::from_utf8(body).map_err(|_| DecodeError::default())?;
        let mut form = Self {
            pairs: Vec::with_capacity(16),
        };
        form.extend(query)?;
        form.extend(body)?;
        Ok(form)
    }

    /// The value of the first pair with this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let pair = self.pairs.iter().find(|(other, _)| other == name)?;
        Some(&pair.1)
    }

    /// The names and values of all pairs.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (&**name, &**value))
    }

    fn extend(&mut self, text: &'a str) -> Result<(), DecodeError> {
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('&') {
                rest = after;
                continue;
            }
            if self.pairs.len() == MAX_PAIRS {
                return Err(DecodeError::default());
            }
            let (name, after) = name(rest)?;
            let (value, after) = match after.strip_prefix('=') {
                Some(after) => value(after)?,
                None => (Cow::Borrowed(""), after),
            };
            self.pairs.push((name, value));
            rest = after;
        }
        Ok(())
    }
}

/// What ends a name, or is encoded in it.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "with branches the compiler makes no vector instructions of it"
)]
const fn stops_name(byte: u8) -> bool {
    stops_value(byte) | (byte == b'=')
}

/// What ends a value, or is encoded in it.
#[expect(clippy::needless_bitwise_bool, reason = "as above")]
const fn stops_value(byte: u8) -> bool {
    is_code(byte) | (byte == b'&')
}

/// Whether the byte stands for another.
#[expect(clippy::needless_bitwise_bool, reason = "as above")]
const fn is_code(byte: u8) -> bool {
    (byte == b'%') | (byte == b'+')
}

static STOPS_NAME: plain::Table = plain::table!(stops_name);
static STOPS_VALUE: plain::Table = plain::table!(stops_value);

/// Decodes a name at the start of `text`, and returns what comes after it. Names are short: their bytes are looked at one
/// by one.
fn name(text: &str) -> Result<(Cow<'_, str>, &str), DecodeError> {
    let mut bytes = text.bytes();
    let plain = bytes.position(|byte| STOPS_NAME[usize::from(byte)]);
    part(text, plain.unwrap_or(text.len()), stops_name)
}

/// Decodes a value at the start of `text`, and returns what comes after it.
fn value(text: &str) -> Result<(Cow<'_, str>, &str), DecodeError> {
    let plain = plain::short_length(text.as_bytes(), stops_value, &STOPS_VALUE);
    part(text, plain, stops_value)
}

/// Decodes what ends at the first byte that stops it and stands for no other. The first `plain` bytes do not.
fn part(
    text: &str,
    plain: usize,
    stops: impl Fn(u8) -> bool,
) -> Result<(Cow<'_, str>, &str), DecodeError> {
    let bytes = text.as_bytes();
    let is_end = |byte| stops(byte) & !is_code(byte);
    if bytes.get(plain).is_none_or(|&byte| is_end(byte)) {
        let (literal, rest) = text.split_at(plain);
        return Ok((Cow::Borrowed(literal), rest));
    }
    let end = plain + plain::length(&bytes[plain..], is_end);
    let (encoded, rest) = text.split_at(end);
    Ok((Cow::Owned(percent_decode(encoded, plain)?), rest))
}

/// The text that `encoded` stands for; `+` is a space. The first `plain` bytes are literal.
fn percent_decode(encoded: &str, plain: usize) -> Result<String, DecodeError> {
    let bytes = encoded.as_bytes();
    // Written in place, since each byte of a vector that grows would ask for room.
    let mut decoded = bytes.to_vec();
    let mut length = plain;
    let mut rest = bytes[plain..].iter();
    while let Some(&byte) = rest.next() {
        decoded[length] = match byte {
            b'%' => {
                let (Some(&high), Some(&low)) = (rest.next(), rest.next()) else {
                    return Err(DecodeError::default());
                };
                let (high, low) = (HEX[usize::from(high)], HEX[usize::from(low)]);
                if high | low > 15 {
                    return Err(DecodeError::default());
                }
                high << 4 | low
            }
            b'+' => b' ',
            literal => literal,
        };
        length += 1;
    }
    decoded.truncate(length);
    String::from_utf8(decoded).map_err(|_| DecodeError::default())
}

/// The values of hexadecimal digits; more than 15 for all other bytes.
static HEX: [u8; 256] = {
    let mut values = [0xff; 256];
    let mut digit = 0;
    while digit < 16 {
        values[b"0123456789abcdef"[digit as usize] as usize] = digit;
        values[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        digit += 1;
    }
    values
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_keep_their_order_and_are_decoded() {
        let form = Form::parse("b=1&&c", b"a=x+y%20z%2B%C3%A9&b=2&=v&%3d%26=%3D=%26").unwrap();
        let pairs: Vec<_> = form.pairs.iter().map(|(n, v)| (&**n, &**v)).collect();
        let expected = [
            ("b", "1"),
            ("c", ""),
            ("a", "x y z+é"),
            ("b", "2"),
            ("", "v"),
            ("=&", "==&"),
        ];
        assert_eq!(pairs, expected);
        assert_eq!(form.get("b"), Some("1"));
        assert_eq!(form.get("d"), None);
    }

    #[test]
    fn only_encoded_texts_are_copied() {
        let form = Form::parse("", b"plain=text&encoded=%61").unwrap();
        assert!(matches!(form.pairs[0].1, Cow::Borrowed("text")));
        assert!(matches!(&form.pairs[1].1, Cow::Owned(text) if text == "a"));
    }

    #[test]
    fn malformed_encodings_are_refused() {
        for body in ["a=%", "a=%4", "a=%zz", "a=%ff", "a=%C3", "%=1"] {
            assert!(Form::parse("", body.as_bytes()).is_err(), "{body}");
        }
        assert!(Form::parse("", b"a=\xff").is_err());
    }

    #[test]
    fn pairs_are_bounded() {
        assert!(Form::parse("", "&".repeat(1 << 20).as_bytes()).is_ok());
        assert!(Form::parse("", "a&".repeat(MAX_PAIRS).as_bytes()).is_ok());
        assert!(Form::parse("", "a&".repeat(MAX_PAIRS + 1).as_bytes()).is_err());
    }
}
