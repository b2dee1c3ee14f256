//! `PutRecords`: puts up to 500 records into a stream, in order.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::entry::SentRecord;
use crate::aws::Caller;
use crate::aws::validation::{Rule, Value};
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::limits::{BATCH, RECORDS};
use crate::services::kinesis::stream::Sequence;
use crate::services::kinesis::{Kinesis, Named, ShardId};
use crate::wire::Text;

static LENGTHS: [Rule; 2] = [
    Rule::LengthAtLeast(*RECORDS.start()),
    Rule::LengthAtMost(*RECORDS.end()),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutRecordsInput<'a> {
    #[serde(borrow)]
    stream_name: Option<Text<'a>>,
    #[serde(rename = "StreamARN", borrow)]
    stream_arn: Option<Text<'a>>,
    #[serde(borrow)]
    records: Option<Vec<SentRecord<'a>>>,
    dry_run: Option<bool>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutRecordsOutput {
    /// No shard has a limit here.
    failed_record_count: usize,
    records: Vec<ResultEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_type: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResultEntry {
    sequence_number: String,
    shard_id: ShardId,
}

/// Entries as AWS's Java writes a list of objects that have no text.
struct Shown(usize);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for place in 0..self.0 {
            let separator = if place == 0 { "" } else { ", " };
            write!(
                f,
                "{separator}com.amazonaws.kinesis.v20131202.PutRecordsRequestEntry@{place:08x}"
            )?;
        }
        f.write_str("]")
    }
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: PutRecordsInput<'_>,
) -> Result<PutRecordsOutput, Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    let records = input.records.as_deref();
    if records.is_none() {
        validation.refuse_null("records");
    }
    let records = records.unwrap_or_default();
    let list = Value::List {
        length: records.len(),
        shown: &Shown(records.len()),
    };
    validation.check("records", input.records.is_some().then_some(list), &LENGTHS);
    for (place, record) in (1..).zip(records) {
        record.validate(format_args!("records.{place}.member."), &mut validation);
    }
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let mut state = stream.lock();
    if state.is_creating(now) {
        return Err(Error::no_stream(&stream.name));
    }
    if records.iter().map(SentRecord::size).sum::<usize>() > BATCH {
        return Err(Error::invalid("Records size exceeds 10 MB limit"));
    }
    let checked = records.iter().map(|record| record.check(&stream, &state));
    let checked: Vec<_> = checked.collect::<Result<_, _>>()?;
    if input.dry_run == Some(true) {
        return Err(Error::DryRun);
    }
    let sequences = stream.put(now, &mut state, checked.into_iter());
    let encryption_type = state.encryption();
    drop(state);
    let entry = |sequence: &Sequence| ResultEntry {
        sequence_number: sequence.to_string(),
        shard_id: ShardId(sequence.shard),
    };
    Ok(PutRecordsOutput {
        failed_record_count: 0,
        records: sequences.iter().map(entry).collect(),
        encryption_type,
    })
}
