//! An event in its envelope: the one JSON text that rules match and targets get.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::archive::record::{LABELS, Record, string_length};
use super::buses::BusName;
use super::entry::Checked;
use crate::aws::{AccountId, Region};
use crate::clock::Timestamp;
use crate::ids::Id;
use crate::wire::DateTime;
use crate::wire::json::write_text;

/// The characters of an id.
const ID_LENGTH: usize = 36;

/// An event on its way.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) id: Id,
    pub(super) text: Arc<str>,
    pub(super) trace_header: Option<Arc<str>>,
    /// When it was received, from which its age counts; its envelope may have another time.
    pub(super) received_at: Timestamp,
}

/// Where and when an event was put.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) account: AccountId,
    pub(super) region: Region,
    /// The time in its envelope.
    pub(super) time: Timestamp,
    pub(super) received_at: Timestamp,
}

impl Event {
    /// The event that an entry describes. The text of its detail stays as it was, without the blanks between tokens.
    pub(super) fn new<'r>(
        id: Id,
        origin: Origin,
        entry: &Checked<'_>,
        resources: impl Iterator<Item = &'r str>,
        trace_header: Option<&str>,
    ) -> Self {
        let mut text = Vec::with_capacity(256 + entry.detail.len());
        let Origin {
            account,
            region,
            time,
            received_at,
        } = origin;
        let time = DateTime(Timestamp::from_secs(time.as_secs()));
        let [
            before_id,
            before_type,
            before_source,
            before_account,
            before_time,
            before_region,
            before_resources,
            before_detail,
            end,
        ] = LABELS;
        // Labels and ids are copied: a format would take longer than the rest.
        text.extend_from_slice(before_id.as_bytes());
        text.extend_from_slice(&id.text());
        text.extend_from_slice(before_type.as_bytes());
        write_text(&mut text, entry.detail_type);
        text.extend_from_slice(before_source.as_bytes());
        write_text(&mut text, entry.source);
        // Writing to a vector cannot fail.
        let _ = write!(
            text,
            "{before_account}{account}{before_time}{time}{before_region}{region}{before_resources}["
        );
        for (place, resource) in resources.enumerate() {
            if place > 0 {
                text.push(b',');
            }
            write_text(&mut text, resource);
        }
        text.push(b']');
        for part in [before_detail, &entry.detail, end] {
            text.extend_from_slice(part.as_bytes());
        }
        let text = String::from_utf8(text).expect("texts, one after the other");
        Self {
            id,
            text: text.into(),
            trace_header: trace_header.map(Arc::from),
            received_at,
        }
    }

    /// An archived event, replayed. It has no trace header: archives do not keep it.
    pub(super) fn replayed(record: &Record<'_>, replay: &str, now: Timestamp) -> Self {
        Self {
            id: record.id,
            text: record.replayed_by(replay).into(),
            received_at: now,
            trace_header: None,
        }
    }

    /// The event of a rule's schedule.
    pub(super) fn scheduled(id: Id, bus: &BusName, rule_arn: &str, due: Timestamp) -> Self {
        let origin = Origin {
            account: bus.account,
            region: bus.region,
            time: due,
            received_at: due,
        };
        let entry = Checked {
            source: "aws.events",
            detail_type: "Scheduled Event",
            detail: "{}".into(),
        };
        Self::new(id, origin, &entry, [rule_arn].into_iter(), None)
    }

    /// The same event under another id.
    pub(super) fn under(&self, id: Id) -> Self {
        let start = LABELS[0];
        let rest = &self.text[start.len() + ID_LENGTH..];
        Self {
            id,
            text: format!("{start}{id}{rest}").into(),
            trace_header: self.trace_header.clone(),
            received_at: self.received_at,
        }
    }
}

/// A JSON text without the blanks between its tokens.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Compact<'t> {
    pub(super) text: Cow<'t, str>,
    /// How deep its objects and arrays go.
    pub(super) depth: usize,
}

impl<'t> Compact<'t> {
    /// A JSON object; `None` if it is none.
    pub(super) fn object(text: &'t str) -> Option<Self> {
        let json: &RawValue = serde_json::from_str(text).ok()?;
        let json = json.get();
        json.starts_with('{').then(|| Self::of(json))
    }

    fn of(json: &'t str) -> Self {
        let bytes = json.as_bytes();
        let mut compact = String::new();
        let (mut depth, mut deepest) = (0_usize, 0);
        // What is before `start` has been copied, if anything has been left out.
        let (mut start, mut at) = (0, 0);
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'"' => at += string_length(&bytes[at + 1..]),
                b' ' | b'\t' | b'\n' | b'\r' => {
                    if compact.is_empty() {
                        compact.reserve(json.len());
                    }
                    compact += &json[start..at];
                    start = at + 1;
                }
                b'{' | b'[' => {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        let text = if start == 0 {
            Cow::Borrowed(json)
        } else {
            compact += &json[start..];
            Cow::Owned(compact)
        };
        Self {
            text,
            depth: deepest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_go_between_tokens_and_stay_in_texts() {
        for (json, expected) in [
            ("{}", "{}"),
            (" { \"a\" :\t[ 1.50 ,\r\n true ] } ", "{\"a\":[1.50,true]}"),
            (
                r#"{ "a b" : "c \" d\\" , "e" : 1E2 }"#,
                r#"{"a b":"c \" d\\","e":1E2}"#,
            ),
            ("{ \"é \" : \"\u{2028} \" }", "{\"é \":\"\u{2028} \"}"),
        ] {
            let compact = Compact::object(json).expect("an object");
            assert_eq!(compact.text, expected);
        }
    }

    #[test]
    fn details_are_objects_of_some_depth() {
        for (json, depth) in [
            ("{}", Some(1)),
            (r#" {"a":[{"b":"[[{\"[[["}]} "#, Some(3)),
            ("[]", None),
            ("null", None),
            ("5", None),
            (r#""{}""#, None),
            ("{} x", None),
            ("{{}", None),
            ("", None),
        ] {
            let compact = Compact::object(json);
            assert_eq!(compact.map(|compact| compact.depth), depth, "{json}");
        }
        let deep = format!("{}{}{}", r#"{"a":"#.repeat(5000), "1", "}".repeat(5000));
        let compact = Compact::object(&deep).expect("an object");
        assert_eq!(compact.depth, 5000);
    }

    #[test]
    fn another_id_stands_in_the_place_of_the_first() {
        let checked = Checked {
            source: "s\"",
            detail_type: "t",
            detail: "{}".into(),
        };
        let origin = Origin {
            account: AccountId::DEFAULT,
            region: Region::default(),
            time: Timestamp::from_millis(1_714_979_289_999),
            received_at: Timestamp::from_secs(1),
        };
        let event = |id| {
            let resources = ["a", "b"].into_iter();
            Event::new(Id::from_u128(id), origin, &checked, resources, None)
        };
        assert_eq!(
            &*event(1).text,
            r#"{"version":"0","id":"00000000-0000-0000-0000-000000000001","detail-type":"t","source":"s\"","account":"000000000000","time":"2024-05-06T07:08:09Z","region":"us-east-1","resources":["a","b"],"detail":{}}"#
        );
        assert_eq!(event(1).under(Id::from_u128(2)).text, event(2).text);
    }
}
