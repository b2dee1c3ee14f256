//! A record as it is held: its key and its data in one allocation, which readers share.

use std::sync::Arc;

use crate::clock::Timestamp;

/// What a publisher puts.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The partition key.
    pub key: &'a str,
    /// The data.
    pub data: &'a [u8],
    /// Whether the stream is encrypted, which records say.
    pub is_encrypted: bool,
}

/// A record.
#[derive(Clone, Debug)]
pub struct Record {
    /// When it arrived.
    pub arrived: Timestamp,
    /// Whether its stream was encrypted when it arrived.
    pub is_encrypted: bool,
    /// Bytes of the key, which has at most 256 characters.
    key: u16,
    /// The key, and behind it the data.
    bytes: Arc<[u8]>,
}

impl Record {
    pub(super) fn new(arrived: Timestamp, entry: &Entry<'_>) -> Self {
        let key = u16::try_from(entry.key.len()).expect("keys have at most 256 characters");
        let bytes = [entry.key.as_bytes(), entry.data].concat();
        Self {
            arrived,
            is_encrypted: entry.is_encrypted,
            key,
            bytes: bytes.into(),
        }
    }

    /// The partition key.
    pub fn key(&self) -> &str {
        let key = &self.bytes[..usize::from(self.key)];
        std::str::from_utf8(key).expect("it was a text")
    }

    /// The data.
    pub fn data(&self) -> &[u8] {
        &self.bytes[usize::from(self.key)..]
    }

    /// Bytes of key and data.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }
}
