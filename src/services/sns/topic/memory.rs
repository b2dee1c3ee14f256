//! What a FIFO topic remembers of its messages.

use std::sync::Arc;

use super::archive::Archive;
use super::deduplication::{Deduplication, Original, ThroughputScope};
use super::message::Message;
use super::replays::{ReplayId, Replays, Turn};
use super::subscriber::ReplayWindow;
use crate::aws::message::SequenceNumber;
use crate::clock::Timestamp;
use crate::ids::Id;

/// A FIFO topic's memory: the deduplication ids of the last minutes, the last sequence number, the archive and its replays.
///
/// Time never runs backwards here: a caller that read the clock before it waited for the lock acts at the latest moment
/// that the topic has seen.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    latest: Timestamp,
    last_serial: u64,
    deduplication: Deduplication,
    archive: Archive,
    replays: Replays,
}

/// What became of a message that was published to a FIFO topic.
#[derive(Clone, Debug)]
pub(crate) enum Accepted {
    /// It is new: the message as it is delivered, with its sequence number.
    New(Arc<Message>),
    /// It repeats a message, and is not delivered: its publisher is answered with the ids of the original.
    Duplicate(Original),
}

impl Memory {
    /// Accepts a message at the time at which it says that it was published.
    pub(crate) fn accept(&mut self, scope: ThroughputScope, mut message: Message) -> Accepted {
        let now = self.advance(message.published_at);
        if let Some(original) = self.deduplication.original_of(now, scope, &message) {
            return Accepted::Duplicate(original);
        }
        self.last_serial += 1;
        let sequence_number = sequence_number(self.last_serial);
        self.deduplication
            .remember(now, scope, &message, sequence_number);
        message.published_at = now;
        message.sequence_number = Some(sequence_number);
        let message = Arc::new(message);
        self.archive.keep(&message);
        Accepted::New(message)
    }

    /// Keeps messages for this many days from now on; `None` closes the archive.
    pub(crate) fn set_archive_days(&mut self, now: Timestamp, days: Option<u32>) {
        let now = self.advance(now);
        self.archive.set_days(now, days);
    }

    /// The first moment that can be replayed, where there is an archive.
    pub(crate) fn archive_begins_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.archive.begins_at(now.max(self.latest))
    }

    /// Begins the replay of a window of the archive for a subscription, in place of its last one, or of nothing but what
    /// that one held back.
    pub(crate) fn begin_replay(
        &mut self,
        now: Timestamp,
        subscription: Id,
        window: Option<&ReplayWindow>,
    ) -> (Option<ReplayId>, Vec<Arc<Message>>) {
        let now = self.advance(now);
        let held_back = self.replays.end(subscription);
        let rest = window.and_then(|window| self.archive.within(now, window));
        let begun = rest.map(|rest| self.replays.begin(subscription, rest));
        (begun, held_back)
    }

    /// The next part of a replay, of at most `count` messages. Nothing if it is over: then messages are no longer held back.
    pub(crate) fn next_turn(
        &mut self,
        now: Timestamp,
        replay: ReplayId,
        count: usize,
    ) -> Option<Turn> {
        let now = self.advance(now);
        let under_way = self.replays.get(replay)?;
        let archived = self.archive.take(now, &mut under_way.rest, count);
        // Those come after the whole replay.
        let room = if under_way.rest.is_none() {
            count - archived.len()
        } else {
            0
        };
        let held_back = &mut under_way.held_back;
        let held_back: Vec<_> = held_back.drain(..room.min(held_back.len())).collect();
        if archived.is_empty() && held_back.is_empty() {
            self.replays.end(replay.subscription());
            return None;
        }
        Some(Turn {
            archived,
            held_back,
        })
    }

    /// Whether a replay is still under way.
    pub(crate) fn is_replaying(&mut self, replay: ReplayId) -> bool {
        self.replays.get(replay).is_some()
    }

    /// Ends a replay whose subscription is gone.
    pub(crate) fn end_replay(&mut self, replay: ReplayId) {
        if self.is_replaying(replay) {
            self.replays.end(replay.subscription());
        }
    }

    /// Holds a message back from a subscription that has a replay; false if it has none.
    pub(crate) fn hold_back(&mut self, subscription: Id, message: &Arc<Message>) -> bool {
        self.replays.hold_back(subscription, message)
    }

    fn advance(&mut self, now: Timestamp) -> Timestamp {
        self.latest = self.latest.max(now);
        self.latest
    }
}

