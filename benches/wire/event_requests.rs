//! The bytes of requests to event buses, as large as an SDK's. EventBridge speaks JSON alone.

use std::fmt::Write as _;
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::requests::{self, BATCH};

/// Writes requests to one bus of one server.
///
/// Each method leaves the whole request in a buffer that the next one reuses.
#[derive(Clone, Debug)]
pub(crate) struct EventRequests {
    headers: String,
    /// An entry for the bus, in JSON.
    entry: String,
    message_bytes: usize,
    body: String,
    bytes: Vec<u8>,
}

impl EventRequests {
    pub(crate) fn new(server: SocketAddr, message_bytes: usize) -> Self {
        Self {
            headers: requests::headers(server, "events"),
            entry: String::new(),
            message_bytes,
            body: String::new(),
            bytes: Vec::new(),
        }
    }

    /// Directs the requests that follow to another bus.
    pub(crate) fn set_bus(&mut self, bus: &str) {
        let detail = json!({
            "customer": "customer-00042-eu",
            "state": "placed",
            "amount": 4250,
            "text": requests::message(self.message_bytes),
        });
        let entry = json!({
            "Source": "shop.orders",
            "DetailType": "OrderPlaced",
            "Detail": detail.to_string(),
            "EventBusName": bus,
        });
        self.entry = entry.to_string();
    }

    pub(crate) fn put_events(&mut self) -> &[u8] {
        self.put(1)
    }

    pub(crate) fn put_ten_events(&mut self) -> &[u8] {
        self.put(BATCH)
    }

    fn put(&mut self, count: usize) -> &[u8] {
        self.body.clear();
        self.body += r#"{"Entries":["#;
        for number in 0..count {
            if number > 0 {
                self.body.push(',');
            }
            self.body += &self.entry;
        }
        self.body += "]}";
        self.seal("PutEvents")
    }

    /// Any other request.
    pub(crate) fn call(&mut self, action: &str, input: &Value) -> &[u8] {
        self.body.clear();
        let _ = write!(self.body, "{input}");
        self.seal(action)
    }

    fn seal(&mut self, action: &str) -> &[u8] {
        self.bytes.clear();
        let head = format!(
            "POST / HTTP/1.1\r\nX-Amz-Target: AWSEvents.{action}\r\nContent-Type: application/x-amz-json-1.1\r\n\
             {}Content-Length: {}\r\n\r\n",
            self.headers,
            self.body.len(),
        );
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(self.body.as_bytes());
        &self.bytes
    }
}

/// Whether an entry of a `PutEvents` has failed.
pub(crate) fn has_failed_entries(answer: &[u8]) -> bool {
    !answer
        .windows(20)
        .any(|part| part == br#""FailedEntryCount":0"#)
}
