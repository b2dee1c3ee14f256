//! The messages of a queue, by their serial, and which of them has been kept longest.
//!
//! A serial is a message's number in its queue, given in order of arrival and never again: the first message in the
//! store is the one that came first, and a FIFO queue's sequence numbers are made of it.
//!
//! As serials follow each other, the store is a row of chunks of [`serials::CHUNK`] places, and only finding a chunk costs a
//! search. The latest chunk stands apart: a send goes there, and in a queue that is kept short so does all else.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Index, IndexMut};

use super::serials::{self, Place};
use super::stored::Message;
use crate::clock::Timestamp;

/// All messages of a queue.
#[derive(Debug, Default)]
pub(super) struct Messages {
    /// The chunks before the latest, by number; each has a message. In a tree, so that their memory goes as messages go.
    earlier: BTreeMap<u64, Chunk>,
    latest: Chunk,
    /// The number of the latest chunk.
    latest_number: u64,
    len: usize,
    /// Those that are kept since before they arrived, in the order of their expiry: a standard queue's dead letters.
    /// All others expire in the order of their serials.
    backdated: BTreeSet<(Timestamp, u64)>,
}

/// The messages whose serials have a chunk's number.
#[derive(Debug, Default)]
struct Chunk {
    /// Which places have a message.
    present: u64,
    /// By place. Boxed, so that a place without a message costs little.
    messages: Vec<Option<Box<Message>>>,
}

impl Messages {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds a message that came after all others, at `now`.
    pub(super) fn insert(&mut self, now: Timestamp, serial: u64, message: Message) {
        if message.kept_since < now {
            self.backdated.insert((message.kept_since, serial));
        }
        let place = Place::of(serial);
        if place.chunk != self.latest_number {
            self.begin_chunk(place.chunk);
        }
        self.latest.push(place, Box::new(message));
        self.len += 1;
    }

    pub(super) fn find(&self, serial: u64) -> Option<&Message> {
        let place = Place::of(serial);
        let chunk = if place.chunk == self.latest_number {
            &self.latest
        } else {
            self.earlier.get(&place.chunk)?
        };
        chunk.messages.get(place.index)?.as_deref()
    }

    pub(super) fn find_mut(&mut self, serial: u64) -> Option<&mut Message> {
        let place = Place::of(serial);
        let chunk = if place.chunk == self.latest_number {
            &mut self.latest
        } else {
            self.earlier.get_mut(&place.chunk)?
        };
        chunk.messages.get_mut(place.index)?.as_deref_mut()
    }

    pub(super) fn remove(&mut self, serial: u64) -> Option<Message> {
        let place = Place::of(serial);
        let message = if place.chunk == self.latest_number {
            self.latest.take(place)?
        } else {
            let chunk = self.earlier.get_mut(&place.chunk)?;
            let message = chunk.take(place)?;
            if chunk.present == 0 {
                self.earlier.remove(&place.chunk);
            }
            message
        };
        self.len -= 1;
        if !self.backdated.is_empty() {
            self.backdated.remove(&(message.kept_since, serial));
        }
        Some(*message)
    }

    /// The message that has been kept longest.
    pub(super) fn longest_kept(&self) -> Option<(Timestamp, u64)> {
        let (number, chunk) = match self.earlier.first_key_value() {
            Some((number, chunk)) => (*number, chunk),
            None => (self.latest_number, &self.latest),
        };
        let first = chunk.first().map(|index| {
            let kept_since = chunk.messages[index].as_ref()?.kept_since;
            Some((kept_since, serials::serial(number, index)))
        });
        let first = first.flatten();
        match self.backdated.first() {
            None => first,
            Some(&backdated) => first.into_iter().chain([backdated]).min(),
        }
    }

