//! Whether a resource's policy permits a caller's action: checked only where policies are enforced.

use super::policy::{Document, Principal, Request};
use super::{AccountId, Caller};

/// A resource that has a policy, as its service describes it for a check.
#[derive(Debug)]
pub(crate) struct Guarded<'a> {
    /// The prefix of the service's actions in policies: `sqs`.
    pub(crate) service: &'a str,
    pub(crate) arn: &'a str,
    pub(crate) owner: AccountId,
    /// The policy's text. A text that is not a policy allows nothing.
    pub(crate) policy: &'a str,
    /// Condition keys with their values, besides those of every request.
    pub(crate) context: &'a [(&'a str, &'a str)],
}

/// The policy does not allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Denied {
    /// The action that the policy does not allow: `SNS:Publish`.
    pub(crate) action: String,
    /// The statement that decides, in a sentence.
    pub(crate) reason: String,
}

impl Guarded<'_> {
    /// Refuses what the policy denies and, for other accounts, what it does not allow. The owner may do everything
    /// else: topiq has no identity policies.
    pub(crate) fn check(&self, caller: &Caller<'_>) -> Result<(), Denied> {
        let document = Document::parse(self.policy).unwrap_or_default();
        // A batch needs the permission of its single action. (API permissions of SQS and SNS.)
        let action = caller.action.strip_suffix("Batch").unwrap_or(caller.action);
        let action = format!("{}:{action}", self.service);
        let arn = caller.arn();
        let request = Request {
            principal: Principal::Account(&arn),
            action: &action,
            resource: self.arn,
            context: self.context,
        };
        let decision = document.evaluate(&request);
        if decision.permits(&request.principal, self.owner) {
            return Ok(());
        }
        let reason = decision.to_string();
        tracing::info!(resource = self.arn, reason, "access denied");
        Err(Denied { action, reason })
    }
}
