//! Whether a topic's access policy allows a call.

use super::Sns;
use super::error::Error;
use super::hosted_topic::Topic;
use crate::aws::Caller;
use crate::aws::access::Guarded;

/// Refuses a call that the topic's policy does not allow.
pub(super) fn check(sns: &Sns, caller: &Caller<'_>, topic: &Topic) -> Result<(), Error> {
    let account = caller.account.to_string();
    let guarded = Guarded {
        service: "SNS",
        arn: &topic.arn,
        owner: topic.name.account,
        policy: &topic.attributes().policy(&topic.name),
        context: &[("AWS:SourceOwner", &account)],
    };
    guarded.check(caller).map_err(|denied| {
        sns.traces.deny(sns.now(), caller, &topic.arn, &denied);
        let (user, action) = (caller.arn(), denied.action);
        Error::NotAuthorized(format!(
            "User: {user} is not authorized to perform: {action} on resource: {} because no resource-based policy allows the {action} action",
            topic.arn
        ))
    })
}
