//! Log groups as targets: other services deliver to them as if by `PutLogEvents`, into a stream of topiq's own.
//!
//! AWS chooses the streams' names and does not say how. Here a group has one such stream for each day, whose name is drawn.

use std::borrow::Cow;
use std::sync::{Arc, Weak};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Serials;
use super::error::Error;
use super::group::Group;
use super::groups::{GroupName, Groups};
use super::limits::{BATCH_SIZE, EVENT_OVERHEAD};
use super::store::{Event, Position};
use crate::clock::Timestamp;
use crate::delivery::{Delivered, Message, Outcome, Source, Target, TargetService, Undelivered};
use crate::ids::Ids;
use crate::wire::DateTime;

/// All log groups.
#[derive(Debug)]
pub(super) struct GroupTargets {
    groups: Arc<Groups>,
    shared: Arc<Shared>,
}

/// What all targets need.
#[derive(Debug)]
struct Shared {
    serials: Arc<Serials>,
    ids: Arc<Ids>,
}

impl GroupTargets {
    pub(super) fn new(groups: Arc<Groups>, serials: Arc<Serials>, ids: Arc<Ids>) -> Self {
        Self {
            groups,
            shared: Arc::new(Shared { serials, ids }),
        }
    }
}

impl TargetService for GroupTargets {
    /// The group with this ARN, which may end in `:*`.
    fn target(&self, arn: &str) -> Option<Arc<dyn Target>> {
        let group = self.groups.get(&GroupName::parse(arn)?)?;
        Some(Arc::new(GroupTarget {
            group: Arc::downgrade(&group),
            shared: self.shared.clone(),
        }))
    }
}

/// One log group. Holding it does not keep a deleted group's events.
#[derive(Debug)]
struct GroupTarget {
    group: Weak<Group>,
    shared: Arc<Shared>,
}

impl Target for GroupTarget {
    fn deliver(&self, now: Timestamp, message: Message<'_>) -> Outcome {
        let group = self.group.upgrade().ok_or(Undelivered::NoTarget)?;
        let body = message.body.text();
        let entry = Entry::of(&body, now);
        let acceptance = group.acceptance(now);
        let since = acceptance.oldest.max(acceptance.kept_since);
        let timestamp = match entry.timestamp {
            // An event may be of any time. One that could not be logged under it is logged under that of its arrival.
            Stamp::Event(time) if (since..=acceptance.newest).contains(&time) => time,
            Stamp::Event(_) => now.as_millis(),
            Stamp::Given(time) if time < since => return Err(refused("too old")),
            Stamp::Given(time) if time > acceptance.newest => return Err(refused("too new")),
            Stamp::Given(time) => time,
            Stamp::Unreadable => return Err(refused("no time")),
        };
        let size = entry.message.len() + EVENT_OVERHEAD;
        if size > BATCH_SIZE {
            return Err(Error::EventTooLarge(size).into());
        }
        let ingested = now.as_millis();
        let mut contents = group.contents.write();
        let draw = || self.shared.ids.message_id().to_string();
        let stream = contents
            .delivery_stream(ingested, draw)
            .map_err(Error::from)?;
        let event = Event {
            position: Position {
                timestamp,
                serial: self.shared.serials.take(1),
            },
            ingested,
            message: &entry.message,
        };
        let events = std::iter::once(event);
        let put = contents.put(&stream, ingested, acceptance.kept_since, events);
        put.map_err(Error::from)?;
        Ok(Delivered::As(self.shared.ids.message_id()))
    }

    /// AWS asks the resource policies of the account, which topiq does not have: all may deliver.
    fn permits(&self, _: &Source<'_>) -> Result<(), Undelivered> {
        self.group
            .upgrade()
            .ok_or(Undelivered::NoTarget)
            .map(|_| ())
    }
}

fn refused(timestamp: &str) -> Undelivered {
    Undelivered::Refused(format!("the timestamp of the log event is {timestamp}").into())
}

/// The refusal, in the words of `PutLogEvents`.
impl From<Error> for Undelivered {
    fn from(error: Error) -> Self {
        match error {
            Error::GroupDoesNotExist => Self::NoTarget,
            other => Self::Refused(other.to_string().into()),
        }
    }
}

/// What becomes of a body.
struct Entry<'b> {
    timestamp: Stamp,
    message: Cow<'b, str>,
}

