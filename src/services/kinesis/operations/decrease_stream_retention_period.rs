//! `DecreaseStreamRetentionPeriod`: has a stream hold its records shorter.

use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::error::Error;

use super::retention::{Change, RetentionInput, change};

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: RetentionInput,
) -> Result<(), Error> {
    change(kinesis, caller, &input, Change::Decrease)
}
