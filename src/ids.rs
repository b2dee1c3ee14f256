//! Ids and randomness: the one source of both, which tests seed.

use std::fmt;

use parking_lot::Mutex;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use serde::{Serialize, Serializer};

use crate::hex;

/// A UUID as AWS shows it: 36 lower-case characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(u128);

impl Id {
    /// The id with these 128 bits.
    pub const fn from_u128(bits: u128) -> Self {
        Self(bits)
    }

    /// The id's 128 bits.
    pub const fn as_u128(self) -> u128 {
        self.0
    }

    /// The id whose text is `text`, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        uuid::Uuid::try_parse(text)
            .ok()
            .map(|uuid| Self(uuid.as_u128()))
    }

    /// The text's characters.
    pub fn text(self) -> [u8; 36] {
        /// Where the digits of each byte stand.
        const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
        let mut text = [b'-'; 36];
        for (place, byte) in PLACES.into_iter().zip(self.0.to_be_bytes()) {
            [text[place], text[place + 1]] = hex::pair(byte);
        }
        text
    }

    /// Writes the text into `buffer` and returns it; allocates nothing.
    pub fn encode(self, buffer: &mut [u8; 36]) -> &str {
        *buffer = self.text();
        std::str::from_utf8(buffer).expect("digits are ASCII")
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.encode(&mut [0; 36]))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(hex::PLAIN, self.encode(&mut [0; 36]))
    }
}

/// The id of a message: a version 4 UUID.
pub type MessageId = Id;

/// The id of a request: shaped as AWS's are, a UUID of version 5.
pub type RequestId = Id;

const VERSION_BITS: u128 = 0xf000 << 64;
const VARIANT_BITS: u128 = 0xc000 << 48;
const RFC_VARIANT: u128 = 0x8000 << 48;

fn with_version(random: u128, version: u128) -> Id {
    Id((random & !VERSION_BITS & !VARIANT_BITS) | (version << 76) | RFC_VARIANT)
}

/// Message ids for one piece of work that needs many: drawn without a lock.
#[derive(Debug)]
pub struct MessageIds(SmallRng);

impl MessageIds {
    /// A new message id.
    pub fn next_id(&mut self) -> MessageId {
        with_version(self.0.random(), 4)
    }
}

/// The source of every id and random number. Ids need to be unique, not secret, so a small fast generator serves.
#[derive(Debug)]
pub struct Ids {
    random: Mutex<SmallRng>,
}

impl Ids {
    /// Ids that differ from run to run.
    pub fn from_entropy() -> Self {
        Self {
            random: Mutex::new(rand::make_rng()),
        }
    }

    /// The same ids in every run with the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self {
            random: Mutex::new(SmallRng::seed_from_u64(seed)),
        }
    }

    /// A new message id.
    pub fn message_id(&self) -> MessageId {
        with_version(self.random.lock().random(), 4)
    }

    /// A source of message ids of its own.
    pub fn message_ids(&self) -> MessageIds {
        MessageIds(SmallRng::from_rng(&mut *self.random.lock()))
    }

    /// A new request id.
    pub fn request_id(&self) -> RequestId {
        with_version(self.random.lock().random(), 5)
    }

    /// 64 random bits.
    pub fn number(&self) -> u64 {
        self.random.lock().random()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_version_and_variant() {
        let ids = Ids::seeded(7);
        for _ in 0..100 {
            let (message, request) = (ids.message_id().to_string(), ids.request_id().to_string());
            assert_eq!(&message[14..15], "4");
            assert_eq!(&request[14..15], "5");
            assert!("89ab".contains(&message[19..20]), "{message}");
            assert!("89ab".contains(&request[19..20]), "{request}");
        }
    }

    #[test]
    fn same_seed_same_ids() {
        assert_eq!(Ids::seeded(1).message_id(), Ids::seeded(1).message_id());
        assert_ne!(Ids::seeded(1).message_id(), Ids::seeded(2).message_id());
    }

    #[test]
    fn sources_of_message_ids_differ() {
        let ids = Ids::seeded(5);
        let (mut one, mut other) = (ids.message_ids(), ids.message_ids());
        let mut drawn: Vec<_> = (0..50)
            .flat_map(|_| [one.next_id(), other.next_id()])
            .collect();
        assert!(drawn.iter().all(|id| &id.to_string()[14..15] == "4"));
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 100);
    }

    #[test]
    fn text_round_trips() {
        let id = Ids::seeded(3).message_id();
        assert_eq!(Id::parse(&id.to_string()), Some(id));
        let text = "00112233-4455-6677-8899-aabbccddeeff";
        let id = Id::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff);
        assert_eq!(id.to_string(), text);
    }
}
