//! The events of one log stream, in chunks.

use std::collections::VecDeque;

use super::limits::{CHUNK_BYTES, CHUNK_EVENTS, EVENT_OVERHEAD};
use super::position::Position;

/// The events of a stream in the order of their positions.
///
/// They usually come in that order, and are added to the last chunk. One that is late moves the events of one chunk.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    /// None of them empty.
    chunks: VecDeque<Chunk>,
}

/// An event as it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event<'a> {
    pub(crate) position: Position,
    /// When it arrived, in milliseconds since the Unix epoch.
    pub(crate) ingested: u64,
    pub(crate) message: &'a str,
}

impl Event<'_> {
    /// The bytes that it counts for: pages, batches and what is stored are counted alike.
    pub(crate) const fn size(&self) -> usize {
        self.message.len() + EVENT_OVERHEAD
    }
}

/// Some events that follow each other, with their messages in one text.
#[derive(Debug, Default)]
struct Chunk {
    heads: Vec<Head>,
    messages: String,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    position: Position,
    ingested: u64,
    /// Where its message ends; it begins where that of the event before ends.
    end: usize,
}

impl Chunk {
    fn first(&self) -> Position {
        self.heads
            .first()
            .map(|head| head.position)
            .unwrap_or_default()
    }

    fn last(&self) -> Position {
        self.heads
            .last()
            .map(|head| head.position)
            .unwrap_or_default()
    }

    fn start_of(&self, index: usize) -> usize {
        index
            .checked_sub(1)
            .map_or(0, |before| self.heads[before].end)
    }

    fn event(&self, index: usize) -> Event<'_> {
        let Head {
            position,
            ingested,
            end,
        } = self.heads[index];
        Event {
            position,
            ingested,
            message: &self.messages[self.start_of(index)..end],
        }
    }

    fn has_room(&self, message: &str) -> bool {
        self.heads.len() < CHUNK_EVENTS && self.messages.len() + message.len() <= CHUNK_BYTES
    }

    fn index_of(&self, position: Position) -> usize {
        self.heads.partition_point(|head| head.position < position)
    }

    fn insert(&mut self, event: Event<'_>) {
        let index = self.index_of(event.position);
        let start = self.start_of(index);
        let length = event.message.len();
        self.messages.insert_str(start, event.message);
        let head = Head {
            position: event.position,
            ingested: event.ingested,
            end: start + length,
        };
        self.heads.insert(index, head);
        for later in &mut self.heads[index + 1..] {
            later.end += length;
        }
    }

    /// Takes the events from an index on out of it.
    fn split_off(&mut self, index: usize) -> Self {
        let start = self.start_of(index);
        let mut heads = self.heads.split_off(index);
        for head in &mut heads {
            head.end -= start;
        }
        let messages = self.messages.split_off(start);
        self.fit();
        Self { heads, messages }
    }

    /// Gives back the memory that was meant for further events.
    fn fit(&mut self) {
        self.heads.shrink_to_fit();
        self.messages.shrink_to_fit();
    }

    fn size(&self) -> usize {
        self.messages.len() + self.heads.len() * EVENT_OVERHEAD
    }
}

impl Stream {
    /// Adds an event.
    pub(crate) fn put(&mut self, event: Event<'_>) {
        let after = self
            .chunks
            .partition_point(|chunk| chunk.first() <= event.position);
        let index = after.saturating_sub(1);
        let Some(chunk) = self.chunks.get_mut(index) else {
            self.chunks.push_back(Chunk::default());
            self.chunks[0].insert(event);
            return;
        };
        if !chunk.has_room(event.message) {
            // Behind all others in the last chunk is the usual place: the full one stays as it is.
            let split = chunk.index_of(event.position);
            if split > 0 {
                let rest = chunk.split_off(split);
                if !rest.heads.is_empty() {
                    self.chunks.insert(index + 1, rest);
                }
                self.chunks.insert(index + 1, Chunk::default());
                self.chunks[index + 1].insert(event);
            } else {
                self.chunks.insert(index, Chunk::default());
                self.chunks[index].insert(event);
            }
            return;
        }
        chunk.insert(event);
    }

    /// The first event's position.
    pub(crate) fn first(&self) -> Option<Position> {
        self.chunks.front().map(Chunk::first)
    }

    /// The last event's position.
    pub(crate) fn last(&self) -> Option<Position> {
        self.chunks.back().map(Chunk::last)
    }

    /// The events from a position on, and before another.
    pub(crate) fn range(&self, from: Position, to: Position) -> Range<'_> {
        Range {
            stream: self,
            front: self.cursor(from),
            back: self.cursor(to),
        }
    }

    /// Removes the events before a position. Returns how many bytes they counted for.
    pub(crate) fn remove_before(&mut self, position: Position) -> usize {
        let mut removed = 0;
        while let Some(chunk) = self.chunks.front_mut() {
            if chunk.first() >= position {
                break;
            }
            if chunk.last() < position {
                removed += chunk.size();
                self.chunks.pop_front();
                continue;
            }
            let rest = chunk.split_off(chunk.index_of(position));
            removed += chunk.size();
            self.chunks.pop_front();
            if !rest.heads.is_empty() {
                self.chunks.push_front(rest);
                break;
            }
        }
        removed
    }

    /// How many bytes all events count for.
    pub(crate) fn size(&self) -> usize {
        self.chunks.iter().map(Chunk::size).sum()
    }

    fn cursor(&self, position: Position) -> (usize, usize) {
        let chunk = self.chunks.partition_point(|chunk| chunk.last() < position);
        let index = self.chunks.get(chunk).map(|chunk| chunk.index_of(position));
        (chunk, index.unwrap_or_default())
    }
}

/// Events of a stream, from both ends.
#[derive(Clone, Debug)]
pub(crate) struct Range<'a> {
    stream: &'a Stream,
    /// Chunk and index of the next event.
    front: (usize, usize),
    /// Those of the first event behind.
    back: (usize, usize),
}

impl<'a> Iterator for Range<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.front >= self.back {
            return None;
        }
        let (place, index) = self.front;
        let chunk = &self.stream.chunks[place];
        self.front = if index + 1 == chunk.heads.len() {
            (place + 1, 0)
        } else {
            (place, index + 1)
        };
        Some(chunk.event(index))
    }
}

impl DoubleEndedIterator for Range<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if self.front >= self.back {
            return None;
        }
        let (place, index) = self.back;
        self.back = match index.checked_sub(1) {
            Some(index) => (place, index),
            None => (place - 1, self.stream.chunks[place - 1].heads.len() - 1),
        };
        let (place, index) = self.back;
        Some(self.stream.chunks[place].event(index))
    }
}
