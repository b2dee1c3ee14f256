//! Where in a shard a reader begins, as requests say it.

use crate::aws::validation::Rule;
use crate::clock::Timestamp;
use crate::services::kinesis::ShardId;
use crate::services::kinesis::error::Error;
use crate::services::kinesis::name::StreamName;
use crate::services::kinesis::stream::{Sequence, Shard, Start};
use crate::wire::Moment;

pub(super) static TYPES: [Rule; 1] = [Rule::OneOf(&[
    "AFTER_SEQUENCE_NUMBER",
    "LATEST",
    "AT_TIMESTAMP",
    "AT_SEQUENCE_NUMBER",
    "TRIM_HORIZON",
])];

/// Where a reader begins.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Starting<'a> {
    /// The action that was called.
    pub(super) action: &'static str,
    /// What it calls the sequence number.
    pub(super) member: &'static str,
    /// One of [`TYPES`].
    pub(super) kind: &'a str,
    pub(super) sequence: Option<&'a str>,
    pub(super) moment: Option<Moment>,
}

impl Starting<'_> {
    /// The same in a shard of a stream.
    pub(super) fn start(
        &self,
        now: Timestamp,
        stream: &StreamName,
        shard: &Shard,
    ) -> Result<Start, Error> {
        Ok(match (self.kind, self.sequence) {
            ("AT_SEQUENCE_NUMBER", Some(text)) => Start::At(self.position(stream, shard, text)?),
            ("AFTER_SEQUENCE_NUMBER", Some(text)) => {
                Start::After(self.position(stream, shard, text)?)
            }
            ("AT_TIMESTAMP", _) => Start::Moment(self.moment(now)?),
            ("TRIM_HORIZON", None) => Start::TrimHorizon,
            ("LATEST", None) => Start::Latest,
            (_, None) => return Err(self.mismatch("no")),
            (_, Some(_)) => return Err(self.mismatch("also a")),
        })
    }

    /// A sequence number that does not go with the type, or that is missing.
    fn mismatch(&self, what: &str) -> Error {
        let Self { member, kind, .. } = self;
        Error::invalid(format!(
            "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and {member} or (2) TRIM_HORIZON or LATEST \
             and no {member}. Request specified {kind} and {what} {member}."
        ))
    }

    /// The position in a shard that a sequence number names.
    fn position(&self, stream: &StreamName, shard: &Shard, text: &str) -> Result<Sequence, Error> {
        let Self { action, member, .. } = self;
        let id = ShardId(shard.number);
        let refuse = |why: &str| {
            let (name, account) = (&stream.name, stream.account);
            Error::invalid(format!(
                "{member} {text} used in {action} on shard {id} in stream {name} under account {account} is invalid{why}."
            ))
        };
        let sequence = Sequence::parse(text).ok_or_else(|| refuse(""))?;
        if sequence.shard != shard.number {
            return Err(Error::invalid(format!(
                "Invalid {member}. It encodes {}, while it was used in a call to a shard with {id}",
                ShardId(sequence.shard)
            )));
        }
        if sequence.created != shard.start().created {
            return Err(refuse(" because it did not come from this stream"));
        }
        Ok(sequence)
    }

    /// The moment at which a reader begins.
    fn moment(&self, now: Timestamp) -> Result<Timestamp, Error> {
        let Some(Moment(moment)) = self.moment else {
            return Err(Error::invalid(
                "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp \
                 parameter.",
            ));
        };
        if moment > now {
            return Err(Error::invalid(format!(
                "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: \
                 {moment}, currentTimestampInMillis: {now}"
            )));
        }
        Ok(moment)
    }
}
