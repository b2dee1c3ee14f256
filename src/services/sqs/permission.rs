//! Whether a queue's access policy permits a caller's action.

use super::Sqs;
use super::error::Error;
use super::hosted_queue::HostedQueue;
use crate::aws::Caller;
use crate::aws::access::Guarded;

/// Refuses an action that the queue's policy does not permit to the caller.
pub(super) fn check(sqs: &Sqs, caller: &Caller<'_>, queue: &HostedQueue) -> Result<(), Error> {
    let attributes = queue.attributes();
    let guarded = Guarded {
        service: "sqs",
        arn: &queue.arn,
        owner: queue.name.account,
        policy: attributes.policy.as_deref().unwrap_or_default(),
        context: &[],
    };
    guarded.check(caller).map_err(|denied| {
        sqs.traces.deny(sqs.now(), caller, &queue.arn, &denied);
        Error::AccessDenied(queue.name.url(caller.endpoint))
    })
}
