//! The messages that a FIFO topic keeps for replays (`ArchivePolicy`).

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::message::Message;
use super::replays::Rest;
use super::subscriber::ReplayWindow;
use crate::clock::Timestamp;

const DAY: Duration = Duration::from_hours(24);

/// A topic's archive, in the order of publishing. Empty and closed where the topic has no policy.
#[derive(Debug, Default)]
pub(super) struct Archive {
    open: Option<Open>,
    messages: VecDeque<Arc<Message>>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    since: Timestamp,
    retention: Duration,
}

impl Archive {
    /// Keeps messages for this many days from now on, those already in the archive too. `None` closes the archive, which
    /// deletes them. (Archive policies for FIFO topics.)
    pub(super) fn set_days(&mut self, now: Timestamp, days: Option<u32>) {
        let Some(days) = days else {
            *self = Self::default();
            return;
        };
        // A longer archive does not bring back what the shorter one should have forgotten.
        self.forget(now);
        let since = self.open.map_or(now, |open| open.since);
        self.open = Some(Open {
            since,
            retention: DAY * days,
        });
        self.forget(now);
    }

    /// Keeps a message that was published just now, if the archive is open.
    pub(super) fn keep(&mut self, message: &Arc<Message>) {
        if self.open.is_some() {
            self.forget(message.published_at);
            self.messages.push_back(Arc::clone(message));
        }
    }

    /// The first moment that can be replayed (`BeginningArchiveTime`).
    pub(super) fn begins_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.open.map(|open| open.since.max(now - open.retention))
    }

    /// The messages of a window, both ends included, as far as they are published.
    pub(super) fn within(&mut self, now: Timestamp, window: &ReplayWindow) -> Option<Rest> {
        self.forget(now);
        let start = window.starting_point;
        let first = self
            .messages
            .partition_point(|message| message.published_at < start);
        Some(Rest {
            from: self.messages.get(first)?.sequence_number?,
            to: self.messages.back()?.sequence_number?,
            until: window.ending_point.unwrap_or(now).min(now),
        })
    }

    /// So many of the messages that are left to replay, which are taken out of `rest`.
    pub(super) fn take(
        &mut self,
        now: Timestamp,
        rest: &mut Option<Rest>,
        count: usize,
    ) -> Vec<Arc<Message>> {
        self.forget(now);
        let Some(Rest { from, to, until }) = *rest else {
            return Vec::new();
        };
        let first = self
            .messages
            .partition_point(|message| message.sequence_number < Some(from));
        let mut wanted = self.messages.range(first..).take_while(|message| {
            message.published_at <= until && message.sequence_number <= Some(to)
        });
        let taken = wanted.by_ref().take(count).cloned().collect();
        let next = wanted.next().and_then(|message| message.sequence_number);
        *rest = next.map(|from| Rest { from, to, until });
        taken
    }

    fn forget(&mut self, now: Timestamp) {
        let Some(begins_at) = self.begins_at(now) else {
            return;
        };
        while self
            .messages
            .pop_front_if(|message| message.published_at < begins_at)
            .is_some()
        {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, fifo_message};
    use super::*;
    use crate::aws::message::SequenceNumber;

    fn keep(archive: &mut Archive, seconds: u64) {
        let mut message = fifo_message(seconds, "g", "m");
        message.sequence_number = Some(SequenceNumber(seconds.into()));
        archive.keep(&Arc::new(message));
    }

    fn within(archive: &mut Archive, now: u64, start: u64, end: u64) -> Vec<u64> {
        let window = ReplayWindow {
            starting_point: at(start),
            ending_point: Some(at(end)),
        };
        let mut rest = archive.within(at(now), &window);
        let mut times = Vec::new();
        loop {
            let taken = archive.take(at(now), &mut rest, 2);
            assert_eq!(taken.len() < 2 || rest.is_none(), rest.is_none());
            times.extend(taken.iter().map(|message| message.published_at.as_secs()));
            if rest.is_none() {
                return times;
            }
        }
    }

    #[test]
    fn an_archive_keeps_what_comes_after_it_was_opened() {
        let mut archive = Archive::default();
        keep(&mut archive, 1);
        assert_eq!(archive.begins_at(at(1)), None);
        archive.set_days(at(2), Some(1));
        for seconds in [3, 4, 5] {
            keep(&mut archive, seconds);
        }
        assert_eq!(within(&mut archive, 10, 0, 9), [3, 4, 5]);
        assert_eq!(within(&mut archive, 10, 4, 4), [4]);
        assert_eq!(within(&mut archive, 4, 0, 9), [3, 4], "not the future");
        assert_eq!(archive.begins_at(at(10)), Some(at(2)));
    }

    #[test]
    fn a_longer_archive_brings_nothing_back() {
        let mut archive = Archive::default();
        archive.set_days(at(0), Some(1));
        keep(&mut archive, 10);
        archive.set_days(at(86_400 + 15), Some(30));
        assert_eq!(within(&mut archive, 90_000, 0, 90_000), [0; 0]);
    }

    #[test]
    fn messages_are_forgotten_after_their_days() {
        let mut archive = Archive::default();
        archive.set_days(at(0), Some(1));
        keep(&mut archive, 10);
        keep(&mut archive, 20);
        let later = 86_400 + 15;
        assert_eq!(archive.begins_at(at(later)), Some(at(15)));
        assert_eq!(within(&mut archive, later, 0, later).len(), 1);
        archive.set_days(at(later), None);
        assert_eq!(within(&mut archive, later, 0, later).len(), 0);
    }
}
