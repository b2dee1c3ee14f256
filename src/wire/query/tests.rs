//! Forms and their decoded inputs, with the names of a service that has every kind of member.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Form, decode};
use crate::wire::error::{DecodeError, MALFORMED, NOT_BASE64};
use crate::wire::names::{MemberName, Shape};
use crate::wire::{Blob, Text};

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase", default)]
struct Input<'a> {
    #[serde(borrow)]
    body: Option<Text<'a>>,
    seconds: Option<i32>,
    is_set: Option<bool>,
    data: Option<Blob>,
    names: Option<Vec<String>>,
    entries: Option<Vec<Entry>>,
    attributes: Option<BTreeMap<String, String>>,
    plain_list: Option<Vec<String>>,
    plain_map: Option<BTreeMap<String, Entry>>,
    version: Option<String>,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "PascalCase", default)]
struct Entry {
    id: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
    inner: Option<Box<Entry>>,
}

fn names(_structure: &str, member: &'static str) -> MemberName {
    const MAP: Shape = Shape::FLATTENED.with_words("Name", "Value");
    match member {
        "Names" => MemberName {
            also: Some("OldName"),
            ..MemberName::new("Name", &Shape::FLATTENED)
        },
        "Entries" => MemberName::new("Entry", &Shape::FLATTENED),
        "Attributes" => MemberName::new("Attribute", &MAP),
        _ => MemberName::new(member, &Shape::PLAIN),
    }
}

fn check(form: &str, expected: Input<'_>) {
    let parsed = Form::parse("", form.as_bytes()).expect(form);
    assert_eq!(decode(&parsed, names), Ok(expected), "{form}");
}

fn check_refused(form: &str, message: &str) {
    let parsed = Form::parse("", form.as_bytes()).expect(form);
    let refusal: Result<Input<'_>, DecodeError> = decode(&parsed, names);
    assert_eq!(refusal.expect_err(form).message, message, "{form}");
}

fn list(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter().map(|(k, v)| ((*k).into(), (*v).into()));
    pairs.collect()
}

fn entry(id: &str) -> Entry {
    Entry {
        id: Some(id.into()),
        ..Entry::default()
    }
}

#[test]
fn scalars_are_read_by_their_type() {
    check(
        "Body=a+b&Seconds=-5&IsSet=true&Data=%2B%2Fv%2F",
        Input {
            body: Some(Text(Cow::Borrowed("a b"))),
            seconds: Some(-5),
            is_set: Some(true),
            data: Some(Blob(vec![0xfb, 0xfb, 0xff])),
            ..Input::default()
        },
    );
    check(
        "Data=+/v/",
        Input {
            data: Some(Blob(vec![0xfb, 0xfb, 0xff])),
            ..Input::default()
        },
    );
}

#[test]
fn texts_borrow_from_the_request() {
    let form = Form::parse("", b"Body=abc").unwrap();
    let input: Input<'_> = decode(&form, names).unwrap();
    assert!(matches!(input.body, Some(Text(Cow::Borrowed("abc")))));
}

#[test]
fn present_but_empty_differs_from_absent() {
    let empty = Some(Text::default());
    check(
        "Body=",
        Input {
            body: empty,
            ..Input::default()
        },
    );
    check("Nothing=", Input::default());
}

#[test]
fn first_of_two_values_counts_as_it_does_for_get() {
    let form = Form::parse("Body=query", b"Body=body").unwrap();
    let input: Input<'_> = decode(&form, names).unwrap();
    assert_eq!(input.body.as_deref(), form.get("Body"));
    assert_eq!(form.get("Body"), Some("query"));
}

#[test]
fn lists_are_ordered_by_index_whatever_the_gaps_and_the_order() {
    for form in [
        "Name.1=a&Name.2=b&Name.3=c",
        "Name.7=b&Name.10=c&Name.3=a",
        "Name.03=c&Other=&Name.1=a&Name.2=b",
        "OldName.1=a&OldName.2=b&OldName.3=c",
    ] {
        check(
            form,
            Input {
                names: Some(list(&["a", "b", "c"])),
                ..Input::default()
            },
        );
    }
}

