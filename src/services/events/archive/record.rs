//! An event as an archive keeps it: what differs from event to event, without the labels of its envelope.
//!
//! In bytes it is the length of its texts, when it was received, the second of its minute, its id, and its texts, one after
//! the other. None of these has a line break: JSON writes it as an escape, and outside of its strings an envelope has no
//! blanks.

use std::str;

use memchr::memchr2;

use crate::clock::Timestamp;
use crate::ids::Id;
use crate::wire::DateTime;

/// The labels between the members of an envelope, in their order: id, type, source, account, time, region, resources, detail.
pub(in crate::services::events) const LABELS: [&str; 9] = [
    r#"{"version":"0","id":""#,
    r#"","detail-type":"#,
    r#","source":"#,
    r#","account":""#,
    r#"","time":""#,
    r#"","region":""#,
    r#"","resources":"#,
    r#","detail":"#,
    "}",
];

/// The bytes before a record's texts.
const HEAD: usize = 4 + 8 + 1 + 16;

/// What stands between two texts.
const BREAK: char = '\n';

const SECONDS_OF_A_MINUTE: u64 = 60;

/// The bytes of an event's time, which count as its own do.
const COUNTED_TIME: usize = "2024-05-06T07:08:09Z".len();

/// The members of an event. Texts of JSON are as the envelope has them, with their quotes and brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'t> {
    /// Its id.
    pub id: Id,
    /// Its time, in whole seconds.
    pub time: Timestamp,
    detail_type: &'t str,
    source: &'t str,
    account: &'t str,
    region: &'t str,
    resources: &'t str,
    detail: &'t str,
}

/// A record in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stored<'b> {
    pub(super) received: Timestamp,
    pub(super) time: Timestamp,
    id: Id,
    texts: &'b [u8],
}

/// A record by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    id: Id,
    time: Timestamp,
    texts: Box<[u8]>,
}

impl<'t> Record<'t> {
    /// The record of an event's envelope. A replayed event has none: it has a member more.
    pub fn of(envelope: &'t str) -> Option<Self> {
        let mut rest = envelope.strip_suffix(LABELS[8])?;
        let mut next = |label: &str, length: fn(&str) -> Option<usize>| {
            rest = rest.strip_prefix(label)?;
            let (text, after) = rest.split_at_checked(length(rest)?)?;
            rest = after;
            Some(text)
        };
        Some(Self {
            id: Id::parse(next(LABELS[0], to_quote)?)?,
            detail_type: next(LABELS[1], json)?,
            source: next(LABELS[2], json)?,
            account: next(LABELS[3], to_quote)?,
            time: DateTime::parse(next(LABELS[4], to_quote)?)?.0,
            region: next(LABELS[5], to_quote)?,
            resources: next(LABELS[6], json)?,
            detail: next(LABELS[7], |rest| Some(rest.len()))?,
        })
    }

