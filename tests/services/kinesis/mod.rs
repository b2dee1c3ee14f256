//! Kinesis: the tables of its specification, and what CBOR has of them.

mod subscriptions;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use topiq::Config;
use topiq::clock::Timestamp;
use topiq::services::Settings;
use topiq::services::kinesis::stream::{HashRange, Sequence, Stream, hash};

use crate::support::{Answer, CBOR, Host, Request, START, bytes, digits};

/// Mon Nov 30 12:00:00 UTC 2026, which the tables mean by now.
const NOON: Timestamp = Timestamp::from_secs(1_796_040_000);

fn cases() -> Value {
    serde_json::from_str(include_str!("../../fixtures/kinesis-cases.json")).expect("JSON")
}

fn table(cases: &Value, name: &str) -> Vec<Value> {
    let table = cases[name].as_array().expect("a table").clone();
    assert!(!table.is_empty(), "{name}");
    table
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn number(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

fn stream(shards: u64) -> Stream {
    let shards = u32::try_from(shards).expect("few shards");
    Stream::new(NOON, shards, Duration::from_hours(24))
}

#[test]
fn keys_have_their_hashes_and_shards() {
    for case in table(&cases(), "hash") {
        // Those that are no keys are refused before: see the wire cases.
        let Some(expected) = case["hash"].as_str() else {
            assert_eq!(case["valid"], false);
            continue;
        };
        let hash = hash::of_key(text(&case["key"]));
        assert_eq!(hash.to_string(), expected);
        for (count, shard) in case["shard"].as_object().expect("shards") {
            let stream = stream(count.parse().expect("a number"));
            assert_eq!(u64::from(stream.shard_of(hash)), number(shard), "{case}");
        }
    }
}

#[test]
fn explicit_hash_keys_have_their_shards() {
    for case in table(&cases(), "explicit") {
        let Some(shards) = case["shards"].as_u64() else {
            continue;
        };
        let hash = text(&case["hash"]).parse().expect("a hash key");
        assert_eq!(
            u64::from(stream(shards).shard_of(hash)),
            number(&case["shard"]),
            "{case}"
        );
    }
}

#[test]
fn new_streams_have_equal_ranges() {
    for case in table(&cases(), "ranges") {
        let count = u32::try_from(number(&case["shards"])).expect("few shards");
        let ranges = HashRange::equal(count).into_iter();
        let ranges = ranges.map(|range| json!([range.start.to_string(), range.end.to_string()]));
        assert_eq!(Value::Array(ranges.collect()), case["ranges"]);
    }
}

#[test]
fn sequence_numbers_have_their_parts() {
    for case in table(&cases(), "sequence") {
        let text = text(&case["sequenceNumber"]);
        let sequence = Sequence::parse(text).expect("a sequence number");
        assert_eq!(sequence.to_string(), text);
        assert_eq!(sequence.created, number(&case["created"]), "{case}");
        assert_eq!(u64::from(sequence.shard), number(&case["shard"]), "{case}");
        assert_eq!(sequence.index, number(&case["index"]), "{case}");
        assert_eq!(sequence.arrived, number(&case["time"]), "{case}");
    }
}

/// A server and what a case has made so far.
struct Stage {
    host: Host,
}

impl Stage {
    /// A server at noon.
    async fn new(strict_timing: bool) -> Self {
        let services = Settings {
            strict_timing,
            ..Settings::default()
        };
        let config = Config {
            services,
            ..Config::default()
        };
        let host = Host::with(config).await;
        host.clock.advance(NOON.since(START)).await;
        Self { host }
    }

    async fn ask(&self, operation: &str, input: &Value) -> Answer {
        self.send(operation, input.to_string()).await
    }

    async fn send(&self, operation: &str, body: String) -> Answer {
        // Another service's operation comes with its prefix.
        let (service, target) = match operation.strip_prefix("AWSEvents.") {
            Some(_) => ("events", operation.to_owned()),
            None => ("kinesis", format!("Kinesis_20131202.{operation}")),
        };
        let request = Request::new("POST /")
            .header("X-Amz-Target", &target)
            .header("Content-Type", "application/x-amz-json-1.1")
            .signed_for(service)
            .body(body);
        self.host.ask(&request).await
    }

    async fn call(&self, operation: &str, input: Value) -> Value {
        let answer = self.ask(operation, &input).await;
        assert_eq!(answer.status(), 200, "{operation} {input}: {answer:?}");
        if answer.body.is_empty() {
            Value::Null
        } else {
            answer.value()
        }
    }

    /// Makes what a case has before its call.
    async fn prepare(&self, given: &str) {
        let words: Vec<_> = given.split([' ', ',']).collect();
        if !given.starts_with("stream s") {
            return;
        }
        self.call("CreateStream", json!({"StreamName": "s", "ShardCount": 3}))
            .await;
        let arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
        if given.contains("consumer") {
            let consumer = json!({"StreamARN": arn, "ConsumerName": "c"});
            self.call("RegisterStreamConsumer", consumer).await;
        }
        if words.contains(&"hours") {
            let hours = json!({"StreamName": "s", "RetentionPeriodHours": 48});
            self.call("IncreaseStreamRetentionPeriod", hours).await;
        }
        if words.contains(&"tags") {
            for start in [0, 25] {
                let tags = (start..start + 25).map(|number| (format!("k{number}"), json!("v")));
                let tags: serde_json::Map<_, _> = tags.collect();
                self.call("AddTagsToStream", json!({"StreamName": "s", "Tags": tags}))
                    .await;
            }
        }
        if given.contains("with a record") {
            self.put("r1").await;
        }
    }

    /// Puts a record with the key `a`, and returns its sequence number.
    async fn put(&self, data: &str) -> String {
        let data = STANDARD.encode(data);
        let input = json!({"StreamName": "s", "PartitionKey": "a", "Data": data});
        let put = self.call("PutRecord", input).await;
        text(&put["SequenceNumber"]).to_owned()
    }

    async fn iterator(&self, shard: &str, kind: &str) -> Value {
        let input = json!({"StreamName": "s", "ShardId": shard, "ShardIteratorType": kind});
        self.call("GetShardIterator", input).await["ShardIterator"].clone()
    }

    /// The request of a case, with what its placeholders stand for.
    async fn request(&self, case: &Value) -> Value {
        let mut request = case["request"].clone();
        let Some(iterator) = request.get("ShardIterator").and_then(Value::as_str) else {
            if request["Records"] == "<501 entries>" {
                let record = json!({"Data": "", "PartitionKey": "a"});
                request["Records"] = Value::Array(vec![record; 501]);
            }
            return request;
        };
        if !iterator.contains('<') {
            return request;
        }
        let given = case["given"].as_str().unwrap_or_default();
        if !given.starts_with("stream s") {
            self.prepare("stream s").await;
        }
        let made = self.iterator("shardId-000000000000", "TRIM_HORIZON").await;
        if iterator.contains("301 s old") {
            self.host.advance(Duration::from_secs(301)).await;
        }
        if iterator.contains("of a deleted stream") {
            self.call("DeleteStream", json!({"StreamName": "s"})).await;
        }
        let quotes = if iterator.starts_with('"') { "\"" } else { "" };
        request["ShardIterator"] = json!(format!("{quotes}{}{quotes}", text(&made)));
        request
    }
}

/// Whether an answer is what a case expects, which leaves out what it does not care for and has placeholders.
fn fits(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::String(text), _) if text.starts_with('<') => true,
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(name, value)| found.get(name).is_some_and(|found| fits(value, found))),
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(one, other)| fits(one, other))
        }
        _ => expected == found,
    }
}

