//! The events of one archive, by the minute of their time: replays go through them in this order, whatever the order in
//! which they came.
//!
//! An event is a record of bytes in a chunk, beside others of its minute. A minute's records lie in the order of their
//! receipt, so that what has been kept longest is at the front of one of the minutes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::record::{Kept, Record, Stored, minute_of};
use crate::clock::Timestamp;

/// The bytes of a chunk; a longer record has one for itself. A whole number of the allocator's blocks.
const CHUNK: usize = 64 << 10;

/// The events of an archive.
#[derive(Debug, Default)]
pub struct Store {
    minutes: BTreeMap<u64, Minute>,
    /// When the event that each minute has kept longest was received.
    oldest: BTreeSet<(Timestamp, u64)>,
    /// When the latest event was received. Receipts follow each other, though a caller may have read the clock before
    /// another one and be later here.
    latest: Timestamp,
    next_chunk: u64,
    totals: Totals,
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Events.
    pub events: u64,
    /// Their bytes, as AWS counts them.
    pub bytes: u64,
}

/// The events of a minute, in the order of their receipt; there is one at least.
#[derive(Debug, Default)]
struct Minute {
    chunks: VecDeque<Chunk>,
}

#[derive(Debug)]
struct Chunk {
    /// Its number, given in order and never again.
    number: u64,
    bytes: Vec<u8>,
    /// Where the first record starts that is not forgotten.
    start: usize,
}

/// Which events are asked for: all ends are included.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// From which to which moment their time is.
    pub time: [Timestamp; 2],
    /// From when to when they were received.
    pub received: [Timestamp; 2],
}

/// A place between two records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    minute: u64,
    chunk: u64,
    offset: usize,
}

impl Store {
    /// Adds an event that is received at `now`.
    pub fn keep(&mut self, now: Timestamp, record: &Record<'_>) {
        self.latest = self.latest.max(now);
        let key = record.minute();
        let minute = self.minutes.entry(key).or_default();
        if minute.chunks.is_empty() {
            self.oldest.insert((self.latest, key));
        }
        let chunk = minute.chunk_for(record.length(), &mut self.next_chunk);
        record.push(&mut chunk.bytes, self.latest);
        self.totals.events += 1;
        self.totals.bytes += record.counted();
    }

    /// How much there is.
    pub const fn totals(&self) -> Totals {
        self.totals
    }

    /// When the event that has been kept longest was received.
    pub fn oldest(&self) -> Option<Timestamp> {
        self.oldest.first().map(|(received, _)| *received)
    }

    /// Forgets events that were received at `until` or before: so many at most, those kept longest first.
    pub fn forget(&mut self, until: Timestamp, count: usize) {
        for _ in 0..count {
            let oldest = self.oldest.first().copied();
            let Some((received, key)) = oldest.filter(|(received, _)| *received <= until) else {
                return;
            };
            self.oldest.remove(&(received, key));
            let Some(minute) = self.minutes.get_mut(&key) else {
                continue;
            };
            self.totals.events -= 1;
            self.totals.bytes -= minute.forget_first(key);
            match minute.first(key) {
                Some(first) => {
                    self.oldest.insert((first.received, key));
                }
                None => {
                    self.minutes.remove(&key);
                }
            }
        }
    }

    /// A window's next events after a cursor, which is moved behind them: minute by minute, of `count` records that it
    /// looks at. Each comes with the place behind it. `None` when no record is left.
    pub fn next(
        &self,
        cursor: &mut Cursor,
        window: &Window,
        count: usize,
    ) -> Option<Vec<(Kept, Cursor)>> {
        let [first, last] = window.time.map(minute_of);
        let first = first.max(cursor.minute);
        if first > last {
            return None;
        }
        let mut found = Vec::new();
        let mut seen = 0;
        'minutes: for (&key, minute) in self.minutes.range(first..=last) {
            for chunk in minute.after(key, *cursor) {
                let mut offset = chunk.start;
                if (key, chunk.number) == (cursor.minute, cursor.chunk) {
                    offset = offset.max(cursor.offset);
                }
                while let Some((stored, end)) = Stored::read(&chunk.bytes, offset, key) {
                    if stored.received > window.received[1] {
                        // And so is the rest of this minute.
                        continue 'minutes;
                    }
                    if seen == count {
                        return Some(found);
                    }
                    seen += 1;
                    offset = end;
                    *cursor = Cursor {
                        minute: key,
                        chunk: chunk.number,
                        offset,
                    };
                    if window.has(&stored) {
                        found.push((stored.kept(), *cursor));
                    }
                }
            }
        }
        (seen > 0).then_some(found)
    }
}

