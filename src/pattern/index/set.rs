//! Sets of alternatives, by number: what is filed under one key, and what an event's values lead to.

/// A number of an alternative.
pub(super) type Id = u32;

/// The ids of a word.
const WIDTH: u32 = u64::BITS;

/// A set, made so that one of a single id is small and one of thousands is gone through by the word.
#[derive(Debug)]
pub(super) enum Set {
    One(Id),
    Many(Words),
}

/// The ids of a set, in words of 64; words without any are left out.
#[derive(Debug, Default)]
pub(super) struct Words(Vec<Word>);

/// Ids from `number * 64` on, a bit for each.
#[derive(Clone, Copy, Debug)]
struct Word {
    number: u32,
    bits: u64,
}

impl Default for Set {
    fn default() -> Self {
        Self::Many(Words::default())
    }
}

impl Set {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::One(_) => false,
            Self::Many(words) => words.0.is_empty(),
        }
    }

    pub(super) fn len(&self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::Many(words) => words
                .0
                .iter()
                .map(|word| word.bits.count_ones() as usize)
                .sum(),
        }
    }

    pub(super) fn insert(&mut self, id: Id) {
        match self {
            Self::Many(words) => words.insert(id),
            Self::One(present) if *present == id => {}
            Self::One(present) => {
                let mut words = Words::default();
                words.insert(*present);
                words.insert(id);
                *self = Self::Many(words);
            }
        }
    }

    pub(super) fn remove(&mut self, id: Id) {
        match self {
            Self::One(present) if *present == id => *self = Self::default(),
            Self::One(_) => {}
            Self::Many(words) => words.remove(id),
        }
    }
}

impl Words {
    fn place(&self, id: Id) -> Result<usize, usize> {
        self.0
            .binary_search_by_key(&(id / WIDTH), |word| word.number)
    }

    fn insert(&mut self, id: Id) {
        let bits = 1 << (id % WIDTH);
        match self.place(id) {
            Ok(place) => self.0[place].bits |= bits,
            Err(place) => self.0.insert(
                place,
                Word {
                    number: id / WIDTH,
                    bits,
                },
            ),
        }
    }

    fn remove(&mut self, id: Id) {
        let Ok(place) = self.place(id) else { return };
        self.0[place].bits &= !(1 << (id % WIDTH));
        if self.0[place].bits == 0 {
            self.0.remove(place);
        }
    }

    fn contains(&self, id: Id) -> bool {
        self.place(id)
            .is_ok_and(|place| self.0[place].bits & (1 << (id % WIDTH)) != 0)
    }
}

/// Appends the ids of a word.
fn push_ids(word: Word, ids: &mut Vec<Id>) {
    let mut bits = word.bits;
    while bits != 0 {
        ids.push(word.number * WIDTH + bits.trailing_zeros());
        bits &= bits - 1;
    }
}

/// Up to so many words and ids are put together one by one.
const FEW: usize = 8;

/// Sets that are taken together.
#[derive(Debug, Default)]
pub(super) struct Union<'s> {
    ids: Vec<Id>,
    /// The large ones.
    sets: Vec<&'s Words>,
}

impl<'s> Union<'s> {
    pub(super) fn add(&mut self, set: &'s Set) {
        match set {
            Set::One(id) => self.ids.push(*id),
            Set::Many(words) => self.sets.push(words),
        }
    }

    pub(super) fn add_id(&mut self, id: Id) {
        self.ids.push(id);
    }

    fn contains(&self, id: Id) -> bool {
        self.ids.contains(&id) || self.sets.iter().any(|set| set.contains(id))
    }

    /// The ids that are not in another union, in order, and the steps that it takes to find them.
    pub(super) fn without(mut self, others: &Self) -> (Vec<Id>, usize) {
        // The same set may have been found by several values.
        self.sets
            .sort_unstable_by_key(|set| std::ptr::from_ref(*set));
        self.sets.dedup_by_key(|set| std::ptr::from_ref(*set));
        let words: usize = self.sets.iter().map(|set| set.0.len()).sum();
        let others_count = others.sets.len() + others.ids.len();
        let is_short = others_count == 0 || self.ids.len() + others_count <= FEW;
        if words <= FEW && is_short {
            for word in self.sets.iter().flat_map(|set| &set.0) {
                push_ids(*word, &mut self.ids);
            }
            self.ids.sort_unstable();
            self.ids.dedup();
            self.ids.retain(|id| !others.contains(*id));
            return (self.ids, 0);
        }
        let mut dense = Dense::default();
        let mut steps = words + self.ids.len() + others.ids.len();
        for set in &self.sets {
            dense.add(set);
        }
        for id in &self.ids {
            dense.add_id(*id);
        }
        for set in &others.sets {
            dense.take_out(set);
            steps += set.0.len();
        }
        for id in &others.ids {
            dense.take_out_id(*id);
        }
        let mut ids = self.ids;
        ids.clear();
        steps += dense.0.len();
        for (number, bits) in (0..).zip(dense.0) {
            push_ids(Word { number, bits }, &mut ids);
        }
        (ids, steps)
    }
}

/// A bit for each id.
#[derive(Default)]
struct Dense(Vec<u64>);

impl Dense {
    fn add(&mut self, words: &Words) {
        let Some(last) = words.0.last() else { return };
        self.reach(last.number);
        for word in &words.0 {
            self.0[word.number as usize] |= word.bits;
        }
    }

    fn add_id(&mut self, id: Id) {
        self.reach(id / WIDTH);
        self.0[(id / WIDTH) as usize] |= 1 << (id % WIDTH);
    }

    fn reach(&mut self, number: u32) {
        if self.0.len() <= number as usize {
            self.0.resize(number as usize + 1, 0);
        }
    }

    fn take_out(&mut self, words: &Words) {
        for word in &words.0 {
            let Some(bits) = self.0.get_mut(word.number as usize) else {
                break;
            };
            *bits &= !word.bits;
        }
    }

    fn take_out_id(&mut self, id: Id) {
        if let Some(bits) = self.0.get_mut((id / WIDTH) as usize) {
            *bits &= !(1 << (id % WIDTH));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn changed(changes: &[(Id, bool)]) -> (Set, BTreeSet<Id>) {
        let (mut set, mut expected) = (Set::default(), BTreeSet::new());
        for (id, is_added) in changes {
            if *is_added {
                set.insert(*id);
                expected.insert(*id);
            } else {
                set.remove(*id);
                expected.remove(id);
            }
        }
        (set, expected)
    }

    proptest! {
        #[test]
        fn unions_and_differences_are_those_of_sets(
            found in vec(vec((0..400_u32, prop::bool::weighted(0.8)), 0..60), 0..5),
            others in vec(vec((0..600_u32, prop::bool::weighted(0.8)), 0..60), 0..3),
        ) {
            let found: Vec<_> = found.iter().map(|changes| changed(changes)).collect();
            let others: Vec<_> = others.iter().map(|changes| changed(changes)).collect();
            let (mut union, mut ruled_out) = (Union::default(), Union::default());
            for (set, expected) in &found {
                prop_assert_eq!(set.len(), expected.len());
                prop_assert_eq!(set.is_empty(), expected.is_empty());
                union.add(set);
            }
            for (set, _) in &others {
                ruled_out.add(set);
            }
            let all: BTreeSet<_> = found.iter().flat_map(|(_, ids)| ids).collect();
            let out: BTreeSet<_> = others.iter().flat_map(|(_, ids)| ids).collect();
            let expected: Vec<_> = all.difference(&out).map(|id| **id).collect();
            prop_assert_eq!(union.without(&ruled_out).0, expected);
        }
    }
}