/// Twenty digits, rising, not consecutive, as AWS's are.
fn sequence_number(serial: u64) -> SequenceNumber {
    const FIRST: u128 = 10_000_000_000_000_000_000;
    SequenceNumber(FIRST + 4096 * u128::from(serial))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        TestSubscriber, at, fifo_message, new, policy, replay, subscriber,
    };
    use super::super::{Accepted, ReplayWindow, ThroughputScope};
    use super::*;

    #[test]
    fn sequence_numbers_rise_and_duplicates_get_none_of_their_own() {
        let mut memory = Memory::default();
        let first = new(memory.accept(ThroughputScope::Topic, fifo_message(0, "g", "a")));
        let again = memory.accept(ThroughputScope::Topic, fifo_message(1, "g", "a"));
        assert!(
            matches!(again, Accepted::Duplicate(Original { id, sequence_number })
            if id == first.id && Some(sequence_number) == first.sequence_number)
        );
        let second = new(memory.accept(ThroughputScope::Topic, fifo_message(2, "g", "b")));
        let numbers = [first, second].map(|message| message.sequence_number.expect("a number"));
        assert!(numbers[0] < numbers[1]);
        assert_eq!(numbers[0].to_string().len(), 20);
    }

    #[test]
    fn a_message_that_waited_for_the_lock_is_published_when_its_turn_comes() {
        let mut memory = Memory::default();
        memory.accept(ThroughputScope::Topic, fifo_message(10, "g", "a"));
        let late = new(memory.accept(ThroughputScope::Topic, fifo_message(9, "g", "b")));
        assert_eq!(late.published_at, at(10));
    }

    fn replayed(memory: &mut Memory, one: &TestSubscriber) -> Vec<Arc<Message>> {
        replay(memory, at(4), one)
    }

    #[test]
    fn what_is_published_during_a_replay_comes_after_it() {
        let mut memory = Memory::default();
        memory.set_archive_days(at(0), Some(1));
        for id in ["a", "b", "c"] {
            memory.accept(ThroughputScope::Topic, fifo_message(1, "g", id));
        }
        let id = subscriber(1).id;
        let window = ReplayWindow {
            starting_point: at(0),
            ending_point: None,
        };
        let publish = |memory: &mut Memory, id_of_message| {
            let message =
                memory.accept(ThroughputScope::Topic, fifo_message(2, "g", id_of_message));
            memory.hold_back(id, &new(message))
        };
        assert!(!publish(&mut memory, "before"));
        let (replay, _) = memory.begin_replay(at(2), id, Some(&window));
        let replay = replay.expect("there is something");
        let mut shown = Vec::new();
        for live in ["d", "e", "f", "g", "h"] {
            if !publish(&mut memory, live) {
                shown.push(format!("live {live}"));
            }
            let Some(turn) = memory.next_turn(at(3), replay, 2) else {
                continue;
            };
            let ids = |messages: &[Arc<Message>]| {
                let ids = messages.iter().map(|one| one.deduplication_id.as_deref());
                ids.map(Option::unwrap_or_default)
                    .collect::<Vec<_>>()
                    .join(",")
            };
            shown.push(format!("{}; {}", ids(&turn.archived), ids(&turn.held_back)));
        }
        let expected = ["a,b; ", "c,before; ", "; d,e", "; f,g", "; h"];
        assert_eq!(shown, expected);
        assert!(memory.is_replaying(replay));
        assert!(memory.next_turn(at(3), replay, 2).is_none());
        assert!(!publish(&mut memory, "i"));
    }

    #[test]
    fn another_replay_takes_the_place_of_the_last_one() {
        let mut memory = Memory::default();
        memory.set_archive_days(at(0), Some(1));
        let id = subscriber(1).id;
        let window = ReplayWindow {
            starting_point: at(0),
            ending_point: None,
        };
        assert!(memory.begin_replay(at(0), id, Some(&window)).0.is_none());
        memory.accept(ThroughputScope::Topic, fifo_message(1, "g", "a"));
        let begin = |memory: &mut Memory, window| memory.begin_replay(at(2), id, window);
        let (first, _) = begin(&mut memory, Some(&window));
        let live = new(memory.accept(ThroughputScope::Topic, fifo_message(2, "g", "b")));
        assert!(memory.hold_back(id, &live));
        assert!(!memory.hold_back(subscriber(2).id, &live));
        let (second, held_back) = begin(&mut memory, Some(&window));
        assert_eq!(held_back.len(), 1);
        let [first, second] = [first, second].map(|replay| replay.expect("a message"));
        assert!(memory.next_turn(at(2), first, 10).is_none());
        memory.end_replay(first);
        assert!(memory.is_replaying(second));
        let turn = memory.next_turn(at(2), second, 10).expect("both");
        assert_eq!((turn.archived.len(), turn.held_back.len()), (2, 0));
        assert!(memory.hold_back(id, &live));
        assert_eq!(begin(&mut memory, None).1.len(), 1);
        assert!(!memory.hold_back(id, &live));
    }

    #[test]
    fn a_replay_obeys_window_and_filter_policy() {
        let mut memory = Memory::default();
        memory.set_archive_days(at(0), Some(1));
        for (seconds, id) in [(1, "a"), (2, "b"), (3, "c")] {
            memory.accept(ThroughputScope::Topic, fifo_message(seconds, "g", id));
        }
        let mut one = subscriber(1);
        assert_eq!(replayed(&mut memory, &one).len(), 0, "no window");
        one.replay_window = Some(ReplayWindow {
            starting_point: at(2),
            ending_point: None,
        });
        assert_eq!(replayed(&mut memory, &one).len(), 2);
        one.filter_policy = Some(policy(r#"{"id":["c"]}"#));
        let replayed = replayed(&mut memory, &one);
        assert_eq!(replayed[0].published_at, at(3));
        assert_eq!(replayed.len(), 1);
        assert_eq!(memory.archive_begins_at(at(4)), Some(at(0)));
    }
}