impl Window {
    fn has(&self, stored: &Stored<'_>) -> bool {
        let is_within = |[from, to]: [Timestamp; 2], moment| from <= moment && moment <= to;
        is_within(self.time, stored.time) && is_within(self.received, stored.received)
    }
}

impl Minute {
    /// The chunk that a record of this length goes to.
    fn chunk_for(&mut self, length: usize, next_number: &mut u64) -> &mut Chunk {
        let has_room = |chunk: &Chunk| chunk.bytes.len() + length <= CHUNK;
        if !self.chunks.back().is_some_and(has_room) {
            self.chunks.push_back(Chunk {
                number: *next_number,
                bytes: Vec::new(),
                start: 0,
            });
            *next_number += 1;
        }
        let place = self.chunks.len() - 1;
        let chunk = &mut self.chunks[place];
        chunk.reserve(length);
        chunk
    }

    /// The chunks that have something after a cursor, or may have.
    fn after(&self, key: u64, cursor: Cursor) -> impl Iterator<Item = &Chunk> {
        let is_before = |chunk: &Chunk| key == cursor.minute && chunk.number < cursor.chunk;
        let first = self.chunks.partition_point(is_before);
        self.chunks.range(first..)
    }

    /// The record that has been kept longest.
    fn first(&self, key: u64) -> Option<Stored<'_>> {
        let chunk = self.chunks.front()?;
        Stored::read(&chunk.bytes, chunk.start, key).map(|(stored, _)| stored)
    }

    /// Forgets the record that has been kept longest, and returns the bytes that AWS counts of it.
    fn forget_first(&mut self, key: u64) -> u64 {
        let Some(chunk) = self.chunks.front_mut() else {
            return 0;
        };
        let Some((stored, end)) = Stored::read(&chunk.bytes, chunk.start, key) else {
            return 0;
        };
        let counted = stored.counted();
        chunk.start = end;
        if end == chunk.bytes.len() {
            self.chunks.pop_front();
        }
        counted
    }
}

