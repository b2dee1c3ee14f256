//! A request to a running server over HTTP or HTTPS: all that subcommands need.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// A server on the same machine answers in far less.
const TIMEOUT: Duration = Duration::from_secs(3);

/// The most bytes that topiq answers with.
const SIZE: u64 = 256 << 20;

/// The body of a successful answer to `GET {endpoint}{target}`; any other answer is an error.
pub(super) fn get(endpoint: &str, target: &str) -> io::Result<String> {
    request(endpoint, "GET", target, "", Some(TIMEOUT))
}

/// The same of another method, with a body.
pub(super) fn send(endpoint: &str, method: &str, target: &str, body: &str) -> io::Result<String> {
    request(endpoint, method, target, body, Some(TIMEOUT))
}

/// The same of `POST` with a body.
pub(super) fn post(endpoint: &str, target: &str, body: &str) -> io::Result<String> {
    request(endpoint, "POST", target, body, Some(TIMEOUT))
}

/// The same where the answer comes when all that was asked for is done, however long that takes.
pub(super) fn post_and_wait(endpoint: &str, target: &str, body: &str) -> io::Result<String> {
    request(endpoint, "POST", target, body, None)
}

fn request(
    endpoint: &str,
    method: &str,
    target: &str,
    body: &str,
    patience: Option<Duration>,
) -> io::Result<String> {
    let (scheme, rest) = endpoint.split_once("://").unwrap_or_default();
    let port = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return Err(io::ErrorKind::InvalidInput.into()),
    };
    let (authority, base) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (name, address) = match authority.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() => (name, authority.to_owned()),
        _ => (authority, format!("{authority}:{port}")),
    };
    let stream = connect(&address)?;
    stream.set_read_timeout(patience)?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let length = body.len();
    let request = format!(
        "{method} {base}{target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    if scheme == "https" {
        ask(StreamOwned::new(tls(name)?, stream), &request)
    } else {
        ask(stream, &request)
    }
}

fn ask(mut stream: impl Read + Write, request: &str) -> io::Result<String> {
    stream.write_all(request.as_bytes())?;
    stream.flush()?;
    let mut answer = String::new();
    stream.take(SIZE).read_to_string(&mut answer)?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
    let line = head.lines().next().unwrap_or_default();
    if line.split(' ').nth(1) != Some("200") {
        return Err(io::Error::other(format!("{line} {body}")));
    }
    Ok(body.to_owned())
}

/// The client side of TLS. It trusts the authorities that this machine trusts; `SSL_CERT_FILE` names others, such as
/// topiq's own.
fn tls(name: &str) -> io::Result<ClientConnection> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let name = ServerName::try_from(name).map_err(io::Error::other)?;
    ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)
}

fn connect(address: &str) -> io::Result<TcpStream> {
    let mut refused = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses(address)? {
        match TcpStream::connect_timeout(&address, TIMEOUT) {
            Ok(stream) => return Ok(stream),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// `localhost` is two addresses, and the server may listen on the second. In an image without `/etc/hosts` nothing else
/// resolves it.
fn addresses(address: &str) -> io::Result<Vec<SocketAddr>> {
    let local = address.strip_prefix("localhost:");
    match local.and_then(|port| port.parse::<u16>().ok()) {
        Some(port) => Ok(vec![
            (Ipv4Addr::LOCALHOST, port).into(),
            (Ipv6Addr::LOCALHOST, port).into(),
        ]),
        None => Ok(address.to_socket_addrs()?.collect()),
    }
}
