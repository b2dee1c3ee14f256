//! REST JSON: method and path name the operation; its input is in the path, the query string and a JSON body, and its
//! output is a JSON body, or bytes.
//!
//! In reading order: [`route`] is an operation's place among methods and paths; [`Request`] is what a request has for it,
//! `decode` makes the input of that, [`encode`] and [`error`] the two kinds of answer.

mod decode;
pub mod route;

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::error::{DecodeError, ErrorInfo};
use super::query::Form;
use super::{Blob, json};
pub use route::Route;

/// What errors call their members. Services differ.
#[derive(Clone, Copy, Debug)]
pub struct ErrorNames {
    /// The member with the error's code, for services whose errors have one.
    pub code: Option<&'static str>,
    /// The member with its sentence.
    pub message: &'static str,
}

/// A request for an operation.
#[derive(Debug)]
pub struct Request<'a> {
    /// The operation's route.
    pub route: &'static Route,
    /// None if the path or the query string is not of its form: the operation refuses it in its service's words.
    bound: Option<Vec<Bound<'a>>>,
    body: json::Body<'a>,
}

/// A member that does not come in the body.
#[derive(Debug)]
struct Bound<'a> {
    member: &'static str,
    /// Its value; those of a list.
    values: Vec<Cow<'a, str>>,
}

impl<'a> Request<'a> {
    /// What a request with this path, query string and body has for the operation of `route`, which is that of the path.
    pub fn read(route: &'static Route, path: &'a str, query: &'a str, body: &'a [u8]) -> Self {
        Self {
            route,
            bound: bound(route, path, query).ok(),
            body: json::Body::new(if route.has_body() { body } else { &[] }),
        }
    }

    /// The operation's input.
    pub fn decode<'i, T: Deserialize<'i>>(&'i self) -> Result<T, DecodeError> {
        let bound = self.bound.as_ref().ok_or_else(DecodeError::default)?;
        let decode = |body| decode::decode(body, bound, self.route);
        self.body.read(decode)
    }

    /// The first of these members that the request has in its path or query string.
    pub fn member(&self, names: &[&str]) -> Option<&str> {
        let bound = self.bound.as_deref().unwrap_or_default();
        let of_name = |name: &&str| bound.iter().find(|bound| bound.member == *name);
        let values = &names.iter().find_map(of_name)?.values;
        values.first().map(|value| &**value)
    }
}

fn bound<'a>(route: &Route, path: &'a str, query: &str) -> Result<Vec<Bound<'a>>, DecodeError> {
    let mut bound = Vec::new();
    for (member, value) in route.labels(path).unwrap_or_default() {
        bound.push(Bound {
            member,
            values: vec![percent_decoded(value)?],
        });
    }
    // Its pairs may be decoded, so that they do not live as long as the query string.
    let form = Form::parse(query, &[])?;
    for (name, member) in route.query {
        let pairs = form.pairs().filter(|(other, _)| other == name);
        let values: Vec<_> = pairs
            .map(|(_, value)| Cow::Owned(value.to_owned()))
            .collect();
        if !values.is_empty() {
            bound.push(Bound { member, values });
        }
    }
    Ok(bound)
}

/// Writes an operation's output: the bytes of the member that is the body, else all of it as JSON.
pub fn encode<T: Serialize>(route: &Route, output: &T) -> Vec<u8> {
    let json = json::encode(output);
    let Some(member) = route.payload else {
        return json;
    };
    let mut members: HashMap<&str, Blob> =
        serde_json::from_slice(&json).expect("an output with a payload has no other member");
    members.remove(member).unwrap_or_default().0
}

/// Writes an error.
pub fn error(names: ErrorNames, info: &ErrorInfo) -> Vec<u8> {
    let mut members = Map::new();
    if let Some(code) = names.code {
        members.insert(code.to_owned(), error_type(info).into());
    }
    if !info.message.is_empty() {
        members.insert(names.message.to_owned(), (*info.message).into());
    }
    members.extend(info.members.clone());
    Value::Object(members).to_string().into_bytes()
}

/// The error's name, without its namespace, which the header `x-amzn-errortype` gives.
pub fn error_type(info: &ErrorInfo) -> &str {
    let name = &*info.json_type;
    name.rsplit_once('#').map_or(name, |(_, name)| name)
}

fn percent_decoded(text: &str) -> Result<Cow<'_, str>, DecodeError> {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map_err(|_| DecodeError::default())
}
