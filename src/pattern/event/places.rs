//! Which elements of arrays a value is in.
//!
//! Places form a tree: the message, the arrays in it, their elements, the arrays in these, and so on. A value belongs to
//! the innermost message or element that is no plain value; elements that are plain values have no place of their own.
//! Values combine if no array would have to be at two elements at once.

use std::collections::BTreeMap;

use crate::pattern::limits;

pub(in crate::pattern) type PlaceId = u32;

/// The place of values in no array.
pub(in crate::pattern) const ROOT: PlaceId = 0;

/// A set of leaves of a policy, by their numbers: a bit for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Leaves<const WORDS: usize>([u128; WORDS]);

impl<const WORDS: usize> Leaves<WORDS> {
    const EMPTY: Self = Self([0; WORDS]);

    fn add(&mut self, leaf: usize) {
        self.0[leaf / WIDTH] |= 1 << (leaf % WIDTH);
    }

    fn union(mut self, other: &Self) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
        self
    }

    fn is_within(&self, other: &Self) -> bool {
        self.0
            .iter()
            .zip(other.0)
            .all(|(word, other)| word & !other == 0)
    }
}

/// The leaves of a word.
const WIDTH: usize = u128::BITS as usize;

/// The words of a set that holds the leaves of any policy.
const MOST_WORDS: usize = limits::LEAVES.div_ceil(WIDTH);

#[derive(Debug)]
pub(in crate::pattern) struct Places {
    /// Beginning with the root's, which has none. A place comes after the one it is in.
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    parent: PlaceId,
    is_array: bool,
}

impl Places {
    pub(super) fn new() -> Self {
        Self {
            places: vec![Place {
                parent: ROOT,
                is_array: false,
            }],
        }
    }

    pub(super) fn add_array(&mut self, parent: PlaceId) -> PlaceId {
        self.add(parent, true)
    }

    pub(super) fn add_element(&mut self, parent: PlaceId) -> PlaceId {
        self.add(parent, false)
    }

    fn add(&mut self, parent: PlaceId, is_array: bool) -> PlaceId {
        self.places.push(Place { parent, is_array });
        PlaceId::try_from(self.places.len() - 1).expect("a message is small")
    }

    /// Whether from each of the lists one place can be chosen so that the chosen ones combine.
    ///
    /// Goes from the innermost places outwards and keeps for each the sets of leaves that can be had together inside: an
    /// array offers the sets of any one of its elements, an element joins its own leaves with a set of each array in it.
    /// Sets within others are dropped. So the cost is that of the places times the number of sets, not their product over
    /// the lists. Arrays side by side can still multiply the sets: what would take more than [`limits::COMBINING`] steps
    /// is taken for what does not combine.
    pub(in crate::pattern) fn can_combine(&self, lists: &[Vec<PlaceId>]) -> bool {
        if lists.len() < 2 {
            return true;
        }
        if lists.len() <= WIDTH {
            self.can_combine_sets::<1>(lists)
        } else {
            self.can_combine_sets::<MOST_WORDS>(lists)
        }
    }

    fn can_combine_sets<const WORDS: usize>(&self, lists: &[Vec<PlaceId>]) -> bool {
        let mut sets: BTreeMap<PlaceId, Vec<Leaves<WORDS>>> = BTreeMap::new();
        let mut all = Leaves::EMPTY;
        let mut steps = limits::COMBINING;
        for (leaf, list) in lists.iter().enumerate() {
            all.add(leaf);
            for &place in list {
                sets.entry(place).or_insert_with(|| vec![Leaves::EMPTY])[0].add(leaf);
            }
        }
        while let Some((place, inside)) = sets.pop_last() {
            if inside.contains(&all) {
                return true;
            }
            if place == ROOT || steps == 0 {
                break;
            }
            let Place { parent, is_array } = self.places[place as usize];
            let outside = sets.entry(parent).or_default();
            if is_array {
                *outside = join_each(outside, &inside, &mut steps);
            } else {
                for set in inside {
                    insert(outside, set, &mut steps);
                }
            }
        }
        false
    }
}

fn join_each<const WORDS: usize>(
    some: &[Leaves<WORDS>],
    others: &[Leaves<WORDS>],
    steps: &mut usize,
) -> Vec<Leaves<WORDS>> {
    if some.is_empty() {
        return others.to_vec();
    }
    let mut joined = Vec::new();
    for set in some {
        for other in others {
            insert(&mut joined, set.union(other), steps);
        }
    }
    joined
}

/// Adds a set unless it is within another, and drops those within it. A look at one of them is a step.
fn insert<const WORDS: usize>(
    sets: &mut Vec<Leaves<WORDS>>,
    set: Leaves<WORDS>,
    steps: &mut usize,
) {
    if *steps == 0 {
        return;
    }
    *steps = steps.saturating_sub(sets.len());
    if sets.iter().any(|other| set.is_within(other)) {
        return;
    }
    sets.retain(|other| !other.is_within(&set));
    sets.push(set);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_side_by_side_do_not_multiply_without_bound() {
        let mut places = Places::new();
        let mut lists = Vec::new();
        for _ in 0..60 {
            let array = places.add_array(ROOT);
            lists.push(vec![places.add_element(array)]);
            lists.push(vec![places.add_element(array)]);
        }
        assert!(!places.can_combine(&lists), "no element has both leaves");
        let ones: Vec<_> = lists.into_iter().step_by(2).collect();
        assert!(places.can_combine(&ones));
    }
}
