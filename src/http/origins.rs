//! Which web pages may call: `Origin`, `Sec-Fetch-Site`, and the CORS headers for those that may.
//!
//! A Query request is a plain form post, which a browser sends for any page without asking first. So it is not enough to
//! keep a foreign page from reading the answer: its request is refused before anything is done.

use std::net::{Ipv4Addr, Ipv6Addr};

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, ALLOW, HeaderName, HeaderValue, VARY,
};
use http::{Method, Response, StatusCode};

use super::refusals::Refusal;
use super::reply::Reply;
use crate::head::Head;

const REQUEST_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");
const ALLOW_PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, DELETE, OPTIONS");
/// The headers that an SDK in a browser reads.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "x-amzn-RequestId, x-amzn-query-error, x-amzn-ErrorType, x-amz-crc32, Date",
);
/// Ten minutes: then browsers ask again.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The origins accepted besides this machine's own.
#[derive(Debug, Default)]
pub(super) struct Origins {
    allowed: Vec<String>,
}

impl Origins {
    pub(super) fn new(allow_origins: &[String]) -> Self {
        let allowed = allow_origins
            .iter()
            .map(|origin| origin.trim_end_matches('/').to_ascii_lowercase())
            .collect();
        Self { allowed }
    }

    /// The request's origin if it has one; refuses one that is not accepted.
    pub(super) fn check<'h>(&self, head: &Head<'h>) -> Result<Option<&'h HeaderValue>, Refusal> {
        match head.origin.first() {
            None => Self::check_site(head).map(|()| None),
            Some(origin) if self.accepts(origin) && !head.origin.is_repeated() => Ok(Some(origin)),
            Some(origin) => Err(Refusal::ForeignOrigin(printable(origin))),
        }
    }

    /// Even without an `Origin`, browsers say where a request comes from, and pages cannot change that.
    fn check_site(head: &Head<'_>) -> Result<(), Refusal> {
        let site = head.fetch_site.first().map(HeaderValue::as_bytes);
        match site {
            None => Ok(()),
            Some(b"same-origin" | b"none") if !head.fetch_site.is_repeated() => Ok(()),
            Some(_) => Err(Refusal::ForeignOrigin("another site".to_owned())),
        }
    }

    fn accepts(&self, origin: &HeaderValue) -> bool {
        origin.to_str().is_ok_and(|origin| {
            is_loopback(origin)
                || self
                    .allowed
                    .iter()
                    .any(|allowed| allowed.eq_ignore_ascii_case(origin))
        })
    }
}

/// Lets the page at `origin` read `response`.
pub(super) fn let_read<B>(response: &mut Response<B>, origin: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.append(VARY, HeaderValue::from_static("Origin"));
}

/// The answer to `OPTIONS`, which browsers send to ask what an accepted page may do; nothing for other methods.
pub(super) fn preflight(head: &Head<'_>) -> Option<Reply> {
    if head.method != Method::OPTIONS {
        return None;
    }
    let mut headers = vec![(ALLOW, METHODS)];
    if head.origin.first().is_some() && head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        headers.push((ACCESS_CONTROL_ALLOW_METHODS, METHODS));
        headers.push((ACCESS_CONTROL_MAX_AGE, MAX_AGE));
        // SDKs send headers of their own, more with each release, so the headers that are asked for are allowed.
        if let Some(asked) = head.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
            headers.push((ACCESS_CONTROL_ALLOW_HEADERS, asked.clone()));
        }
        if head.headers.contains_key(REQUEST_PRIVATE_NETWORK) {
            headers.push((ALLOW_PRIVATE_NETWORK, HeaderValue::from_static("true")));
        }
    }
    Some(Reply {
        status: StatusCode::NO_CONTENT,
        content_type: None,
        headers,
        body: Bytes::new().into(),
        is_cut: false,
    })
}

/// Whether `origin` is a page that this machine serves, on any port.
fn is_loopback(origin: &str) -> bool {
    let Some((scheme, authority)) = origin.split_once("://") else {
        return false;
    };
    if !matches!(scheme, "http" | "https") {
        return false;
    }
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split_once(']').is_some_and(|(address, port)| {
            address.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback()) && is_port_suffix(port)
        });
    }
    let end = authority.find(':').unwrap_or(authority.len());
    let (name, port) = authority.split_at(end);
    is_port_suffix(port)
        && (name == "localhost"
            || name.ends_with(".localhost")
            || name.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()))
}

fn is_port_suffix(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|port| port.parse::<u16>().is_ok())
}

fn printable(origin: &HeaderValue) -> String {
    match origin.to_str() {
        Ok(origin) => format!("the origin '{origin}'"),
        Err(_) => "an unreadable origin".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fields: &[(&'static str, &'static [u8])]) -> Result<bool, Refusal> {
        let mut request = http::Request::builder();
        for (name, value) in fields {
            request = request.header(*name, HeaderValue::from_bytes(value).unwrap());
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Origins::new(&[
            "https://app.example.com/".to_owned(),
            "vscode-webview://x".to_owned(),
        ])
        .check(&Head::of(&parts))
        .map(|origin| origin.is_some())
    }

    #[test]
    fn requests_of_programs_have_no_origin() {
        assert_eq!(check(&[]), Ok(false));
        assert_eq!(check(&[("sec-fetch-site", b"none")]), Ok(false));
        assert_eq!(check(&[("sec-fetch-site", b"same-origin")]), Ok(false));
    }

    #[test]
    fn pages_of_this_machine_and_allowed_ones_are_accepted() {
        for origin in [
            "http://localhost",
            "http://localhost:3000",
            "https://127.0.0.1:8443",
            "http://127.8.8.8",
            "http://[::1]:5173",
            "http://app.localhost:5173",
            "https://app.example.com",
            "HTTPS://APP.example.com",
            "vscode-webview://x",
        ] {
            assert_eq!(
                check(&[("origin", origin.as_bytes())]),
                Ok(true),
                "{origin}"
            );
            let fields: [(&str, &[u8]); 2] = [
                ("origin", origin.as_bytes()),
                ("sec-fetch-site", b"cross-site"),
            ];
            assert_eq!(check(&fields), Ok(true), "{origin}");
        }
    }

    #[test]
    fn other_pages_are_refused() {
        for origin in [
            "null",
            "",
            "http://evil.com",
            "http://localhost.evil.com",
            "http://evil.com:80",
            "http://localhost@evil.com",
            "http://localhost:3000/path",
            "http://localhost:x",
            "file://",
            "file://localhost",
            "chrome-extension://abc",
            "http://127.0.0.1.nip.io",
            "https://app.example.com:444",
        ] {
            assert!(check(&[("origin", origin.as_bytes())]).is_err(), "{origin}");
        }
        assert!(check(&[("origin", b"http://localhost\xff")]).is_err());
        let twice: [(&str, &[u8]); 2] = [
            ("origin", b"http://localhost"),
            ("origin", b"http://evil.com"),
        ];
        assert!(check(&twice).is_err());
        for site in ["cross-site", "same-site", "new-word"] {
            assert!(
                check(&[("sec-fetch-site", site.as_bytes())]).is_err(),
                "{site}"
            );
        }
    }
}
