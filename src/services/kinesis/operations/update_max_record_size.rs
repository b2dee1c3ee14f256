//! `UpdateMaxRecordSize`: sets how large the records of a stream may be.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::kinesis::constraints::{ARNS, RECORD_SIZES, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::Transition;
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateMaxRecordSizeInput {
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    max_record_size_in_ki_b: Option<i32>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: UpdateMaxRecordSizeInput,
) -> Result<(), Error> {
    let mut validation = validation();
    let size = input.max_record_size_in_ki_b;
    if size.is_none() {
        validation.refuse_null("maxRecordSizeInKiB");
    }
    validation.check("maxRecordSizeInKiB", size, &RECORD_SIZES);
    let arn = input.stream_arn.as_deref();
    validation.check("streamARN", arn, &ARNS);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, Named { name: None, arn })?;
    let mut state = stream.lock_active(now)?;
    if let Some(size) = size.and_then(|size| u32::try_from(size).ok()) {
        state.record_kib = size;
    }
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(())
}
