//! Captured deliveries: those whose target is not on this machine, such as a mail server, a phone, a push service, a
//! function or a stream. They are kept for tests to inspect.
//!
//! One log serves all services. It is bounded in entries and bytes; when it is full, the oldest entries are dropped and
//! counted. Its JSON has SNS's names for these members, in the form of `Publish`'s input (`MessageAttributes` with
//! `DataType`, `StringValue`, `BinaryValue`).

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::aws::{AccountId, Region};
use crate::sync::Mutex;
use crate::wire::DateTime;

/// One delivery that AWS would have made.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CapturedDelivery {
    /// Its time.
    #[serde(rename = "Timestamp")]
    pub at: DateTime,
    /// The sender's account: for a topic, the account that owns it.
    #[serde(serialize_with = "as_text")]
    pub account: AccountId,
    /// The region it was sent from.
    #[serde(serialize_with = "as_text")]
    pub region: Region,
    /// The service that sent it, by its name in ARNs: `sns`.
    #[serde(skip)]
    pub source: &'static str,
    /// The resource that it comes from, such as a topic. `None` when a phone number or an endpoint was published to
    /// directly.
    #[serde(rename = "TopicArn")]
    pub source_arn: Option<Arc<str>>,
    /// SNS: the subscription. `None` where there is no topic.
    pub subscription_arn: Option<Arc<str>>,
    /// The kind of target: `email`, `email-json`, `sms`, `application`, `lambda` or `firehose`.
    #[serde(rename = "Protocol")]
    pub target_kind: &'static str,
    /// The target: an address, a phone number or an ARN.
    #[serde(rename = "Endpoint")]
    pub target: Arc<str>,
    /// The id that was returned to its sender.
    pub message_id: Arc<str>,
    /// SNS: the message's subject.
    pub subject: Option<Arc<str>>,
    /// SNS: the text for this protocol: the one in a message with the structure `json`, or else the whole message.
    pub message: Arc<str>,
    /// SNS: the message as it was published.
    pub published_message: Arc<str>,
    /// SNS: `json`, where the publisher set it.
    pub message_structure: Option<Arc<str>>,
    /// SNS: the message's attributes.
    pub message_attributes: Arc<BTreeMap<String, Attribute>>,
    /// The payload that AWS would deliver, byte for byte: a mail's body, a function's event, a stream's record.
    pub payload: Arc<str>,
    /// EventBridge: what else the target is called with. Its routes show it.
    #[serde(skip)]
    pub invocation: Option<Box<Invocation>>,
}

/// What a target of EventBridge is called with besides its payload, and by what.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The bus whose rule it is.
    pub bus_arn: Arc<str>,
    /// The target's id, unique within the rule.
    pub target_id: String,
    /// The role in which it is called.
    pub role_arn: Option<String>,
    /// The settings of its kind, such as `EcsParameters`, with what their paths find in the event.
    pub parameters: Map<String, Value>,
    /// The X-Ray trace header.
    pub trace_header: Option<Arc<str>>,
}

/// A message attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Attribute {
    /// `String`, `Number`, `Binary`, `String.Array`.
    pub data_type: String,
    /// The value, if it is a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// The value in Base64, if it is binary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<String>,
}

/// An entry of the log.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Captured {
    /// Its number, starting at one, never reused.
    pub sequence: u64,
    /// The captured delivery.
    #[serde(flatten)]
    pub delivery: CapturedDelivery,
}

/// How much a log keeps.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Entries.
    pub entries: usize,
    /// Bytes of their texts. An entry that is larger by itself is not kept.
    pub bytes: usize,
}

impl Default for Bounds {
    /// 10,000 entries, 64 MiB.
    fn default() -> Self {
        Self {
            entries: 10_000,
            bytes: 64 << 20,
        }
    }
}

/// The log: in the order of capture, the oldest dropped first.
#[derive(Debug, Default)]
pub struct CapturedLog {
    bounds: Bounds,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: VecDeque<Arc<Captured>>,
    bytes: usize,
    last_sequence: u64,
    dropped: u64,
}

/// A snapshot of a log.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The requested entries, oldest first.
    pub entries: Vec<Arc<Captured>>,
    /// The number of the latest entry ever, from which to ask next.
    pub last_sequence: u64,
    /// How many entries were dropped for lack of room since the server started.
    pub dropped: u64,
}