#[tokio::test]
async fn calls_are_answered_as_in_the_table() {
    let mut played = 0;
    for case in table(&cases(), "calls") {
        let id = text(&case["id"]);
        let given = case["given"].as_str().unwrap_or_default();
        // Queues and faults are not there; the limit on shards is another, see below; two requests are no JSON.
        if given.contains("queue") || given.starts_with("fault") || given.contains("limit 10") {
            continue;
        }
        let stage = Stage::new(given.contains("CREATING")).await;
        stage.prepare(given).await;
        let operation = text(&case["operation"]);
        let answer = match id {
            "unknown-target" => stage.ask("Foo", &json!({})).await,
            "not-json" => stage.send(operation, "{".to_owned()).await,
            _ => {
                let request = stage.request(&case).await;
                stage.ask(operation, &request).await
            }
        };
        played += 1;
        let Some(error) = case["error"].as_str() else {
            assert_eq!(answer.status(), 200, "{id}: {answer:?}");
            match &case["response"] {
                Value::String(_) if id.starts_with("create") || id.starts_with("delete") => {
                    assert_eq!(answer.body, "", "{id}");
                }
                expected => assert!(fits(expected, &answer.value()), "{id}: {answer:?}"),
            }
            continue;
        };
        assert_eq!(answer.status(), 400, "{id}: {answer:?}");
        let body = answer.value();
        let code = text(&body["__type"]).rsplit('#').next().unwrap_or_default();
        assert_eq!(code, error, "{id}: {answer:?}");
        let name = if code == "SerializationException" {
            "Message"
        } else {
            "message"
        };
        let found = text(&body[name]);
        assert!(!found.is_empty(), "{id}");
        match case["message"].as_str() {
            Some(pattern) if pattern.contains("<501 times") => {
                let times =
                    found.matches("com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@");
                assert_eq!(times.count(), 501, "{id}");
                let end = pattern.rsplit("@…>").next().unwrap_or_default();
                assert!(found.ends_with(end), "{id}: {found}");
            }
            Some(message) => assert_eq!(found, message, "{id}"),
            None => {}
        }
    }
    assert_eq!(played, 62);
}

