//! `EnableEnhancedMonitoring`: gives each shard of a stream metrics, which nothing measures.

use super::monitoring::{Change, MonitoringInput, MonitoringOutput, change};
use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::error::Error;

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: MonitoringInput,
) -> Result<MonitoringOutput, Error> {
    change(kinesis, caller, &input, Change::Enable)
}