#[test]
fn one_element_needs_no_index() {
    check(
        "Name=All",
        Input {
            names: Some(list(&["All"])),
            ..Input::default()
        },
    );
    check(
        "PlainList=x",
        Input {
            plain_list: Some(list(&["x"])),
            ..Input::default()
        },
    );
    check(
        "Attribute.Value=b&Attribute.Name=a",
        Input {
            attributes: Some(map(&[("a", "b")])),
            ..Input::default()
        },
    );
    check(
        "Entry.Id=x",
        Input {
            entries: Some(vec![entry("x")]),
            ..Input::default()
        },
    );
}

#[test]
fn empty_list_is_its_name_alone() {
    check(
        "Name=",
        Input {
            names: Some(list(&[])),
            ..Input::default()
        },
    );
    check(
        "PlainList=",
        Input {
            plain_list: Some(list(&[])),
            ..Input::default()
        },
    );
    check(
        "Name.1=",
        Input {
            names: Some(list(&[""])),
            ..Input::default()
        },
    );
}

#[test]
fn members_words_stand_around_lists_and_maps_that_are_not_flattened() {
    check(
        "PlainList.member.2=b&PlainList.member.1=a&PlainList.1=x&PlainList.entry.1=y",
        Input {
            plain_list: Some(list(&["a", "b"])),
            ..Input::default()
        },
    );
    check(
        "PlainMap.entry.1.key=k&PlainMap.entry.1.value.Id=v",
        Input {
            plain_map: Some(BTreeMap::from([("k".to_owned(), entry("v"))])),
            ..Input::default()
        },
    );
}

#[test]
fn nested_parts_may_come_interleaved() {
    let first = Entry {
        attributes: Some(map(&[("a", "1"), ("b", "2")])),
        ..entry("x")
    };
    check(
        "Entry.2.Id=y&Entry.1.Attribute.2.Name=b&Entry.1.Id=x&Entry.1.Attribute.1.Value=1\
         &Entry.1.Attribute.2.Value=2&Entry.1.Attribute.1.Name=a",
        Input {
            entries: Some(vec![first, entry("y")]),
            ..Input::default()
        },
    );
}

#[test]
fn members_left_out_of_an_entry_are_empty() {
    check(
        "Attribute.1.Name=a",
        Input {
            attributes: Some(map(&[("a", "")])),
            ..Input::default()
        },
    );
    check(
        "Attribute.1.Value=b",
        Input {
            attributes: Some(map(&[("", "b")])),
            ..Input::default()
        },
    );
}

#[test]
fn parameters_of_the_request_are_not_input() {
    check(
        "Action=A&Version=2012-11-05&X-Amz-Date=x&AWSAccessKeyId=k&Signature=s&Unknown.1=u",
        Input::default(),
    );
}

#[test]
fn wrong_types_are_refused_in_awss_words() {
    for text in ["x", "", "1.5", "99999999999", "%201"] {
        check_refused(
            &format!("Seconds={text}"),
            "STRING_VALUE can not be converted to an Integer",
        );
    }
    check_refused(
        "IsSet=yes",
        "STRING_VALUE can not be converted to a Boolean",
    );
    check_refused(
        "Body.1=x",
        "Start of structure or map found where not expected.",
    );
    check_refused("Data=*", NOT_BASE64);
}

#[test]
fn hostile_forms_end_in_an_answer() {
    check_refused(
        &format!("Entry.1.{}Id=x", "Inner.".repeat(100_000)),
        MALFORMED,
    );
    check_refused("Name.99999999999999999999999=x", MALFORMED);
    check(
        "Name.18446744073709551615=b&Name.0=a",
        Input {
            names: Some(list(&["a", "b"])),
            ..Input::default()
        },
    );
    check_refused(
        &format!("Body{}=x", ".".repeat(100_000)),
        "Start of structure or map found where not expected.",
    );
}

#[test]
fn indices_in_reverse_are_sorted() {
    let form: Vec<_> = (0..50_000).rev().map(|n| format!("Name.{n}={n}")).collect();
    let expected: Vec<_> = (0..50_000).map(|n| n.to_string()).collect();
    check(
        &form.join("&"),
        Input {
            names: Some(expected),
            ..Input::default()
        },
    );
}
