//! Connecting to an endpoint: its name is resolved, the addresses are checked against the egress level, and exactly
//! those addresses are connected to. No name is looked up twice, so a different answer later changes nothing.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::Engine;
use super::egress::Egress;
use super::endpoint::Endpoint;
use super::limits;
use crate::delivery::Undelivered;

/// A connected socket, with or without TLS.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

pub(super) async fn connect(
    engine: &Engine,
    endpoint: &Endpoint,
) -> Result<Box<dyn Socket>, Undelivered> {
    let addresses = permitted_addresses(engine, endpoint).await?;
    let stream = connect_to_any(engine, &addresses).await?;
    // A request is one write, followed by a wait for the answer: waiting to fill a segment would only cost time.
    let _ = stream.set_nodelay(true);
    if endpoint.is_https {
        let stream = engine.tls.handshake(&endpoint.host, stream).await;
        return Ok(Box::new(stream.map_err(Undelivered::Tls)?));
    }
    Ok(Box::new(stream))
}

async fn permitted_addresses(
    engine: &Engine,
    endpoint: &Endpoint,
) -> Result<Vec<SocketAddr>, Undelivered> {
    let egress = engine.settings.egress;
    // Resolving a name tells others of it.
    if egress == Egress::None {
        return Err(Undelivered::Egress {
            address: endpoint.host.as_str().into(),
            egress,
        });
    }
    let found = tokio::net::lookup_host((endpoint.host.as_str(), endpoint.port));
    let (permitted, forbidden): (Vec<_>, Vec<_>) = found
        .await
        .map_err(Undelivered::Resolve)?
        .partition(|address| egress.permits(address.ip()));
    match forbidden.first() {
        Some(address) if permitted.is_empty() => Err(Undelivered::Egress {
            address: address.ip().to_string().into(),
            egress,
        }),
        _ => Ok(permitted),
    }
}

async fn connect_to_any(
    engine: &Engine,
    addresses: &[SocketAddr],
) -> Result<TcpStream, Undelivered> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "its name has no address");
    for &address in addresses {
        let patience = engine.socket_clock.now() + limits::CONNECT;
        let connected = tokio::select! {
            connected = TcpStream::connect(address) => connected,
            () = engine.socket_clock.sleep_until(patience) => Err(io::ErrorKind::TimedOut.into()),
        };
        match connected {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(Undelivered::Connect(last))
}
