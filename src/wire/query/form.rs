//! A form: the pairs of a request's query string and body.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

use crate::wire::error::DecodeError;

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

    fn extend(&mut self, text: &'a str) -> Result<(), DecodeError> {
        let mut rest = text;
        while !rest.is_empty() {
            let pair = match memchr(b'&', rest.as_bytes()) {
                Some(at) => {
                    let pair = &rest[..at];
                    rest = &rest[at + 1..];
                    pair
                }
                None => std::mem::take(&mut rest),
            };
            if pair.is_empty() {
                continue;
            }
            if self.pairs.len() == MAX_PAIRS {
                return Err(DecodeError::default());
            }
            let (name, value) = match memchr(b'=', pair.as_bytes()) {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, ""),
            };
            self.pairs
                .push((percent_decode(name)?, percent_decode(value)?));
        }
        Ok(())
    }
}

/// The text that `encoded` stands for; `+` is a space.
fn percent_decode(encoded: &str) -> Result<Cow<'_, str>, DecodeError> {
    let bytes = encoded.as_bytes();
    let Some(first) = memchr2(b'%', b'+', bytes) else {
        return Ok(Cow::Borrowed(encoded));
    };
    let mut decoded = Vec::with_capacity(bytes.len());
    decoded.extend_from_slice(&bytes[..first]);
    let mut rest = &bytes[first..];
    loop {
        rest = match rest {
            [b'%', high, low, rest @ ..] => {
                decoded.push(hex(*high)? << 4 | hex(*low)?);
                rest
            }
            [b'%', ..] => return Err(DecodeError::default()),
            [b'+', rest @ ..] => {
                decoded.push(b' ');
                rest
            }
            [other, rest @ ..] => {
                decoded.push(*other);
                rest
            }
            [] => break,
        };
    }
    let decoded = String::from_utf8(decoded).map_err(|_| DecodeError::default())?;
    Ok(Cow::Owned(decoded))
}

fn hex(digit: u8) -> Result<u8, DecodeError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(DecodeError::default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_keep_their_order_and_are_decoded() {
        let form = Form::parse("b=1&&c", b"a=x+y%20z%2B%C3%A9&b=2&=v").unwrap();
        let pairs: Vec<_> = form.pairs.iter().map(|(n, v)| (&**n, &**v)).collect();
        let expected = [
            ("b", "1"),
            ("c", ""),
            ("a", "x y z+é"),
            ("b", "2"),
            ("", "v"),
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
