//! AWS JSON 1.0 and 1.1: bodies straight to and from an operation's types.
//!
//! In reading order: [`decode`], [`encode`] and [`error`]; `serializer` writes an output, `text` its texts.

pub(super) mod serializer;
mod text;

pub(crate) use text::write as write_text;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use memchr::memchr;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::error::{BASE64_TEXT, DecodeError, ErrorBody, ErrorInfo, MALFORMED, NOT_BASE64};
use crate::wire::scratch;
use crate::wire::strict::Strict;
use serializer::{Element, Model};

/// Reads an operation's input from a request's body. An empty body counts as `{}`.
pub fn decode<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    let mut json = serde_json::Deserializer::from_str(object(body)?);
    let input = T::deserialize(Strict(&mut json)).and_then(|input| json.end().map(|()| input));
    input.map_err(|error| refused(&error))
}

/// The text of a body that holds an object.
pub(super) fn object(body: &[u8]) -> Result<&str, DecodeError> {
    let body = if body.is_empty() { b"{}" } else { body };
    let opening = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if opening != Some(&b'{') {
        return Err(DecodeError::default());
    }
    // Checked once as a whole, which is faster than each text alone.
    std::str::from_utf8(body).map_err(|_| DecodeError::default())
}

/// The refusal of a body that is no input of its operation.
pub(super) fn refused(error: &serde_json::Error) -> DecodeError {
    DecodeError {
        message: aws_text(error).into(),
    }
}

/// A body in JSON, with the one that is read in its place if it holds what Rust's strings cannot.
#[derive(Debug)]
pub(super) struct Body<'a> {
    pub(super) sent: &'a [u8],
    mended: OnceLock<Vec<u8>>,
}

impl<'a> Body<'a> {
    pub(super) const fn new(sent: &'a [u8]) -> Self {
        Self {
            sent,
            mended: OnceLock::new(),
        }
    }

    /// What `decode` reads of it.
    pub(super) fn read<'b, T>(
        &'b self,
        decode: impl Fn(&'b [u8]) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        match decode(self.sent) {
            Ok(input) => Ok(input),
            Err(error) => {
                let mended = without_lone_surrogates(self.sent).ok_or(error)?;
                decode(self.mended.get_or_init(|| mended))
            }
        }
    }
}

/// The body with U+FFFE in place of each escaped surrogate that stands without its partner; `None` if there is none.
///
/// Such an escape is well-formed JSON, though no Unicode text: JavaScript and Python write it for a text that was cut in
/// the middle of an emoji. Rust's strings cannot hold it. U+FFFE is a character that AWS refuses wherever it refuses
/// surrogates, so each member's own check answers.
fn without_lone_surrogates(body: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| {
        let digits = body.get(at..)?.strip_prefix(b"\\u")?.get(..4)?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut replaced = None;
    let mut at = 0;
    while let Some(next) = memchr(b'\\', body.get(at..)?) {
        at += next;
        at += match (unit(at), unit(at + 6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                let replaced = replaced.get_or_insert_with(|| body.to_vec());
                replaced[at..at + 6].copy_from_slice(b"\\ufffe");
                6
            }
            _ => 2,
        };
    }
    replaced
}

/// The first of these members that a body has as a text.
pub fn member<'a>(body: &'a [u8], names: &[&str]) -> Option<Cow<'a, str>> {
    let members: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_slice(body).ok()?;
    let mut texts = names.iter().filter_map(|name| members.get(*name));
    let text = texts.find_map(|text| serde_json::from_str::<String>(text.get()).ok());
    text.map(Cow::Owned)
}

/// Writes an operation's output. `()` becomes an empty body, as AWS answers for actions without output; a structure
/// without members becomes `{}`.
pub fn encode<T: Serialize>(output: &T) -> Vec<u8> {
    let mut body = scratch::take();
    let element = Element {
        bytes: &mut body,
        form: Model,
        is_plain: false,
    };
    written(output.serialize(element));
    finish(body)
}

