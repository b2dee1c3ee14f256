//! From `Publish` to its subscribers, through sockets and a clock that stands still: queues raw and enveloped, of other
//! regions and accounts, deleted and created again; their refusals; dead-letter queues; FIFO topics with their
//! archives; failing endpoints.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Host, Request, settle};

const OWNER: &str = "000000000000";
const REGION: &str = "us-east-1";

/// A caller of SNS and SQS: an account in a region.
struct User<'a> {
    host: &'a Host,
    account: &'a str,
    region: &'a str,
}

impl<'a> User<'a> {
    fn owner(host: &'a Host) -> Self {
        Self {
            host,
            account: OWNER,
            region: REGION,
        }
    }

    fn authorization(&self, service: &str) -> String {
        let Self {
            account, region, ..
        } = self;
        format!(
            "AWS4-HMAC-SHA256 Credential={account}/20260102/{region}/{service}/aws4_request, SignedHeaders=host, Signature=0"
        )
    }

    /// Calls an action of SNS, which must succeed, and returns the text of an element of the response.
    async fn sns(&self, action: &str, members: &[(&str, &str)], element: &str) -> String {
        let mut form = format!("Action={action}");
        for (name, value) in members {
            form.extend(["&", *name, "="]);
            form.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        }
        let request = Request::query(&form).header("Authorization", &self.authorization("sns"));
        let answer = self.host.ask(&request).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        settle().await;
        answer.element(element).unwrap_or_default().to_owned()
    }

    /// Calls an action of SQS, which must succeed.
    async fn sqs(&self, action: &str, input: Value) -> Value {
        let request = Request::json(action, &input.to_string())
            .header("Authorization", &self.authorization("sqs"));
        let answer = self.host.ask(&request).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
        serde_json::from_str(&answer.body).unwrap_or_default()
    }

    /// Creates a topic with attributes, FIFO if its name says so.
    async fn create_topic(&self, name: &str, attributes: &[(&str, &str)]) -> String {
        let fifo = is_fifo(name).then_some(("FifoTopic", "true"));
        let attributes: Vec<_> = attributes.iter().copied().chain(fifo).collect();
        let members = with_attributes(vec![("Name".to_owned(), name.to_owned())], &attributes);
        self.sns("CreateTopic", &borrowed(&members), "TopicArn")
            .await
    }

    /// Creates a queue, FIFO if its name says so, and returns its ARN.
    async fn create_queue(&self, name: &str) -> String {
        let mut input = json!({ "QueueName": name });
        if is_fifo(name) {
            input["Attributes"] = json!({ "FifoQueue": "true" });
        }
        self.sqs("CreateQueue", input).await;
        let Self {
            account, region, ..
        } = self;
        format!("arn:aws:sqs:{region}:{account}:{name}")
    }

    async fn delete_queue(&self, name: &str) {
        self.sqs("DeleteQueue", json!({ "QueueUrl": self.url(name) }))
            .await;
    }

    fn url(&self, name: &str) -> String {
        format!("http://localhost:4566/{}/{name}", self.account)
    }

    /// Subscribes an endpoint and returns the subscription's ARN.
    async fn subscribe(
        &self,
        topic: &str,
        protocol: &str,
        endpoint: &str,
        attributes: &[(&str, &str)],
    ) -> String {
        let members = [
            ("TopicArn", topic),
            ("Protocol", protocol),
            ("Endpoint", endpoint),
            ("ReturnSubscriptionArn", "true"),
        ];
        let members = members.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let members = with_attributes(members.into(), attributes);
        self.sns("Subscribe", &borrowed(&members), "SubscriptionArn")
            .await
    }

    async fn set_subscription(&self, arn: &str, name: &str, value: &str) {
        let members = [
            ("SubscriptionArn", arn),
            ("AttributeName", name),
            ("AttributeValue", value),
        ];
        self.sns("SetSubscriptionAttributes", &members, "").await;
    }

