//! The core of a stream: its shards, which record goes to which of them, and what a reader gets. Pure.
//!
//! In reading order: [`hash`] says which hash key a record has and which of them a shard; [`sequence`] is the number of a
//! record, `record` what is held of it, `shard` one shard. Here, [`Stream`] puts, reads, splits and merges.

pub mod hash;
mod record;
pub mod sequence;
mod shard;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

pub use hash::HashRange;
pub use record::{Entry, Record};
pub use sequence::Sequence;
pub use shard::Shard;

use crate::clock::Timestamp;

/// The records of a stream.
#[derive(Debug)]
pub struct Stream {
    created: Timestamp,
    /// The open shards, and those that are closed and still may have readers.
    shards: BTreeMap<u32, Shard>,
    /// The open ones by their first hash key.
    open: BTreeMap<u128, u32>,
    /// The number of the next shard. None is used twice.
    next: u32,
    retention: Duration,
    /// The latest moment that it has seen: time does not run backwards for it.
    latest: Timestamp,
    /// Whose turn it is, where keys do not decide.
    turn: u32,
}

/// Where a reader begins.
#[derive(Clone, Copy, Debug)]
pub enum Start {
    /// At the oldest record.
    TrimHorizon,
    /// Behind the newest record.
    Latest,
    /// At a record.
    At(Sequence),
    /// Behind a record.
    After(Sequence),
    /// At the first record that arrived at this moment or later.
    Moment(Timestamp),
}

/// What a reader gets.
#[derive(Debug)]
pub struct Batch {
    /// Records with their positions.
    pub records: Vec<(Sequence, Record)>,
    /// Where it goes on; `None` at the end of a closed shard.
    pub next: Option<u64>,
    /// How old the newest record is that is behind these; nothing if there is none.
    pub behind: Duration,
}

/// How much a reader gets at most.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Records.
    pub records: usize,
    /// Bytes of keys and data, except that the first record always comes.
    pub bytes: usize,
}

/// Which shards a listing has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Those that were open when the oldest record could have arrived.
    AtTrimHorizon,
    /// All.
    FromTrimHorizon,
    /// Those that are open.
    AtLatest,
    /// Those that were open at a moment.
    AtMoment(Timestamp),
    /// Those that were open at a moment or later.
    FromMoment(Timestamp),
    /// Those with higher numbers.
    After(u32),
}

/// Why shards are not divided or merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No such shard.
    NoShard(u32),
    /// It has been split or merged before.
    Closed(u32),
    /// The hash key is not within the shard.
    HashKey(HashRange),
    /// They are not neighbours.
    NotAdjacent,
}

impl Stream {
    /// A stream of so many shards with equal shares.
    pub fn new(now: Timestamp, shards: u32, retention: Duration) -> Self {
        let mut stream = Self {
            created: now,
            shards: BTreeMap::new(),
            open: BTreeMap::new(),
            next: 0,
            retention,
            latest: now,
            turn: 0,
        };
        for hashes in HashRange::equal(shards) {
            stream.add(now, hashes, []);
        }
        stream
    }

    /// Puts a record into the shard that has this hash key.
    pub fn put(&mut self, now: Timestamp, hash: u128, entry: &Entry<'_>) -> Sequence {
        let number = self.shard_of(hash);
        self.put_into(now, number, entry)
    }

    /// Puts a record into the open shard whose turn it is.
    pub fn put_in_turn(&mut self, now: Timestamp, entry: &Entry<'_>) -> Sequence {
        let place = self.turn as usize % self.open.len();
        self.turn = self.turn.wrapping_add(1);
        let number = self.open.values().nth(place);
        let number = *number.expect("a stream has an open shard");
        self.put_into(now, number, entry)
    }

    fn put_into(&mut self, now: Timestamp, number: u32, entry: &Entry<'_>) -> Sequence {
        let now = self.at(now);
        let retention = self.retention;
        let shard = self.shards.get_mut(&number).expect("it is open");
        shard.expire(now, retention);
        shard.put(now, entry)
    }

    /// The open shard that has this hash key.
    pub fn shard_of(&self, hash: u128) -> u32 {
        let (_, number) = self
            .open
            .range(..=hash)
            .next_back()
            .expect("ranges begin at zero");
        *number
    }

    /// The shard of this number, without what has been held for long enough; `None` if it was closed so long ago.
    pub fn shard(&mut self, now: Timestamp, number: u32) -> Option<&Shard> {
        let now = self.at(now);
        let retention = self.retention;
        let shard = self.shards.get_mut(&number)?;
        shard.expire(now, retention);
        shard.is_open_after(now - retention).then_some(shard)
    }

    /// The shards after one of a number that a filter lets through.
    pub fn shards(&self, after: Option<u32>, filter: Filter) -> impl Iterator<Item = &Shard> {
        let horizon = (self.latest - self.retention).max(self.created);
        let first = after.map_or(0, |after| after.saturating_add(1));
        let shards = self.shards.range(first..).map(|(_, shard)| shard);
        shards.filter(move |shard| match filter {
            Filter::AtTrimHorizon => shard.is_open_at(horizon),
            Filter::FromTrimHorizon => true,
            Filter::AtLatest => shard.closed.is_none(),
            Filter::AtMoment(moment) => shard.is_open_at(moment.max(horizon)),
            Filter::FromMoment(moment) => shard.is_open_after(moment),
            Filter::After(number) => shard.number > number,
        })
    }

    /// How many shards are open.
    pub fn open_shards(&self) -> usize {
        self.open.len()
    }

    /// The shards that continue a shard.
    pub fn children(&self, parent: u32) -> impl Iterator<Item = &Shard> {
        let later = self.shards.range(parent..).map(|(_, shard)| shard);
        later.filter(move |shard| shard.parents.contains(&parent))
    }

