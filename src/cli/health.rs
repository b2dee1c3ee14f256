//! `topiq health`: a health check for containers that have no shell and no curl.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use topiq::config::DEFAULT_PORT;

use super::settings::file;

/// A server on the same machine answers in far less.
const TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Clone, Debug, Args)]
pub(crate) struct HealthArguments {
    #[arg(
        long,
        value_name = "URL",
        help = "The server's URL; else TOPIQ_ENDPOINT, else AWS_ENDPOINT_URL, else this machine at TOPIQ_PORT, at TOPIQ_CONFIG's port or at 4566"
    )]
    endpoint: Option<String>,
}

/// Prints the server's own word on its health, or why there is none.
pub(crate) fn run(arguments: &HealthArguments) -> ExitCode {
    let endpoint = endpoint(arguments.endpoint.as_deref(), |name| {
        std::env::var(name).ok()
    });
    match ask(&endpoint) {
        Ok(health) => {
            // Nobody may be there to read it: the exit code counts.
            let _ = writeln!(io::stdout(), "{health}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("topiq: no healthy server at {endpoint}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn endpoint(flag: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> String {
    let given = |text: &String| !text.trim().is_empty();
    flag.map(str::to_owned)
        .or_else(|| variable("TOPIQ_ENDPOINT").filter(given))
        .or_else(|| variable("AWS_ENDPOINT_URL").filter(given))
        .unwrap_or_else(|| {
            let number = |port: String| port.parse().ok();
            let port = variable("TOPIQ_PORT")
                .and_then(number)
                .or_else(|| port_of_file(&variable("TOPIQ_CONFIG")?).and_then(number))
                .unwrap_or(DEFAULT_PORT);
            format!("http://localhost:{port}")
        })
}

fn port_of_file(path: &str) -> Option<String> {
    file::value_of(path.as_ref(), "port")
}

/// The body of a good answer to `GET /health`.
fn ask(endpoint: &str) -> io::Result<String> {
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
        "GET /health HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.take(64 << 10).read_to_string(&mut answer)?;
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
    let line = head.lines().next().unwrap_or_default();
    if line.split(' ').nth(1) != Some("200") {
        return Err(io::Error::other(line.to_owned()));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn check(flag: Option<&str>, variables: &[(&str, &str)], expected: &str) {
        let found = endpoint(flag, |name| {
            let variable = variables.iter().find(|(known, _)| *known == name);
            variable.map(|(_, value)| (*value).to_owned())
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn server_is_found_by_flag_then_variables_then_port() {
        let all = [
            ("TOPIQ_ENDPOINT", "http://a:1"),
            ("AWS_ENDPOINT_URL", "http://b:2"),
            ("TOPIQ_PORT", "3"),
        ];
        check(Some("http://f:9"), &all, "http://f:9");
        check(None, &all, "http://a:1");
        check(None, &all[1..], "http://b:2");
        check(None, &all[2..], "http://localhost:3");
        check(None, &[("TOPIQ_ENDPOINT", "")], "http://localhost:4566");
    }
}