    /// The messages from the serial `from` on, in order.
    pub(super) fn from(&self, from: u64) -> impl Iterator<Item = (u64, &Message)> {
        let earlier = self.earlier.range(Place::of(from).chunk..);
        let earlier = earlier.map(|(&number, chunk)| (number, chunk));
        let chunks = earlier.chain([(self.latest_number, &self.latest)]);
        chunks
            .flat_map(|(number, chunk)| {
                let places = chunk.messages.iter().enumerate();
                places.filter_map(move |(index, message)| {
                    Some((serials::serial(number, index), message.as_deref()?))
                })
            })
            .filter(move |(serial, _)| *serial >= from)
    }

    /// The messages kept since after `moment`, the latest first; only for queues without backdated messages.
    pub(super) fn kept_since_after(
        &self,
        moment: Timestamp,
    ) -> impl Iterator<Item = (u64, &Message)> {
        debug_assert!(self.backdated.is_empty(), "serials are in order of time");
        let earlier = self.earlier.iter().map(|(&number, chunk)| (number, chunk));
        let chunks = earlier.chain([(self.latest_number, &self.latest)]).rev();
        chunks
            .flat_map(|(number, chunk)| {
                let places = chunk.messages.iter().enumerate().rev();
                places.filter_map(move |(index, message)| {
                    Some((serials::serial(number, index), message.as_deref()?))
                })
            })
            .take_while(move |(_, message)| message.kept_since > moment)
    }

    /// Makes the chunk with this number the latest; the one that was is put with the others, or used again if it is empty.
    #[cold]
    fn begin_chunk(&mut self, number: u64) {
        if self.latest.present == 0 {
            self.latest.messages.clear();
        } else {
            let full = std::mem::take(&mut self.latest);
            self.earlier.insert(self.latest_number, full);
        }
        self.latest_number = number;
    }
}

impl Chunk {
    /// Puts a message behind all others. A purge may have left the places before it without any.
    fn push(&mut self, place: Place, message: Box<Message>) {
        while self.messages.len() < place.index {
            self.messages.push(None);
        }
        self.messages.push(Some(message));
        self.present |= place.bit();
    }

    fn take(&mut self, place: Place) -> Option<Box<Message>> {
        let message = self.messages.get_mut(place.index)?.take()?;
        self.present &= !place.bit();
        Some(message)
    }

    /// The first place with a message.
    fn first(&self) -> Option<usize> {
        serials::first_of(self.present)
    }
}

impl Index<u64> for Messages {
    type Output = Message;

    fn index(&self, serial: u64) -> &Message {
        self.find(serial).expect("serials in use are stored")
    }
}

impl IndexMut<u64> for Messages {
    fn index_mut(&mut self, serial: u64) -> &mut Message {
        self.find_mut(serial).expect("serials in use are stored")
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{at, message, standard};

    #[test]
    fn messages_expire_when_kept_long_enough_hidden_ones_too() {
        let mut queue = standard().with(|settings| settings.message_retention_period = 60);
        queue.send(at(0), "a b");
        queue.send(at(10), "c");
        assert_eq!(queue.receive_for(at(50), 1, 100), "a");
        assert_eq!(queue.counts(at(59)), [2, 1, 0]);
        assert_eq!(queue.counts(at(60)), [1, 0, 0]);
        assert_eq!(queue.delete(at(61), "a"), Ok(()));
        assert_eq!(queue.receive(at(61), 10), "c");
        assert_eq!(queue.counts(at(70)), [0, 0, 0]);
    }

    #[test]
    fn expired_messages_are_named_by_the_input_that_found_them_gone() {
        let mut queue = standard().with(|settings| settings.message_retention_period = 60);
        queue.send(at(0), "a");
        queue.send(at(10), "b c");
        assert_eq!(queue.receive(at(59), 1), "a");
        assert_eq!(queue.expired, []);
        queue.send(at(60), "d");
        assert_eq!(queue.expired, [message("a").id]);
        queue.purge(at(70));
        assert_eq!(queue.expired, ["a", "b", "c"].map(|body| message(body).id));
    }

    #[test]
    fn new_retention_counts_for_stored_messages() {
        let mut queue = standard();
        queue.send(at(0), "a");
        queue.set(at(100), |settings| settings.message_retention_period = 60);
        assert_eq!(queue.counts(at(100)), [0, 0, 0]);
    }
}
