//! Subscriptions to shards, through a socket: what they refuse, what is pushed, and what ends them.

use std::time::Duration;

use serde_json::{Value, json};
use topiq::Clock;

use super::Stage;
use crate::support::events::{Frame, chunks, frames};
use crate::support::{Answer, Asked, Request, settle};

/// The one that gets the records of [`Stage::put`].
const SHARD: &str = "shardId-000000000000";

/// An answer of `SubscribeToShard` that goes on.
struct Subscribed {
    asked: Asked,
    bytes: Vec<u8>,
    /// How many frames have been looked at.
    seen: usize,
}

impl Subscribed {
    /// The frames that have come since the last look, and whether that was all.
    async fn frames(&mut self) -> (Vec<Frame>, bool) {
        settle().await;
        let mut buffer = vec![0; 1 << 16];
        let mut is_closed = false;
        while let Ok(length) = self.asked.stream.try_read(&mut buffer) {
            self.bytes.extend(&buffer[..length]);
            is_closed |= length == 0;
            if is_closed {
                break;
            }
            settle().await;
        }
        let head = self.bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let Some(head) = head else {
            return (Vec::new(), is_closed);
        };
        let (bytes, _) = chunks(&self.bytes[head + 4..]);
        let (mut all, _) = frames(&bytes);
        let new = all.split_off(self.seen);
        self.seen += new.len();
        (new, is_closed)
    }

    /// The events that have come since the last look, while it goes on.
    async fn events(&mut self) -> Vec<Value> {
        let (frames, is_closed) = self.frames().await;
        assert!(!is_closed, "{frames:?}");
        frames.iter().map(Frame::value).collect()
    }

    /// The error with which it has ended, and its sentence.
    async fn error(&mut self) -> (String, String) {
        let (frames, is_closed) = self.frames().await;
        assert!(is_closed);
        let [frame] = &frames[..] else {
            panic!("one frame, not {frames:?}")
        };
        assert_eq!(frame.headers[2].1, "exception");
        let message = frame.value()["message"]
            .as_str()
            .expect("a text")
            .to_owned();
        (frame.kind().to_owned(), message)
    }
}

fn one(mut events: Vec<Value>) -> Value {
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}

fn data(event: &Value) -> Vec<String> {
    super::records(event)
}

impl Stage {
    /// A stream with a consumer, whose ARN is returned.
    async fn with_consumer(strict_timing: bool) -> (Self, String) {
        let stage = Self::new(strict_timing).await;
        stage.prepare("stream s").await;
        if strict_timing {
            stage.host.advance(Duration::from_secs(10)).await;
        }
        let consumer = stage.consumer("c").await;
        (stage, consumer)
    }

    async fn consumer(&self, name: &str) -> String {
        let arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
        let input = json!({"StreamARN": arn, "ConsumerName": name});
        let registered = self.call("RegisterStreamConsumer", input).await;
        super::text(&registered["Consumer"]["ConsumerARN"]).to_owned()
    }

    /// Subscribes, and returns the first frames.
    async fn subscribe(&self, consumer: &str, position: &Value) -> Subscribed {
        let input = input(consumer, position);
        let request = Request::new("POST /")
            .header("X-Amz-Target", "Kinesis_20131202.SubscribeToShard")
            .header("Content-Type", "application/x-amz-json-1.1")
            .signed_for("kinesis")
            .body(input.to_string());
        let mut subscribed = Subscribed {
            asked: self.host.begin(&request).await,
            bytes: Vec::new(),
            seen: 0,
        };
        while subscribed.bytes.is_empty() {
            let (first, _) = subscribed.frames().await;
            if let Some(first) = first.first() {
                assert_eq!(first.kind(), "initial-response");
                subscribed.seen = 1;
            }
        }
        subscribed
    }

    async fn refusal(&self, input: &Value) -> (String, String) {
        let answer: Answer = self.ask("SubscribeToShard", input).await;
        assert_eq!(answer.status(), 400, "{answer:?}");
        let error = answer.value();
        let message = error.get("message").or(error.get("Message"));
        let found =
            [Some(&error["__type"]), message].map(|text| super::text(text.expect("a text")));
        (found[0].to_owned(), found[1].to_owned())
    }
}

fn input(consumer: &str, position: &Value) -> Value {
    json!({"ConsumerARN": consumer, "ShardId": SHARD, "StartingPosition": position})
}

fn seconds(stage: &Stage) -> u64 {
    stage.host.clock.now().as_secs()
}

fn latest() -> Value {
    json!({"Type": "LATEST"})
}

