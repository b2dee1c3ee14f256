//! The bytes of requests, as large as an SDK's, in both protocols, and the parsing of their answers.

use std::fmt::Write as _;
use std::net::SocketAddr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// Entries in every batch.
pub(crate) const BATCH: usize = 10;

/// The length of topiq's receipt handles. The bare server returns none, and is sent as many bytes in their place.
pub(crate) const HANDLE_LENGTH: usize = 412;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Json,
    Query,
}

/// Writes requests to one queue of one server.
///
/// Each method leaves the whole request in a buffer that the next one reuses.
#[derive(Clone, Debug)]
pub(crate) struct Requests {
    protocol: Protocol,
    /// `Host` and the headers that SDKs send with every request, sized as theirs.
    headers: String,
    queue_url: String,
    /// Whether messages carry a group and a deduplication id.
    is_fifo: bool,
    message: String,
    /// Makes deduplication ids unique among the writers of one server.
    writer: usize,
    serial: u64,
    body: String,
    bytes: Vec<u8>,
}

impl Requests {
    pub(crate) fn new(
        server: SocketAddr,
        protocol: Protocol,
        message_bytes: usize,
        writer: usize,
    ) -> Self {
        Self {
            protocol,
            headers: headers(server, "sqs"),
            queue_url: String::new(),
            is_fifo: false,
            message: message(message_bytes),
            writer,
            serial: 0,
            body: String::new(),
            bytes: Vec::new(),
        }
    }

    /// Directs the requests that follow to another queue.
    pub(crate) fn set_queue(&mut self, url: &str) {
        url.clone_into(&mut self.queue_url);
        self.is_fifo = is_fifo(url);
    }

