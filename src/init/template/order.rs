//! The order in which resources are created: after those that they refer to, otherwise queues, topics, their policies
//! and then subscriptions, each in the template's order.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use super::Planned;
use super::error::Fault;
use super::source::Template;
use crate::init::plan::Resource;

/// The next of those that nothing is missing for, each time.
pub(super) fn sorted(
    mut waiting: Vec<Planned>,
    template: &Template<'_>,
) -> Result<Vec<Resource>, Fault> {
    waiting.sort_by_key(|planned| template.resources[planned.index].kind.turn());
    let places = waiting.iter().enumerate();
    let places: HashMap<usize, usize> = places
        .map(|(place, planned)| (planned.index, place))
        .collect();
    // What is not made here need not be waited for.
    let missing_of = |planned: &Planned| -> Vec<usize> {
        let after = planned.after.iter();
        after
            .filter_map(|index| places.get(index).copied())
            .collect()
    };
    let missing: Vec<Vec<usize>> = waiting.iter().map(missing_of).collect();
    let mut counts: Vec<usize> = missing.iter().map(Vec::len).collect();
    let mut followers = vec![Vec::new(); waiting.len()];
    for (place, missing) in missing.iter().enumerate() {
        for before in missing {
            followers[*before].push(place);
        }
    }
    let ready = (0..waiting.len()).filter(|place| counts[*place] == 0);
    let mut ready: BinaryHeap<Reverse<usize>> = ready.map(Reverse).collect();
    let mut sorted = Vec::with_capacity(waiting.len());
    let mut made = 0;
    while let Some(Reverse(place)) = ready.pop() {
        made += 1;
        sorted.append(&mut waiting[place].resources);
        for follower in &followers[place] {
            counts[*follower] -= 1;
            if counts[*follower] == 0 {
                ready.push(Reverse(*follower));
            }
        }
    }
    if made < waiting.len() {
        return Err(cycle(&waiting, &missing, &counts, template));
    }
    Ok(sorted)
}

/// Each resource that still waits refers to another one that does: following references leads round in a circle.
/// `missing` has what each waits for, `counts` how many of these are not made.
fn cycle(
    waiting: &[Planned],
    missing: &[Vec<usize>],
    counts: &[usize],
    template: &Template<'_>,
) -> Fault {
    let is_waiting = |place: &usize| counts[*place] > 0;
    let first = (0..waiting.len()).find(|place| is_waiting(place));
    let mut place = first.expect("what is not made waits");
    let mut path = Vec::new();
    let mut passed: HashMap<usize, usize> = HashMap::new();
    let start = loop {
        if let Some(start) = passed.insert(place, path.len()) {
            break start;
        }
        path.push(place);
        let mut before = missing[place].iter().copied();
        place = before
            .find(is_waiting)
            .expect("each resource that waits refers to another one that does");
    };
    let declared = |place: &usize| &template.resources[waiting[*place].index];
    let mut ids: Vec<_> = path[start..]
        .iter()
        .map(|place| declared(place).id)
        .collect();
    ids.push(ids[0]);
    let first = declared(&path[start]);
    Fault::new(
        first.line,
        format!("this depends on itself: {}", ids.join(" -> ")),
    )
    .of(&first.subject())
}
