//! The address by which a client called a proxy: `X-Forwarded-Host`, `-Proto` and `-Port`, or `Forwarded` (RFC 7239).
//!
//! They decide how URLs in answers start, and nothing else. Whether a request is served at all depends on its own `Host`: a
//! web page can set these headers as it likes, but not that one.

use http::header::{FORWARDED, HeaderMap, HeaderName};

use super::hosts;
use super::refusals::Refusal;

const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const PORT: HeaderName = HeaderName::from_static("x-forwarded-port");

/// What a proxy said; empty where it said nothing.
#[derive(Debug, Default)]
struct Said<'a> {
    host: &'a str,
    proto: &'a str,
    port: &'a str,
}

/// The endpoint that the client called, where a proxy's headers name it. What they leave open is taken from the request
/// itself: `scheme` and `host`.
///
/// Headers that cannot be understood are refused: they were sent for a reason, and URLs that lead nowhere are noticed much
/// later.
pub(super) fn endpoint(
    headers: &HeaderMap,
    scheme: &str,
    host: &str,
) -> Result<Option<String>, Refusal> {
    let mut said = Said {
        host: first(headers, &HOST)?,
        proto: first(headers, &PROTO)?,
        port: first(headers, &PORT)?,
    };
    if said.is_empty() {
        said = Said::of_forwarded(headers)?;
    }
    if said.is_empty() {
        return Ok(None);
    }
    said.endpoint(scheme, host).map(Some)
}

impl<'a> Said<'a> {
    /// What the first element of `Forwarded` says, that of the proxy nearest to the client.
    fn of_forwarded(headers: &'a HeaderMap) -> Result<Self, Refusal> {
        let mut said = Self::default();
        let Some(value) = headers.get(FORWARDED) else {
            return Ok(said);
        };
        let value = value.to_str().map_err(|_| Refusal::BadForwarded)?;
        let element = split_unquoted(value, ',').next().unwrap_or_default();
        for pair in split_unquoted(element, ';').filter(|pair| !pair.trim().is_empty()) {
            let (name, value) = pair.trim().split_once('=').ok_or(Refusal::BadForwarded)?;
            match name.to_ascii_lowercase().as_str() {
                "host" => said.host = unquoted(value),
                "proto" => said.proto = unquoted(value),
                _ => {}
            }
        }
        Ok(said)
    }

    fn is_empty(&self) -> bool {
        [self.host, self.proto, self.port]
            .iter()
            .all(|said| said.is_empty())
    }

    fn endpoint(&self, scheme: &str, host: &str) -> Result<String, Refusal> {
        let scheme = match self.proto.to_ascii_lowercase().as_str() {
            "" => scheme,
            "http" => "http://",
            "https" => "https://",
            _ => return Err(Refusal::BadForwarded),
        };
        let port = match self.port {
            "" => None,
            port => Some(
                port.parse::<u16>()
                    .ok()
                    .filter(|&port| port != 0)
                    .ok_or(Refusal::BadForwarded)?,
            ),
        };
        let host = match self.host {
            "" => host,
            host => host,
        };
        let name = hosts::without_port(host).ok_or(Refusal::BadForwarded)?;
        // A port that the proxy names with its host is the one that the client called; the request's own is not.
        let keeps_port = port.is_none() || (!self.host.is_empty() && name.len() < host.len());
        if keeps_port {
            return Ok(format!("{scheme}{host}"));
        }
        Ok(match (scheme, port) {
            ("http://", Some(80)) | ("https://", Some(443)) | (_, None) => {
                format!("{scheme}{name}")
            }
            (_, Some(port)) => format!("{scheme}{name}:{port}"),
        })
    }
}

/// The first value of a header that each proxy on the way adds one to; empty where there is none.
fn first<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<&'a str, Refusal> {
    let Some(value) = headers.get(name) else {
        return Ok("");
    };
    let value = value.to_str().map_err(|_| Refusal::BadForwarded)?;
    Ok(value.split(',').next().unwrap_or_default().trim())
}

