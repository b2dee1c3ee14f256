//! Whether a queue's policy lets SNS deliver: asked only where policies are enforced.

use super::queue::Failed;
use crate::aws::policy::{Document, Principal, Request};
use crate::aws::{AccountId, Arn};
use crate::delivery::QueueDestination;
use crate::services::sns::Sns;
use crate::services::sns::hosted_topic::Topic;

/// The principal that deliveries come from.
const SNS: Principal<'_> = Principal::Service("sns.amazonaws.com");

impl Sns {
    /// Refuses a delivery that the queue's policy does not allow: "it works here, and is dropped in production for want of
    /// a queue policy" is the classic trap.
    pub(super) fn check_delivery(
        &self,
        topic: &Topic,
        queue_arn: &str,
        queue: &dyn QueueDestination,
    ) -> Result<(), Failed> {
        if !self.settings.enforce_policies {
            return Ok(());
        }
        let policy = queue.policy();
        let document = policy
            .as_deref()
            .and_then(|text| Document::parse(text).ok())
            .unwrap_or_default();
        let account = topic.name.account.to_string();
        let request = Request {
            principal: SNS,
            action: "sqs:SendMessage",
            resource: queue_arn,
            context: &[
                ("aws:SourceArn", &topic.arn),
                ("aws:SourceAccount", &account),
            ],
        };
        let owner = Arn::parse(queue_arn).and_then(|arn| AccountId::parse(arn.account));
        let decision = document.evaluate(&request);
        if decision.permits(&request.principal, owner.unwrap_or(AccountId::DEFAULT)) {
            Ok(())
        } else {
            Err(Failed::Denied(decision.to_string()))
        }
    }
}