    /// The envelope again, as that of a replay.
    pub fn replayed_by(&self, replay: &str) -> String {
        let mut envelope = String::with_capacity(300 + self.texts_length() + replay.len());
        let (id, time) = (self.id.to_string(), DateTime(self.time).to_string());
        let region = format!(r#"{}","replay-name":"{replay}"#, self.region);
        let members = [
            &*id,
            self.detail_type,
            self.source,
            self.account,
            &*time,
            &*region,
            self.resources,
            self.detail,
            "",
        ];
        for (label, member) in LABELS.into_iter().zip(members) {
            envelope += label;
            envelope += member;
        }
        envelope
    }

    /// The bytes that AWS counts of it.
    pub(super) fn counted(&self) -> u64 {
        let texts = [self.detail_type, self.source].map(|text| text.len().saturating_sub(2));
        let resources = self.resources.len().saturating_sub(2);
        let bytes = texts.iter().sum::<usize>() + resources + self.detail.len() + COUNTED_TIME;
        bytes as u64
    }

    const fn texts(&self) -> [&'t str; 6] {
        [
            self.detail_type,
            self.source,
            self.account,
            self.region,
            self.resources,
            self.detail,
        ]
    }

    fn texts_length(&self) -> usize {
        let texts = self.texts();
        texts.iter().map(|text| text.len()).sum::<usize>() + texts.len() - 1
    }

    /// How many bytes it takes.
    pub(super) fn length(&self) -> usize {
        HEAD + self.texts_length()
    }

    /// The minute that it belongs to.
    pub(super) const fn minute(&self) -> u64 {
        minute_of(self.time)
    }

    /// Adds its bytes.
    pub(super) fn push(&self, bytes: &mut Vec<u8>, received: Timestamp) {
        let length = u32::try_from(self.texts_length()).expect("a request has a megabyte or so");
        let [second, ..] = (self.time.as_secs() % SECONDS_OF_A_MINUTE).to_le_bytes();
        bytes.extend(length.to_le_bytes());
        bytes.extend(received.as_millis().to_le_bytes());
        bytes.push(second);
        bytes.extend(self.id.as_u128().to_le_bytes());
        for (place, text) in self.texts().into_iter().enumerate() {
            if place > 0 {
                bytes.push(BREAK as u8);
            }
            bytes.extend(text.as_bytes());
        }
    }
}

impl<'b> Stored<'b> {
    /// The record that starts at `offset`, of an event of this minute; and where the next one starts.
    pub(super) fn read(bytes: &'b [u8], offset: usize, minute: u64) -> Option<(Self, usize)> {
        let (length, rest) = bytes.get(offset..)?.split_first_chunk()?;
        let (received, rest) = rest.split_first_chunk()?;
        let (second, rest) = rest.split_first()?;
        let (id, rest) = rest.split_first_chunk()?;
        let texts = rest.get(..usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
        let seconds = minute * SECONDS_OF_A_MINUTE + u64::from(*second);
        let stored = Self {
            received: Timestamp::from_millis(u64::from_le_bytes(*received)),
            time: Timestamp::from_secs(seconds),
            id: Id::from_u128(u128::from_le_bytes(*id)),
            texts,
        };
        Some((stored, offset + HEAD + texts.len()))
    }

    pub(super) fn kept(&self) -> Kept {
        Kept {
            id: self.id,
            time: self.time,
            texts: self.texts.into(),
        }
    }

    /// The bytes that AWS counts of it.
    pub(super) fn counted(&self) -> u64 {
        let record = record(self.id, self.time, self.texts);
        record.map_or(0, |record| record.counted())
    }
}

impl Kept {
    /// The event's members.
    pub fn record(&self) -> Option<Record<'_>> {
        record(self.id, self.time, &self.texts)
    }
}

fn record(id: Id, time: Timestamp, texts: &[u8]) -> Option<Record<'_>> {
    let mut texts = str::from_utf8(texts).ok()?.splitn(6, BREAK);
    Some(Record {
        id,
        time,
        detail_type: texts.next()?,
        source: texts.next()?,
        account: texts.next()?,
        region: texts.next()?,
        resources: texts.next()?,
        detail: texts.next()?,
    })
}

/// The minute that a moment belongs to.
pub(super) const fn minute_of(moment: Timestamp) -> u64 {
    moment.as_secs() / SECONDS_OF_A_MINUTE
}

/// How long a text is that ends before a quote.
fn to_quote(text: &str) -> Option<usize> {
    text.find('"')
}

/// How long a JSON text is that is a string or a list of strings.
fn json(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at += string_length(&bytes[at + 1..]),
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// The bytes of a JSON string after its opening quote, its closing quote included; all, if it has no end.
pub(in crate::services::events) fn string_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found + 1;
        if bytes[at - 1] == b'"' {
            return at;
        }
        // What is escaped.
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENVELOPE: &str = r#"{"version":"0","id":"00000000-0000-0000-0000-000000000001","detail-type":"t\" [\\","source":"s","account":"000000000000","time":"2024-05-06T07:08:09Z","region":"us-east-1","resources":["a]","b"],"detail":{"a":["\n"]}}"#;

    #[test]
    fn an_envelope_comes_back_with_the_name_of_its_replay() {
        let record = Record::of(ENVELOPE).expect("an envelope");
        let mut bytes = b"before".to_vec();
        record.push(&mut bytes, Timestamp::from_millis(77));
        assert_eq!(bytes.len(), 6 + record.length());
        let (stored, end) = Stored::read(&bytes, 6, record.minute()).expect("a record");
        assert_eq!(
            (stored.received, end),
            (Timestamp::from_millis(77), bytes.len())
        );
        let kept = stored.kept();
        assert_eq!(kept.record(), Some(record));
        let replayed = ENVELOPE.replace("\"resources\"", "\"replay-name\":\"r.1\",\"resources\"");
        assert_eq!(record.replayed_by("r.1"), replayed);
        assert_eq!(Record::of(&replayed), None);
    }

    #[test]
    fn sizes_are_those_of_the_entries_and_their_time() {
        let record = Record::of(ENVELOPE).expect("an envelope");
        let texts = [r#"t\" [\\"#, "s", r#""a]","b""#, r#"{"a":["\n"]}"#];
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        assert_eq!(record.counted(), bytes as u64 + 20);
    }
}
