//! What a FIFO topic keeps of its messages for replays (`ArchivePolicy`).

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::message::Message;
use crate::clock::Timestamp;

const DAY: Duration = Duration::from_hours(24);

/// A topic's archive: in the order of publishing. Empty and closed where the topic has no policy.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    open: Option<Open>,
    messages: VecDeque<Arc<Message>>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    since: Timestamp,
    retention: Duration,
}

impl Archive {
    /// Keeps messages for this many days from now on, those that are there already too. `None` closes the archive, which
    /// deletes what is in it. (Archive policies for FIFO topics.)
    pub(crate) fn set_days(&mut self, now: Timestamp, days: Option<u32>) {
        let Some(days) = days else {
            *self = Self::default();
            return;
        };
        let since = self.open.map_or(now, |open| open.since);
        self.open = Some(Open {
            since,
            retention: DAY * days,
        });
        self.forget(now);
    }

    /// Keeps a message, if the archive is open.
    pub(crate) fn keep(&mut self, now: Timestamp, message: &Arc<Message>) {
        if self.open.is_some() {
            self.forget(now);
            self.messages.push_back(Arc::clone(message));
        }
    }

    /// The first moment that can be replayed (`BeginningArchiveTime`).
    pub(crate) fn begins_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.open.map(|open| open.since.max(now - open.retention))
    }

    /// The messages that were published between two moments, both included.
    pub(crate) fn between(
        &mut self,
        now: Timestamp,
        start: Timestamp,
        end: Timestamp,
    ) -> Vec<Arc<Message>> {
        self.forget(now);
        let first = self
            .messages
            .partition_point(|message| message.published_at < start);
        let wanted = self.messages.range(first..);
        wanted
            .take_while(|message| message.published_at <= end)
            .cloned()
            .collect()
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
    use super::*;
    use crate::services::sns::delivery::testing::message;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    fn published(seconds: u64) -> Arc<Message> {
        Arc::new(Message {
            published_at: at(seconds),
            ..message("m")
        })
    }

    fn keep(archive: &mut Archive, seconds: u64) {
        archive.keep(at(seconds), &published(seconds));
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
        let times = |archive: &mut Archive, start, end| {
            let messages = archive.between(at(10), at(start), at(end));
            messages
                .iter()
                .map(|message| message.published_at.as_secs())
                .collect::<Vec<_>>()
        };
        assert_eq!(times(&mut archive, 0, 9), [3, 4, 5]);
        assert_eq!(times(&mut archive, 4, 4), [4]);
        assert_eq!(archive.begins_at(at(10)), Some(at(2)));
    }

    #[test]
    fn messages_are_forgotten_after_their_days() {
        let mut archive = Archive::default();
        archive.set_days(at(0), Some(1));
        keep(&mut archive, 10);
        keep(&mut archive, 20);
        let later = at(86_400 + 15);
        assert_eq!(archive.begins_at(later), Some(at(15)));
        assert_eq!(archive.between(later, at(0), later).len(), 1);
        archive.set_days(later, None);
        assert_eq!(archive.between(later, at(0), later).len(), 0);
    }
}
