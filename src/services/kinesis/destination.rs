//! Streams as targets: other services deliver to them as if by `PutRecord`, with the same checks.

use std::sync::{Arc, Weak};

use super::hosted_stream::{HostedStream, Place, Strategy};
use super::name::StreamName;
use super::operations::entry::check_size;
use super::stream::{Entry, hash};
use super::streams::Streams;
use crate::clock::Timestamp;
use crate::delivery::{Delivered, Message, Outcome, Source, Target, TargetService, Undelivered};
use crate::ids::Ids;

/// Characters of a partition key.
const KEY: usize = 256;

/// All streams.
#[derive(Debug)]
pub(super) struct StreamTargets {
    streams: Arc<Streams>,
    ids: Arc<Ids>,
}

impl StreamTargets {
    pub(super) fn new(streams: Arc<Streams>, ids: Arc<Ids>) -> Self {
        Self { streams, ids }
    }
}

impl TargetService for StreamTargets {
    fn target(&self, arn: &str) -> Option<Arc<dyn Target>> {
        let name = StreamName::parse(arn)?;
        // Whether it has been deleted by now, the delivery asks.
        let stream = self.streams.get(Timestamp::default(), &name)?;
        Some(Arc::new(StreamTarget {
            stream: Arc::downgrade(&stream),
            ids: self.ids.clone(),
        }))
    }
}

/// One stream. Holding it does not keep a deleted stream's records alive.
#[derive(Debug)]
struct StreamTarget {
    stream: Weak<HostedStream>,
    ids: Arc<Ids>,
}

impl Target for StreamTarget {
    /// The body is the record's data, the group its partition key. A message without a group has its id as the key, so
    /// that such messages spread over the shards.
    fn deliver(&self, now: Timestamp, message: Message<'_>) -> Outcome {
        let stream = self.stream.upgrade().ok_or(Undelivered::NoTarget)?;
        let id = message.id.unwrap_or_else(|| self.ids.message_id());
        let id_text = id.to_string();
        let key = message.group_id.as_deref().unwrap_or(&id_text);
        // AWS says no more of longer keys than that a record's has at most so many characters.
        let key = match key.char_indices().nth(KEY) {
            Some((end, _)) => &key[..end],
            None => key,
        };
        let data = message.body.text();
        let mut state = stream.lock();
        if state.is_creating(now) || state.is_gone(now) {
            return Err(Undelivered::NoTarget);
        }
        check_size(&stream, &state, key, data.as_bytes())
            .map_err(|error| Undelivered::Refused(error.to_string().into()))?;
        let place = match state.strategy {
            Strategy::PartitionKey => Place::Hash(hash::of_key(key)),
            Strategy::Auto => Place::InTurn,
        };
        let entry = Entry {
            key,
            data: data.as_bytes(),
            is_encrypted: state.key.is_some(),
        };
        stream.put(now, &mut state, std::iter::once((place, entry)));
        Ok(Delivered::As(id))
    }

    /// AWS's services deliver to a stream under a role of its owner's, whose policies topiq does not know. The stream's own
    /// policy does not decide.
    fn permits(&self, _source: &Source<'_>) -> Result<(), Undelivered> {
        match self.stream.strong_count() {
            0 => Err(Undelivered::NoTarget),
            _ => Ok(()),
        }
    }
}
