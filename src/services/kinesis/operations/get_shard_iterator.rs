//! `GetShardIterator`: where a reader of a shard begins.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Rule;
use crate::clock::Timestamp;
use crate::services::kinesis::constraints::{NAMES, SEQUENCES, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::HostedStream;
use crate::services::kinesis::stream::{Sequence, Shard, Start};
use crate::services::kinesis::{Kinesis, Named, ShardId};
use crate::wire::Moment;

static TYPES: [Rule; 1] = [Rule::OneOf(&[
    "AFTER_SEQUENCE_NUMBER",
    "LATEST",
    "AT_TIMESTAMP",
    "AT_SEQUENCE_NUMBER",
    "TRIM_HORIZON",
])];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetShardIteratorInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    shard_id: Option<String>,
    shard_iterator_type: Option<String>,
    starting_sequence_number: Option<String>,
    timestamp: Option<Moment>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetShardIteratorOutput {
    shard_iterator: String,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: GetShardIteratorInput,
) -> Result<GetShardIteratorOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let sequence = input.starting_sequence_number.as_deref();
    let mut validation = validation();
    let shard = validation.required_text("shardId", input.shard_id.as_deref(), &NAMES);
    let kind = input.shard_iterator_type.as_deref();
    let kind = validation.required_text("shardIteratorType", kind, &TYPES);
    validation.check("startingSequenceNumber", sequence, &SEQUENCES);
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let name = named.stream(caller)?;
    let read = ShardId::read(shard).ok_or_else(|| Error::no_shard(shard, &name))?;
    let stream = kinesis.streams.get(now, &name);
    let stream = stream.ok_or_else(|| Error::nothing_to_read(read, &name))?;
    let mut state = stream.lock();
    let nothing = || Error::nothing_to_read(read, &stream.name);
    if state.is_creating(now) {
        return Err(nothing());
    }
    let found = state.stream.shard(now, read.0).ok_or_else(nothing)?;
    let start = match (kind, sequence) {
        ("AT_SEQUENCE_NUMBER", Some(text)) => Start::At(position(&stream, found, text)?),
        ("AFTER_SEQUENCE_NUMBER", Some(text)) => Start::After(position(&stream, found, text)?),
        ("AT_TIMESTAMP", _) => Start::Moment(moment(now, input.timestamp)?),
        ("TRIM_HORIZON", None) => Start::TrimHorizon,
        ("LATEST", None) => Start::Latest,
        (kind, None) => return Err(mismatch(kind, "no")),
        (kind, Some(_)) => return Err(mismatch(kind, "also a")),
    };
    let index = state.stream.index(now, read.0, start).ok_or_else(nothing)?;
    if input.dry_run == Some(true) {
        return Err(Error::DryRun);
    }
    Ok(GetShardIteratorOutput {
        shard_iterator: kinesis.iterator(now, &stream, read.0, index),
    })
}

/// A sequence number that does not go with the type, or that is missing.
fn mismatch(kind: &str, what: &str) -> Error {
    Error::invalid(format!(
        "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) \
         TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified {kind} and {what} StartingSequenceNumber."
    ))
}

/// The position in a shard that a sequence number names.
fn position(stream: &HostedStream, shard: &Shard, text: &str) -> Result<Sequence, Error> {
    let id = ShardId(shard.number);
    let refuse = |why: &str| {
        let (name, account) = (&stream.name.name, stream.name.account);
        Error::invalid(format!(
            "StartingSequenceNumber {text} used in GetShardIterator on shard {id} in stream {name} under account {account} \
             is invalid{why}."
        ))
    };
    let sequence = Sequence::parse(text).ok_or_else(|| refuse(""))?;
    if sequence.shard != shard.number {
        return Err(Error::invalid(format!(
            "Invalid StartingSequenceNumber. It encodes {}, while it was used in a call to a shard with {id}",
            ShardId(sequence.shard)
        )));
    }
    if sequence.created != shard.start().created {
        return Err(refuse(" because it did not come from this stream"));
    }
    Ok(sequence)
}

/// The moment at which a reader begins.
fn moment(now: Timestamp, moment: Option<Moment>) -> Result<Timestamp, Error> {
    let Some(Moment(moment)) = moment else {
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
