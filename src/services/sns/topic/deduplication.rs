//! What a FIFO topic remembers of its messages: which deduplication ids it has seen, and the last sequence number.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::archive::Archive;
use crate::aws::message::SequenceNumber;
use crate::clock::Timestamp;
use crate::ids::MessageId;
use crate::services::sns::limits;
use crate::services::sns::topic_attributes::ThroughputScope;

/// What a duplicate is answered with: the ids of the message that it repeats (recorded).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) id: MessageId,
    pub(crate) sequence_number: SequenceNumber,
    pub(crate) is_duplicate: bool,
}

/// By what a message is a duplicate: its id, and its group where ids count in their group only.
type Key = (Option<Arc<str>>, Arc<str>);

/// A FIFO topic's memory. It forgets an id five minutes after it was accepted.
#[derive(Debug, Default)]
pub(crate) struct Fifo {
    pub(crate) archive: Archive,
    last_serial: u64,
    seen: HashMap<Key, (MessageId, SequenceNumber)>,
    /// The keys in the order in which they are forgotten.
    order: VecDeque<(Timestamp, Key)>,
}

impl Fifo {
    /// Accepts a message that gets the id `id`, unless it is a duplicate of one of the last five minutes. The scope that
    /// held when an id was accepted is the one by which it is remembered.
    pub(crate) fn accept(
        &mut self,
        now: Timestamp,
        id: MessageId,
        scope: ThroughputScope,
        group_id: &Arc<str>,
        deduplication_id: &Arc<str>,
    ) -> Accepted {
        self.forget(now);
        let group = (scope == ThroughputScope::MessageGroup).then(|| group_id.clone());
        let key = (group, deduplication_id.clone());
        if let Some(&(id, sequence_number)) = self.seen.get(&key) {
            return Accepted {
                id,
                sequence_number,
                is_duplicate: true,
            };
        }
        self.last_serial += 1;
        let sequence_number = sequence_number(self.last_serial);
        self.seen.insert(key.clone(), (id, sequence_number));
        self.order.push_back((now, key));
        Accepted {
            id,
            sequence_number,
            is_duplicate: false,
        }
    }

    fn forget(&mut self, now: Timestamp) {
        let window = Duration::from_secs(limits::DEDUPLICATION_SECONDS);
        while let Some((_, key)) = self
            .order
            .pop_front_if(|(accepted, _)| *accepted + window <= now)
        {
            self.seen.remove(&key);
        }
    }
}

/// Twenty digits, rising, not consecutive, as AWS's are.
fn sequence_number(serial: u64) -> SequenceNumber {
    const FIRST: u128 = 10_000_000_000_000_000_000;
    SequenceNumber(FIRST + 4096 * u128::from(serial))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(
        fifo: &mut Fifo,
        seconds: u64,
        scope: ThroughputScope,
        group: &str,
        id: &str,
    ) -> Accepted {
        let now = Timestamp::from_secs(seconds);
        let number = MessageId::from_u128(u128::from(seconds) + 1);
        fifo.accept(now, number, scope, &group.into(), &id.into())
    }

    #[test]
    fn duplicates_get_the_ids_of_the_original_for_five_minutes() {
        let mut fifo = Fifo::default();
        let topic = ThroughputScope::Topic;
        let first = accept(&mut fifo, 0, topic, "g", "a");
        let again = accept(&mut fifo, 299, topic, "other", "a");
        assert!(again.is_duplicate);
        assert_eq!(
            (again.id, again.sequence_number),
            (first.id, first.sequence_number)
        );
        let later = accept(&mut fifo, 300, topic, "g", "a");
        assert!(!later.is_duplicate);
        assert!(later.sequence_number > first.sequence_number);
        assert_eq!(later.sequence_number.to_string().len(), 20);
        assert_eq!((fifo.seen.len(), fifo.order.len()), (1, 1));
    }

    #[test]
    fn groups_have_ids_of_their_own_where_the_scope_says_so() {
        let mut fifo = Fifo::default();
        let group = ThroughputScope::MessageGroup;
        accept(&mut fifo, 0, group, "g", "a");
        assert!(!accept(&mut fifo, 1, group, "h", "a").is_duplicate);
        assert!(accept(&mut fifo, 2, group, "g", "a").is_duplicate);
    }
}
