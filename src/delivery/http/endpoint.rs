//! An HTTP endpoint: its URL, parsed once.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::uri::PathAndQuery;
use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;

/// Where requests go. Its `Display` is for logs: without credentials and query, which may hold secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    pub(super) is_https: bool,
    /// The name or address to connect to, an IPv6 address without its brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// The `Host` header: the port only where it is not the scheme's own.
    pub(super) host_header: HeaderValue,
    /// The target in the request line.
    pub(super) path_and_query: Uri,
    /// The URL's credentials as HTTP Basic authentication.
    pub(super) authorization: Option<HeaderValue>,
}

impl Endpoint {
    /// Reads an `http://` or `https://` URL; `None` for any other text.
    pub fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.trim().parse().ok()?;
        let is_https = match uri.scheme_str()? {
            "http" => false,
            "https" => true,
            _ => return None,
        };
        let authority = uri.authority()?;
        let host = authority.host();
        let default_port = if is_https { 443 } else { 80 };
        let (credentials, place) = match authority.as_str().rsplit_once('@') {
            Some((credentials, place)) => (Some(credentials), place),
            None => (None, authority.as_str()),
        };
        let port = match place.strip_prefix(host)?.strip_prefix(':') {
            None | Some("") => default_port,
            Some(port) => port.parse().ok()?,
        };
        let host_header = if port == default_port {
            host.to_owned()
        } else {
            format!("{host}:{port}")
        };
        let query = uri
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        let path = Some(uri.path()).filter(|path| !path.is_empty());
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some(Self {
            is_https,
            host: Some(host).filter(|host| !host.is_empty())?.to_owned(),
            port,
            host_header: HeaderValue::try_from(host_header).ok()?,
            path_and_query: format!("{}{query}", path.unwrap_or("/")).parse().ok()?,
            authorization: credentials.map(basic),
        })
    }
}

impl Endpoint {
    /// The whole URL, without credentials, of a request to another path of it or to its own.
    pub(super) fn url(&self, path_and_query: Option<&PathAndQuery>) -> String {
        let own = self.path_and_query.path_and_query();
        let path_and_query = path_and_query.or(own).map_or("/", PathAndQuery::as_str);
        let scheme = if self.is_https { "https" } else { "http" };
        let host = self.host_header.to_str().unwrap_or(&self.host);
        format!("{scheme}://{host}{path_and_query}")
    }
}

/// `user:password`, percent-encoded as in URLs, as a header.
fn basic(credentials: &str) -> HeaderValue {
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let mut plain: Vec<u8> = percent_decode_str(user).collect();
    plain.push(b':');
    plain.extend(percent_decode_str(password));
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(plain)))
        .expect("base64 is plain ASCII");
    value.set_sensitive(true);
    value
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_https { "https" } else { "http" };
        let host = self.host_header.to_str().unwrap_or(&self.host);
        write!(f, "{scheme}://{host}{}", self.path_and_query.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let endpoint = Endpoint::parse("http://a%40b:p%3Aw@example.com:8080/hook?key=1").unwrap();
        assert_eq!(
            (endpoint.host.as_str(), endpoint.port),
            ("example.com", 8080)
        );
        assert_eq!(endpoint.host_header, "example.com:8080");
        assert_eq!(endpoint.path_and_query, "/hook?key=1");
        let expected = format!("Basic {}", STANDARD.encode("a@b:p:w"));
        assert_eq!(endpoint.authorization.as_ref().unwrap(), expected.as_str());
        assert_eq!(endpoint.to_string(), "http://example.com:8080/hook");
    }

    #[test]
    fn what_a_url_lacks_is_its_schemes() {
        let endpoint = Endpoint::parse("https://example.com").unwrap();
        assert_eq!((endpoint.is_https, endpoint.port), (true, 443));
        assert_eq!(endpoint.host_header, "example.com");
        assert_eq!(endpoint.path_and_query, "/");
        assert_eq!(endpoint.authorization, None);
        let query_only = Endpoint::parse("http://example.com?a=b").unwrap();
        assert_eq!(query_only.path_and_query, "/?a=b");
    }

    #[test]
    fn ipv6_hosts_lose_their_brackets_only_for_connecting() {
        let endpoint = Endpoint::parse("http://[::1]:9000/").unwrap();
        assert_eq!(endpoint.host, "::1");
        assert_eq!(endpoint.host_header, "[::1]:9000");
    }

    #[test]
    fn other_texts_are_no_endpoints() {
        for url in [
            "",
            "example.com",
            "/path",
            "ftp://example.com",
            "http://",
            "http://a:99999/",
        ] {
            assert_eq!(Endpoint::parse(url), None, "{url}");
        }
    }
}