    async fn set_topic(&self, arn: &str, name: &str, value: &str) {
        let members = [
            ("TopicArn", arn),
            ("AttributeName", name),
            ("AttributeValue", value),
        ];
        self.sns("SetTopicAttributes", &members, "").await;
    }

    /// Publishes a message and returns its id.
    async fn publish(&self, topic: &str, message: &str) -> String {
        self.publish_with(topic, message, &[]).await
    }

    /// Publishes a message of a group, with its text as deduplication id.
    async fn publish_to_group(&self, topic: &str, group: &str, message: &str) -> String {
        let members = [
            ("MessageGroupId", group),
            ("MessageDeduplicationId", message),
        ];
        self.publish_with(topic, message, &members).await
    }

    async fn publish_with(&self, topic: &str, message: &str, more: &[(&str, &str)]) -> String {
        let members = [&[("TopicArn", topic), ("Message", message)], more].concat();
        self.sns("Publish", &members, "MessageId").await
    }

    /// Receives and deletes all messages that are on a queue now.
    async fn take(&self, name: &str) -> Vec<Value> {
        let mut taken = Vec::new();
        loop {
            let input = json!({
                "QueueUrl": self.url(name),
                "MaxNumberOfMessages": 10,
                "AttributeNames": ["All"],
                "MessageAttributeNames": ["All"],
            });
            let answer = self.sqs("ReceiveMessage", input).await;
            let Some(messages) = answer["Messages"].as_array() else {
                return taken;
            };
            for message in messages {
                let input = json!({ "QueueUrl": self.url(name), "ReceiptHandle": message["ReceiptHandle"] });
                self.sqs("DeleteMessage", input).await;
            }
            taken.extend(messages.iter().cloned());
        }
    }

    /// The bodies on a queue.
    async fn take_bodies(&self, name: &str) -> Vec<String> {
        let taken = self.take(name).await;
        taken.iter().map(|message| text(message, "Body")).collect()
    }

    /// The published messages in the envelopes on a queue.
    async fn take_published(&self, name: &str) -> Vec<String> {
        let taken = self.take(name).await;
        taken
            .iter()
            .map(|message| text(&envelope(message), "Message"))
            .collect()
    }
}

fn with_attributes(
    mut members: Vec<(String, String)>,
    attributes: &[(&str, &str)],
) -> Vec<(String, String)> {
    for (number, (key, value)) in (1..).zip(attributes) {
        let entry = format!("Attributes.entry.{number}");
        members.push((format!("{entry}.key"), (*key).to_owned()));
        members.push((format!("{entry}.value"), (*value).to_owned()));
    }
    members
}

fn borrowed(members: &[(String, String)]) -> Vec<(&str, &str)> {
    members
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// Whether a name is that of a FIFO topic or queue.
fn is_fifo(name: &str) -> bool {
    const SUFFIX: &str = ".fifo";
    name.ends_with(SUFFIX)
}

fn envelope(message: &Value) -> Value {
    serde_json::from_str(&text(message, "Body")).expect("an envelope is JSON")
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const RAW: (&str, &str) = ("RawMessageDelivery", "true");

#[tokio::test]
async fn a_queue_gets_the_text_or_an_envelope_around_it() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t", &[]).await;
    let raw = user.create_queue("raw").await;
    let enveloped = user.create_queue("enveloped").await;
    user.subscribe(&topic, "sqs", &raw, &[RAW]).await;
    user.subscribe(&topic, "sqs", &enveloped, &[]).await;
    let id = user.publish(&topic, "hello \"é\"\n").await;
    // The envelope has the time of publishing, not of receiving.
    host.advance(seconds(60)).await;
    assert_eq!(user.take_bodies("raw").await, ["hello \"é\"\n"]);
    let taken = user.take("enveloped").await;
    let envelope = envelope(&taken[0]);
    assert_eq!(text(&envelope, "Message"), "hello \"é\"\n");
    assert_eq!(text(&envelope, "MessageId"), id);
    assert_eq!(text(&envelope, "Timestamp"), "2026-01-02T03:04:05.678Z");
    let sent = &taken[0]["Attributes"]["SentTimestamp"];
    assert_eq!(sent, "1767323045678");
}

#[tokio::test]
async fn a_recreated_queue_gets_later_messages_of_its_subscription() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t", &[]).await;
    let queue = user.create_queue("q").await;
    user.subscribe(&topic, "sqs", &queue, &[RAW]).await;
    user.publish(&topic, "first").await;
    assert_eq!(user.take_bodies("q").await, ["first"]);
    user.delete_queue("q").await;
    user.publish(&topic, "lost").await;
    user.create_queue("q").await;
    user.publish(&topic, "second").await;
    user.publish(&topic, "third").await;
    assert_eq!(user.take_bodies("q").await, ["second", "third"]);
}

