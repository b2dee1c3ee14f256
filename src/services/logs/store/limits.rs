//! The sizes of what is held.

/// Bytes that an event counts besides its message. (`PutLogEvents`.)
pub(crate) const EVENT_OVERHEAD: usize = 26;

/// Events of a chunk: one that is late moves no more than these.
pub(super) const CHUNK_EVENTS: usize = 512;

/// Bytes of a chunk's messages, unless a single one is longer.
pub(super) const CHUNK_BYTES: usize = 64 * 1024;

/// How much further, in milliseconds, the time goes until what has expired meanwhile is removed from all streams.
pub(super) const EXPIRED_TOGETHER: u64 = 60 * 60 * 1000;

/// Milliseconds of a day.
pub(super) const DAY_MILLIS: u64 = 24 * 60 * 60 * 1000;
