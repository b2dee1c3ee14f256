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
    let mut state = stream.lock();
    state.consumers.remove(&name);
    // Its own find that they are over.
    state.subscriptions.ring_all();
    Ok(())
}