    pub(crate) fn create_queue(&mut self, name: &str) -> &[u8] {
        let attributes = if is_fifo(name) {
            r#"{"FifoQueue":"true"}"#
        } else {
            "{}"
        };
        self.body = format!(r#"{{"QueueName":"{name}","Attributes":{attributes}}}"#);
        self.seal("CreateQueue", Protocol::Json)
    }

    /// `ListQueues`, `PurgeQueue`, `DeleteQueue`: requests that need the queue's URL at most. Always JSON.
    pub(crate) fn plain(&mut self, action: &str) -> &[u8] {
        self.body.clear();
        let _ = match action {
            "ListQueues" => write!(self.body, "{{}}"),
            _ => write!(self.body, r#"{{"QueueUrl":"{}"}}"#, self.queue_url),
        };
        self.seal(action, Protocol::Json)
    }

    pub(crate) fn send(&mut self) -> &[u8] {
        self.start("SendMessage");
        self.message("");
        self.finish("SendMessage")
    }

    pub(crate) fn send_batch(&mut self) -> &[u8] {
        self.start("SendMessageBatch");
        let entry = "SendMessageBatchRequestEntry";
        self.entries(entry, BATCH, |requests, prefix, _| requests.message(prefix));
        self.finish("SendMessageBatch")
    }

    pub(crate) fn receive(&mut self, max: usize, wait_time_seconds: u32) -> &[u8] {
        self.start("ReceiveMessage");
        self.number("MaxNumberOfMessages", max);
        if wait_time_seconds > 0 {
            self.number("WaitTimeSeconds", wait_time_seconds as usize);
        }
        self.finish("ReceiveMessage")
    }

    pub(crate) fn delete(&mut self, handle: &str) -> &[u8] {
        self.start("DeleteMessage");
        self.text("ReceiptHandle", handle);
        self.finish("DeleteMessage")
    }

    pub(crate) fn delete_batch(&mut self, handles: &[String]) -> &[u8] {
        self.start("DeleteMessageBatch");
        let entry = "DeleteMessageBatchRequestEntry";
        self.entries(entry, handles.len(), |requests, prefix, index| {
            requests.text(&format!("{prefix}ReceiptHandle"), &handles[index]);
        });
        self.finish("DeleteMessageBatch")
    }

    fn message(&mut self, prefix: &str) {
        let message = self.message.clone();
        self.text(&format!("{prefix}MessageBody"), &message);
        if self.is_fifo {
            self.serial += 1;
            let (group, deduplication) = fifo_ids(self.writer, self.serial);
            self.text(&format!("{prefix}MessageGroupId"), &group);
            self.text(&format!("{prefix}MessageDeduplicationId"), &deduplication);
        }
    }

    fn start(&mut self, action: &str) {
        self.body.clear();
        match self.protocol {
            Protocol::Json => self.body.push('{'),
            Protocol::Query => {
                let _ = write!(self.body, "Action={action}&Version=2012-11-05");
            }
        }
        let url = std::mem::take(&mut self.queue_url);
        self.text("QueueUrl", &url);
        self.queue_url = url;
    }

    /// Writes the `count` entries of a batch; `entry` gets the prefix of its members' names and its index.
    fn entries(&mut self, query_name: &str, count: usize, entry: impl Fn(&mut Self, &str, usize)) {
        for index in 0..count {
            match self.protocol {
                Protocol::Json if index == 0 => self.body.push_str(r#","Entries":[{"#),
                Protocol::Json => self.body.push_str(",{"),
                Protocol::Query => {}
            }
            let prefix = match self.protocol {
                Protocol::Json => String::new(),
                Protocol::Query => format!("{query_name}.{}.", index + 1),
            };
            self.text(&format!("{prefix}Id"), &index.to_string());
            entry(self, &prefix, index);
            if self.protocol == Protocol::Json {
                self.body.push('}');
            }
        }
        if self.protocol == Protocol::Json {
            self.body.push(']');
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        self.comma();
        let _ = match self.protocol {
            Protocol::Json => write!(self.body, r#""{name}":"{value}""#),
            Protocol::Query => {
                let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
                write!(self.body, "&{name}={value}")
            }
        };
    }

    fn number(&mut self, name: &str, value: usize) {
        self.comma();
        let _ = match self.protocol {
            Protocol::Json => write!(self.body, r#""{name}":{value}"#),
            Protocol::Query => write!(self.body, "&{name}={value}"),
        };
    }

    fn comma(&mut self) {
        if self.protocol == Protocol::Json && !self.body.ends_with('{') {
            self.body.push(',');
        }
    }

    /// Ends the request that `start` began.
    fn finish(&mut self, action: &str) -> &[u8] {
        if self.protocol == Protocol::Json {
            self.body.push('}');
        }
        self.seal(action, self.protocol)
    }

    /// Puts the head before the body.
    fn seal(&mut self, action: &str, protocol: Protocol) -> &[u8] {
        self.bytes.clear();
        self.bytes.extend_from_slice(b"POST / HTTP/1.1\r\n");
        if protocol == Protocol::Json {
            self.bytes.extend_from_slice(b"X-Amz-Target: AmazonSQS.");
            self.bytes.extend_from_slice(action.as_bytes());
            self.bytes.extend_from_slice(
                b"\r\nX-Amzn-Query-Mode: true\r\nContent-Type: application/x-amz-json-1.0\r\n",
            );
        } else {
            self.bytes.extend_from_slice(FORM.as_bytes());
        }
        self.bytes.extend_from_slice(self.headers.as_bytes());
        let length = format!("Content-Length: {}\r\n\r\n", self.body.len());
        self.bytes.extend_from_slice(length.as_bytes());
        self.bytes.extend_from_slice(self.body.as_bytes());
        &self.bytes
    }
}

/// The header that says that a body is a form.
pub(crate) const FORM: &str = "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n";

/// A message of this many bytes.
pub(crate) fn message(bytes: usize) -> String {
    "0123456789".chars().cycle().take(bytes).collect()
}

/// The group and the deduplication id of a writer's message.
pub(crate) fn fifo_ids(writer: usize, serial: u64) -> (String, String) {
    // A group repeats after a hundred messages: its last one has long been deleted by then, so that no receive finds
    // its groups blocked.
    let group = format!("group-{writer}-{}", serial % 100);
    (group, format!("{writer:08}-{serial:012}"))
}

/// Whether a queue or topic of this name, URL or ARN is a FIFO one.
pub(crate) fn is_fifo(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end == "fifo")
}

/// The headers that do not change from request to request, as long as those of a signing SDK.
pub(crate) fn headers(server: SocketAddr, service: &str) -> String {
    let signature = "0123456789abcdef".repeat(4);
    format!(
        "Host: {server}\r\n\
         Accept-Encoding: identity\r\n\
         User-Agent: Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.12.3 \
         md/pyimpl#CPython m/Z,b cfg/retry-mode#standard Botocore/1.40.0\r\n\
         X-Amz-Date: 20260101T000000Z\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/{service}/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-amzn-query-mode, Signature={signature}\r\n\
         amz-sdk-invocation-id: 3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d\r\n\
         amz-sdk-request: attempt=1\r\n"
    )
}

/// The queue's URL in a JSON answer to `CreateQueue`.
pub(crate) fn queue_url(answer: &[u8]) -> Option<String> {
    between(&String::from_utf8_lossy(answer), "\"QueueUrl\":\"", "\"")
        .next()
        .map(str::to_owned)
}

/// The receipt handles in an answer of either protocol.
pub(crate) fn receipt_handles(answer: &[u8]) -> Vec<String> {
    let answer = String::from_utf8_lossy(answer);
    let json = between(&answer, "\"ReceiptHandle\":\"", "\"");
    let query = between(&answer, "<ReceiptHandle>", "<");
    json.chain(query).map(str::to_owned).collect()
}

/// Whether a batch's answer, a 200 all the same, says that an entry failed.
pub(crate) fn has_failed_entries(answer: &[u8]) -> bool {
    let answer = String::from_utf8_lossy(answer);
    answer.contains("\"Failed\":[{") || answer.contains("<BatchResultErrorEntry>")
}

pub(crate) fn between<'a>(
    text: &'a str,
    before: &'a str,
    after: &'a str,
) -> impl Iterator<Item = &'a str> {
    text.split(before)
        .skip(1)
        .filter_map(move |rest| rest.split_once(after).map(|(found, _)| found))
}
