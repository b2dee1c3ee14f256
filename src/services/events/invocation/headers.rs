//! The headers of a request: those that are always there, and those that nobody may set.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_TYPE, RANGE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::Unsendable;

/// Headers that are dropped where a target or a connection has them, with all that begin with `if-`. (API destinations:
/// headers included in requests.)
const DROPPED: &[&str] = &[
    "a-im",
    "accept-charset",
    "accept-datetime",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-md5",
    "date",
    "expect",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "max-forwards",
    "origin",
    "pragma",
    "proxy-authorization",
    "range",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "warning",
];

/// The headers of one request.
pub(super) struct Headers(HeaderMap);

impl Headers {
    /// Those of every call of an API destination.
    pub(super) fn of_calls() -> Self {
        let mut headers = Self::with("application/json; charset=utf-8");
        headers
            .0
            .insert(RANGE, HeaderValue::from_static("bytes=0-1048575"));
        headers
    }

    /// Those of every request for a token.
    pub(super) fn of_token_requests() -> Self {
        Self::with("application/x-www-form-urlencoded")
    }

    fn with(content_type: &'static str) -> Self {
        const AGENT: HeaderValue = HeaderValue::from_static("Amazon/EventBridge/ApiDestinations");
        let fixed = HeaderValue::from_static;
        Self(HeaderMap::from_iter([
            (USER_AGENT, AGENT),
            (CONTENT_TYPE, fixed(content_type)),
            (ACCEPT_ENCODING, fixed("gzip,deflate")),
            (CONNECTION, fixed("close")),
        ]))
    }

    /// Sets a header, in the place of one with its name, unless nobody may.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), Unsendable> {
        self.insert(name, value, false)
    }

    /// Sets a header whose value is not to be logged.
    pub(super) fn secret(&mut self, name: &str, value: &str) -> Result<(), Unsendable> {
        self.insert(name, value, true)
    }

    /// Sets the credentials of HTTP Basic authentication.
    pub(super) fn basic(&mut self, user: &str, password: &str) {
        let value = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        let mut value = HeaderValue::try_from(value).expect("base64 is plain ASCII");
        value.set_sensitive(true);
        self.0.insert(AUTHORIZATION, value);
    }

    pub(super) fn into_map(self) -> HeaderMap {
        self.0
    }

    fn insert(&mut self, name: &str, value: &str, is_secret: bool) -> Result<(), Unsendable> {
        let unsendable = || Unsendable(format!("the header {name}"));
        let header = HeaderName::try_from(name).map_err(|_| unsendable())?;
        if DROPPED.contains(&header.as_str()) || header.as_str().starts_with("if-") {
            return Ok(());
        }
        let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unsendable())?;
        value.set_sensitive(is_secret);
        self.0.insert(header, value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_headers_are_found_by_their_names_in_lower_case() {
        for name in DROPPED {
            assert_eq!(*name, name.to_ascii_lowercase());
        }
        let mut headers = Headers::of_calls();
        for name in ["If-Match", "IF-x", "HOST", "Expect", "Range"] {
            assert_eq!(headers.set(name, "v"), Ok(()));
        }
        assert!(headers.into_map().values().all(|value| value != "v"));
    }

    #[test]
    fn what_no_header_can_hold_is_not_sent() {
        let mut headers = Headers::of_calls();
        for (name, value) in [("a b", "v"), ("", "v"), ("a", "v\r\nb: c"), ("a", "\0")] {
            let refused = headers.set(name, value);
            assert_eq!(refused, Err(Unsendable(format!("the header {name}"))));
        }
        assert_eq!(headers.set("a", "é"), Ok(()));
    }
}