impl Chunk {
    /// Makes room by a quarter, where a vector would double: most minutes have few events.
    fn reserve(&mut self, length: usize) {
        let Self { bytes, .. } = self;
        if bytes.capacity() - bytes.len() < length {
            let quarter = (bytes.len() / 4).min(CHUNK - bytes.len().min(CHUNK));
            bytes.reserve_exact(length.max(quarter));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(1_700_000_000 + seconds)
    }

    fn envelope(number: usize, time: Timestamp, length: usize) -> String {
        let (time, padding) = (crate::wire::DateTime(time), "x".repeat(length));
        format!(
            r#"{{"version":"0","id":"00000000-0000-0000-0000-{number:012}","detail-type":"t","source":"s","account":"000000000000","time":"{time}","region":"us-east-1","resources":[],"detail":{{"a":"{padding}"}}}}"#
        )
    }

    /// What a store does, over a list that is walked.
    #[derive(Debug, Default)]
    struct Model {
        /// Each event's number, its time and when it was received, in the order of receipt.
        kept: Vec<(usize, u64, u64)>,
    }

    #[derive(Clone, Debug)]
    enum Step {
        /// An event of a time, after so many seconds.
        Keep {
            time: u64,
            length: usize,
            after: u64,
        },
        /// All that was received so long ago is over.
        Forget { age: u64 },
        /// A replay of this window, in turns of so many records, between which something is forgotten.
        Replay {
            start: u64,
            length: u64,
            count: usize,
            forgets: bool,
        },
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let keep = (
            0..400_u64,
            prop_oneof![9 => 0..300_usize, 1 => 60_000..70_000_usize],
            0..20_u64,
        )
            .prop_map(|(time, length, after)| Step::Keep {
                time,
                length,
                after,
            });
        let forget = (0..200_u64).prop_map(|age| Step::Forget { age });
        let replay = (0..400_u64, 0..400_u64, 1..8_usize, any::<bool>()).prop_map(
            |(start, length, count, forgets)| Step::Replay {
                start,
                length,
                count,
                forgets,
            },
        );
        vec(prop_oneof![6 => keep, 1 => forget, 1 => replay], 1..120)
    }

    /// Both, and the clock.
    #[derive(Debug, Default)]
    struct Compared {
        store: Store,
        model: Model,
        now: u64,
        count: usize,
    }

    impl Compared {
        fn keep(&mut self, time: u64, length: usize) {
            let text = envelope(self.count, at(time), length);
            let record = Record::of(&text).expect("an envelope");
            self.store.keep(at(self.now), &record);
            self.model.kept.push((self.count, time, self.now));
            self.count += 1;
        }

        fn forget(&mut self, age: u64) {
            let Some(until) = self.now.checked_sub(age) else {
                return;
            };
            self.store.forget(at(until), usize::MAX);
            self.model.kept.retain(|(_, _, received)| *received > until);
        }

        /// What is replayed is what was put: whole, once, minute by minute, and only what is still kept when its turn comes.
        fn replay(&mut self, start: u64, length: u64, count: usize, forgets: bool) {
            let end = start + length;
            let window = Window {
                time: [at(start), at(end)],
                received: [at(0), at(self.now)],
            };
            let is_meant = |time: u64| (start..=end).contains(&time);
            let mut cursor = Cursor::default();
            let mut seen = Vec::new();
            while let Some(found) = self.store.next(&mut cursor, &window, count) {
                for (kept, _) in &found {
                    let record = kept.record().expect("a record");
                    let number = format!("{:x}", record.id.as_u128());
                    let number: usize = number.parse().expect("digits");
                    let one = self.model.kept.iter().find(|(kept, ..)| *kept == number);
                    let (_, time, _) = one.expect("still kept");
                    assert_eq!(record.time, at(*time));
                    seen.push((*time, number));
                }
                if forgets {
                    self.forget(100);
                    // Meanwhile others come, which are not of this replay.
                    self.now += 1;
                    self.keep(start, 5);
                }
            }
            let minute = |time: u64| minute_of(at(time));
            assert!(seen.is_sorted_by_key(|(time, number)| (minute(*time), *number)));
            // What was put before and is kept to the end was replayed.
            let received_until = window.received[1];
            let mut expected: Vec<_> = self
                .model
                .kept
                .iter()
                .filter(|(_, time, received)| is_meant(*time) && at(*received) <= received_until)
                .map(|(number, time, _)| (minute(*time), *number))
                .collect();
            expected.sort_unstable();
            let mut seen: Vec<_> = seen
                .into_iter()
                .map(|(time, number)| (minute(time), number))
                .collect();
            if forgets {
                seen.retain(|one| expected.contains(one));
            }
            assert_eq!(seen, expected);
        }

        fn check(&self) {
            let Totals { events, .. } = self.store.totals();
            assert_eq!(events, self.model.kept.len() as u64);
            let oldest = self.model.kept.first().map(|(.., received)| at(*received));
            assert_eq!(self.store.oldest(), oldest);
            if oldest.is_none() {
                assert_eq!(self.store.totals(), Totals::default());
                assert!(self.store.minutes.is_empty() && self.store.oldest.is_empty());
            }
        }
    }

    proptest! {
        #[test]
        fn a_replayed_window_is_what_was_put(steps in steps()) {
            let mut compared = Compared::default();
            for step in steps {
                match step {
                    Step::Keep { time, length, after } => {
                        compared.now += after;
                        compared.keep(time, length);
                    }
                    Step::Forget { age } => compared.forget(age),
                    Step::Replay { start, length, count, forgets } => {
                        compared.replay(start, length, count, forgets);
                    }
                }
                compared.check();
            }
            compared.now += 1000;
            compared.forget(0);
            compared.check();
        }
    }

    #[test]
    fn windows_that_end_before_they_start_have_nothing() {
        let mut compared = Compared::default();
        compared.keep(0, 1);
        let window = Window {
            time: [at(100), at(0)],
            received: [at(0), at(0)],
        };
        assert_eq!(
            compared.store.next(&mut Cursor::default(), &window, 9),
            None
        );
    }
}
