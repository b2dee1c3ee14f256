//! The values that flags take, where their type does not say it: each is held to its set, and a refusal says what would
//! be right.

use std::net::{IpAddr, Ipv4Addr};

use http::Uri;
use topiq::names;

/// The words for on and off, besides those that compose files and shells use for them.
const SWITCH: [(&str, bool); 10] = [
    ("true", true),
    ("false", false),
    ("yes", true),
    ("no", false),
    ("on", true),
    ("off", false),
    ("1", true),
    ("0", false),
    ("y", true),
    ("n", false),
];

/// On or off, as a variable says it.
pub(super) fn switch(text: &str) -> Result<bool, String> {
    let word = text.to_lowercase();
    if let Some((_, is_on)) = SWITCH.into_iter().find(|(known, _)| *known == word) {
        return Ok(is_on);
    }
    let known = SWITCH.map(|(known, _)| known);
    Err(match names::nearest(&word, known) {
        Some(meant) => format!("it is true or false: did you mean {meant}?"),
        None => "it is true or false (or yes, no, on, off, 1, 0)".to_owned(),
    })
}

/// A URL that others are made of by adding a path.
pub(super) fn base_url(text: &str) -> Result<String, String> {
    // Compose files set a variable to an empty text to mean that it is not set.
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    if is_base_url(text) {
        return Ok(text.to_owned());
    }
    let with_scheme = format!("http://{text}");
    Err(if !text.contains("://") && is_base_url(&with_scheme) {
        format!("it begins with http:// or https://: did you mean {with_scheme}?")
    } else {
        "it looks like http://localhost:4566: http or https, a host, and no query".to_owned()
    })
}

/// A base URL with `{region}` in place of a region's name.
pub(super) fn regional_url(text: &str) -> Result<String, String> {
    let example = text.replace("{region}", "us-east-1");
    match base_url(&example) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) if example.contains('{') => {
            Err("only {region} is replaced in it, by the topic's region".to_owned())
        }
        Err(reason) => Err(reason),
    }
}

fn is_base_url(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else {
        return false;
    };
    let Some(authority) = uri.authority() else {
        return false;
    };
    matches!(uri.scheme_str(), Some("http" | "https"))
        && is_host_and_port(authority.as_str())
        && uri.query().is_none()
        && !text.contains(['#', '{', '}', '"'])
}

/// `host[:port]`, an IPv6 address in brackets.
fn is_host_and_port(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_address = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok());
    port.is_none_or(|port| port.parse::<u16>().is_ok()) && (is_address || is_name(host))
}

/// A name as hosts have it, or an IPv4 address.
fn is_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    // What ends in a number is an address, or a mistake in one.
    let ends_in_number = text
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    let is_address = || text.parse::<Ipv4Addr>().is_ok();
    text.split('.').all(is_label) && (!ends_in_number || is_address())
}

/// What to listen on.
pub(super) fn host(text: &str) -> Result<String, String> {
    if text.parse::<IpAddr>().is_ok() || is_name(text) {
        return Ok(text.to_owned());
    }
    Err(if text.starts_with('[') || is_host_and_port(text) {
        "it is an address or a name without brackets and port: the port is --port".to_owned()
    } else {
        "it is an address such as 0.0.0.0 or :: or a host name".to_owned()
    })
}

/// A host name to accept; `*.` before it stands for all names below.
pub(super) fn allowed_host(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let name = text.strip_prefix("*.").unwrap_or(text);
    if is_host_and_port(name) || text.parse::<IpAddr>().is_ok() {
        return Ok(text.to_owned());
    }
    let host = text
        .split("://")
        .nth(1)
        .and_then(|rest| rest.split('/').next());
    Err(match host.filter(|host| is_host_and_port(host)) {
        Some(host) => format!("it is a name without a scheme: did you mean {host}?"),
        None => "it is a host name, or *.example.com for all names below example.com".to_owned(),
    })
}

