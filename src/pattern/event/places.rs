//! Which elements of arrays a value is in.
//!
//! Places form a tree: the message, the arrays in it, their elements, the arrays in these, and so on. A value belongs to
//! the innermost message or element that is an object or holds one; elements that are plain values have no place of their
//! own. Values combine if no array would have to be at two elements at once.

use std::collections::BTreeMap;

pub(in crate::pattern) type PlaceId = u32;

/// The place of values in no array.
pub(in crate::pattern) const ROOT: PlaceId = 0;

/// A set of leaves of a policy, by their numbers.
type Leaves = u128;

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
    /// the lists. No policy has more leaves than a set can hold: those of SNS have five.
    pub(in crate::pattern) fn can_combine(&self, lists: &[Vec<PlaceId>]) -> bool {
        if lists.len() < 2 {
            return true;
        }
        let mut sets: BTreeMap<PlaceId, Vec<Leaves>> = BTreeMap::new();
        for (leaf, list) in lists.iter().enumerate() {
            for &place in list {
                sets.entry(place).or_insert_with(|| vec![0])[0] |= 1 << leaf;
            }
        }
        let all = (1 << lists.len()) - 1;
        while let Some((place, inside)) = sets.pop_last() {
            if inside.contains(&all) {
                return true;
            }
            if place == ROOT {
                break;
            }
            let Place { parent, is_array } = self.places[place as usize];
            let outside = sets.entry(parent).or_default();
            if is_array {
                *outside = join_each(outside, &inside);
            } else {
                for set in inside {
                    insert(outside, set);
                }
            }
        }
        false
    }
}

fn join_each(some: &[Leaves], others: &[Leaves]) -> Vec<Leaves> {
    if some.is_empty() {
        return others.to_vec();
    }
    let mut joined = Vec::new();
    for set in some {
        for other in others {
            insert(&mut joined, set | other);
        }
    }
    joined
}

/// Adds a set unless it is within another, and drops those within it.
fn insert(sets: &mut Vec<Leaves>, set: Leaves) {
    if sets.iter().any(|other| set & !other == 0) {
        return;
    }
    sets.retain(|other| other & !set != 0);
    sets.push(set);
}