#[tokio::test]
async fn records_are_pushed_as_they_come() {
    let (stage, consumer) = Stage::with_consumer(false).await;
    stage.put("r1").await;
    let position = json!({"Type": "TRIM_HORIZON"});
    let mut subscribed = stage.subscribe(&consumer, &position).await;
    let first = one(subscribed.events().await);
    assert_eq!(data(&first), ["r1"]);
    let sequence = stage.put("r2").await;
    let second = one(subscribed.events().await);
    assert_eq!(data(&second), ["r2"]);
    assert_eq!(second["ContinuationSequenceNumber"], json!(sequence));
    assert_eq!(second["MillisBehindLatest"], 0);
    // Of other shards it hears nothing.
    let input = json!({"StreamName": "s", "PartitionKey": "a", "Data": "", "ExplicitHashKey": "300000000000000000000000000000000000000"});
    stage.call("PutRecord", input).await;
    assert_eq!(subscribed.events().await, [Value::Null; 0]);
    // A consumer each, a subscription each.
    let other = stage.consumer("d").await;
    let mut other = stage.subscribe(&other, &latest()).await;
    other.events().await;
    stage.put("r3").await;
    for subscribed in [&mut subscribed, &mut other] {
        assert_eq!(data(&subscribed.events().await[0]), ["r3"]);
    }
}

/// A silent shard is told of every five seconds of the services' time, and a subscription lasts five minutes of it.
#[tokio::test]
async fn events_come_though_no_record_does() {
    let (stage, consumer) = Stage::with_consumer(false).await;
    let sequence = stage.put("r1").await;
    let mut subscribed = stage.subscribe(&consumer, &latest()).await;
    let empty = json!({
        "Records": [], "ContinuationSequenceNumber": sequence, "MillisBehindLatest": 0,
    });
    assert_eq!(one(subscribed.events().await), empty);
    for _ in 0..3 {
        stage.host.advance(Duration::from_millis(4999)).await;
        assert_eq!(subscribed.events().await, [Value::Null; 0]);
        stage.host.advance(Duration::from_millis(1)).await;
        assert_eq!(one(subscribed.events().await), empty);
    }
    stage.host.advance(Duration::from_millis(284_999)).await;
    subscribed.events().await;
    stage.host.advance(Duration::from_millis(1)).await;
    assert_eq!(subscribed.frames().await, (vec![], true));
}