#[tokio::test]
async fn a_queue_may_exist_only_after_its_subscription() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t", &[]).await;
    let arn = format!("arn:aws:sqs:{REGION}:{OWNER}:later");
    user.subscribe(&topic, "sqs", &arn, &[RAW]).await;
    user.publish(&topic, "lost").await;
    user.create_queue("later").await;
    user.publish(&topic, "found").await;
    assert_eq!(user.take_bodies("later").await, ["found"]);
}

#[tokio::test]
async fn queues_of_other_regions_and_accounts_are_reached() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let far = User {
        region: "ap-southeast-2",
        ..User::owner(&host)
    };
    let other = User {
        account: "111122223333",
        ..User::owner(&host)
    };
    let topic = user.create_topic("t", &[]).await;
    let queue = far.create_queue("q").await;
    user.subscribe(&topic, "sqs", &queue, &[RAW]).await;
    // The queue's owner subscribes, so nobody else has to confirm.
    let queue = other.create_queue("q").await;
    let arn = other.subscribe(&topic, "sqs", &queue, &[RAW]).await;
    assert!(arn.starts_with(&topic), "{arn}");
    // Same name and account, but in the topic's region: not subscribed.
    user.create_queue("q").await;
    user.publish(&topic, "m").await;
    assert_eq!(far.take_bodies("q").await, ["m"]);
    assert_eq!(other.take_bodies("q").await, ["m"]);
    assert_eq!(user.take_bodies("q").await, [""; 0]);
}

#[tokio::test]
async fn undeliverable_messages_reach_the_dead_letter_queue_unchanged() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t", &[]).await;
    let dead_letters = user.create_queue("dead").await;
    let queue = user.create_queue("q").await;
    let redrive = format!(r#"{{"deadLetterTargetArn":"{dead_letters}"}}"#);
    let redrive = [("RedrivePolicy", &*redrive)];
    let arn = user.subscribe(&topic, "sqs", &queue, &redrive).await;
    user.publish(&topic, "delivered").await;
    user.delete_queue("q").await;
    let id = user.publish(&topic, "dead").await;
    let taken = user.take("dead").await;
    assert_eq!(taken.len(), 1);
    let envelope = envelope(&taken[0]);
    assert_eq!(
        (text(&envelope, "Message"), text(&envelope, "MessageId")),
        ("dead".to_owned(), id)
    );
    assert!(text(&envelope, "UnsubscribeURL").ends_with(&arn));
    assert!(taken[0].get("MessageAttributes").is_none());
    // A change applies to later messages; without the policy they are lost.
    user.set_subscription(&arn, "RedrivePolicy", "").await;
    user.publish(&topic, "lost").await;
    assert_eq!(user.take_published("dead").await, [""; 0]);
    // They are also lost when the dead-letter queue is gone, and the topic goes on.
    user.set_subscription(&arn, "RedrivePolicy", redrive[0].1)
        .await;
    user.delete_queue("dead").await;
    user.publish(&topic, "lost too").await;
    user.create_queue("dead").await;
    user.publish(&topic, "kept").await;
    assert_eq!(user.take_published("dead").await, ["kept"]);
}

