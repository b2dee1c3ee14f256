//! The endpoint's URL, its asterisks and its query.

use std::borrow::Cow;

use http::uri::PathAndQuery;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Unsendable;
use crate::delivery::http::Endpoint;

/// What RFC 3986 calls unreserved stays as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The endpoint, with what is asked of it: the values of `path` in the place of asterisks, in order, and the parameters of
/// the endpoint itself, of the target and of the connection. Of parameters with the same name, those of the later count.
pub(super) fn fill<'a>(
    endpoint: &str,
    path: impl Iterator<Item = Cow<'a, str>>,
    target: &[(&str, Cow<'_, str>)],
    connection: &[(&str, &str)],
) -> Result<(Endpoint, PathAndQuery), Unsendable> {
    let unsendable = || Unsendable(format!("a request to {endpoint}"));
    let parsed = Endpoint::parse(endpoint).ok_or_else(unsendable)?;
    let (_, rest) = endpoint.trim().split_once("://").ok_or_else(unsendable)?;
    let rest = rest.find(['/', '?']).map_or("", |start| &rest[start..]);
    let filled = fill_asterisks(rest, path);
    let (path, own) = filled.split_once('?').unwrap_or((&filled, ""));
    let is_of_connection = |name: &str| connection.iter().any(|(other, _)| *other == name);
    let is_of_target = |name: &str| target.iter().any(|(other, _)| *other == name);
    let own = own.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = percent_decode_str(name).decode_utf8_lossy();
        !(pair.is_empty() || is_of_connection(&name) || is_of_target(&name))
    });
    let target = target.iter().filter(|(name, _)| !is_of_connection(name));
    let target = target.map(|(name, value)| pair(name, value));
    let connection = connection.iter().map(|(name, value)| pair(name, value));
    let query: Vec<_> = own
        .map(str::to_owned)
        .chain(target)
        .chain(connection)
        .collect();
    let start = if path.starts_with('/') { "" } else { "/" };
    let text = match &query[..] {
        [] => format!("{start}{path}"),
        query => format!("{start}{path}?{}", query.join("&")),
    };
    let path_and_query = text.parse().map_err(|_| unsendable())?;
    Ok((parsed, path_and_query))
}

/// Asterisks without a value stay.
fn fill_asterisks<'a>(text: &str, values: impl Iterator<Item = Cow<'a, str>>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    for value in values {
        let Some((before, after)) = rest.split_once('*') else {
            break;
        };
        filled.extend([before, &escaped(&value)]);
        rest = after;
    }
    filled + rest
}

pub(super) fn pair(name: &str, value: &str) -> String {
    format!("{}={}", escaped(name), escaped(value))
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}
