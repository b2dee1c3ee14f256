//! Which messages of the last minutes a FIFO topic has seen.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::message::Message;
use crate::aws::message::SequenceNumber;
use crate::clock::Timestamp;
use crate::ids::MessageId;

/// How long an id is remembered. (Message deduplication for FIFO topics.)
const WINDOW: Duration = Duration::from_mins(5);

/// What deduplication ids are compared over (`FifoThroughputScope`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ThroughputScope {
    Topic,
    MessageGroup,
}

impl ThroughputScope {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Topic => "Topic",
            Self::MessageGroup => "MessageGroup",
        }
    }
}

/// The message that a duplicate repeats: its publisher is answered with these ids (recorded).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Original {
    pub(crate) id: MessageId,
    pub(crate) sequence_number: SequenceNumber,
}

/// By what a message is a duplicate: its group, where ids count in their group only, and its id.
type Key = (Option<Arc<str>>, Arc<str>);

/// The deduplication ids of the last five minutes.
#[derive(Debug, Default)]
pub(super) struct Deduplication {
    seen: HashMap<Key, Original>,
    /// The keys in the order in which they are forgotten.
    order: VecDeque<(Timestamp, Key)>,
}

impl Deduplication {
    /// The message that this one repeats.
    pub(super) fn original_of(
        &mut self,
        now: Timestamp,
        scope: ThroughputScope,
        message: &Message,
    ) -> Option<Original> {
        self.forget(now);
        self.seen.get(&key(scope, message)?).copied()
    }

    /// Remembers a message under the scope that holds now. Another scope later does not change that.
    pub(super) fn remember(
        &mut self,
        now: Timestamp,
        scope: ThroughputScope,
        message: &Message,
        sequence_number: SequenceNumber,
    ) {
        let Some(key) = key(scope, message) else {
            return;
        };
        let original = Original {
            id: message.id,
            sequence_number,
        };
        self.seen.insert(key.clone(), original);
        self.order.push_back((now, key));
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((_, key)) = self
            .order
            .pop_front_if(|(accepted, _)| *accepted + WINDOW <= now)
        {
            self.seen.remove(&key);
        }
    }
}

/// None for a message without a deduplication id, which repeats nothing.
fn key(scope: ThroughputScope, message: &Message) -> Option<Key> {
    let group_id = match scope {
        ThroughputScope::Topic => None,
        ThroughputScope::MessageGroup => message.group_id.clone(),
    };
    Some((group_id, message.deduplication_id.clone()?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, fifo_message};
    use super::*;

    /// Sends a message; whether it is a duplicate.
    fn is_duplicate(
        deduplication: &mut Deduplication,
        seconds: u64,
        scope: ThroughputScope,
        group: &str,
        id: &str,
    ) -> bool {
        let message = fifo_message(seconds, group, id);
        let found = deduplication.original_of(at(seconds), scope, &message);
        if found.is_none() {
            let number = SequenceNumber(seconds.into());
            deduplication.remember(at(seconds), scope, &message, number);
        }
        found.is_some()
    }

    #[test]
    fn ids_are_remembered_for_five_minutes() {
        let mut seen = Deduplication::default();
        let topic = ThroughputScope::Topic;
        assert!(!is_duplicate(&mut seen, 0, topic, "g", "a"));
        assert!(is_duplicate(&mut seen, 299, topic, "other", "a"));
        let original = seen.original_of(at(299), topic, &fifo_message(299, "g", "a"));
        let first = fifo_message(0, "g", "a").id;
        assert_eq!(
            original,
            Some(Original {
                id: first,
                sequence_number: SequenceNumber(0)
            })
        );
        assert!(!is_duplicate(&mut seen, 300, topic, "g", "a"));
        assert_eq!((seen.seen.len(), seen.order.len()), (1, 1));
    }

    #[test]
    fn groups_have_ids_of_their_own_where_the_scope_says_so() {
        let mut seen = Deduplication::default();
        let group = ThroughputScope::MessageGroup;
        assert!(!is_duplicate(&mut seen, 0, group, "g", "a"));
        assert!(!is_duplicate(&mut seen, 1, group, "h", "a"));
        assert!(is_duplicate(&mut seen, 2, group, "g", "a"));
    }

    #[test]
    fn a_message_without_an_id_repeats_nothing() {
        let mut seen = Deduplication::default();
        let mut message = fifo_message(0, "g", "a");
        message.deduplication_id = None;
        let topic = ThroughputScope::Topic;
        seen.remember(at(0), topic, &message, SequenceNumber(1));
        assert_eq!(seen.original_of(at(0), topic, &message), None);
    }
}