/// # Panics
/// Where an output has no form in JSON, such as a map whose keys are no texts.
pub(super) fn written(result: serde_json::Result<()>) {
    result.expect("outputs are structures of plain members");
}

fn finish(mut body: Vec<u8>) -> Vec<u8> {
    if body == b"null" {
        body.clear();
    }
    scratch::finish(body)
}

/// Writes an error.
pub fn error(info: &ErrorInfo) -> Vec<u8> {
    encode(&ErrorBody::from(info))
}

/// AWS's text for a value of the wrong type; [`MALFORMED`] for any other error.
///
/// serde gives the kind of the value and what was expected only in its message: `invalid type: {kind} …, expected
/// {what} at line …`. The value comes first, quoted, so nothing in it can be mistaken for either.
fn aws_text(error: &serde_json::Error) -> String {
    if error.classify() != Category::Data {
        return MALFORMED.into();
    }
    wrong_type(&error.to_string()).unwrap_or_else(|| MALFORMED.into())
}

/// AWS's text for what serde says of a value of the wrong type.
pub(super) fn wrong_type(sentence: &str) -> Option<String> {
    let found = ["invalid type: ", "invalid value: "]
        .iter()
        .find_map(|prefix| sentence.strip_prefix(prefix))?;
    let (_, expected) = sentence.rsplit_once(", expected ")?;
    let expected = expected.split(" at line ").next().unwrap_or_default();
    Some(mismatch(found, expected))
}

fn mismatch(found: &str, expected: &str) -> String {
    let found = match found {
        _ if found.starts_with("map") => {
            return "Start of structure or map found where not expected.".into();
        }
        _ if found.starts_with("sequence") => {
            return "Start of list found where not expected".into();
        }
        _ if found.starts_with("string") => "STRING_VALUE",
        _ if found.starts_with("boolean `true`") => "TRUE_VALUE",
        _ if found.starts_with("boolean") => "FALSE_VALUE",
        _ if found.starts_with("integer") || found.starts_with("floating point") => "NUMBER_VALUE",
        _ => return MALFORMED.into(),
    };
    let expected = match expected {
        "i8" | "i16" | "i32" | "u8" | "u16" | "u32" | "(big)int" => "an Integer",
        "i64" | "u64" => "a Long",
        "f32" | "f64" => "a Double",
        "a boolean" | "bool" => "a Boolean",
        "a string" | "str" => "a String",
        BASE64_TEXT => return NOT_BASE64.into(),
        "bytes" => return MALFORMED.into(),
        // A collection or a structure was expected, and a scalar stands there.
        _ => return format!("Unrecognized collection type class {}", java_class(found)),
    };
    format!("{found} can not be converted to {expected}")
}

