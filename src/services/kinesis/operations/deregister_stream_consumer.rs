//! `DeregisterStreamConsumer`: ends a consumer's registration.

use super::consumers::ConsumerInput;
use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::error::Error;

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: ConsumerInput,
) -> Result<(), Error> {
    let (stream, name) = input.find(kinesis)?;
    stream.lock().consumers.remove(&name);
    Ok(())
}
