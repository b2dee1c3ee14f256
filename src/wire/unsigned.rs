//! Which calls must be signed: those by GET and HEAD, except for links.
//!
//! Any web page can make its reader's browser send a GET: by an image, a script, a link. Where the browser does not trust
//! the server's address (a name of a network, an address that is not this machine's), it says nothing of the page in it,
//! neither `Origin` nor `Sec-Fetch-Site`. But no page can add an `Authorization`. It can make up a signature in the query
//! string, since signatures are not verified; so that one counts only from clients that are no browsers, and browsers say
//! what they are, in a `User-Agent` that no page can change. All other methods bring an `Origin`, which the front checks.

use http::Method;
use http::header::{HeaderMap, USER_AGENT};

use super::query::Form;
use crate::head::Head;

/// The schemes of `Authorization` that browsers know: a browser may add one by itself.
const OF_BROWSERS: [&str; 4] = ["basic", "digest", "negotiate", "ntlm"];

/// Whether the request, with `form` as its parameters, could be a web page's doing. Links are for the caller to except.
pub(super) fn could_be_a_web_page(head: &Head<'_>, form: Option<&Form<'_>>) -> bool {
    let can_be_made = matches!(head.method, Method::GET | Method::HEAD);
    let is_signed = || {
        is_signed_by_header(head) || form.is_some_and(is_presigned) && !is_browser(&head.headers)
    };
    can_be_made && !is_signed()
}

fn is_signed_by_header(head: &Head<'_>) -> bool {
    head.authorization.first().is_some_and(|value| {
        let value = value.as_bytes();
        let end = value.iter().position(|&byte| byte == b' ');
        let scheme = &value[..end.unwrap_or(value.len())];
        !OF_BROWSERS
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known.as_bytes()))
    })
}

/// A signature of version 4 or 2 in the query string.
fn is_presigned(form: &Form<'_>) -> bool {
    form.get("X-Amz-Signature").is_some()
        || form.get("AWSAccessKeyId").is_some() && form.get("Signature").is_some()
}

/// All browsers' `User-Agent` begins like this, for reasons of history.
fn is_browser(headers: &HeaderMap) -> bool {
    headers
        .get(USER_AGENT)
        .is_some_and(|agent| agent.as_bytes().starts_with(b"Mozilla/"))
}
