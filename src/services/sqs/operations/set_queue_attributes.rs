//! `SetQueueAttributes`: changes a queue's attributes: all those of the call, or none.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::sqs::Sqs;
use crate::services::sqs::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetQueueAttributesInput {
    queue_url: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
}

pub(super) fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: SetQueueAttributesInput,
) -> Result<(), Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let asked = input
        .attributes
        .ok_or_else(|| Error::missing("Attributes"))?;
    queue.change_attributes(sqs.now(), &sqs.settings, |present| {
        let changed = present.with(&asked)?;
        sqs.check_redrive_target(&queue.name, &changed, &asked)?;
        Ok(changed)
    })
}
