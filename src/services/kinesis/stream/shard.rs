//! One shard: its records in the order of their arrival, and where it comes from.

use std::collections::VecDeque;
use std::time::Duration;

use super::hash::HashRange;
use super::record::{Entry, Record};
use super::sequence::Sequence;
use crate::clock::Timestamp;

/// The index of a shard's first record.
pub(super) const FIRST: u64 = 1;

/// A shard.
#[derive(Debug)]
pub struct Shard {
    /// Its number, which makes its id.
    pub number: u32,
    /// Its hash keys.
    pub hashes: HashRange,
    /// The shards that it continues, in the order of their hash keys.
    pub parents: Box<[u32]>,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it was closed, if it was.
    pub closed: Option<Timestamp>,
    records: VecDeque<Record>,
    /// The index of the first record that is held.
    first: u64,
}

impl Shard {
    pub(super) fn new(
        number: u32,
        hashes: HashRange,
        parents: impl Into<Box<[u32]>>,
        opened: Timestamp,
    ) -> Self {
        Self {
            number,
            hashes,
            parents: parents.into(),
            opened,
            closed: None,
            records: VecDeque::new(),
            first: FIRST,
        }
    }

    /// The position before its first record.
    pub fn start(&self) -> Sequence {
        self.sequence(0, self.opened)
    }

    /// The position behind its last record, once it is closed.
    pub fn end(&self) -> Option<Sequence> {
        Some(self.sequence(Sequence::END, self.closed?))
    }

    pub(super) fn sequence(&self, index: u64, moment: Timestamp) -> Sequence {
        Sequence {
            created: self.opened.as_secs(),
            shard: self.number,
            index,
            arrived: moment.as_secs(),
        }
    }

    /// The index of the next record.
    pub(super) fn next(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    pub(super) const fn first(&self) -> u64 {
        self.first
    }

    pub(super) fn put(&mut self, now: Timestamp, entry: &Entry<'_>) -> Sequence {
        let sequence = self.sequence(self.next(), now);
        self.records.push_back(Record::new(now, entry));
        sequence
    }

    /// The records from an index on, with their indices.
    pub(super) fn from(&self, index: u64) -> impl Iterator<Item = (u64, &Record)> {
        let skipped = index.saturating_sub(self.first);
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        let start = skipped.min(self.records.len());
        (self.first + start as u64..).zip(self.records.range(start..))
    }

    /// The position of the record before an index; of one that is not held, as if it had arrived when the shard was opened.
    pub(super) fn before(&self, index: u64) -> Sequence {
        let last = index.saturating_sub(1);
        let held = self.from(last).next().filter(|(found, _)| *found == last);
        let arrived = held.map_or(self.opened, |(_, record)| record.arrived);
        self.sequence(last, arrived)
    }

    /// The index of the first record that arrived at `moment` or later.
    pub(super) fn index_at(&self, moment: Timestamp) -> u64 {
        let earlier = self.records.partition_point(|it| it.arrived < moment);
        self.first + earlier as u64
    }

    /// The newest record.
    pub(super) fn newest(&self) -> Option<&Record> {
        self.records.back()
    }

    /// The oldest record.
    pub(super) fn oldest(&self) -> Option<&Record> {
        self.records.front()
    }

    /// Whether it was open at a moment.
    pub(super) fn is_open_at(&self, moment: Timestamp) -> bool {
        self.opened <= moment && self.is_open_after(moment)
    }

    /// Whether it was open at a moment or is later.
    pub(super) fn is_open_after(&self, moment: Timestamp) -> bool {
        self.closed.is_none_or(|closed| closed > moment)
    }

    /// Drops the records that have been held for `retention`.
    pub(super) fn expire(&mut self, now: Timestamp, retention: Duration) {
        while self
            .oldest()
            .is_some_and(|oldest| oldest.arrived + retention <= now)
        {
            self.records.pop_front();
            self.first += 1;
        }
        // What many records took up is given back when few are left.
        if self.records.capacity() > 64 && self.records.len() < self.records.capacity() / 4 {
            self.records.shrink_to(self.records.len() * 2);
        }
    }
}
