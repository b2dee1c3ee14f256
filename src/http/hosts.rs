//! Which `Host` a request may name: the guard against DNS rebinding.
//!
//! A web page can make its own name resolve to this machine and then read every answer, with an `Origin` that matches.
//! But it cannot send a name other than its own. So a request is served only if its name cannot be that of a foreign web
//! page: an address, a name that does not exist publicly, one at which AWS itself has a service that is served here, or one
//! that the user allowed.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::Version;

use super::refusals::Refusal;
use crate::head::Head;

/// Zones that cannot be public (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`, Kubernetes' `.svc`), and the one that
/// users of another emulator have in their configuration, which resolves to 127.0.0.1.
const SAFE_ZONES: [&str; 7] = [
    "localhost",
    "local",
    "internal",
    "test",
    "svc",
    "home.arpa",
    "localhost.localstack.cloud",
];

/// The names accepted besides [`SAFE_ZONES`].
#[derive(Debug)]
pub(super) struct Hosts {
    is_at_aws: fn(&str) -> bool,
    /// Lower case; one that starts with a dot stands for every name below it.
    allowed: Vec<String>,
}

impl Hosts {
    pub(super) fn new(
        allow_hosts: &[String],
        public_url: Option<&str>,
        is_at_aws: fn(&str) -> bool,
    ) -> Self {
        let public_host = public_url.and_then(|url| {
            let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
            let authority = rest.split(['/', '?', '#']).next()?;
            name_of(authority)
        });
        let allowed = allow_hosts
            .iter()
            .map(|host| host.strip_prefix('*').unwrap_or(host))
            .map(|host| name_of(host).unwrap_or(host))
            .chain(public_host)
            .map(str::to_ascii_lowercase)
            .collect();
        Self { is_at_aws, allowed }
    }

    /// Refuses `authority` unless it is well formed and its name is safe.
    pub(super) fn check(&self, authority: &str) -> Result<(), Refusal> {
        let name = name_of(authority).ok_or(Refusal::BadHost)?;
        if self.accepts(name) {
            Ok(())
        } else {
            Err(Refusal::ForeignHost(name.to_owned()))
        }
    }

    /// The names that the user allowed, as certificates write them: `*.example.com` for all names below.
    pub(super) fn allowed(&self) -> impl Iterator<Item = String> {
        self.allowed.iter().map(|name| {
            let stands_for_all_below = name.starts_with('.');
            if stands_for_all_below {
                format!("*{name}")
            } else {
                name.clone()
            }
        })
    }

    /// Whether a name is safe.
    pub(super) fn accepts(&self, name: &str) -> bool {
        let name = name.strip_suffix('.').unwrap_or(name);
        is_address(name)
            || !name.contains('.')
            || SAFE_ZONES.iter().any(|zone| is_below(name, zone))
            || (self.is_at_aws)(name)
            || self
                .allowed
                .iter()
                .any(|allowed| match allowed.strip_prefix('.') {
                    Some(zone) => is_below(name, zone),
                    None => name.eq_ignore_ascii_case(allowed),
                })
    }
}

/// The one authority that the request names. HTTP/1.1 must have one `Host` (RFC 9112, 3.2); HTTP/2 has `:authority`.
pub(super) fn authority<'h>(head: &Head<'h>) -> Result<&'h str, Refusal> {
    if head.host.is_repeated() {
        return Err(Refusal::BadHost);
    }
    let host = match head.host.first() {
        Some(_) => Some(head.host.text().ok_or(Refusal::BadHost)?),
        None => None,
    };
    let target = head
        .parts()
        .uri
        .authority()
        .map(http::uri::Authority::as_str);
    match (host, target) {
        (Some(host), None) => Ok(host),
        (None, Some(target)) if head.version == Version::HTTP_2 => Ok(target),
        (Some(host), Some(target)) if host.eq_ignore_ascii_case(target) => Ok(target),
        _ => Err(Refusal::BadHost),
    }
}

/// The host of `host[:port]`, without brackets; nothing when it is malformed.
fn name_of(authority: &str) -> Option<&str> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return (is_port && is_ipv6(address)).then_some(address);
    }
    let (name, port) = authority.split_once(':').unwrap_or((authority, ""));
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    (is_name && is_port(port)).then_some(name)
}

/// `host[:port]` without its port, with the brackets of an address; nothing when it is malformed.
pub(super) fn without_port(authority: &str) -> Option<&str> {
    let name = name_of(authority)?;
    let brackets = if authority.starts_with('[') { 2 } else { 0 };
    Some(&authority[..name.len() + brackets])
}

fn is_port(text: &str) -> bool {
    text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_address(name: &str) -> bool {
    is_ipv6(name) || name.parse::<Ipv4Addr>().is_ok()
}

fn is_ipv6(name: &str) -> bool {
    // A link-local address may name its interface: fe80::1%eth0.
    let address = name.split_once('%').map_or(name, |(address, _)| address);
    address.contains(':') && address.parse::<Ipv6Addr>().is_ok()
}

/// Whether `name` is `zone` or in it.
fn is_below(name: &str, zone: &str) -> bool {
    let Some(start) = name.len().checked_sub(zone.len()) else {
        return false;
    };
    name.as_bytes()[start..].eq_ignore_ascii_case(zone.as_bytes())
        && (start == 0 || name.as_bytes()[start - 1] == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str) -> Result<(), Refusal> {
        let allowed = [
            "dev.example.com:8080".to_owned(),
            "*.corp.example".to_owned(),
        ];
        let is_at_aws = |name: &str| name == "sqs.eu-west-1.amazonaws.com";
        Hosts::new(
            &allowed,
            Some("https://sqs.example.org:8443/base"),
            is_at_aws,
        )
        .check(host)
    }

    #[test]
    fn names_that_no_foreign_page_has_are_accepted() {
        for host in [
            "localhost",
            "LOCALHOST:4566",
            "127.0.0.1:4566",
            "[::1]:4566",
            "[fe80::1%eth0]",
            "192.168.1.7",
            "topiq:4566",
            "my_queue:4566",
            "localhost.",
            "sqs.localhost:4566",
            "mac.local",
            "host.docker.internal:4566",
            "app.test",
            "topiq.default.svc",
            "nas.home.arpa",
            "sqs.eu-west-1.amazonaws.com",
            "sqs.us-east-1.localhost.localstack.cloud:4566",
            "localhost.localstack.cloud:4566",
            "sqs.example.org",
            "DEV.example.com:1234",
            "a.b.corp.example",
        ] {
            assert_eq!(check(host), Ok(()), "{host}");
        }
    }

    #[test]
    fn other_names_are_foreign() {
        for host in [
            "evil.com",
            "evil.com:4566",
            "localhost.evil.com",
            "127.0.0.1.nip.io",
            "amazonaws.com",
            "bucket.s3.amazonaws.com",
            "evilamazonaws.com",
            "amazonaws.com.evil.com",
            "notlocalhost.localstack.cloud",
            "example.org",
            "other.example.com",
            "topiq.svc.cluster.example",
            "127.1",
        ] {
            assert!(
                matches!(check(host), Err(Refusal::ForeignHost(_))),
                "{host}"
            );
        }
    }

    #[test]
    fn malformed_hosts_are_bad() {
        for host in [
            "",
            ":4566",
            "a b",
            "user@localhost",
            "localhost:http",
            "localhost:1:2",
            "[::1",
            "[]",
            "[::1]x",
            "[evil.com]",
            "localhost/",
            "localhost:123456",
            "a,b",
        ] {
            assert_eq!(check(host), Err(Refusal::BadHost), "{host}");
        }
    }
}
