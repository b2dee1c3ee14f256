//! The least that a client of AWS needs to do: where your code has an SDK, these examples have this.
#![allow(dead_code, reason = "each example uses what it needs")]

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A client of one server.
#[derive(Debug)]
pub(crate) struct Client {
    address: SocketAddr,
}

impl Client {
    pub(crate) const fn new(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Calls an action of SQS in AWS JSON, and returns the response's body.
    pub(crate) async fn json(&self, action: &str, input: &str) -> io::Result<String> {
        let headers = format!(
            "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.{action}\r\n"
        );
        self.post("sqs", &headers, input).await
    }

    /// Calls an action of a service in AWS Query, and returns the response's body.
    pub(crate) async fn query(&self, service: &str, form: &str) -> io::Result<String> {
        let headers = "Content-Type: application/x-www-form-urlencoded\r\n";
        self.post(service, headers, form).await
    }

    async fn post(&self, service: &str, headers: &str, body: &str) -> io::Result<String> {
        // topiq reads the service and the region from the credential's scope, and checks no signature.
        let scope = format!("Credential=test/20260101/us-east-1/{service}/aws4_request");
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\n\
             {headers}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut response = String::new();
        stream.read_to_string(&mut response).await?;
        match response.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/1.1 200 ") => Ok(body.to_owned()),
            _ => Err(io::Error::other(response)),
        }
    }
}