#[tokio::test]
async fn a_deleted_topics_subscriptions_do_not_come_back_with_its_name() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t", &[]).await;
    let queue = user.create_queue("q").await;
    user.subscribe(&topic, "sqs", &queue, &[RAW]).await;
    user.sns("DeleteTopic", &[("TopicArn", &*topic)], "").await;
    user.create_topic("t", &[]).await;
    user.publish(&topic, "to nobody").await;
    assert_eq!(user.take_bodies("q").await, [""; 0]);
}

#[tokio::test]
async fn fifo_queues_get_each_group_in_order_without_duplicates() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t.fifo", &[]).await;
    let queue = user.create_queue("q.fifo").await;
    user.subscribe(&topic, "sqs", &queue, &[RAW]).await;
    for number in 0..30 {
        let group = ["a", "b", "c"][number % 3];
        for _ in 0..2 {
            user.publish_to_group(&topic, group, &format!("{group}{number:02}"))
                .await;
        }
    }
    let taken = user.take("q.fifo").await;
    assert_eq!(taken.len(), 30);
    for group in ["a", "b", "c"] {
        let of_group = taken
            .iter()
            .filter(|message| message["Attributes"]["MessageGroupId"] == group);
        let bodies: Vec<_> = of_group.map(|message| text(message, "Body")).collect();
        let mut sorted = bodies.clone();
        sorted.sort();
        assert_eq!((bodies.len(), bodies), (10, sorted));
    }
}

#[tokio::test]
async fn envelopes_of_fifo_topics_have_a_number_and_no_signature() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t.fifo", &[]).await;
    for name in ["q.fifo", "q"] {
        let queue = user.create_queue(name).await;
        let subscription = user.subscribe(&topic, "sqs", &queue, &[]).await;
        let more = [
            ("MessageGroupId", "g"),
            ("MessageDeduplicationId", name),
            ("Subject", "s"),
            ("MessageAttributes.entry.1.Name", "b"),
            ("MessageAttributes.entry.1.Value.DataType", "Binary"),
            ("MessageAttributes.entry.1.Value.BinaryValue", "AgME"),
        ];
        let id = user.publish_with(&topic, "hello é", &more).await;
        let taken = user.take(name).await;
        let number = text(&envelope(&taken[0]), "SequenceNumber");
        let expected = format!(
            r#"{{
  "Type" : "Notification",
  "MessageId" : "{id}",
  "SequenceNumber" : "{number}",
  "TopicArn" : "{topic}",
  "Subject" : "s",
  "Message" : "hello é",
  "Timestamp" : "2026-01-02T03:04:05.678Z",
  "UnsubscribeURL" : "http://localhost:4566/?Action=Unsubscribe&SubscriptionArn={subscription}",
  "MessageAttributes" : {{
    "b" : {{"Type":"Binary","Value":"AgME"}}
  }}
}}"#
        );
        assert_eq!(text(&taken[0], "Body"), expected);
        // A standard queue gets neither of the ids.
        let attributes = &taken[0]["Attributes"];
        let is_fifo = is_fifo(name);
        assert_eq!(attributes.get("MessageGroupId").is_some(), is_fifo);
        assert_eq!(attributes.get("MessageDeduplicationId").is_some(), is_fifo);
    }
}

#[tokio::test]
async fn a_topic_remembers_for_five_minutes_even_for_standard_queues() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t.fifo", &[]).await;
    let queue = user.create_queue("q").await;
    user.subscribe(&topic, "sqs", &queue, &[RAW]).await;
    let first = user.publish_to_group(&topic, "g", "m").await;
    host.advance(seconds(299)).await;
    assert_eq!(user.publish_to_group(&topic, "h", "m").await, first);
    host.advance(seconds(1)).await;
    assert_ne!(user.publish_to_group(&topic, "g", "m").await, first);
    assert_eq!(user.take_bodies("q").await, ["m", "m"]);
}

