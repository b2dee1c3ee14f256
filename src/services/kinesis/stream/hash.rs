//! Hash keys: where a record's partition key puts it, and the ranges of hash keys that shards have.

use md5::compute;

/// The hash key of a partition key: its MD5, as a number.
pub fn of_key(partition_key: &str) -> u128 {
    u128::from_be_bytes(compute(partition_key).0)
}

/// The hash keys of a shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashRange {
    /// The first.
    pub start: u128,
    /// The last.
    pub end: u128,
}

impl HashRange {
    /// All hash keys.
    const WHOLE: Self = Self {
        start: 0,
        end: u128::MAX,
    };

    /// So many ranges of equal length, except for the last, which has what remains.
    pub fn equal(count: u32) -> Vec<Self> {
        // The length is that of all hash keys, 2^128, divided and rounded down.
        let divisor = u128::from(count.max(1));
        let is_even = u128::MAX % divisor == divisor - 1;
        let Some(length) = (u128::MAX / divisor).checked_add(u128::from(is_even)) else {
            return vec![Self::WHOLE];
        };
        let range = |place: u128| Self {
            start: length * place,
            end: if place + 1 == divisor {
                u128::MAX
            } else {
                length * (place + 1) - 1
            },
        };
        (0..divisor).map(range).collect()
    }

    /// Both parts of it, the second of which begins at `at`. `at` must lie within, above its start by more than one and
    /// below its end.
    pub fn split(self, at: u128) -> Option<[Self; 2]> {
        let is_within = at > self.start.saturating_add(1) && at < self.end;
        is_within.then(|| {
            let first = Self {
                end: at - 1,
                ..self
            };
            [first, Self { start: at, ..self }]
        })
    }

    /// This range and the one that begins right behind it as one.
    pub fn merge(self, next: Self) -> Option<Self> {
        let is_next = self.end.checked_add(1) == Some(next.start);
        is_next.then_some(Self {
            end: next.end,
            ..self
        })
    }

    /// Whether a hash key lies in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}