/// The parts of `text` between separators outside quotes.
fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |c| {
        is_quoted ^= c == '"';
        c == separator && !is_quoted
    })
}

fn unquoted(value: &str) -> &str {
    let inner = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    inner.unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The endpoint of a request for `topiq:4566` in the clear with these headers.
    #[track_caller]
    fn check(headers: &[(&'static str, &str)], expected: &str) {
        assert_eq!(ask(headers), Ok(Some(expected.to_owned())), "{headers:?}");
    }

    fn ask(headers: &[(&'static str, &str)]) -> Result<Option<String>, Refusal> {
        let headers = headers
            .iter()
            .map(|&(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        endpoint(&headers, "http://", "topiq:4566")
    }

    #[test]
    fn what_proxies_say_decides() {
        const HOST: &str = "x-forwarded-host";
        const PROTO: &str = "x-forwarded-proto";
        const PORT: &str = "x-forwarded-port";
        check(&[(HOST, "a.dev")], "http://a.dev");
        check(&[(HOST, "a.dev"), (PROTO, "https")], "https://a.dev");
        check(
            &[(HOST, "a.dev:8443"), (PROTO, "HTTPS")],
            "https://a.dev:8443",
        );
        check(
            &[(HOST, "a.dev, b.dev"), (PROTO, "https,http")],
            "https://a.dev",
        );
        check(&[(HOST, "a.dev"), (PORT, "8080")], "http://a.dev:8080");
        check(&[(HOST, "a.dev"), (PORT, "80")], "http://a.dev");
        check(
            &[(HOST, "a.dev"), (PROTO, "https"), (PORT, "443")],
            "https://a.dev",
        );
        check(&[(HOST, "a.dev:1"), (PORT, "2")], "http://a.dev:1");
        check(
            &[(HOST, "[2001:db8::1]"), (PORT, "2")],
            "http://[2001:db8::1]:2",
        );
        check(&[(HOST, "[2001:db8::1]:3")], "http://[2001:db8::1]:3");
        check(&[(PROTO, "https")], "https://topiq:4566");
        check(&[(PROTO, "https"), (PORT, "443")], "https://topiq");
        check(&[(PORT, "9000")], "http://topiq:9000");
    }

    #[test]
    fn the_standard_header_counts_without_the_others() {
        const FORWARDED: &str = "forwarded";
        check(&[(FORWARDED, "host=a.dev")], "http://a.dev");
        check(
            &[(FORWARDED, "for=1.2.3.4; Proto=https;host=\"a.dev:8443\"")],
            "https://a.dev:8443",
        );
        check(
            &[(FORWARDED, "for=\"x,y;z\";host=a.dev, host=b.dev")],
            "http://a.dev",
        );
        check(
            &[(FORWARDED, "host=b.dev"), ("x-forwarded-host", "a.dev")],
            "http://a.dev",
        );
        assert_eq!(ask(&[(FORWARDED, "for=1.2.3.4")]), Ok(None));
    }

    #[test]
    fn what_says_nothing_decides_nothing() {
        assert_eq!(ask(&[]), Ok(None));
        assert_eq!(ask(&[("x-forwarded-host", " ")]), Ok(None));
        assert_eq!(ask(&[("x-forwarded-for", "1.2.3.4")]), Ok(None));
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for (name, value) in [
            ("x-forwarded-host", "a b"),
            ("x-forwarded-host", "https://a.dev"),
            ("x-forwarded-host", "a.dev/path"),
            ("x-forwarded-host", "user@a.dev"),
            ("x-forwarded-host", "[::1"),
            ("x-forwarded-host", ":80"),
            ("x-forwarded-host", "a.dev:http"),
            ("x-forwarded-proto", "ftp"),
            ("x-forwarded-port", "0"),
            ("x-forwarded-port", "65536"),
            ("x-forwarded-port", "x"),
            ("forwarded", "host"),
            ("forwarded", "host=\"a b\""),
            ("forwarded", "proto=gopher"),
        ] {
            assert_eq!(
                ask(&[(name, value)]),
                Err(Refusal::BadForwarded),
                "{name}: {value}"
            );
        }
    }
}