    /// The index in a shard at which a reader begins; `None` if there is no such shard any more.
    pub fn index(&mut self, now: Timestamp, number: u32, start: Start) -> Option<u64> {
        let shard = self.shard(now, number)?;
        Some(match start {
            Start::TrimHorizon => shard.first(),
            Start::Latest => shard.next(),
            Start::At(sequence) => sequence.index.clamp(shard.first(), shard.next()),
            Start::After(sequence) => (sequence.index + 1).clamp(shard.first(), shard.next()),
            Start::Moment(moment) => shard.index_at(moment),
        })
    }

    /// A shard's records from an index on; `None` if there is no such shard any more.
    pub fn read(&mut self, now: Timestamp, number: u32, index: u64, most: Most) -> Option<Batch> {
        let now = self.at(now);
        let shard = self.shard(now, number)?;
        let mut records = Vec::new();
        let mut bytes = 0;
        let mut next = index.max(shard.first());
        for (index, record) in shard.from(index).take(most.records) {
            bytes += record.size();
            if bytes > most.bytes && !records.is_empty() {
                break;
            }
            records.push((shard.sequence(index, record.arrived), record.clone()));
            next = index + 1;
        }
        let is_behind = next < shard.next();
        let newest = shard.newest().filter(|_| is_behind);
        let is_over = records.is_empty() && !is_behind && shard.closed.is_some();
        Some(Batch {
            records,
            next: (!is_over).then_some(next),
            behind: newest.map_or(Duration::ZERO, |newest| now.since(newest.arrived)),
        })
    }

    /// The position behind which a reader at an index begins; `None` if there is no such shard any more.
    pub fn before(&self, number: u32, index: u64) -> Option<Sequence> {
        let shard = self.shards.get(&number)?;
        Some(shard.before(index))
    }

    /// Divides an open shard in two, the second of which begins at a hash key.
    pub fn split(&mut self, now: Timestamp, number: u32, at: u128) -> Result<(), Refused> {
        let hashes = self.open_shard(number)?.hashes;
        let parts = hashes.split(at).ok_or(Refused::HashKey(hashes))?;
        let now = self.at(now);
        self.close(now, number);
        for part in parts {
            self.add(now, part, [number]);
        }
        Ok(())
    }

    /// Makes one shard of two open neighbours, the second of which begins where the first ends.
    pub fn merge(&mut self, now: Timestamp, number: u32, other: u32) -> Result<(), Refused> {
        let one = self.open_shard(number)?.hashes;
        let another = self.open_shard(other)?.hashes;
        let merged = one.merge(another).ok_or(Refused::NotAdjacent)?;
        let now = self.at(now);
        self.close(now, number);
        self.close(now, other);
        self.add(now, merged, [number, other]);
        Ok(())
    }

    /// Closes all shards, and opens so many with equal shares.
    pub fn scale(&mut self, now: Timestamp, count: u32) {
        let now = self.at(now);
        let old: Vec<_> = self.open.values().copied().collect();
        let ranges: Vec<_> = old
            .iter()
            .map(|number| (*number, self.shards[number].hashes))
            .collect();
        for number in old {
            self.close(now, number);
        }
        // Both are in the order of their hash keys.
        let mut start = 0;
        for hashes in HashRange::equal(count) {
            let overlapping = ranges[start..]
                .iter()
                .take_while(|(_, old)| old.overlaps(hashes));
            let parents: Vec<_> = overlapping.map(|(number, _)| *number).collect();
            start += parents.len();
            // The last may go on behind this one.
            if ranges[start - 1].1.end > hashes.end {
                start -= 1;
            }
            self.add(now, hashes, parents);
        }
    }

    /// How long records are held.
    pub const fn retention(&self) -> Duration {
        self.retention
    }

    /// Sets how long records are held, those that it has too. What is over stays so.
    pub fn retain(&mut self, now: Timestamp, retention: Duration) {
        self.expire(now);
        self.retention = retention;
        self.expire(now);
    }

    /// Drops what has been held for long enough: records, and shards that were closed so long ago.
    pub fn expire(&mut self, now: Timestamp) {
        let now = self.at(now);
        let retention = self.retention;
        self.shards.retain(|_, shard| {
            shard.expire(now, retention);
            shard.is_open_after(now - retention)
        });
    }

    /// When the oldest record will have been held for long enough.
    pub fn expires_at(&self) -> Option<Timestamp> {
        let oldest = self.shards.values().filter_map(Shard::oldest);
        let earliest = oldest.map(|record| record.arrived).min();
        earliest.map(|earliest| earliest + self.retention)
    }

    /// The moment at which something happens: a caller may have read the clock before it waited for the stream.
    fn at(&mut self, now: Timestamp) -> Timestamp {
        self.latest = self.latest.max(now);
        self.latest
    }

    fn add(&mut self, now: Timestamp, hashes: HashRange, parents: impl Into<Box<[u32]>>) {
        let number = self.next;
        self.next += 1;
        self.open.insert(hashes.start, number);
        let shard = Shard::new(number, hashes, parents, now);
        self.shards.insert(number, shard);
    }

    fn close(&mut self, now: Timestamp, number: u32) {
        let shard = self.shards.get_mut(&number).expect("it is open");
        shard.closed = Some(now);
        self.open.remove(&shard.hashes.start);
    }

    fn open_shard(&self, number: u32) -> Result<&Shard, Refused> {
        let shard = self.shards.get(&number).ok_or(Refused::NoShard(number))?;
        match shard.closed {
            None => Ok(shard),
            Some(_) => Err(Refused::Closed(number)),
        }
    }
}