#[tokio::test]
async fn an_account_has_so_many_shards() {
    let stage = Stage::new(false).await;
    stage.prepare("stream s").await;
    let input = json!({"StreamName": "t", "ShardCount": 19_998});
    let answer = stage.ask("CreateStream", &input).await;
    let cases = cases();
    let mut calls = cases["calls"].as_array().expect("a table").iter();
    let case = calls.find(|case| case["id"] == "create-over-limit");
    let sentence = text(&case.expect("a case")["message"])
        .replace("Limit: 10.", "Limit: 20000.")
        .replace("request: 1000.", "request: 19998.");
    let expected = json!({"__type": "LimitExceededException", "message": sentence});
    assert_eq!((answer.status(), answer.value()), (400, expected));
}

#[tokio::test]
async fn shards_are_split_and_merged_as_in_the_table() {
    let stage = Stage::new(false).await;
    stage
        .call("CreateStream", json!({"StreamName": "s", "ShardCount": 2}))
        .await;
    let mut played = 0;
    for case in table(&cases(), "reshard") {
        let Some(operation) = case["operation"].as_str() else {
            continue;
        };
        let mut request = case["request"].clone();
        request["StreamName"] = json!("s");
        stage.call(operation, request).await;
        let listed = stage.call("ListShards", json!({"StreamName": "s"})).await;
        let shown = table(&listed, "Shards").into_iter().map(|shard| {
            let mut shown = shard["HashKeyRange"].clone();
            for name in ["ShardId", "ParentShardId", "AdjacentParentShardId"] {
                if let Some(value) = shard.get(name) {
                    shown[name] = value.clone();
                }
            }
            let range = shard["SequenceNumberRange"].as_object().expect("a range");
            shown["open"] = json!(!range.contains_key("EndingSequenceNumber"));
            shown
        });
        assert_eq!(
            Value::Array(shown.collect()),
            case["shards"],
            "{}",
            case["id"]
        );
        played += 1;
    }
    assert_eq!(played, 2);
}

/// What a read has got.
fn records(answer: &Value) -> Vec<String> {
    let records = answer["Records"].as_array().expect("records").iter();
    let data = records.map(|record| STANDARD.decode(text(&record["Data"])).expect("Base64"));
    data.map(|data| String::from_utf8(data).expect("a text"))
        .collect()
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().expect("a list").iter();
    list.map(|it| text(it).to_owned()).collect()
}

