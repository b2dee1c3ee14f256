//! Whether a topic's access policy lets a caller do what he asks for: asked only where policies are enforced.

use super::error::Error;
use super::hosted_topic::Topic;
use crate::aws::Caller;
use crate::aws::policy::{Document, Principal, Request};

/// Refuses what the topic's policy denies, and to other accounts what it does not allow. The topic's own account may do
/// the rest: topiq has no identity policies.
pub(super) fn check(caller: &Caller<'_>, topic: &Topic) -> Result<(), Error> {
    let policy = topic.attributes().policy(&topic.name);
    let document = Document::parse(&policy).unwrap_or_default();
    // A batch needs the permission of the single action. (Amazon SNS API permissions.)
    let action = caller.action.strip_suffix("Batch").unwrap_or(caller.action);
    let (arn, account) = (caller.arn(), caller.account.to_string());
    let request = Request {
        principal: Principal::Account(&arn),
        action: &format!("SNS:{action}"),
        resource: &topic.arn,
        context: &[("AWS:SourceOwner", &account)],
    };
    let decision = document.evaluate(&request);
    if decision.permits(&request.principal, topic.name.account) {
        return Ok(());
    }
    tracing::info!(
        topic = &*topic.arn,
        reason = %decision,
        "access denied"
    );
    Err(Error::NotAuthorized(format!(
        "User: {arn} is not authorized to perform: SNS:{action} on resource: {} because no resource-based policy allows the SNS:{action} action",
        topic.arn
    )))
}