#[tokio::test]
async fn subscriptions_begin_where_they_say() {
    let (stage, consumer) = Stage::with_consumer(false).await;
    let first = stage.put("r1").await;
    stage.host.advance(Duration::from_secs(1)).await;
    let now = seconds(&stage);
    let second = stage.put("r2").await;
    for (position, expected) in [
        (json!({"Type": "TRIM_HORIZON"}), vec!["r1", "r2"]),
        (latest(), vec![]),
        (
            json!({"Type": "AT_SEQUENCE_NUMBER", "SequenceNumber": second}),
            vec!["r2"],
        ),
        (
            json!({"Type": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": first}),
            vec!["r2"],
        ),
        (
            json!({"Type": "AT_TIMESTAMP", "Timestamp": now}),
            vec!["r2"],
        ),
    ] {
        let mut subscribed = stage.subscribe(&consumer, &position).await;
        let event = one(subscribed.events().await);
        assert_eq!(data(&event), expected, "{position}");
        assert_eq!(event["ContinuationSequenceNumber"], json!(second));
        drop(subscribed);
        settle().await;
    }
}

#[tokio::test]
async fn a_closed_shard_ends_with_its_children() {
    let (stage, consumer) = Stage::with_consumer(false).await;
    let mut subscribed = stage.subscribe(&consumer, &latest()).await;
    subscribed.events().await;
    stage.put("r1").await;
    let input = json!({"StreamName": "s", "ShardToSplit": SHARD, "NewStartingHashKey": "1000"});
    stage.call("SplitShard", input).await;
    let (frames, is_closed) = subscribed.frames().await;
    assert!(is_closed);
    let events: Vec<_> = frames.iter().map(Frame::value).collect();
    let [record, end] = &events[..] else {
        panic!("two events, not {events:?}")
    };
    assert_eq!(data(record), ["r1"]);
    assert_eq!(record.get("ChildShards"), None);
    assert_eq!(end["Records"], json!([]));
    assert_eq!(end.get("ContinuationSequenceNumber"), None);
    let children = end["ChildShards"].as_array().expect("a list");
    assert_eq!(children.len(), 2);
    assert_eq!(children[0]["ShardId"], "shardId-000000000003");
    assert_eq!(children[0]["ParentShards"], json!([SHARD]));
}

#[tokio::test]
async fn a_later_subscription_takes_over() {
    let (stage, consumer) = Stage::with_consumer(false).await;
    let mut first = stage.subscribe(&consumer, &latest()).await;
    first.events().await;
    let (code, _) = stage.refusal(&input(&consumer, &latest())).await;
    assert_eq!(code, "ResourceInUseException");
    stage.host.advance(Duration::from_millis(4999)).await;
    let (code, _) = stage.refusal(&input(&consumer, &latest())).await;
    assert_eq!(code, "ResourceInUseException");
    stage.host.advance(Duration::from_millis(1)).await;
    first.events().await;
    let mut second = stage.subscribe(&consumer, &latest()).await;
    assert_eq!(first.error().await.0, "ResourceInUseException");
    second.events().await;
    stage.put("r1").await;
    assert_eq!(data(&second.events().await[0]), ["r1"]);
    // One whose client has gone is none any more.
    drop(second);
    settle().await;
    stage.subscribe(&consumer, &latest()).await;
}

#[tokio::test]
async fn what_is_gone_ends_its_subscriptions() {
    let (stage, consumer) = Stage::with_consumer(false).await;
    let other = stage.consumer("d").await;
    let mut subscribed = stage.subscribe(&consumer, &latest()).await;
    let mut others = stage.subscribe(&other, &latest()).await;
    subscribed.events().await;
    others.events().await;
    stage
        .call("DeregisterStreamConsumer", json!({"ConsumerARN": consumer}))
        .await;
    let expected = "Consumer c, Stream s under account 000000000000 not found.";
    let error = ("ResourceNotFoundException".to_owned(), expected.to_owned());
    assert_eq!(subscribed.error().await, error);
    assert_eq!(others.events().await, [Value::Null; 0]);
    let input = json!({"StreamName": "s", "EnforceConsumerDeletion": true});
    stage.call("DeleteStream", input).await;
    let expected = "Stream s under account 000000000000 not found.";
    let error = ("ResourceNotFoundException".to_owned(), expected.to_owned());
    assert_eq!(others.error().await, error);
}

#[tokio::test]
async fn a_reset_and_a_stop_end_subscriptions() {
    let (stage, consumer) = Stage::with_consumer(false).await;
    let mut subscribed = stage.subscribe(&consumer, &latest()).await;
    subscribed.events().await;
    let reset = Request::new("POST /_topiq/reset");
    assert_eq!(stage.host.ask(&reset).await.status(), 204);
    assert_eq!(subscribed.frames().await, (vec![], true));

    let (stage, consumer) = Stage::with_consumer(false).await;
    let mut subscribed = stage.subscribe(&consumer, &latest()).await;
    subscribed.events().await;
    stage.host.server.stop().await;
    assert_eq!(subscribed.frames().await, (vec![], true));
}

#[tokio::test]
async fn a_consumer_that_is_not_there_yet_is_refused() {
    let (stage, consumer) = Stage::with_consumer(true).await;
    let (code, message) = stage.refusal(&input(&consumer, &latest())).await;
    assert_eq!(code, "ResourceInUseException");
    assert!(
        message.ends_with("not ACTIVE, instead in state CREATING"),
        "{message}"
    );
    stage.host.advance(Duration::from_secs(10)).await;
    stage.subscribe(&consumer, &latest()).await;
}

#[tokio::test]
async fn what_is_wrong_is_refused_before_anything_is_pushed() {
    let (stage, consumer) = Stage::with_consumer(false).await;
    let with = |changes: Value| {
        let mut input = input(&consumer, &latest());
        for (name, value) in changes.as_object().expect("an object") {
            input[name] = value.clone();
        }
        input
    };
    let later = seconds(&stage) + 10;
    for (changes, code) in [
        (
            json!({"ConsumerARN": null, "ShardId": null, "StartingPosition": null}),
            "ValidationException",
        ),
        (json!({"ConsumerARN": "c"}), "ValidationException"),
        (json!({"StartingPosition": {}}), "ValidationException"),
        (
            json!({"StartingPosition": {"Type": "FIRST"}}),
            "ValidationException",
        ),
        (json!({"StartingPosition": []}), "SerializationException"),
        (
            json!({"ConsumerARN": consumer.replace("/c:", "/d:")}),
            "ResourceNotFoundException",
        ),
        (
            json!({"ConsumerARN": consumer.replace("/s/", "/t/")}),
            "ResourceNotFoundException",
        ),
        (
            json!({"ConsumerARN": format!("{consumer}1")}),
            "ResourceNotFoundException",
        ),
        (
            json!({"ShardId": "shardId-000000000007"}),
            "ResourceNotFoundException",
        ),
        (json!({"ShardId": "none"}), "ResourceNotFoundException"),
        (
            json!({"StartingPosition": {"Type": "AT_SEQUENCE_NUMBER"}}),
            "InvalidArgumentException",
        ),
        (
            json!({"StartingPosition": {"Type": "LATEST", "SequenceNumber": "0"}}),
            "InvalidArgumentException",
        ),
        (
            json!({"StartingPosition": {"Type": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": "1"}}),
            "InvalidArgumentException",
        ),
        (
            json!({"StartingPosition": {"Type": "AT_TIMESTAMP"}}),
            "InvalidArgumentException",
        ),
        (
            json!({"StartingPosition": {"Type": "AT_TIMESTAMP", "Timestamp": later}}),
            "InvalidArgumentException",
        ),
        (json!({"DryRun": true}), "DryRunOperationException"),
    ] {
        let (found, message) = stage.refusal(&with(changes.clone())).await;
        assert_eq!(found, code, "{changes}: {message}");
    }
    // A dry run changes nothing.
    let mut subscribed = stage.subscribe(&consumer, &latest()).await;
    subscribed.events().await;
    let (code, _) = stage.refusal(&with(json!({"DryRun": true}))).await;
    assert_eq!(code, "ResourceInUseException");
    subscribed.events().await;
}
