//! The core: the streams of one log group and their events. Pure and synchronous; time comes in as an argument.
//!
//! In reading order: [`Position`] is an event's place among all, `stream` the events of one log stream, `merged` those of
//! several in one order; here, all streams of a group. `limits` has the numbers.

mod limits;
mod merged;
mod position;
mod stream;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

pub(crate) use limits::EVENT_OVERHEAD;
use limits::{DAY_MILLIS, EXPIRED_TOGETHER};
pub(crate) use merged::{Direction, Window};
pub(crate) use position::Position;
pub(crate) use stream::{Event, Range, Stream};

/// All streams of a group.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    streams: BTreeMap<Arc<str>, Held>,
    /// The group is deleted: what would be added now would be lost.
    is_closed: bool,
    size: usize,
    /// Before which time events have been removed from all streams.
    kept_since: u64,
    /// The stream of what other services deliver, with its day since the Unix epoch.
    delivery_stream: Option<(u64, Arc<str>)>,
}

/// A stream with what is said of it.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) events: Stream,
    /// In milliseconds since the Unix epoch, as all times here.
    pub(crate) created_at: u64,
    pub(crate) last_ingested: Option<u64>,
    /// Where the event stood that arrived last.
    pub(crate) last_arrived: Option<Position>,
}

/// Why a stream is not made, or not written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    NoGroup,
    NoStream,
    StreamExists,
}

/// Which streams are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    All,
    Prefix(String),
    Named(Vec<String>),
}

impl Contents {
    /// Adds a stream.
    pub(crate) fn create(&mut self, name: &str, now: u64) -> Result<(), Refused> {
        if self.is_closed {
            return Err(Refused::NoGroup);
        }
        if self.streams.contains_key(name) {
            return Err(Refused::StreamExists);
        }
        let held = Held {
            events: Stream::default(),
            created_at: now,
            last_ingested: None,
            last_arrived: None,
        };
        self.streams.insert(name.into(), held);
        Ok(())
    }

    /// Removes a stream with its events.
    pub(crate) fn delete(&mut self, name: &str) -> Result<(), Refused> {
        let removed = self.streams.remove(name).ok_or(Refused::NoStream)?;
        self.size -= removed.events.size();
        Ok(())
    }

    /// The stream of this name.
    pub(crate) fn stream(&self, name: &str) -> Result<&Held, Refused> {
        self.streams.get(name).ok_or(Refused::NoStream)
    }

    /// Adds events to a stream. From time to time it removes those before `kept_since` from all streams, so that a group that
    /// is only written to gives their memory back.
    pub(crate) fn put<'e>(
        &mut self,
        name: &str,
        now: u64,
        kept_since: u64,
        events: impl Iterator<Item = Event<'e>>,
    ) -> Result<(), Refused> {
        if self.is_closed {
            return Err(Refused::NoGroup);
        }
        let held = self.streams.get_mut(name).ok_or(Refused::NoStream)?;
        for event in events {
            self.size += event.size();
            held.last_arrived = Some(event.position);
            held.last_ingested = Some(now);
            held.events.put(event);
        }
        if kept_since >= self.kept_since + EXPIRED_TOGETHER {
            self.expire(kept_since);
        }
        Ok(())
    }

    /// The stream of what other services deliver today, which is made if there is none yet; `draw` names it.
    pub(crate) fn delivery_stream(
        &mut self,
        now: u64,
        draw: impl FnOnce() -> String,
    ) -> Result<Arc<str>, Refused> {
        let today = now / DAY_MILLIS;
        match &self.delivery_stream {
            Some((day, name)) if *day == today && self.streams.contains_key(name) => {
                return Ok(name.clone());
            }
            _ => {}
        }
        let name: Arc<str> = draw().into();
        self.create(&name, now)?;
        self.delivery_stream = Some((today, name.clone()));
        Ok(name)
    }

    /// The streams whose names begin like this, in the order of these, after one of them.
    pub(crate) fn after<'s>(
        &'s self,
        prefix: &'s str,
        last: Option<&str>,
    ) -> impl Iterator<Item = (&'s Arc<str>, &'s Held)> {
        let start = match last {
            Some(last) if last >= prefix => Bound::Excluded(last),
            _ => Bound::Included(prefix),
        };
        let streams = self.streams.range::<str, _>((start, Bound::Unbounded));
        streams.take_while(move |(name, _)| name.starts_with(prefix))
    }

    /// The same from the last name to the first, before one of them. Passes over the streams with greater names.
    pub(crate) fn before<'s>(
        &'s self,
        prefix: &'s str,
        last: Option<&str>,
    ) -> impl Iterator<Item = (&'s Arc<str>, &'s Held)> {
        let end = last.map_or(Bound::Unbounded, Bound::Excluded);
        let start = Bound::Included(prefix);
        // A range must not end before its start.
        let has_any = last.is_none_or(|last| last > prefix);
        let streams = has_any.then(|| self.streams.range::<str, _>((start, end)).rev());
        let streams = streams.into_iter().flatten();
        streams.filter(move |(name, _)| name.starts_with(prefix))
    }

    /// The streams that are meant.
    fn selected<'s>(
        &'s self,
        selection: &'s Selection,
    ) -> Box<dyn Iterator<Item = (&'s Arc<str>, &'s Held)> + 's> {
        match selection {
            Selection::All => Box::new(self.streams.iter()),
            Selection::Prefix(prefix) => Box::new(self.after(prefix, None)),
            Selection::Named(names) => {
                let found = |name: &'s String| self.streams.get_key_value(name.as_str());
                Box::new(names.iter().filter_map(found))
            }
        }
    }

    /// Removes the events before a time from all streams.
    pub(crate) fn expire(&mut self, before: u64) {
        self.kept_since = before;
        let before = Position::at(before);
        for held in self.streams.values_mut() {
            if held.events.first().is_some_and(|first| first < before) {
                self.size -= held.events.remove_before(before);
            }
        }
    }

    /// How many bytes all events count for.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// Lets nothing in from now on.
    pub(crate) fn close(&mut self) {
        self.is_closed = true;
    }
}