#[tokio::test]
async fn a_fifo_queue_takes_one_of_two_topics_messages_with_the_same_id() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let queue = user.create_queue("q.fifo").await;
    for name in ["s.fifo", "t.fifo"] {
        let topic = user.create_topic(name, &[]).await;
        user.subscribe(&topic, "sqs", &queue, &[RAW]).await;
        user.publish_to_group(&topic, "g", "same").await;
    }
    assert_eq!(user.take_bodies("q.fifo").await, ["same"]);
}

const ARCHIVE: (&str, &str) = ("ArchivePolicy", r#"{"MessageRetentionPeriod":"2"}"#);

/// A policy that replays from a time on 2026-01-02 on, to another time or without an end.
fn replay(start: &str, end: Option<&str>) -> String {
    let mut policy =
        json!({ "PointType": "Timestamp", "StartingPoint": format!("2026-01-02T{start}Z") });
    if let Some(end) = end {
        policy["EndingPoint"] = format!("2026-01-02T{end}Z").into();
    }
    policy.to_string()
}

#[tokio::test]
async fn an_archive_is_replayed_to_a_new_subscriber_and_live_messages_follow() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t.fifo", &[ARCHIVE]).await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        ids.push(user.publish_to_group(&topic, "g", text).await);
        host.advance(seconds(10)).await;
    }
    let queue = user.create_queue("q.fifo").await;
    // The first was published at 03:04:05.678.
    let policy = replay("03:04:10.000", None);
    let attributes = [("ReplayPolicy", &*policy)];
    let arn = user.subscribe(&topic, "sqs", &queue, &attributes).await;
    ids.push(user.publish_to_group(&topic, "g", "live").await);
    let taken: Vec<_> = user.take("q.fifo").await.iter().map(envelope).collect();
    let published: Vec<_> = taken.iter().map(|it| text(it, "Message")).collect();
    assert_eq!(published, ["two", "three", "live"]);
    let published: Vec<_> = taken.iter().map(|it| text(it, "MessageId")).collect();
    assert_eq!(published, ids[1..]);
    assert_eq!(text(&taken[0], "Timestamp"), "2026-01-02T03:04:15.678Z");
    assert_eq!(taken[0]["MessageAttributes"]["Replayed"]["Value"], "true");
    assert!(taken[2].get("MessageAttributes").is_none());
    let status = user.subscription_attribute(&arn, "ReplayStatus").await;
    assert_eq!(status, "Completed");
}

#[tokio::test]
async fn a_replay_with_an_end_pauses_until_the_next_policy() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t.fifo", &[ARCHIVE]).await;
    let queue = user.create_queue("q.fifo").await;
    let arn = user.subscribe(&topic, "sqs", &queue, &[RAW]).await;
    for text in ["05", "15", "25"] {
        user.publish_to_group(&topic, "g", text).await;
        host.advance(seconds(10)).await;
    }
    assert_eq!(user.take_bodies("q.fifo").await, ["05", "15", "25"]);
    let window = replay("03:04:05.000", Some("03:04:20.000"));
    user.set_subscription(&arn, "ReplayPolicy", &window).await;
    user.publish_to_group(&topic, "g", "35").await;
    assert_eq!(user.take_bodies("q.fifo").await, ["05", "15"]);
    // Messages since the window's end are replayed too, and live messages follow.
    let rest = replay("03:04:20.000", None);
    user.set_subscription(&arn, "ReplayPolicy", &rest).await;
    user.publish_to_group(&topic, "g", "live").await;
    assert_eq!(user.take_bodies("q.fifo").await, ["25", "35", "live"]);
}

