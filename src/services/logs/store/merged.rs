//! The events of several streams in one order.

use std::collections::BinaryHeap;
use std::sync::Arc;

use super::position::Position;
use super::stream::{Event, Range};
use super::{Contents, Selection};

/// Which events come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// The earliest.
    Forward,
    /// The latest.
    Backward,
}

/// The events that are still to be looked at: from a position on, and before another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: Position,
    pub(crate) to: Position,
    pub(crate) direction: Direction,
}

impl Window {
    /// The window without an event that was looked at, and all before it in its direction.
    pub(crate) const fn beyond(self, seen: Position) -> Self {
        match self.direction {
            Direction::Forward => Self {
                from: seen.next(),
                ..self
            },
            Direction::Backward => Self { to: seen, ..self },
        }
    }

    /// Takes the next event of a stream.
    fn next<'s>(self, range: &mut Range<'s>) -> Option<Event<'s>> {
        match self.direction {
            Direction::Forward => range.next(),
            Direction::Backward => range.next_back(),
        }
    }

    /// What the largest of is next.
    const fn rank(self, position: Position) -> (u64, u64) {
        let Position { timestamp, serial } = position;
        match self.direction {
            Direction::Forward => (!timestamp, !serial),
            Direction::Backward => (timestamp, serial),
        }
    }
}

/// The next event of each stream that has one, by rank. Each costs the logarithm of the number of streams.
#[derive(Debug)]
struct Merged<'s> {
    window: Window,
    heap: BinaryHeap<((u64, u64), usize)>,
    streams: Vec<(&'s Arc<str>, Range<'s>, Event<'s>)>,
}

impl<'s> Iterator for Merged<'s> {
    type Item = (&'s Arc<str>, Event<'s>);

    fn next(&mut self) -> Option<Self::Item> {
        let (_, index) = self.heap.pop()?;
        let (name, range, event) = &mut self.streams[index];
        let (name, found) = (*name, *event);
        if let Some(next) = self.window.next(range) {
            *event = next;
            self.heap.push((self.window.rank(next.position), index));
        }
        Some((name, found))
    }
}

impl Contents {
    /// The events of these streams within a window, with the names of their streams. To begin looks at every stream.
    pub(crate) fn merged<'s>(
        &'s self,
        selection: &'s Selection,
        window: Window,
    ) -> impl Iterator<Item = (&'s Arc<str>, Event<'s>)> {
        let mut merged = Merged {
            window,
            heap: BinaryHeap::new(),
            streams: Vec::new(),
        };
        for (name, held) in self.selected(selection) {
            let mut range = held.events.range(window.from, window.to);
            if let Some(event) = window.next(&mut range) {
                let index = merged.streams.len();
                merged.heap.push((window.rank(event.position), index));
                merged.streams.push((name, range, event));
            }
        }
        merged
    }
}
