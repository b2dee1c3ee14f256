//! The client: one keep-alive HTTP/1.1 connection that writes ready-made bytes and reads an answer by its length.
//!
//! It knows no more about HTTP than that, so that the machine's time goes to the measured server. It drives both
//! servers.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection with at most one request under way.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    /// The answer being read. It starts small, since ten thousand connections may be open at once.
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(1024),
        })
    }

    /// Sends `request` and returns the body of its answer, which must be a 200.
    pub(crate) async fn call(&mut self, request: &[u8]) -> io::Result<&[u8]> {
        self.send(request).await?;
        self.answer().await
    }

    /// Sends `request` and does not wait for its answer.
    pub(crate) async fn send(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await
    }

    /// Reads the next answer and returns its body. Anything but a 200 is an error.
    pub(crate) async fn answer(&mut self) -> io::Result<&[u8]> {
        self.buffer.clear();
        let head = loop {
            if let Some(head) = Head::parse(&self.buffer)? {
                break head;
            }
            self.read_more().await?;
        };
        let end = head.length + head.body_length;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        let body = &self.buffer[head.length..end];
        if head.status == 200 {
            Ok(body)
        } else {
            let body = String::from_utf8_lossy(body);
            Err(io::Error::other(format!("status {}: {body}", head.status)))
        }
    }

    async fn read_more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

struct Head {
    status: u16,
    /// Bytes before the body, the empty line included.
    length: usize,
    body_length: usize,
}

impl Head {
    /// The head of the answer in `bytes`, or `None` until its end has arrived.
    fn parse(bytes: &[u8]) -> io::Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            return Ok(None);
        };
        let invalid = || io::Error::from(io::ErrorKind::InvalidData);
        let text = str::from_utf8(&bytes[..end]).map_err(|_| invalid())?;
        let mut lines = text.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|status| status.parse().ok())
            .ok_or_else(invalid)?;
        let body_length = lines
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse().ok())
            .ok_or_else(|| io::Error::other("an answer without Content-Length"))?;
        Ok(Some(Self {
            status,
            length: end + 4,
            body_length,
        }))
    }
}
