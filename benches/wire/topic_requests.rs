//! The bytes of requests to topics, as large as an SDK's. SNS speaks Query alone.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::requests::{self, BATCH};

/// The message attribute that filter policies test.
const FILTERED: &str = "store";

/// Writes requests to one topic of one server.
///
/// Each method leaves the whole request in a buffer that the next one reuses.
#[derive(Clone, Debug)]
pub(crate) struct TopicRequests {
    headers: String,
    topic_arn: String,
    /// The value of the filtered attribute, if messages have it.
    store: Option<String>,
    message: String,
    /// Makes deduplication ids unique in this run: a topic remembers them for longer than a round takes.
    writer: usize,
    serial: u64,
    body: String,
    bytes: Vec<u8>,
}

impl TopicRequests {
    pub(crate) fn new(server: SocketAddr, message_bytes: usize) -> Self {
        static WRITERS: AtomicUsize = AtomicUsize::new(0);
        Self {
            headers: requests::headers(server, "sns"),
            topic_arn: String::new(),
            store: None,
            message: requests::message(message_bytes),
            writer: WRITERS.fetch_add(1, Ordering::Relaxed),
            serial: 0,
            body: String::new(),
            bytes: Vec::new(),
        }
    }

    /// Directs the requests that follow to another topic; messages have this value of the filtered attribute.
    pub(crate) fn set_topic(&mut self, topic_arn: &str, store: Option<&str>) {
        topic_arn.clone_into(&mut self.topic_arn);
        self.store = store.map(str::to_owned);
    }

    pub(crate) fn create_topic(&mut self, name: &str) -> &[u8] {
        self.start("CreateTopic");
        self.text("Name", name);
        if requests::is_fifo(name) {
            self.attributes(&[("FifoTopic", "true")]);
        }
        self.finish()
    }

    /// Subscribes a queue to the topic; if there is a `store`, only to its messages.
    pub(crate) fn subscribe(
        &mut self,
        queue_arn: &str,
        is_raw: bool,
        store: Option<&str>,
    ) -> &[u8] {
        self.start("Subscribe");
        self.topic();
        self.text("Protocol", "sqs");
        self.text("Endpoint", queue_arn);
        let policy = store.map(|store| format!(r#"{{"{FILTERED}":["{store}"]}}"#));
        let raw = is_raw.then_some(("RawMessageDelivery", "true"));
        let policy = policy.as_deref().map(|policy| ("FilterPolicy", policy));
        let attributes: Vec<_> = raw.into_iter().chain(policy).collect();
        self.attributes(&attributes);
        self.finish()
    }

    pub(crate) fn publish(&mut self) -> &[u8] {
        self.start("Publish");
        self.topic();
        self.message("");
        self.finish()
    }

    pub(crate) fn publish_batch(&mut self) -> &[u8] {
        self.start("PublishBatch");
        self.topic();
        for number in 1..=BATCH {
            let prefix = format!("PublishBatchRequestEntries.member.{number}.");
            self.text(&format!("{prefix}Id"), &number.to_string());
            self.message(&prefix);
        }
        self.finish()
    }

    fn message(&mut self, prefix: &str) {
        let message = std::mem::take(&mut self.message);
        self.text(&format!("{prefix}Message"), &message);
        self.message = message;
        if let Some(store) = self.store.clone() {
            let prefix = format!("{prefix}MessageAttributes.entry.1.");
            self.text(&format!("{prefix}Name"), FILTERED);
            self.text(&format!("{prefix}Value.DataType"), "String");
            self.text(&format!("{prefix}Value.StringValue"), &store);
        }
        if requests::is_fifo(&self.topic_arn) {
            self.serial += 1;
            let (group, deduplication) = requests::fifo_ids(self.writer, self.serial);
            self.text(&format!("{prefix}MessageGroupId"), &group);
            self.text(&format!("{prefix}MessageDeduplicationId"), &deduplication);
        }
    }

    fn attributes(&mut self, attributes: &[(&str, &str)]) {
        for (number, (key, value)) in (1..).zip(attributes) {
            self.text(&format!("Attributes.entry.{number}.key"), key);
            self.text(&format!("Attributes.entry.{number}.value"), value);
        }
    }

    fn start(&mut self, action: &str) {
        self.body = format!("Action={action}&Version=2010-03-31");
    }

    fn topic(&mut self) {
        let topic_arn = std::mem::take(&mut self.topic_arn);
        self.text("TopicArn", &topic_arn);
        self.topic_arn = topic_arn;
    }

    fn text(&mut self, name: &str, value: &str) {
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        let _ = write!(self.body, "&{name}={value}");
    }

    fn finish(&mut self) -> &[u8] {
        self.bytes.clear();
        let head = format!(
            "POST / HTTP/1.1\r\n{}{}Content-Length: {}\r\n\r\n",
            requests::FORM,
            self.headers,
            self.body.len(),
        );
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(self.body.as_bytes());
        &self.bytes
    }
}

/// The topic's ARN in the answer to `CreateTopic`.
pub(crate) fn topic_arn(answer: &[u8]) -> Option<String> {
    requests::between(&String::from_utf8_lossy(answer), "<TopicArn>", "<")
        .next()
        .map(str::to_owned)
}