#[tokio::test]
async fn iterators_begin_where_the_table_says() {
    const SHARD: &str = "shardId-000000000000";
    for case in table(&cases(), "iterators") {
        let id = text(&case["id"]);
        let stage = Stage::new(false).await;
        stage
            .call("CreateStream", json!({"StreamName": "s", "ShardCount": 1}))
            .await;
        let mut sequences = std::collections::BTreeMap::new();
        let (mut now, mut iterator, mut last) = (0, Value::Null, Value::Null);
        for step in table(&case, "steps") {
            if let Some(at) = step["at"].as_u64() {
                stage
                    .host
                    .server
                    .advance(Duration::from_secs(at - now))
                    .await
                    .expect("a manual clock");
                now = at;
            }
            for data in step["put"].as_array().into_iter().flatten() {
                let sequence = stage.put(text(data)).await;
                let grows = sequences
                    .values()
                    .all(|earlier: &String| *earlier < sequence);
                assert!(grows, "{id}");
                sequences.insert(text(data).to_owned(), sequence);
            }
            if step["split"] == true {
                let half = "170141183460469231731687303715884105728";
                let split =
                    json!({"StreamName": "s", "ShardToSplit": SHARD, "NewStartingHashKey": half});
                stage.call("SplitShard", split).await;
            }
            if let Some(kind) = step["iterator"].as_str() {
                let kind = kind.split(' ').next().unwrap_or_default();
                let mut input =
                    json!({"StreamName": "s", "ShardId": SHARD, "ShardIteratorType": kind});
                match step["of"].as_str() {
                    Some(record) if record.starts_with('r') => {
                        input["StartingSequenceNumber"] = json!(sequences[record]);
                    }
                    Some(_) => {
                        let listed = stage.call("ListShards", json!({"StreamName": "s"})).await;
                        let range = &listed["Shards"][0]["SequenceNumberRange"];
                        input["StartingSequenceNumber"] = range["StartingSequenceNumber"].clone();
                    }
                    None => {}
                }
                if let Some(moment) = step["timestamp"].as_i64() {
                    input["Timestamp"] = json!(1_796_040_000 + moment);
                }
                iterator = stage.call("GetShardIterator", input).await["ShardIterator"].clone();
            }
            if step["next"] == true {
                iterator = last["NextShardIterator"].clone();
            }
            let mut input = json!({"ShardIterator": iterator});
            if let Some(limit) = step.get("Limit") {
                input["Limit"] = limit.clone();
            }
            if let Some(error) = step["error"].as_str() {
                let answer = stage.ask("GetRecords", &input).await;
                assert_eq!(answer.value()["__type"], error, "{id}");
            }
            if let Some(expected) = step.get("records") {
                last = stage.call("GetRecords", input).await;
                assert_eq!(records(&last), texts(expected), "{id}: {step}");
            }
            if let Some(children) = step["ChildShards"].as_u64() {
                assert_eq!(last.get("NextShardIterator"), None, "{id}");
                assert_eq!(table(&last, "ChildShards").len() as u64, children, "{id}");
            }
        }
    }
}

#[tokio::test]
async fn a_deleted_streams_memory_of_records_is_not_the_next_ones() {
    let stage = Stage::new(false).await;
    stage.prepare("stream s").await;
    stage.put("r1").await;
    let old = stage.iterator("shardId-000000000000", "TRIM_HORIZON").await;
    stage.call("DeleteStream", json!({"StreamName": "s"})).await;
    stage.prepare("stream s").await;
    let answer = stage
        .ask("GetRecords", &json!({"ShardIterator": old}))
        .await;
    assert_eq!(answer.value()["__type"], "ResourceNotFoundException");
    let new = stage.iterator("shardId-000000000000", "TRIM_HORIZON").await;
    let read = stage
        .call("GetRecords", json!({"ShardIterator": new}))
        .await;
    assert_eq!(records(&read), [""; 0]);
}

#[tokio::test]
async fn waits_hold_where_they_are_asked_for() {
    let stage = Stage::new(true).await;
    stage.prepare("stream s").await;
    let status = async |expected: &str| {
        let described = stage
            .call("DescribeStream", json!({"StreamName": "s"}))
            .await;
        let description = &described["StreamDescription"];
        assert_eq!(description["StreamStatus"], expected);
        description["Shards"].as_array().expect("shards").len()
    };
    assert_eq!(status("CREATING").await, 0);
    stage.host.advance(Duration::from_secs(10)).await;
    assert_eq!(status("ACTIVE").await, 3);
    let input = json!({"StreamName": "s", "ShardToSplit": "0", "NewStartingHashKey": "10"});
    stage.call("SplitShard", input.clone()).await;
    assert_eq!(status("UPDATING").await, 5);
    let answer = stage.ask("SplitShard", &input).await;
    assert_eq!(answer.value()["__type"], "ResourceInUseException");
    stage.put("r1").await;
    stage.host.advance(Duration::from_secs(10)).await;
    stage.call("DeleteStream", json!({"StreamName": "s"})).await;
    assert_eq!(status("DELETING").await, 5);
    stage.put("r2").await;
    stage.host.advance(Duration::from_secs(10)).await;
    let answer = stage
        .ask("DescribeStream", &json!({"StreamName": "s"}))
        .await;
    assert_eq!(answer.value()["__type"], "ResourceNotFoundException");
    stage.prepare("stream s").await;
}

/// What a stream holds is given back when it expires, though nobody calls.
#[tokio::test]
async fn records_expire_by_themselves() {
    let stage = Stage::new(false).await;
    stage.prepare("stream s").await;
    stage.put("r1").await;
    let day = Duration::from_hours(24);
    stage
        .host
        .server
        .advance(day)
        .await
        .expect("a manual clock");
    let iterator = stage.iterator("shardId-000000000000", "TRIM_HORIZON").await;
    let read = stage
        .call("GetRecords", json!({"ShardIterator": iterator}))
        .await;
    assert_eq!(records(&read), [""; 0]);
}