impl Listing {
    /// Leaves out what is beyond `bytes`, except for the first entry: the next listing then begins after the last that
    /// is left. Says whether anything was left out.
    pub fn cut(&mut self, bytes: usize) -> bool {
        let sizes = self.entries.iter().scan(0, |sum, captured| {
            *sum += captured.delivery.size();
            Some(*sum)
        });
        let count = sizes.take_while(|sum| *sum <= bytes).count();
        let is_cut = count.max(1) < self.entries.len();
        if is_cut {
            self.entries.truncate(count.max(1));
            if let Some(last) = self.entries.last() {
                self.last_sequence = last.sequence;
            }
        }
        is_cut
    }
}

impl CapturedLog {
    /// An empty log.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            state: Mutex::default(),
        }
    }

    /// Keeps `delivery` and returns its number.
    pub fn keep(&self, delivery: CapturedDelivery) -> u64 {
        let mut state = self.state.lock();
        state.last_sequence += 1;
        let sequence = state.last_sequence;
        let captured = Arc::new(Captured { sequence, delivery });
        state.bytes += captured.delivery.size();
        state.entries.push_back(captured);
        while state.entries.len() > self.bounds.entries || state.bytes > self.bounds.bytes {
            let Some(oldest) = state.entries.pop_front() else {
                break;
            };
            state.bytes -= oldest.delivery.size();
            state.dropped += 1;
        }
        sequence
    }

    /// The entries that `is_wanted` matches. Walks the log.
    pub fn list(&self, is_wanted: impl Fn(&Captured) -> bool) -> Listing {
        let state = self.state.lock();
        let wanted = state.entries.iter().filter(|captured| is_wanted(captured));
        Listing {
            entries: wanted.cloned().collect(),
            last_sequence: state.last_sequence,
            dropped: state.dropped,
        }
    }

    /// Deletes the entries that `is_unwanted` matches, and returns how many. Walks the log.
    pub fn forget(&self, is_unwanted: impl Fn(&Captured) -> bool) -> usize {
        let mut state = self.state.lock();
        let before = state.entries.len();
        state.entries.retain(|captured| !is_unwanted(captured));
        state.bytes = state.entries.iter().map(|it| it.delivery.size()).sum();
        before - state.entries.len()
    }
}

impl CapturedDelivery {
    /// The bytes that it counts for: its texts, as if none were shared, and its own size.
    fn size(&self) -> usize {
        let texts = [
            &self.target,
            &self.message_id,
            &self.message,
            &self.published_message,
            &self.payload,
        ];
        let optional = [
            &self.source_arn,
            &self.subscription_arn,
            &self.subject,
            &self.message_structure,
        ];
        let attributes = self.message_attributes.iter().map(|(name, attribute)| {
            let values = [&attribute.string_value, &attribute.binary_value];
            let values = values.into_iter().flatten().map(String::len).sum::<usize>();
            name.len() + attribute.data_type.len() + values + size_of::<(String, Attribute)>()
        });
        texts
            .into_iter()
            .chain(optional.into_iter().flatten())
            .map(|text| text.len())
            .sum::<usize>()
            + attributes.sum::<usize>()
            + self.invocation.as_ref().map_or(0, |it| it.size())
            + size_of::<Captured>()
    }
}

impl Invocation {
    fn size(&self) -> usize {
        let optional = [self.role_arn.as_deref(), self.trace_header.as_deref()];
        let optional = optional.into_iter().flatten().map(str::len);
        let parameters = if self.parameters.is_empty() {
            0
        } else {
            serde_json::to_string(&self.parameters).map_or(0, |text| text.len())
        };
        self.bus_arn.len()
            + self.target_id.len()
            + optional.sum::<usize>()
            + parameters
            + size_of::<Self>()
    }
}

