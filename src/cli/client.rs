//! One question to a running server over HTTP: all that subcommands need.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

/// A server on the same machine answers in far less.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Bytes of an answer: more is none of topiq's.
const SIZE: u64 = 256 << 20;

/// The body of a good answer to `GET {endpoint}{target}`. A bad one's is the error.
pub(super) fn get(endpoint: &str, target: &str) -> io::Result<String> {
    let invalid = |reason: &str| io::Error::new(io::ErrorKind::InvalidInput, reason.to_owned());
    let rest = endpoint
        .strip_prefix("http://")
        .ok_or_else(|| invalid("the endpoint must start with http://"))?;
    let authority = rest.split('/').next().unwrap_or(rest);
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port {
        authority.to_owned()
    } else {
        format!("{authority}:80")
    };
    let mut stream = connect(&address)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n"
    )?;
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

/// `localhost` is two addresses, and the server may be at the second. In an image without files nobody else knows them.
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