#[tokio::test]
async fn a_replay_follows_the_filter_policy() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t.fifo", &[ARCHIVE]).await;
    let queue = user.create_queue("q.fifo").await;
    for (id, text) in [("a", r#"{"n":1}"#), ("b", r#"{"n":2}"#), ("c", "no JSON")] {
        let ids = [("MessageGroupId", "g"), ("MessageDeduplicationId", id)];
        user.publish_with(&topic, text, &ids).await;
    }
    let policy = replay("03:04:05.000", None);
    let attributes = [
        RAW,
        ("ReplayPolicy", &*policy),
        ("FilterPolicyScope", "MessageBody"),
        ("FilterPolicy", r#"{"n":[2]}"#),
    ];
    user.subscribe(&topic, "sqs", &queue, &attributes).await;
    assert_eq!(user.take_bodies("q.fifo").await, [r#"{"n":2}"#]);
}

#[tokio::test]
async fn an_archive_forgets_after_its_days_and_when_it_is_closed() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t.fifo", &[ARCHIVE]).await;
    let queue = user.create_queue("q.fifo").await;
    let arn = user.subscribe(&topic, "sqs", &queue, &[RAW]).await;
    user.publish_to_group(&topic, "g", "old").await;
    host.advance(seconds(24 * 3600)).await;
    user.publish_to_group(&topic, "g", "young").await;
    host.advance(seconds(24 * 3600 + 1)).await;
    user.take("q.fifo").await;
    let everything = replay("00:00:00.000", None);
    user.set_subscription(&arn, "ReplayPolicy", &everything)
        .await;
    assert_eq!(user.take_bodies("q.fifo").await, ["young"]);
    user.set_topic(&topic, "ArchivePolicy", "{}").await;
    user.set_topic(&topic, ARCHIVE.0, ARCHIVE.1).await;
    let again = replay("00:00:01.000", None);
    user.set_subscription(&arn, "ReplayPolicy", &again).await;
    assert_eq!(user.take_bodies("q.fifo").await, [""; 0]);
}

impl User<'_> {
    async fn subscription_attribute(&self, arn: &str, name: &str) -> String {
        let members = [("SubscriptionArn", arn)];
        let attributes = self
            .sns("GetSubscriptionAttributes", &members, "Attributes")
            .await;
        let (_, rest) = attributes
            .split_once(&format!("<key>{name}</key>"))
            .unwrap_or_else(|| panic!("{name}: {attributes}"));
        let (_, rest) = rest.split_once("<value>").expect("a value");
        rest.split_once("</value>").expect("its end").0.to_owned()
    }
}

/// An HTTP endpoint that takes one request per connection, and gives prepared answers.
struct Receiver {
    listener: TcpListener,
    url: String,
}

impl Receiver {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let url = format!("http://{address}/");
        Self { listener, url }
    }

    /// Waits for a request, answers it, and returns its body when the answer has been read.
    async fn answer(&self, status: &str) -> String {
        let (mut stream, _) = self.listener.accept().await.expect("a connection");
        let mut bytes = Vec::new();
        let body = loop {
            stream.read_buf(&mut bytes).await.expect("a request");
            if let Some(body) = whole_body(&bytes) {
                break body;
            }
        };
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.expect("a reader");
        stream.shutdown().await.expect("nothing more to say");
        stream.read_to_end(&mut bytes).await.expect("an end");
        settle().await;
        body
    }

    /// Whether no request arrives.
    async fn is_left_alone(&self) -> bool {
        settle().await;
        poll_fn(|context| Poll::Ready(self.listener.poll_accept(context).is_pending())).await
    }
}

fn whole_body(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))?;
    (length.parse() == Ok(body.len())).then(|| body.to_owned())
}

