//! Serials in chunks: the sixty-four serials that differ in their last six bits only, so that a word of bits says which of
//! them are in a set.

use std::collections::BTreeMap;

/// How many serials a chunk has.
pub(super) const CHUNK: u64 = 64;

/// A serial's chunk and its place in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The number of the chunk.
    pub(super) chunk: u64,
    /// The place within the chunk.
    pub(super) index: usize,
}

impl Place {
    pub(super) fn of(serial: u64) -> Self {
        Self {
            chunk: serial / CHUNK,
            index: (serial % CHUNK) as usize,
        }
    }

    /// The place in a word of bits.
    pub(super) fn bit(self) -> u64 {
        1 << self.index
    }
}

/// The serial at a place of a chunk.
pub(super) fn serial(chunk: u64, index: usize) -> u64 {
    chunk * CHUNK + index as u64
}

/// The first place in a word of bits.
pub(super) fn first_of(word: u64) -> Option<usize> {
    (word != 0).then(|| word.trailing_zeros() as usize)
}

/// A set of serials, in order. What concerns the latest chunk costs the same for any number of serials, all else the
/// logarithm of the number of chunks.
#[derive(Debug, Default)]
pub(super) struct Serials {
    /// The chunks before the latest that have serials.
    earlier: BTreeMap<u64, u64>,
    latest: u64,
    /// The number of the latest chunk that has ever had a serial.
    latest_number: u64,
}

impl Serials {
    pub(super) fn insert(&mut self, serial: u64) {
        let place = Place::of(serial);
        if place.chunk < self.latest_number {
            *self.earlier.entry(place.chunk).or_default() |= place.bit();
            return;
        }
        if place.chunk > self.latest_number {
            self.begin_chunk(place.chunk);
        }
        self.latest |= place.bit();
    }

    pub(super) fn remove(&mut self, serial: u64) {
        let place = Place::of(serial);
        if place.chunk == self.latest_number {
            self.latest &= !place.bit();
        } else if let Some(word) = self.earlier.get_mut(&place.chunk) {
            *word &= !place.bit();
            if *word == 0 {
                self.earlier.remove(&place.chunk);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.latest == 0 && self.earlier.is_empty()
    }

    pub(super) fn first(&self) -> Option<u64> {
        let (number, word) = match self.earlier.first_key_value() {
            Some((number, word)) => (*number, *word),
            None => (self.latest_number, self.latest),
        };
        first_of(word).map(|index| serial(number, index))
    }

    /// The first serial after `previous`.
    pub(super) fn after(&self, previous: u64) -> Option<u64> {
        let place = Place::of(previous);
        // The places behind it: shifted twice, as the last one has none.
        let behind = u64::MAX << place.index << 1;
        let first = |number: u64, word: u64| {
            let word = if number == place.chunk {
                word & behind
            } else {
                word
            };
            first_of(word).map(|index| serial(number, index))
        };
        if place.chunk > self.latest_number {
            return None;
        }
        if place.chunk < self.latest_number {
            let mut earlier = self.earlier.range(place.chunk..);
            // Two words at most: the others have serials, and all of them are behind.
            if let Some(found) = earlier.find_map(|(&number, &word)| first(number, word)) {
                return Some(found);
            }
        }
        first(self.latest_number, self.latest)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        let earlier = self.earlier.iter().map(|(&number, &word)| (number, word));
        earlier
            .chain([(self.latest_number, self.latest)])
            .flat_map(|(number, word)| {
                // Each step takes away the lowest bit.
                let words =
                    std::iter::successors(Some(word), |word| Some(word & word.checked_sub(1)?));
                words
                    .map_while(first_of)
                    .map(move |index| serial(number, index))
            })
    }

    #[cold]
    fn begin_chunk(&mut self, number: u64) {
        if self.latest != 0 {
            self.earlier.insert(self.latest_number, self.latest);
        }
        (self.latest, self.latest_number) = (0, number);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn serials_are_the_set_that_a_tree_is(
            steps in prop::collection::vec((any::<bool>(), 0u64..300), 1..200)
        ) {
            let (mut serials, mut tree) = (Serials::default(), BTreeSet::new());
            for (is_inserted, serial) in steps {
                if is_inserted {
                    serials.insert(serial);
                    tree.insert(serial);
                } else {
                    serials.remove(serial);
                    tree.remove(&serial);
                }
                prop_assert_eq!(serials.first(), tree.first().copied());
                prop_assert!(serials.iter().eq(tree.iter().copied()));
                prop_assert_eq!(serials.after(serial), tree.range(serial + 1..).next().copied());
                prop_assert_eq!(serials.is_empty(), tree.is_empty());
                prop_assert!(serials.earlier.values().all(|word| *word != 0));
            }
        }
    }
}
