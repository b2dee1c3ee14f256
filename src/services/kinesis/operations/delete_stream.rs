//! `DeleteStream`: deletes a stream with its records.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::{Error, Under};
use crate::services::kinesis::hosted_stream::Transition;
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteStreamInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    enforce_consumer_deletion: Option<bool>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: DeleteStreamInput,
) -> Result<(), Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let mut state = stream.lock();
    if !state.consumers.is_empty() && input.enforce_consumer_deletion != Some(true) {
        let stream = Under(&stream.name);
        return Err(Error::InUse(format!(
            "{stream} has registered consumers, and EnforceConsumerDeletion is not set."
        )));
    }
    state.consumers.clear();
    state.pass(Transition::Deleting, kinesis.transition_end(now));
    let is_gone = state.is_gone(now);
    drop(state);
    if is_gone {
        kinesis.streams.remove(&stream);
    }
    Ok(())
}
