//! `PutRecord`: puts one record into a stream.

use serde::{Deserialize, Serialize};

use super::entry::SentRecord;
use crate::aws::Caller;
use crate::services::kinesis::constraints::{SEQUENCES, check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::stream::Sequence;
use crate::services::kinesis::{Kinesis, Named, ShardId};
use crate::wire::{Blob, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutRecordInput<'a> {
    #[serde(borrow)]
    stream_name: Option<Text<'a>>,
    #[serde(rename = "StreamARN", borrow)]
    stream_arn: Option<Text<'a>>,
    data: Option<Blob>,
    #[serde(borrow)]
    partition_key: Option<Text<'a>>,
    #[serde(borrow)]
    explicit_hash_key: Option<Text<'a>>,
    #[serde(borrow)]
    sequence_number_for_ordering: Option<Text<'a>>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutRecordOutput {
    shard_id: ShardId,
    sequence_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_type: Option<&'static str>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: PutRecordInput<'_>,
) -> Result<PutRecordOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let ordering = input.sequence_number_for_ordering.as_deref();
    let record = SentRecord::new(input.data, input.partition_key, input.explicit_hash_key);
    let mut validation = validation();
    validation.check("sequenceNumberForOrdering", ordering, &SEQUENCES);
    record.validate("", &mut validation);
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let mut state = stream.lock();
    if state.is_creating(now) {
        return Err(Error::no_stream(&stream.name));
    }
    if let Some(text) = ordering {
        // Numbers are in order whatever this one is, as long as it is one.
        let is_past = |sequence: &Sequence| sequence.arrived <= now.as_secs();
        Sequence::parse(text).filter(is_past).ok_or_else(|| {
            let (name, account) = (&stream.name.name, stream.name.account);
            Error::invalid(format!(
                "ExclusiveMinimumSequenceNumber {text} used in PutRecord on stream {name} under account {account} is invalid."
            ))
        })?;
    }
    let record = record.check(&stream, &state)?;
    if input.dry_run == Some(true) {
        return Err(Error::DryRun);
    }
    let sequences = stream.put(now, &mut state, [record].into_iter());
    let encryption_type = state.encryption();
    drop(state);
    let [sequence] = sequences[..] else {
        unreachable!("one record has one number")
    };
    Ok(PutRecordOutput {
        shard_id: ShardId(sequence.shard),
        sequence_number: sequence.to_string(),
        encryption_type,
    })
}
