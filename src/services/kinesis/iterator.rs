//! Shard iterators: positions in a shard under a seal, which nothing remembers. One holds all that a reader needs; it can
//! be used many times, until it is too old.

use std::hash::Hasher;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use siphasher::sip::SipHasher24;

use super::error::Error;
use super::limits::TOKEN_LIFE;
use super::name::StreamName;
use crate::aws::{AccountId, Region};
use crate::clock::Timestamp;
use crate::wire::HttpDate;

/// Begins like those of AWS.
const VERSION: u64 = 1;
const WORDS: usize = 6;
const SEAL: usize = 8;

/// A position in a shard of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) stream: StreamName,
    /// Tells streams that had the same name one after another.
    pub(super) incarnation: u64,
    pub(super) shard: u32,
    pub(super) index: u64,
}

/// Writes and reads iterators.
#[derive(Debug)]
pub(super) struct Iterators {
    key: u64,
}

impl Iterators {
    pub(super) const fn new(key: u64) -> Self {
        Self { key }
    }

    /// The iterator of a position. `salt` makes it differ from others of the same position.
    pub(super) fn encode(&self, now: Timestamp, salt: u64, position: &Position) -> String {
        let Position {
            stream,
            incarnation,
            shard,
            index,
        } = position;
        let StreamName {
            account,
            region,
            name,
        } = stream;
        let words: [u64; WORDS] = [
            VERSION,
            salt,
            now.as_millis(),
            *incarnation,
            u64::from(*shard),
            *index,
        ];
        let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        bytes.extend_from_slice(format!("{account}/{region}/{name}").as_bytes());
        let seal = self.seal(&bytes);
        bytes.extend_from_slice(&seal.to_be_bytes());
        STANDARD.encode(bytes)
    }

    /// The position of an iterator, if it is not too old.
    pub(super) fn decode(&self, now: Timestamp, iterator: &str) -> Result<Position, Error> {
        // Some clients take its quotation marks for a part of it.
        let text = iterator.trim_matches('"');
        let read = self.read(text);
        let (made, position) = read.ok_or_else(|| Error::invalid("Invalid ShardIterator."))?;
        if now.since(made) > TOKEN_LIFE {
            return Err(Error::ExpiredIterator(format!(
                "Iterator expired. The iterator was created at time {} while right now it is {} which is further in the \
                 future than the tolerated delay of {} milliseconds.",
                java_date(made),
                java_date(now),
                TOKEN_LIFE.as_millis()
            )));
        }
        Ok(position)
    }

    fn read(&self, text: &str) -> Option<(Timestamp, Position)> {
        let bytes = STANDARD.decode(text).ok()?;
        let (bytes, seal) = bytes.split_last_chunk::<SEAL>()?;
        if self.seal(bytes) != u64::from_be_bytes(*seal) {
            return None;
        }
        let (words, name) =
            bytes
                .as_chunks::<8>()
                .0
                .split_at_checked(WORDS)
                .map(|(words, _)| {
                    let words: Vec<_> =
                        words.iter().map(|word| u64::from_be_bytes(*word)).collect();
                    (words, &bytes[WORDS * 8..])
                })?;
        let [VERSION, _, made, incarnation, shard, index] = words[..] else {
            return None;
        };
        let mut parts = std::str::from_utf8(name).ok()?.splitn(3, '/');
        let stream = StreamName {
            account: AccountId::parse(parts.next()?)?,
            region: Region::parse(parts.next()?)?,
            name: parts.next()?.into(),
        };
        let position = Position {
            stream,
            incarnation,
            shard: u32::try_from(shard).ok()?,
            index,
        };
        Some((Timestamp::from_millis(made), position))
    }

    fn seal(&self, bytes: &[u8]) -> u64 {
        let mut hasher = SipHasher24::new_with_keys(self.key, VERSION);
        hasher.write(bytes);
        hasher.finish()
    }
}

/// A moment as Java writes it: `Mon Nov 30 12:00:00 UTC 2026`.
fn java_date(moment: Timestamp) -> String {
    let date = HttpDate(moment).to_string();
    let words: Vec<_> = date
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .collect();
    let [weekday, day, month, year, time, _] = words[..] else {
        return date;
    };
    format!("{weekday} {month} {day} {time} UTC {year}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(name: &str) -> Position {
        Position {
            stream: StreamName {
                account: AccountId::DEFAULT,
                region: Region::default(),
                name: name.into(),
            },
            incarnation: 7,
            shard: 3,
            index: u64::MAX,
        }
    }

    #[test]
    fn positions_come_back_and_no_others() {
        let iterators = Iterators::new(5);
        let now = Timestamp::from_secs(1_796_040_000);
        let longest = "s".repeat(128);
        for name in ["s", &longest] {
            let position = position(name);
            let text = iterators.encode(now, 1, &position);
            assert!(
                text.len() <= 512 && text.starts_with("AAAAAAAAAA"),
                "{text}"
            );
            assert_eq!(iterators.decode(now, &text), Ok(position.clone()));
            assert_eq!(
                iterators.decode(now, &format!("\"{text}\"")),
                Ok(position.clone())
            );
            assert_ne!(iterators.encode(now, 2, &position), text);
            let other = Iterators::new(6).encode(now, 1, &position);
            for wrong in ["", "abc", "\"", &text[..text.len() - 4], &text[4..], &other] {
                let refused = iterators.decode(now, wrong).expect_err(wrong);
                assert_eq!(refused.to_string(), "Invalid ShardIterator.");
            }
        }
    }

    #[test]
    fn an_iterator_lives_for_five_minutes() {
        let iterators = Iterators::new(5);
        let made = Timestamp::from_secs(1_796_040_000);
        let text = iterators.encode(made, 1, &position("s"));
        assert!(iterators.decode(made + TOKEN_LIFE, &text).is_ok());
        let later = Timestamp::from_secs(1_796_040_301);
        assert_eq!(
            iterators.decode(later, &text).expect_err("old").to_string(),
            "Iterator expired. The iterator was created at time Mon Nov 30 12:00:00 UTC 2026 while right now it is Mon Nov \
             30 12:05:01 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds."
        );
    }
}
