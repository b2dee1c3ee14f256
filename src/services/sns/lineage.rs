//! Which message's delivery published a message: a subscription may lead back to topiq, and feed itself without end.
//!
//! AWS passes such a lineage on in its trace header. Here every request of a delivery names its message already
//! (`x-amz-sns-message-id`), so that nothing is added to what endpoints get.

use std::collections::{HashMap, VecDeque};

use parking_lot::Mutex;

use super::error::Error;
use crate::aws::Caller;
use crate::ids::{Id, MessageId};

/// How many deliveries may follow from each other: as many as AWS Lambda lets an event go round.
const HOPS: u32 = 16;

/// How many messages may follow from one. With two subscriptions that feed a topic, each hop doubles them.
const DESCENDANTS: u32 = 1000;

/// How many messages are remembered; only those count that a delivery published, and those that these follow from.
const REMEMBERED: usize = 20_000;

/// The messages that were published by deliveries.
#[derive(Debug, Default)]
pub(crate) struct Lineage(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    links: HashMap<MessageId, Link>,
    /// In the order in which they were remembered.
    order: VecDeque<MessageId>,
    /// How many messages follow from each first one.
    descendants: HashMap<MessageId, u32>,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    /// The first message of the chain.
    first: MessageId,
    hops: u32,
}

impl Lineage {
    /// Remembers what a message follows from, if a delivery of SNS's is what sends it. Refuses it at the end of a chain:
    /// then the delivery has failed, and what it brought goes to the dead-letter queue.
    pub(crate) fn follow(&self, caller: &Caller<'_>, message: MessageId) -> Result<(), Error> {
        match caller.delivered_message.and_then(Id::parse) {
            Some(cause) => self.0.lock().follow(cause, message),
            None => Ok(()),
        }
    }
}

impl Known {
    fn follow(&mut self, cause: MessageId, message: MessageId) -> Result<(), Error> {
        let Link { first, hops } = self.links.get(&cause).copied().unwrap_or(Link {
            first: cause,
            hops: 0,
        });
        if hops == 0 {
            self.remember(cause, Link { first, hops });
        }
        let hops = hops + 1;
        let descendants = self.descendants.entry(first).or_default();
        *descendants += 1;
        if hops > HOPS || *descendants > DESCENDANTS {
            return Err(Error::NotAuthorized(format!(
                "topiq stopped a loop: the delivery of message {cause} would send another one, after {HOPS} hops or \
                 {DESCENDANTS} messages since message {first}"
            )));
        }
        self.remember(message, Link { first, hops });
        Ok(())
    }

    fn remember(&mut self, message: MessageId, link: Link) {
        if self.links.insert(message, link).is_none() {
            self.order.push_back(message);
        }
        while self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.links.remove(&oldest);
            self.descendants.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> MessageId {
        Id::from_u128(number)
    }

    #[test]
    fn a_chain_ends_after_its_hops() {
        let mut known = Known::default();
        for hop in 0..u128::from(HOPS) {
            known.follow(id(hop), id(hop + 1)).unwrap();
        }
        let end = u128::from(HOPS);
        let refused = known.follow(id(end), id(end + 1)).unwrap_err();
        assert!(refused.to_string().contains("stopped a loop"), "{refused}");
        // Another chain is not concerned, and neither is another message early in this one.
        known.follow(id(1000), id(1001)).unwrap();
        known.follow(id(3), id(1002)).unwrap();
    }

    #[test]
    fn a_chain_that_branches_ends_too() {
        let mut known = Known::default();
        let mut next = 1;
        let mut front = vec![id(0)];
        let mut published = 0;
        while !front.is_empty() {
            let mut children = Vec::new();
            for cause in front.into_iter().flat_map(|cause| [cause; 3]) {
                if known.follow(cause, id(next)).is_ok() {
                    children.push(id(next));
                    published += 1;
                    next += 1;
                }
            }
            front = children;
        }
        assert_eq!(published, DESCENDANTS);
    }

    #[test]
    fn only_so_many_messages_are_remembered() {
        let mut known = Known::default();
        for number in 0..u128::try_from(REMEMBERED).unwrap() {
            known.follow(id(2 * number), id(2 * number + 1)).unwrap();
        }
        assert_eq!(known.links.len(), REMEMBERED);
        assert_eq!(known.order.len(), REMEMBERED);
        assert_eq!(known.descendants.len(), REMEMBERED / 2);
    }
}
