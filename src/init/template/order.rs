//! The order in which resources are created: after those that they refer to, otherwise queues, topics, their policies
//! and then subscriptions, each in the template's order.

use std::collections::BTreeSet;

use super::Planned;
use super::error::Fault;
use super::source::Template;
use crate::init::plan::Resource;

/// Quadratic in the number of resources at worst, of which a template has at most 500.
pub(super) fn sorted(
    mut waiting: Vec<Planned>,
    template: &Template<'_>,
) -> Result<Vec<Resource>, Fault> {
    waiting.sort_by_key(|planned| template.resources[planned.index].kind);
    let mut missing: BTreeSet<usize> = waiting.iter().map(|planned| planned.index).collect();
    let mut sorted = Vec::new();
    while !waiting.is_empty() {
        let Some(next) = waiting
            .iter()
            .position(|planned| planned.after.is_disjoint(&missing))
        else {
            return Err(cycle(&waiting, &missing, template));
        };
        let planned = waiting.remove(next);
        missing.remove(&planned.index);
        sorted.extend(planned.resources);
    }
    Ok(sorted)
}

/// Each remaining resource refers to another remaining one: following references leads round in a circle.
fn cycle(waiting: &[Planned], missing: &BTreeSet<usize>, template: &Template<'_>) -> Fault {
    let next = |index: usize| {
        let planned = waiting.iter().find(|planned| planned.index == index)?;
        planned
            .after
            .iter()
            .copied()
            .find(|after| missing.contains(after))
    };
    let mut path = vec![waiting[0].index];
    let start = loop {
        let index =
            next(path[path.len() - 1]).expect("each remaining resource waits for a remaining one");
        if let Some(start) = path.iter().position(|passed| *passed == index) {
            break start;
        }
        path.push(index);
    };
    let mut ids: Vec<_> = path[start..]
        .iter()
        .map(|index| template.resources[*index].id)
        .collect();
    ids.push(ids[0]);
    let first = &template.resources[path[start]];
    Fault::new(
        first.line,
        format!("this depends on itself: {}", ids.join(" -> ")),
    )
    .of(&first.subject())
}