#[tokio::test]
async fn a_failing_endpoint_gets_four_attempts_twenty_seconds_apart() {
    let host = Host::start().await;
    let user = User::owner(&host);
    let topic = user.create_topic("t", &[]).await;
    let dead_letters = user.create_queue("dead").await;
    let redrive = format!(r#"{{"deadLetterTargetArn":"{dead_letters}"}}"#);
    let receiver = Receiver::start().await;
    let attributes = [RAW, ("RedrivePolicy", &*redrive)];
    let subscribing = user.subscribe(&topic, "http", &receiver.url, &attributes);
    let (_, asked) = tokio::join!(subscribing, receiver.answer("200 OK"));
    let asked: Value = serde_json::from_str(&asked).expect("JSON");
    let members = [("TopicArn", &*topic), ("Token", &*text(&asked, "Token"))];
    user.sns("ConfirmSubscription", &members, "SubscriptionArn")
        .await;

    user.publish(&topic, "m").await;
    assert_eq!(receiver.answer("500 No").await, "m");
    for _ in 0..3 {
        host.advance(seconds(19)).await;
        assert!(receiver.is_left_alone().await);
        assert_eq!(user.take_bodies("dead").await, [""; 0]);
        host.advance(seconds(1)).await;
        assert_eq!(receiver.answer("429 No").await, "m");
    }
    assert_eq!(user.take_bodies("dead").await, ["m"]);
    host.advance(seconds(3600)).await;
    assert!(receiver.is_left_alone().await);
}

/// A topic with two queues, one raw and one enveloped, each with a dead-letter queue of its own.
struct Pair<'a> {
    user: User<'a>,
    topic: String,
}

