//! Whether a queue's access policy lets a caller do what he asks for: asked only where policies are enforced.

use super::error::Error;
use super::hosted_queue::HostedQueue;
use crate::aws::Caller;
use crate::aws::policy::{Document, Principal, Request};

/// Refuses what the queue's policy denies, and to other accounts what it does not allow. The queue's own account may do
/// the rest: topiq has no identity policies.
pub(super) fn check(caller: &Caller<'_>, queue: &HostedQueue) -> Result<(), Error> {
    let attributes = queue.attributes();
    let policy = attributes.policy.as_deref();
    // What is stored was only checked to be a JSON object; what is no policy allows nothing.
    let document = policy
        .and_then(|text| Document::parse(text).ok())
        .unwrap_or_default();
    // Batches need the permission of their single action. (SQS API permissions.)
    let action = caller.action.strip_suffix("Batch").unwrap_or(caller.action);
    let arn = caller.arn();
    let request = Request {
        principal: Principal::Account(&arn),
        action: &format!("sqs:{action}"),
        resource: &queue.arn,
        context: &[],
    };
    let decision = document.evaluate(&request);
    if decision.permits(&request.principal, queue.name.account) {
        return Ok(());
    }
    tracing::info!(
        queue = &*queue.arn,
        reason = %decision,
        "access denied"
    );
    Err(Error::AccessDenied(queue.name.url(caller.endpoint)))
}