/// The time of a log event, in milliseconds since the Unix epoch.
enum Stamp {
    /// That of the event in the body, or of its arrival.
    Event(u64),
    /// The one that an input transformer gives it.
    Given(u64),
    Unreadable,
}

/// The two members that an input transformer gives.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Transformed<'b> {
    #[serde(borrow)]
    timestamp: &'b RawValue,
    #[serde(borrow)]
    message: &'b RawValue,
}

/// The time of an event in its envelope.
#[derive(Deserialize)]
struct Envelope<'b> {
    #[serde(borrow)]
    time: Option<Cow<'b, str>>,
}

impl<'b> Entry<'b> {
    fn of(body: &'b str, now: Timestamp) -> Self {
        // `serde_json` would take the elements of a list for members.
        if !body.trim_ascii_start().starts_with('{') {
            return Self::under(now, body);
        }
        if let Ok(transformed) = serde_json::from_str::<Transformed<'_>>(body) {
            let timestamp = time(transformed.timestamp.get());
            return Self {
                timestamp: timestamp.map_or(Stamp::Unreadable, Stamp::Given),
                message: text(transformed.message.get()),
            };
        }
        let envelope: Option<Envelope<'_>> = serde_json::from_str(body).ok();
        let time = envelope.and_then(|envelope| DateTime::parse(envelope.time?.as_ref()));
        Self::under(time.map_or(now, |time| time.0), body)
    }

    /// A body as it is, under the time of its event.
    const fn under(time: Timestamp, body: &'b str) -> Self {
        Self {
            timestamp: Stamp::Event(time.as_millis()),
            message: Cow::Borrowed(body),
        }
    }
}

/// A text as it is, and what is no text as JSON.
fn text(json: &str) -> Cow<'_, str> {
    serde_json::from_str::<String>(json).map_or(Cow::Borrowed(json), Cow::Owned)
}

