//! How long a stream holds its records: what both of its actions do.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::kinesis::constraints::{check_named, validation};
use crate::services::kinesis::error::Error;
use crate::services::kinesis::hosted_stream::{Transition, hours};
use crate::services::kinesis::limits::RETENTIONS;
use crate::services::kinesis::{Kinesis, Named};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RetentionInput {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    retention_period_hours: Option<i32>,
}

/// The direction of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Increase,
    Decrease,
}

pub(super) fn change(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: &RetentionInput,
    change: Change,
) -> Result<(), Error> {
    let named = Named {
        name: input.stream_name.as_deref(),
        arn: input.stream_arn.as_deref(),
    };
    let mut validation = validation();
    let wanted = validation.required("retentionPeriodHours", input.retention_period_hours);
    check_named(&mut validation, named);
    validation.finish()?;
    let now = kinesis.now();
    let stream = kinesis.stream(caller, now, named)?;
    let (least, most) = (RETENTIONS.start(), RETENTIONS.end());
    if wanted < *least {
        return Err(Error::invalid(format!(
            "Minimum allowed retention period is {least} hours. Requested retention period ({wanted} hours) is too short."
        )));
    }
    if wanted > *most {
        return Err(Error::invalid(format!(
            "Maximum allowed retention period is {most} hours. Requested retention period ({wanted} hours) is too long."
        )));
    }
    let mut state = stream.lock_active(now)?;
    let (present, name) = (state.retention_hours(), &stream.name.name);
    let wrong = match change {
        Change::Increase if wanted < present => Some(["shorter", "Decrease"]),
        Change::Decrease if wanted > present => Some(["longer", "Increase"]),
        _ => None,
    };
    if let Some([what, other]) = wrong {
        return Err(Error::invalid(format!(
            "Requested retention period ({wanted} hours) for stream {name} can not be {what} than existing retention period \
             ({present} hours). Use {other}RetentionPeriod API."
        )));
    }
    stream.retain(now, &mut state, hours(wanted));
    state.pass(Transition::Updating, kinesis.transition_end(now));
    Ok(())
}
