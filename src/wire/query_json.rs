//! AWS Query answers as JSON, for clients that ask for it: writes any operation's output, and errors.
//!
//! Keys are in alphabetical order, and members without a value are there as `null`. Lists are arrays. A map is an array
//! of pairs where forms flatten it (`Attribute.1.Name=…`), since it is a list in the model that such services had for
//! Query; other maps are objects.

use serde::Serialize;
use serde_json::{Map, Value};

use super::error::ErrorInfo;
use super::json::{
    self,
    serializer::{Element, Form},
};
use super::names::{Names, Shape};
use super::query;
use crate::head::Head;

/// Where a service's answers in this form differ from its model.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Members with other names: the model's, and theirs here.
    pub renamed: &'static [(&'static str, &'static str)],
    /// Members that the model no longer has, always `null`: the structure, as serde knows it, and the member.
    pub former: &'static [(&'static str, &'static [&'static str])],
}

impl Style {
    /// Nothing differs.
    pub const PLAIN: Self = Self {
        renamed: &[],
        former: &[],
    };
}

/// Whether a request asks for JSON: by `Accept`, where it comes before XML, or by the parameter with which old Python
/// clients ask.
pub(super) fn is_asked(head: &Head<'_>, form: Option<&query::Form<'_>>) -> bool {
    accepts(head) || form.is_some_and(|form| form.get("ContentType") == Some("JSON"))
}

fn accepts(head: &Head<'_>) -> bool {
    let Some(accept) = head.accept.text() else {
        return false;
    };
    let ranges = accept.split(',');
    let mut known = ranges.filter_map(|range| {
        let media = range.split(';').next().unwrap_or_default().trim();
        let is = |name: &str| media.eq_ignore_ascii_case(name);
        if is("application/json") {
            Some(true)
        } else if is("text/xml") || is("application/xml") {
            Some(false)
        } else {
            None
        }
    });
    known.next().unwrap_or(false)
}

/// Writes an operation's output. `()`, no output at all, has no `Result`.
pub(super) fn encode<T: Serialize>(
    operation: &str,
    request_id: &str,
    output: &T,
    style: &'static Style,
    names: Names,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let element = Element {
        bytes: &mut bytes,
        form: Rendering {
            style,
            names,
            shape: &Shape::PLAIN,
        },
        is_plain: false,
    };
    json::written(output.serialize(element));
    response(operation, request_id, &bytes)
}

fn response(operation: &str, request_id: &str, result: &[u8]) -> Vec<u8> {
    let result: Value = serde_json::from_slice(result).expect("what was written is JSON");
    let metadata = serde_json::json!({ "RequestId": request_id });
    let mut response = Map::from_iter([("ResponseMetadata".to_owned(), metadata)]);
    if !result.is_null() {
        response.insert(format!("{operation}Result"), result);
    }
    sorted(serde_json::json!({ (format!("{operation}Response")): response }))
}

/// Writes an error.
pub(super) fn error(info: &ErrorInfo, request_id: &str) -> Vec<u8> {
    let message = info.query_message.as_ref().unwrap_or(&info.message);
    let mut error = info.members.clone();
    error.insert("Type".to_owned(), info.fault().as_str().into());
    error.insert("Code".to_owned(), (*info.query_code).into());
    error.insert("Message".to_owned(), message.as_ref().into());
    sorted(serde_json::json!({ "Error": error, "RequestId": request_id }))
}

fn sorted(mut answer: Value) -> Vec<u8> {
    answer.sort_all_objects();
    answer.to_string().into_bytes()
}

/// The names and shapes of this form, for the serializer.
#[derive(Clone, Copy)]
struct Rendering {
    style: &'static Style,
    names: Names,
    /// Of the member whose value is written.
    shape: &'static Shape,
}

impl Form for Rendering {
    const WRITES_NULLS: bool = true;

    fn member(self, structure: &'static str, member: &'static str) -> (&'static str, Self) {
        let renamed = self.style.renamed.iter().find(|(name, _)| *name == member);
        let form = Self {
            shape: (self.names)(structure, member).shape,
            ..self
        };
        (renamed.map_or(member, |(_, name)| name), form)
    }

    fn further(self, structure: &'static str) -> &'static [&'static str] {
        let mut former = self.style.former.iter();
        let found = former.find(|(name, _)| *name == structure);
        found.map_or(&[], |(_, members)| members)
    }

    fn within(self) -> Self {
        Self {
            shape: &Shape::PLAIN,
            ..self
        }
    }

    fn pair(self) -> Option<(&'static str, &'static str)> {
        let shape = self.shape;
        shape.flattened.then_some((shape.key, shape.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(accept: &'static str, form: &[u8]) -> bool {
        let request = http::Request::builder().header("Accept", accept);
        let (parts, ()) = request.body(()).unwrap().into_parts();
        is_asked(
            &Head::of(&parts),
            Some(&query::Form::parse("", form).unwrap()),
        )
    }

    #[test]
    fn json_is_for_those_who_name_it_before_xml() {
        for accept in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "text/html, application/json;q=0.9, */*",
            "application/json,text/xml",
        ] {
            assert!(asks(accept, b""), "{accept}");
        }
        for accept in [
            "",
            "*/*",
            "text/xml",
            "application/xml, application/json",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/x-amz-json-1.0",
        ] {
            assert!(!asks(accept, b""), "{accept}");
            assert!(asks(accept, b"ContentType=JSON"), "{accept}");
            assert!(!asks(accept, b"ContentType=XML"), "{accept}");
        }
    }

    #[test]
    fn no_output_has_no_result_and_an_empty_one_an_empty_result() {
        #[derive(Serialize)]
        struct Empty {}

        let names = crate::wire::names::plain;
        let written = |bytes| String::from_utf8(bytes).unwrap();
        assert_eq!(
            written(encode("Do", "f1", &(), &Style::PLAIN, names)),
            r#"{"DoResponse":{"ResponseMetadata":{"RequestId":"f1"}}}"#
        );
        assert_eq!(
            written(encode("Do", "f1", &Empty {}, &Style::PLAIN, names)),
            r#"{"DoResponse":{"DoResult":{},"ResponseMetadata":{"RequestId":"f1"}}}"#
        );
    }
}