fn as_text<S: Serializer>(
    value: &impl std::fmt::Display,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

#[cfg(test)]
pub(crate) mod testing {
    //! Entries for tests.

    use super::*;
    use crate::clock::Timestamp;

    /// A plain message of SNS to `target`, without a topic.
    pub(crate) fn delivery(
        target_kind: &'static str,
        target: &str,
        message: &str,
    ) -> CapturedDelivery {
        CapturedDelivery {
            at: DateTime(Timestamp::from_millis(1_767_323_045_678)),
            account: AccountId::DEFAULT,
            region: Region::default(),
            source: "sns",
            source_arn: None,
            subscription_arn: None,
            target_kind,
            target: target.into(),
            message_id: "9ce56934-dcc4-45f5-ba40-13691329fc67".into(),
            subject: None,
            message: message.into(),
            published_message: message.into(),
            message_structure: None,
            message_attributes: Arc::default(),
            payload: message.into(),
            invocation: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::testing::delivery;
    use super::*;

    fn log(entries: usize, bytes: usize) -> CapturedLog {
        CapturedLog::new(Bounds { entries, bytes })
    }

    fn messages(listing: &Listing) -> Vec<&str> {
        let entries = listing.entries.iter();
        entries
            .map(|captured| &*captured.delivery.message)
            .collect()
    }

    #[test]
    fn oldest_entries_go_when_there_are_too_many() {
        let log = log(2, usize::MAX);
        for (message, sequence) in [("a", 1), ("b", 2), ("c", 3)] {
            assert_eq!(log.keep(delivery("sms", "+1", message)), sequence);
        }
        let listing = log.list(|_| true);
        assert_eq!(messages(&listing), ["b", "c"]);
        assert_eq!((listing.last_sequence, listing.dropped), (3, 1));
    }

    #[test]
    fn oldest_entries_go_when_they_hold_too_many_bytes() {
        let small = delivery("sms", "+1", "a").size();
        let log = log(100, 2 * small + 30);
        for message in ["a", "b", &"c".repeat(10)] {
            log.keep(delivery("sms", "+1", message));
        }
        // The message is held three times: as chosen, as published and as payload.
        assert_eq!(messages(&log.list(|_| true)), ["b", "cccccccccc"]);
        log.keep(delivery("sms", "+1", &"d".repeat(3 * small)));
        let listing = log.list(|_| true);
        assert_eq!((listing.entries.len(), listing.dropped), (0, 4));
        log.keep(delivery("sms", "+1", "e"));
        assert_eq!(messages(&log.list(|_| true)), ["e"]);
    }

    #[test]
    fn forgotten_entries_make_room_and_their_numbers_stay_used() {
        let size = delivery("sms", "+1", "a").size();
        let log = log(100, 2 * size);
        log.keep(delivery("sms", "+1", "a"));
        log.keep(delivery("email", "@1", "b"));
        assert_eq!(
            log.forget(|captured| captured.delivery.target_kind == "sms"),
            1
        );
        assert_eq!(log.keep(delivery("sms", "+1", "c")), 3);
        let listing = log.list(|_| true);
        assert_eq!(messages(&listing), ["b", "c"]);
        assert_eq!(listing.dropped, 0);
    }

    #[test]
    fn entries_are_json_with_the_names_of_aws() {
        let attribute = |data_type: &str, string: Option<&str>, binary: Option<&str>| Attribute {
            data_type: data_type.to_owned(),
            string_value: string.map(str::to_owned),
            binary_value: binary.map(str::to_owned),
        };
        let attributes = BTreeMap::from([
            ("b".to_owned(), attribute("Binary", None, Some("AgME"))),
            ("s".to_owned(), attribute("String", Some("x"), None)),
        ]);
        let topic = "arn:aws:sns:us-east-1:000000000000:t";
        let log = log(1, usize::MAX);
        log.keep(CapturedDelivery {
            source_arn: Some(topic.into()),
            message_attributes: Arc::new(attributes),
            ..delivery("email", "a@example.com", "hello")
        });
        let json = serde_json::to_value(&log.list(|_| true).entries).unwrap();
        let expected = serde_json::json!([{
            "Sequence": 1, "Timestamp": "2026-01-02T03:04:05.678Z", "Account": "000000000000", "Region": "us-east-1",
            "TopicArn": topic, "SubscriptionArn": null, "Protocol": "email", "Endpoint": "a@example.com",
            "MessageId": "9ce56934-dcc4-45f5-ba40-13691329fc67", "Subject": null, "Message": "hello",
            "PublishedMessage": "hello", "MessageStructure": null, "Payload": "hello",
            "MessageAttributes": {
                "b": { "DataType": "Binary", "BinaryValue": "AgME" },
                "s": { "DataType": "String", "StringValue": "x" },
            },
        }]);
        assert_eq!(json, expected);
    }
}