fn java_class(token: &str) -> &'static str {
    match token {
        "STRING_VALUE" => "java.lang.String",
        "NUMBER_VALUE" => "java.lang.Integer",
        _ => "java.lang.Boolean",
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use super::*;
    use crate::wire::Text;

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase", default)]
    struct Input<'a> {
        #[serde(borrow)]
        text: Option<Text<'a>>,
        number: Option<i32>,
        flag: Option<bool>,
        list: Option<Vec<String>>,
        map: Option<BTreeMap<String, String>>,
        pair: Option<Pair>,
        pairs: Option<Vec<Pair>>,
        named: Option<BTreeMap<String, Pair>>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "PascalCase")]
    struct Pair {
        key: String,
        value: String,
    }

    fn refusal(body: &str) -> String {
        decode::<Input<'_>>(body.as_bytes())
            .expect_err(body)
            .message
            .into_owned()
    }

    #[test]
    fn missing_null_and_unknown_members_are_absent() {
        for body in [
            "",
            "{}",
            " \n{ }",
            r#"{"Text":null,"Number":null,"List":null}"#,
            r#"{"X":{"Y":[1]}}"#,
        ] {
            assert_eq!(
                decode::<Input<'_>>(body.as_bytes()),
                Ok(Input::default()),
                "{body}"
            );
        }
    }

    #[test]
    fn structures_are_read_wherever_they_are() {
        let pair = || Pair {
            key: "a".into(),
            value: "b".into(),
        };
        let expected = Input {
            pair: Some(pair()),
            pairs: Some(vec![pair()]),
            named: Some([("c".to_owned(), pair())].into()),
            ..Input::default()
        };
        let text = r#"{"Value":"b","Key":"a","Other":[{}]}"#;
        let body = format!(r#"{{"Pair":{text},"Pairs":[{text}],"Named":{{"c":{text}}}}}"#);
        assert_eq!(decode::<Input<'_>>(body.as_bytes()), Ok(expected));
    }

    #[test]
    fn literal_strings_borrow_from_the_body() {
        let input: Input<'_> = decode(br#"{"Text":"a b"}"#).unwrap();
        assert!(matches!(input.text, Some(Text(Cow::Borrowed("a b")))));
    }

    #[test]
    fn wrong_types_are_refused_in_awss_words() {
        for (body, text) in [
            (
                r#"{"Number":"5, expected u64"}"#,
                "STRING_VALUE can not be converted to an Integer",
            ),
            (
                r#"{"Number":true}"#,
                "TRUE_VALUE can not be converted to an Integer",
            ),
            (
                r#"{"Number":99999999999}"#,
                "NUMBER_VALUE can not be converted to an Integer",
            ),
            (
                r#"{"Text":5}"#,
                "NUMBER_VALUE can not be converted to a String",
            ),
            (
                r#"{"Text":false}"#,
                "FALSE_VALUE can not be converted to a String",
            ),
            (
                r#"{"Flag":"yes"}"#,
                "STRING_VALUE can not be converted to a Boolean",
            ),
            (
                r#"{"Text":{}}"#,
                "Start of structure or map found where not expected.",
            ),
            (r#"{"Map":[]}"#, "Start of list found where not expected"),
            (
                r#"{"Pair":["a","b"]}"#,
                "Start of list found where not expected",
            ),
            (
                r#"{"Pairs":[["a","b"]]}"#,
                "Start of list found where not expected",
            ),
            (
                r#"{"Named":{"a":["a","b"]}}"#,
                "Start of list found where not expected",
            ),
            (
                r#"{"List":"a"}"#,
                "Unrecognized collection type class java.lang.String",
            ),
        ] {
            assert_eq!(refusal(body), text, "{body}");
        }
    }

    #[test]
    fn serdes_words_reach_no_client() {
        for body in [
            "{",
            "[]",
            "\"a\"",
            "null",
            "x",
            "{\"Text\":\"a\",\"Text\":\"b\"}",
            "{\"Text\":1e999}",
            "{} {}",
        ] {
            assert_eq!(refusal(body), MALFORMED, "{body}");
        }
    }

    #[test]
    fn surrogates_without_a_partner_are_replaced() {
        for (body, replaced) in [
            (r#"{"a":"b \ud83d c"}"#, r#"{"a":"b \ufffe c"}"#),
            (r#""\uD83D""#, r#""\ufffe""#),
            (
                r#""\ude00\ud83d\ud83d\ude00""#,
                r#""\ufffe\ufffe\ud83d\ude00""#,
            ),
            (r#""\\\udfff""#, r#""\\\ufffe""#),
        ] {
            let found = without_lone_surrogates(body.as_bytes()).expect(body);
            assert_eq!(String::from_utf8(found).expect("ASCII"), replaced, "{body}");
        }
        for whole in [
            "",
            "{}",
            r#""\ud83d\ude00\n""#,
            r#""\\ud83d""#,
            r#""\u00e9""#,
            "\\",
            "\\ud8",
        ] {
            assert_eq!(without_lone_surrogates(whole.as_bytes()), None, "{whole}");
        }
    }

    #[test]
    fn no_output_is_an_empty_body_and_an_empty_output_an_object() {
        #[derive(Serialize)]
        struct Output {}

        assert_eq!(encode(&()), b"");
        assert_eq!(encode(&Output {}), b"{}");
    }
}
