//! Tests of the CBOR codec: bytes in and out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::*;
use crate::clock::Timestamp;
use crate::wire::{Blob, Moment, Text};

#[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
struct Members<'a> {
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    text: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Blob>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    map: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pairs: Option<Vec<Pair>>,
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Pair {
    key: String,
}

/// The bytes of hexadecimal digits, which spaces may divide.
fn bytes(digits: &str) -> Vec<u8> {
    let digits: Vec<_> = digits
        .chars()
        .filter_map(|digit| digit.to_digit(16))
        .collect();
    let pairs = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]);
    pairs
        .map(|byte| u8::try_from(byte).expect("two digits"))
        .collect()
}

#[track_caller]
fn check(digits: &str, members: &Members<'_>) {
    assert_eq!(decode::<Members<'_>>(&bytes(digits)).as_ref(), Ok(members));
}

fn refusal(body: &[u8]) -> String {
    let refused = decode::<Members<'_>>(body).expect_err("no input");
    refused.message.into_owned()
}

#[test]
fn members_are_read_and_written() {
    let members = Members {
        text: Some(Text("a".into())),
        number: Some(-500),
        flag: Some(true),
        data: Some(Blob(vec![0, 255])),
        at: Some(Moment(Timestamp::from_millis(1_796_040_000_500))),
        list: Some(vec!["b".into()]),
        map: Some([("c".to_owned(), "d".to_owned())].into()),
        pairs: Some(vec![Pair { key: "k".into() }]),
    };
    let written = "a8 64 54657874 61 61 66 4e756d626572 39 01f3 64 466c6167 f5 64 44617461 42 00ff \
                   62 4174 c1 1b 000001a22c5383f4 64 4c697374 81 61 62 63 4d6170 a1 61 63 61 64 \
                   65 5061697273 81 a1 63 4b6579 61 6b";
    let encoded = encode(&members);
    assert_eq!(decode::<Members<'_>>(&encoded), Ok(members));
    assert_eq!(encoded, bytes(written));
}

#[test]
fn indefinite_lengths_tags_and_nulls_are_read() {
    let text = Members {
        text: Some(Text("ab".into())),
        ..Members::default()
    };
    check("bf 64 54657874 62 6162 ff", &text);
    check("bf 7f 62 5465 62 7874 ff 7f 61 61 61 62 ff ff", &text);
    check("a2 64 54657874 62 6162 66 4e756d626572 f6", &text);
    // A member that nobody knows, with a tag and a double in it.
    check("a2 61 58 c1 fb 3ff8000000000000 64 54657874 62 6162", &text);
    let data = Members {
        data: Some(Blob(b"ab".to_vec())),
        ..Members::default()
    };
    check("a1 64 44617461 5f 41 61 41 62 ff", &data);
    let at = Members {
        at: Some(Moment(Timestamp::from_millis(5))),
        ..Members::default()
    };
    check("a1 62 4174 c1 05", &at);
    check("a1 62 4174 05", &at);
    let list = Members {
        list: Some(vec!["a".into(), "b".into()]),
        ..Members::default()
    };
    check("a1 64 4c697374 9f 61 61 61 62 ff", &list);
    check("", &Members::default());
    check("a0", &Members::default());
}

#[test]
fn wrong_types_are_refused_in_awss_words() {
    for (digits, sentence) in [
        (
            "a1 64 54657874 05",
            "NUMBER_VALUE can not be converted to a String",
        ),
        (
            "a1 66 4e756d626572 61 35",
            "STRING_VALUE can not be converted to an Integer",
        ),
        (
            "a1 64 466c6167 61 35",
            "STRING_VALUE can not be converted to a Boolean",
        ),
        (
            "a1 64 54657874 a0",
            "Start of structure or map found where not expected.",
        ),
        ("a1 63 4d6170 80", "Start of list found where not expected"),
        (
            "a1 65 5061697273 81 81 61 6b",
            "Start of list found where not expected",
        ),
    ] {
        assert_eq!(refusal(&bytes(digits)), sentence, "{digits}");
    }
}

#[test]
fn what_is_no_map_is_refused() {
    for digits in [
        "80",
        "f6",
        "61 61",
        "a0 a0",
        "a1 64 54657874",
        "bf",
        "ff",
        "1c",
        // More than there is, and more than there can be.
        "bb ffffffffffffffff",
        "a1 64 44617461 5b 7fffffffffffffff",
        "a1 64 4c697374 9b 7fffffffffffffff",
    ] {
        assert_eq!(refusal(&bytes(digits)), MALFORMED, "{digits}");
    }
    assert_eq!(
        refusal(&[&[0xa1, 0x61, 0x58][..], &[0x81; 10_000]].concat()),
        MALFORMED
    );
}

#[test]
fn no_output_is_an_empty_body() {
    #[derive(Serialize)]
    struct Output {}

    assert_eq!(encode(&()), b"");
    assert_eq!(encode(&Output {}), [0xa0]);
}

#[test]
fn errors_have_their_type_and_sentence() {
    let mut info = ErrorInfo::new("E", "E", 400, "m");
    let written = bytes("bf 66 5f5f74797065 61 45 67 6d657373616765 61 6d ff");
    assert_eq!(error(&info), written);
    info.has_capital_message = true;
    let written = bytes("bf 66 5f5f74797065 61 45 67 4d657373616765 61 6d ff");
    assert_eq!(error(&info), written);
}

#[test]
fn members_are_found_for_the_log() {
    let body = bytes("a2 61 41 05 64 54657874 62 6162");
    assert_eq!(member(&body, &["A", "Text"]).as_deref(), Some("ab"));
    assert_eq!(member(&body, &["B"]), None);
}
