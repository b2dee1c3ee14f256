//! Alternatives filed under ranges of numbers: those in whose range a number is are found without touching the others.
//!
//! An interval tree over all numbers of 64 bits, whose inner points need not be stored, since they are the middles of
//! blocks of a power of two. A range is filed at the middle that lies in it of the largest block. A number passes one middle
//! of each size; of the ranges filed there, all reach the middle, so that those up to the number, or from it on, are the
//! first in the order of the side on which it lies.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::set::Id;

/// The sizes of blocks, and the one of a single number, which is the last.
const SIZES: usize = 65;

/// All ranges of a field.
#[derive(Debug)]
pub(super) struct Ranges {
    middles: HashMap<Middle, Filed, RandomState>,
    /// How many middles there are of each size, so that no look-up is in vain.
    counts: [u32; SIZES],
}

/// The middle of a block: half its size as a power of two, and the bits that all numbers of the block share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Middle {
    size: u8,
    shared: u64,
}

/// The ranges filed at one middle.
#[derive(Debug, Default)]
struct Filed {
    by_bottom: Vec<(u64, Id)>,
    by_top: Vec<(u64, Id)>,
}

impl Default for Ranges {
    fn default() -> Self {
        Self {
            middles: HashMap::default(),
            counts: [0; SIZES],
        }
    }
}

impl Middle {
    const SINGLE: u8 = 64;

    fn of(bottom: u64, top: u64) -> Self {
        match (bottom ^ top).checked_ilog2() {
            Some(bit) => Self::passed(u8::try_from(bit).unwrap_or(Self::SINGLE), top),
            None => Self::passed(Self::SINGLE, top),
        }
    }

    /// The middle of a size that a number passes.
    fn passed(size: u8, number: u64) -> Self {
        let shared = if size == Self::SINGLE {
            number
        } else {
            number.checked_shr(u32::from(size) + 1).unwrap_or(0)
        };
        Self { size, shared }
    }

    /// Whether a number of its block is below it.
    fn is_above(self, number: u64) -> bool {
        self.size != Self::SINGLE && number >> self.size & 1 == 0
    }
}

impl Ranges {
    pub(super) fn is_empty(&self) -> bool {
        self.middles.is_empty()
    }

    /// How many share an end with this range, at the end that fewer share.
    pub(super) fn count(&self, bottom: u64, top: u64) -> usize {
        let Some(filed) = self.middles.get(&Middle::of(bottom, top)) else {
            return 0;
        };
        let same = |list: &[(u64, Id)], end| {
            let start = list.partition_point(|(other, _)| *other < end);
            list[start..].partition_point(|(other, _)| *other == end)
        };
        same(&filed.by_bottom, bottom).min(same(&filed.by_top, top))
    }

    pub(super) fn insert(&mut self, bottom: u64, top: u64, id: Id) {
        let middle = Middle::of(bottom, top);
        let counts = &mut self.counts;
        let filed = self.middles.entry(middle).or_insert_with(|| {
            counts[usize::from(middle.size)] += 1;
            Filed::default()
        });
        for (list, entry) in [
            (&mut filed.by_bottom, (bottom, id)),
            (&mut filed.by_top, (top, id)),
        ] {
            if let Err(place) = list.binary_search(&entry) {
                list.insert(place, entry);
            }
        }
    }

    pub(super) fn remove(&mut self, bottom: u64, top: u64, id: Id) {
        let middle = Middle::of(bottom, top);
        let Some(filed) = self.middles.get_mut(&middle) else {
            return;
        };
        for (list, entry) in [
            (&mut filed.by_bottom, (bottom, id)),
            (&mut filed.by_top, (top, id)),
        ] {
            if let Ok(place) = list.binary_search(&entry) {
                list.remove(place);
            }
        }
        if filed.by_bottom.is_empty() && filed.by_top.is_empty() {
            self.middles.remove(&middle);
            self.counts[usize::from(middle.size)] -= 1;
        }
    }

    /// Says which are filed under ranges that a number is in, and returns the look-ups that it took.
    pub(super) fn find(&self, number: u64, mut found: impl FnMut(Id)) -> usize {
        let mut steps = 0;
        for (size, count) in (0..).zip(self.counts) {
            if count == 0 {
                continue;
            }
            steps += 1;
            let middle = Middle::passed(size, number);
            let Some(filed) = self.middles.get(&middle) else {
                continue;
            };
            if middle.is_above(number) {
                let reaching = filed.by_bottom.iter();
                let reaching = reaching.take_while(|(bottom, _)| *bottom <= number);
                reaching.for_each(|(_, id)| found(*id));
            } else {
                let reaching = filed.by_top.iter().rev();
                let reaching = reaching.take_while(|(top, _)| *top >= number);
                reaching.for_each(|(_, id)| found(*id));
            }
        }
        steps
    }

    /// All that are filed.
    pub(super) fn all(&self) -> impl Iterator<Item = Id> {
        let filed = self.middles.values();
        filed.flat_map(|filed| filed.by_bottom.iter().map(|(_, id)| *id))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Numbers near the ends, in the middle, and elsewhere.
    fn number() -> impl Strategy<Value = u64> {
        let near = prop_oneof![Just(0), Just(1 << 63), Just(u64::MAX - 40), any::<u64>()];
        (near, 0..40_u64).prop_map(|(near, more)| near.saturating_add(more))
    }

    proptest! {
        #[test]
        fn ranges_are_found_as_if_all_were_asked(
            ranges in vec((number(), number(), any::<bool>()), 1..60),
            numbers in vec(number(), 30),
        ) {
            let mut tree = Ranges::default();
            let mut kept = BTreeSet::new();
            for ((one, other, is_removed), id) in ranges.iter().zip(0..) {
                let (bottom, top) = (*one.min(other), *one.max(other));
                tree.insert(bottom, top, id);
                if *is_removed {
                    tree.remove(bottom, top, id);
                } else {
                    kept.insert((bottom, top, id));
                }
            }
            prop_assert_eq!(tree.is_empty(), kept.is_empty());
            for number in numbers {
                let mut found = Vec::new();
                tree.find(number, |id| found.push(id));
                found.sort_unstable();
                let in_it = kept.iter().filter(|(bottom, top, _)| (bottom..=top).contains(&&number));
                let mut expected: Vec<_> = in_it.map(|(_, _, id)| *id).collect();
                expected.sort_unstable();
                prop_assert_eq!(found, expected, "{}", number);
            }
            for (bottom, top, id) in kept {
                tree.remove(bottom, top, id);
            }
            prop_assert!(tree.is_empty() && tree.counts == [0; SIZES]);
        }
    }
}