#[tokio::test]
async fn rules_deliver_to_streams() {
    let stage = Stage::new(false).await;
    stage
        .call("CreateStream", json!({"StreamName": "s", "ShardCount": 1}))
        .await;
    let rule = json!({"Name": "r", "EventPattern": "{\"source\":[\"shop.orders\"]}"});
    stage.call("AWSEvents.PutRule", rule).await;
    let arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
    let parameters = json!({"PartitionKeyPath": "$.detail.customer"});
    let target = json!({"Id": "t", "Arn": arn, "KinesisParameters": parameters});
    let put = stage
        .call(
            "AWSEvents.PutTargets",
            json!({"Rule": "r", "Targets": [target]}),
        )
        .await;
    assert_eq!(put["FailedEntryCount"], 0, "{put}");
    let entries = ["{\"customer\":\"c-7\"}", "{}"].map(
        |detail| json!({"Source": "shop.orders", "DetailType": "OrderPlaced", "Detail": detail}),
    );
    let put = stage
        .call("AWSEvents.PutEvents", json!({"Entries": entries}))
        .await;
    let iterator = stage.iterator("shardId-000000000000", "TRIM_HORIZON").await;
    let read = stage
        .call("GetRecords", json!({"ShardIterator": iterator}))
        .await;
    let keys = read["Records"].as_array().expect("records").iter();
    let keys: Vec<_> = keys
        .map(|record| text(&record["PartitionKey"]).to_owned())
        .collect();
    // The event's own id where its path finds nothing.
    assert_eq!(keys, ["c-7", text(&put["Entries"][1]["EventId"])]);
    let events = records(&read);
    let event: Value = serde_json::from_str(&events[0]).expect("an event");
    assert_eq!(
        (&event["id"], &event["detail"]["customer"]),
        (&put["Entries"][0]["EventId"], &json!("c-7"))
    );
}

#[tokio::test]
async fn cbor_has_the_same_members_as_json() {
    let stage = Stage::new(false).await;
    stage.prepare("stream s").await;
    let ask = async |operation: &str, body: &str| {
        let request = Request::new("POST /")
            .header("X-Amz-Target", &format!("Kinesis_20131202.{operation}"))
            .header("Content-Type", CBOR)
            .signed_for("kinesis")
            .body(bytes(body));
        stage.host.ask(&request).await
    };
    // {"StreamName": "s", "PartitionKey": "a", "Data": h'00ff'}, of indefinite length as the Java SDKs write it.
    let put = "bf6a53747265616d4e616d6561736c506172746974696f6e4b6579616164446174614200ffff";
    let answer = ask("PutRecord", put).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), Some(CBOR));
    let iterator = stage.iterator("shardId-000000000000", "TRIM_HORIZON").await;
    let read = stage
        .call("GetRecords", json!({"ShardIterator": iterator}))
        .await;
    assert_eq!(read["Records"][0]["Data"], "AP8=");
    // The moment is tag 1 with milliseconds: 2026-11-30 12:00:00.
    let name = hexadecimal("ShardIterator");
    let (length, iterator) = (text(&iterator).len(), hexadecimal(text(&iterator)));
    let answer = ask("GetRecords", &format!("a16d{name}78{length:02x}{iterator}")).await;
    let member = hexadecimal("ApproximateArrivalTimestamp");
    let moment = format!("781b{member}c11b{:016x}", NOON.as_millis());
    assert!(answer.body.contains(&moment), "{answer:?}");
    let data = format!("64{}4200ff", hexadecimal("Data"));
    assert!(answer.body.contains(&data), "{answer:?}");
    // An empty output is an empty body, and an error a map.
    let delete = "a16a53747265616d4e616d656173";
    assert_eq!(ask("DeleteStream", delete).await.body, "");
    let answer = ask("DeleteStream", delete).await;
    assert_eq!(answer.status(), 400);
    assert!(
        answer
            .body
            .contains(&hexadecimal("ResourceNotFoundException")),
        "{answer:?}"
    );
    let answer = ask("DeleteStream", "80").await;
    assert!(
        answer.body.contains(&hexadecimal("SerializationException")),
        "{answer:?}"
    );
}

fn hexadecimal(text: &str) -> String {
    digits(text.as_bytes())
}