/// An origin as browsers send it.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let is_origin = |text: &str| {
        let text = text.strip_suffix('/').unwrap_or(text);
        text.split_once("://").is_some_and(|(scheme, rest)| {
            scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                && scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
                && is_host_and_port(rest)
        })
    };
    // The origin of pages from files.
    if text.trim().is_empty() || text == "null" || is_origin(text) {
        return Ok(text.trim().to_owned());
    }
    let with_scheme = format!("http://{text}");
    Err(if is_origin(&with_scheme) {
        format!("it begins with its scheme: did you mean {with_scheme}?")
    } else {
        "it looks like http://localhost:3000: a scheme, a host, and no path".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Parser = fn(&str) -> Result<String, String>;

    fn check(parser: Parser, good: &[&str], bad: &[(&str, &str)]) {
        for text in good {
            assert_eq!(parser(text).as_deref(), Ok(*text));
        }
        for (text, advice) in bad {
            let refused = parser(text).expect_err(text);
            assert!(refused.contains(advice), "{text}: {refused}");
        }
    }

    #[test]
    fn switches_are_on_or_off_and_nothing_else() {
        for (word, is_on) in SWITCH {
            assert_eq!(switch(word), Ok(is_on));
            assert_eq!(switch(&word.to_uppercase()), Ok(is_on));
        }
        for (text, advice) in [
            ("flase", "did you mean false?"),
            ("ture", "did you mean true?"),
            ("2", "yes, no"),
            ("", "true or false"),
        ] {
            let refused = switch(text).expect_err(text);
            assert!(refused.contains(advice), "{text}: {refused}");
        }
    }

    #[test]
    fn base_urls_have_a_scheme_and_a_host() {
        let good = [
            "http://localhost:4566",
            "https://topiq.example/aws/",
            "http://[::1]:4566",
            "http://10.0.0.1",
            "",
        ];
        let bad = [
            ("foo", "did you mean http://foo?"),
            ("localhost:4566", "did you mean http://localhost:4566?"),
            ("ftp://a", "http or https"),
            ("http://", "looks like"),
            ("http://a:99999", "looks like"),
            ("http://a?b=c", "no query"),
            ("http://a#b", "looks like"),
            ("http://us er", "looks like"),
            ("http://user:secret@a", "looks like"),
            ("http://300.1.1.1", "looks like"),
        ];
        check(base_url, &good, &bad);
        check(regional_url, &good, &bad);
        let regional = ["https://sns.{region}.amazonaws.com"];
        check(
            regional_url,
            &regional,
            &[("https://sns.{regoin}.a.b", "only {region}")],
        );
        check(base_url, &[], &[(regional[0], "looks like")]);
    }

    #[test]
    fn hosts_have_no_port() {
        let good = ["127.0.0.1", "::", "::1", "localhost", "topiq.internal"];
        let bad = [
            ("localhost:4566", "--port"),
            ("[::1]", "without brackets"),
            ("http://localhost", "such as"),
            ("256.0.0.1", "such as"),
            ("127.0.0", "such as"),
            ("a b", "such as"),
            ("", "such as"),
        ];
        check(host, &good, &bad);
    }

    #[test]
    fn allowed_hosts_are_names() {
        let good = ["a.test", "*.example.com", "10.0.0.1", "a.test:80", ""];
        let bad = [
            ("http://a.test/x", "did you mean a.test?"),
            ("*", "*.example.com"),
            ("*example.com", "*.example.com"),
            ("a.*.com", "*.example.com"),
            ("a..b", "*.example.com"),
        ];
        check(allowed_host, &good, &bad);
    }

    #[test]
    fn origins_have_a_scheme_and_no_path() {
        let good = [
            "http://localhost:3000",
            "https://a.test/",
            "chrome-extension://abcdefgh",
            "null",
            "",
        ];
        let bad = [
            ("localhost:3000", "did you mean http://localhost:3000?"),
            ("https://a.test/page", "no path"),
            ("*", "no path"),
            ("https://*.a.test", "no path"),
        ];
        check(origin, &good, &bad);
    }
}
