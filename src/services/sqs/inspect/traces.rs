//! What queues say to those who ask what became of a message: whether they have it, and what it waits for.

use std::sync::Arc;

use crate::clock::Timestamp;
use crate::ids::Id;
use crate::services::sqs::queue::input::Count;
use crate::services::sqs::queue::{Delivery, Found, Search, Visibility};
use crate::services::sqs::queues::Queues;
use crate::trace::whereabouts::{Behind, Hidden, Look, Whereabouts, Witness};

/// How many messages are looked at under one lock.
const AT_ONCE: usize = 1000;

impl Witness for Queues {
    fn look(&self, queue: &str, id: Id, from: u64, now: Timestamp) -> Option<Look> {
        let queue = self.by_arn(queue)?;
        if from == 0 {
            // Lets happen what fell due: messages expire, and become visible.
            queue.waiting.apply(now, Count)?;
        }
        let search = queue.waiting.look(|core| core.search(id, from, AT_ONCE));
        Some(match search {
            Search::Found(found) => Look::Found(whereabouts(*found)),
            Search::More(next) => Look::More(next),
            Search::NotThere => Look::NotThere,
        })
    }
}

fn whereabouts(found: Found) -> Whereabouts {
    let group = found.delivery.group_id.clone();
    let behind = found.first_of_group.zip(group);
    Whereabouts {
        hidden: hidden(&found.delivery, found.visibility),
        receive_count: found.delivery.receive_count,
        behind: behind.map(|(first, group)| Behind {
            id: first.delivery.id,
            group: Arc::clone(&group),
            hidden: hidden(&first.delivery, first.visibility),
        }),
    }
}

fn hidden(delivery: &Delivery, visibility: Visibility) -> Hidden {
    match (visibility, delivery.hidden_until) {
        (Visibility::InFlight, Some(until)) => Hidden::InFlight(until),
        (Visibility::Delayed, Some(until)) => Hidden::Delayed(until),
        _ => Hidden::No,
    }
}
