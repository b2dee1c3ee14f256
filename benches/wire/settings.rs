//! The extent of measurements: full, quick, or only a check that it works.

use std::time::Duration;

use crate::load::Span;

/// The length and number of measurements.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) connections: Vec<usize>,
    pub(crate) depths: Vec<u64>,
    pub(crate) rounds: usize,
    pub(crate) time: Duration,
    /// The most operations in a round; a multiple of ten.
    pub(crate) operations: u64,
    pub(crate) message_bytes: usize,
    pub(crate) polls: Vec<usize>,
    /// The most queues of a topic.
    pub(crate) queues: usize,
    /// The most rules of a bus.
    pub(crate) rules: usize,
    /// The number of stored messages for the measurement of memory.
    pub(crate) memory_depths: Vec<u64>,
    pub(crate) starts: usize,
    /// How long an idle server is watched.
    pub(crate) idle: Duration,
}

impl Settings {
    pub(crate) fn full() -> Self {
        Self {
            connections: vec![1, 16, 64],
            depths: vec![10, 100_000, 1_000_000],
            // Many short rounds: the ratio of neighbouring rounds varies less than the machine does.
            rounds: 21,
            time: Duration::from_millis(80),
            operations: 4_000,
            message_bytes: 100,
            polls: vec![1_000, 10_000],
            queues: 1_000,
            rules: 10_000,
            memory_depths: vec![100_000, 1_000_000],
            starts: 20,
            idle: Duration::from_secs(3),
        }
    }

    pub(crate) fn quick() -> Self {
        Self {
            depths: vec![10, 100_000],
            rounds: 5,
            time: Duration::from_millis(60),
            operations: 2_000,
            polls: vec![1_000],
            memory_depths: vec![100_000],
            starts: 5,
            idle: Duration::from_secs(1),
            ..Self::full()
        }
    }

    /// Only checks that all of it works.
    pub(crate) fn smoke() -> Self {
        Self {
            connections: vec![1, 4],
            depths: vec![10, 100],
            rounds: 1,
            time: Duration::from_millis(5),
            operations: 50,
            message_bytes: 100,
            polls: vec![10],
            queues: 10,
            rules: 60,
            memory_depths: vec![100],
            starts: 1,
            idle: Duration::from_millis(20),
        }
    }

    pub(crate) fn span(&self) -> Span {
        Span {
            time: self.time,
            operations: self.operations,
        }
    }
}