impl<'a> Pair<'a> {
    const QUEUES: [&'static str; 4] = ["raw", "raw-dead", "enveloped", "enveloped-dead"];

    async fn new(host: &'a Host) -> Self {
        let user = User::owner(host);
        let topic = user.create_topic("t", &[]).await;
        for name in ["raw", "enveloped"] {
            let queue = user.create_queue(name).await;
            let dead = user.create_queue(&format!("{name}-dead")).await;
            let redrive = format!(r#"{{"deadLetterTargetArn":"{dead}"}}"#);
            let redrive = ("RedrivePolicy", &*redrive);
            let attributes = [redrive, RAW];
            let count = if name == "raw" { 2 } else { 1 };
            user.subscribe(&topic, "sqs", &queue, &attributes[..count])
                .await;
        }
        Self { user, topic }
    }

    /// Sets the queues' maximum message size.
    async fn set_maximum(&self, names: &[&str], bytes: usize) {
        for name in names {
            let attributes = json!({ "MaximumMessageSize": bytes.to_string() });
            let input = json!({ "QueueUrl": self.user.url(name), "Attributes": attributes });
            self.user.sqs("SetQueueAttributes", input).await;
        }
    }

    /// Publishes a message and returns the queues that have it then.
    async fn publish(&self, message: &str, more: &[(&str, &str)]) -> Vec<&'static str> {
        self.user.publish_with(&self.topic, message, more).await;
        let mut found = Vec::new();
        for name in Self::QUEUES {
            let taken = self.user.take(name).await;
            found.extend(taken.iter().map(|_| name));
        }
        found
    }
}

#[tokio::test]
async fn a_delivery_is_refused_what_a_send_is_refused() {
    let host = Host::start().await;
    let pair = Pair::new(&host).await;
    let attribute = |name: &str, data_type: &str, value: &str| {
        [
            ("Name", name),
            ("Value.DataType", data_type),
            ("Value.StringValue", value),
        ]
        .map(|(member, value)| {
            let member = format!("MessageAttributes.entry.1.{member}");
            (member, value.to_owned())
        })
    };
    let structure = [("MessageStructure", "json")];
    let everywhere = ["raw", "enveloped"];
    assert_eq!(pair.publish("fine", &[]).await, everywhere);
    // An envelope is never empty, and escapes characters that XML cannot have, except for two. A dead-letter queue
    // refuses the same: then the message is lost.
    let empty = r#"{"default":""}"#;
    assert_eq!(pair.publish(empty, &structure).await, ["enveloped"]);
    assert_eq!(pair.publish("a\u{1}", &[]).await, ["enveloped"]);
    assert_eq!(pair.publish("a\u{fffe}", &[]).await, [""; 0]);
    for (name, data_type, value, expected) in [
        ("fine", "String", "x", &everywhere[..]),
        ("fine", "Number", "1.5", &everywhere),
        ("AWS.SNS.SMS.SenderID", "String", "x", &["enveloped"]),
        ("name", "String", "\u{1}", &["enveloped"]),
        ("name", "String", "\u{ffff}", &[]),
        ("name", "Number", " 1", &["enveloped"]),
        ("name", "Number", "1e200", &["enveloped"]),
    ] {
        let members = attribute(name, data_type, value);
        let found = pair.publish("a", &borrowed(&members)).await;
        assert_eq!(found, expected, "{name} {data_type} {value:?}");
    }
    let mut eleven = Vec::new();
    for number in 1..=11 {
        let entry = format!("MessageAttributes.entry.{number}");
        eleven.push((format!("{entry}.Name"), format!("name{number}")));
        eleven.push((format!("{entry}.Value.DataType"), "String".to_owned()));
        eleven.push((format!("{entry}.Value.StringValue"), "x".to_owned()));
    }
    assert_eq!(
        pair.publish("a", &borrowed(&eleven)).await,
        ["enveloped"],
        "eleven attributes"
    );
    assert_eq!(pair.publish("a", &borrowed(&eleven[3..])).await, everywhere);
}

#[tokio::test]
async fn a_delivery_may_be_as_large_as_a_send() {
    let host = Host::start().await;
    let pair = Pair::new(&host).await;
    let queues = ["raw", "enveloped"];
    let dead = ["raw-dead", "enveloped-dead"];
    let color = [
        ("MessageAttributes.entry.1.Name", "color"),
        ("MessageAttributes.entry.1.Value.DataType", "String"),
        ("MessageAttributes.entry.1.Value.StringValue", "blue"),
    ];
    // Quotes and control characters count as the envelope escapes them, which depends on nothing that varies.
    let text = "\"é\u{1f}\"".repeat(200);
    pair.user.publish_with(&pair.topic, &text, &color).await;
    let [taken] = &pair.user.take("enveloped").await[..] else {
        panic!("one message");
    };
    let envelope = taken["Body"].as_str().expect("a body").len();
    pair.user.take("raw-dead").await;
    pair.set_maximum(&["enveloped"], envelope).await;
    assert_eq!(pair.publish(&text, &color).await, ["enveloped"]);
    pair.set_maximum(&["enveloped"], envelope - 1).await;
    assert_eq!(pair.publish(&text, &color).await, ["enveloped-dead"]);

    // Attributes of a raw message count too: 5 + 6 + 4 bytes.
    let text = "x".repeat(2000);
    pair.set_maximum(&queues, 2015).await;
    assert_eq!(pair.publish(&text, &color).await, ["raw", "enveloped-dead"]);
    pair.set_maximum(&queues, 2014).await;
    assert_eq!(pair.publish(&text, &color).await, dead);
    assert_eq!(pair.publish(&text, &[]).await, ["raw", "enveloped-dead"]);
    // A dead-letter queue has a limit too.
    pair.set_maximum(&dead, 2014).await;
    assert_eq!(pair.publish(&text, &color).await, [""; 0]);
}

#[tokio::test]
async fn a_dead_letter_of_a_too_large_message_is_the_undelivered_body() {
    let host = Host::start().await;
    let pair = Pair::new(&host).await;
    pair.set_maximum(&["raw", "enveloped"], 1024).await;
    let message = "x".repeat(1100);
    let attribute = [
        ("MessageAttributes.entry.1.Name", "color"),
        ("MessageAttributes.entry.1.Value.DataType", "String"),
        ("MessageAttributes.entry.1.Value.StringValue", "blue"),
    ];
    let id = pair
        .user
        .publish_with(&pair.topic, &message, &attribute)
        .await;
    let raw = pair.user.take("raw-dead").await;
    assert_eq!(text(&raw[0], "Body"), message);
    assert_eq!(raw[0]["MessageAttributes"]["color"]["StringValue"], "blue");
    let enveloped = pair.user.take("enveloped-dead").await;
    let envelope = envelope(&enveloped[0]);
    assert_eq!(text(&envelope, "MessageId"), id);
    assert_eq!(text(&envelope, "Message"), message);
    assert!(enveloped[0].get("MessageAttributes").is_none());
}
