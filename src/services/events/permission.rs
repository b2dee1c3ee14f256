//! Whether a bus's policy lets another account use it: checked only where policies are enforced.

use super::Events;
use super::buses::BusName;
use super::delivery::{ErrorCode, Failure};
use super::error::Error;
use crate::aws::access::Guarded;
use crate::aws::{AccountId, Caller};

/// Refuses a caller what the policy of a bus does not allow. A bus that does not exist allows other accounts nothing.
pub(super) fn check(events: &Events, caller: &Caller<'_>, bus: &BusName) -> Result<(), Error> {
    let arn = bus.arn();
    let present = events.buses.present(bus);
    let policy = present.and_then(|bus| bus.look(|described| described.policy.clone()));
    let guarded = Guarded {
        service: "events",
        arn: &arn,
        owner: bus.account,
        policy: policy.as_deref().unwrap_or_default(),
        context: &[],
    };
    guarded.check(caller).map_err(|denied| {
        events.traces.deny(events.now(), caller, &arn, &denied);
        let (user, action) = (caller.arn(), denied.action);
        Error::AccessDenied(format!(
            "User: {user} is not authorized to perform: {action} on resource: {arn} because no resource-based policy allows the {action} action"
        ))
    })
}

/// The same for an account whose events a rule sends to the bus.
pub(super) fn check_source(
    events: &Events,
    account: AccountId,
    bus: &BusName,
) -> Result<(), Failure> {
    let sender = Caller::within(account, bus.region, "PutEvents", "");
    check(events, &sender, bus)
        .map_err(|denied| Failure::for_good(ErrorCode::NoPermissions, denied.to_string()))
}
