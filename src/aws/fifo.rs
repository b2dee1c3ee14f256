//! What FIFO queues and topics have in common.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::hex;

/// Whether a queue or topic of this name is FIFO: the end of the name says so.
pub fn is_fifo_name(name: &str) -> bool {
    name.strip_suffix(".fifo").is_some()
}

/// The deduplication id of a message without one, with content-based deduplication: the SHA-256 of its body alone.
/// (Recorded.)
pub(crate) fn content_hash(body: &str) -> Arc<str> {
    let mut digits = [0; 64];
    hex::encode_into(&Sha256::digest(body), &mut digits).into()
}