/// Milliseconds as a number, with quotes or without, or a date as events have it.
fn time(json: &str) -> Option<u64> {
    let text = text(json);
    let millis = text.parse().ok();
    millis.or_else(|| DateTime::parse(&text).map(|time| time.0.as_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agenda::Agenda;
    use crate::aws::message::{Body, Sender};
    use crate::aws::{AccountId, Region};
    use crate::clock::ManualClock;
    use crate::delivery::{Deliveries, Examined};
    use crate::services::logs::Logs;
    use crate::services::logs::group::Described;
    use crate::services::logs::store::{Direction, Selection, Window};
    use crate::services::{Environment, Service};

    const NOW: Timestamp = Timestamp::from_secs(1_714_979_300);
    const ARN: &str = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/all";
    const EVENT: &str = r#"{"version":"0","id":"i","detail-type":"t","source":"s","account":"000000000000","time":"2024-05-06T07:08:09Z","region":"us-east-1","resources":[],"detail":{}}"#;

    struct Bench {
        logs: Logs,
        deliveries: Arc<Deliveries>,
    }

    impl Bench {
        fn new() -> Self {
            let environment =
                Environment::at(Arc::new(Agenda::new(Arc::new(ManualClock::new(NOW)))));
            let logs = Logs::new(&environment);
            let name = GroupName::parse(ARN).expect("an ARN");
            let added = logs.groups.add(Group::new(name, NOW, Described::default()));
            assert_eq!(added, Ok(()));
            Self {
                logs,
                deliveries: environment.deliveries,
            }
        }

        fn deliver(&self, arn: &str, now: Timestamp, body: &str) -> Outcome {
            let message = Message {
                id: None,
                body: Body::new(body),
                attributes: None,
                examined: &Examined::default(),
                trace_header: None,
                sender: Sender::Service("test"),
                group_id: None,
                deduplication_id: None,
            };
            self.deliveries.targets.deliver(arn, now, message)
        }

        fn group(&self) -> Arc<Group> {
            let name = GroupName {
                account: AccountId::DEFAULT,
                region: Region::default(),
                name: "/aws/events/all".into(),
            };
            self.logs.groups.get(&name).expect("a group")
        }

        /// Stream, time and message of each event.
        fn events(&self) -> Vec<(String, u64, String)> {
            let group = self.group();
            let contents = group.contents.read();
            let window = Window {
                from: Position::default(),
                to: Position::END,
                direction: Direction::Forward,
            };
            let events = contents.merged(&Selection::All, window);
            let listed = events.map(|(name, event)| {
                let time = event.position.timestamp;
                (name.to_string(), time, event.message.to_owned())
            });
            listed.collect()
        }
    }

    #[test]
    fn an_event_is_logged_under_its_own_time() {
        let bench = Bench::new();
        for arn in [ARN, &format!("{ARN}:*")] {
            let delivered = bench.deliver(arn, NOW, EVENT);
            assert!(matches!(delivered, Ok(Delivered::As(_))), "{delivered:?}");
        }
        let events = bench.events();
        let [first, second] = &events[..] else {
            panic!("{events:?}");
        };
        assert_eq!((first.1, &*first.2), (1_714_979_289_000, EVENT));
        // On one day all go to one stream.
        assert_eq!(first, second);
        let tomorrow = NOW + std::time::Duration::from_hours(24);
        assert!(bench.deliver(ARN, tomorrow, "plain").is_ok());
        let last = bench.events().pop().expect("an event");
        assert_eq!((last.1, &*last.2), (tomorrow.as_millis(), "plain"));
        assert_ne!(last.0, first.0);
    }

    #[test]
    fn a_transformer_gives_time_and_message() {
        for (body, time, message) in [
            (
                r#"{"timestamp":1714979280123,"message":"m"}"#,
                1_714_979_280_123,
                "m",
            ),
            (
                r#"{"message":"a \"b\"","timestamp":"1714979280123"}"#,
                1_714_979_280_123,
                "a \"b\"",
            ),
            (
                r#"{"timestamp":"2024-05-06T07:08:00Z","message":{"a":1}}"#,
                1_714_979_280_000,
                r#"{"a":1}"#,
            ),
            // With another member it is a text like any other.
            (
                r#"{"timestamp":1,"message":"m","x":1}"#,
                NOW.as_millis(),
                r#"{"timestamp":1,"message":"m","x":1}"#,
            ),
            (
                r#"{"time":"2020-01-01T00:00:00Z"}"#,
                NOW.as_millis(),
                r#"{"time":"2020-01-01T00:00:00Z"}"#,
            ),
            (r#"["x"]"#, NOW.as_millis(), r#"["x"]"#),
        ] {
            let bench = Bench::new();
            let delivered = bench.deliver(ARN, NOW, body);
            assert!(delivered.is_ok(), "{body}: {delivered:?}");
            let events = bench.events();
            assert_eq!((events[0].1, &*events[0].2), (time, message), "{body}");
        }
    }

    #[test]
    fn what_cannot_be_logged_is_refused() {
        let bench = Bench::new();
        let long = "x".repeat(BATCH_SIZE);
        for (body, why) in [
            (
                r#"{"timestamp":1,"message":"m"}"#,
                "the timestamp of the log event is too old",
            ),
            (
                r#"{"timestamp":1814979280123,"message":"m"}"#,
                "the timestamp of the log event is too new",
            ),
            (
                r#"{"timestamp":"x","message":"m"}"#,
                "the timestamp of the log event is no time",
            ),
            (
                &long,
                "Log event too large: 1048602 bytes exceeds limit of 1048576",
            ),
        ] {
            match bench.deliver(ARN, NOW, body) {
                Err(Undelivered::Refused(refusal)) => assert_eq!(&*refusal, why),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(bench.events(), []);
    }

    #[test]
    fn there_is_no_target_without_a_group() {
        let bench = Bench::new();
        for arn in [
            "arn:aws:logs:us-east-1:000000000000:log-group:other",
            "arn:aws:logs:us-east-1:000000000000:destination:d",
        ] {
            let outcome = bench.deliver(arn, NOW, EVENT);
            assert!(matches!(outcome, Err(Undelivered::NoTarget)), "{outcome:?}");
        }
        let target = bench.deliveries.targets.find(ARN).expect("a group");
        let group = bench.group();
        group.contents.write().close();
        let outcome = bench.deliver(ARN, NOW, EVENT);
        assert!(matches!(outcome, Err(Undelivered::NoTarget)), "{outcome:?}");
        bench.logs.groups.remove(&group);
        drop(group);
        let source = Source {
            principal: "events.amazonaws.com",
            arn: "arn:aws:events:us-east-1:000000000000:rule/r",
            account: AccountId::DEFAULT,
        };
        let permitted = target.permits(&source);
        assert!(
            matches!(permitted, Err(Undelivered::NoTarget)),
            "{permitted:?}"
        );
    }
}
