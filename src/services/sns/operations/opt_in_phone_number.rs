//! `OptInPhoneNumber`: lets a number get messages again. Nothing happens to one that never opted out.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::phones;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OptInPhoneNumberInput {
    phone_number: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct OptInPhoneNumberOutput {}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: OptInPhoneNumberInput,
) -> Result<OptInPhoneNumberOutput, Error> {
    let number = input
        .phone_number
        .ok_or_else(|| Error::missing("phoneNumber"))?;
    let number = phones::checked_number(&number)?;
    sns.phones.change(caller.account, caller.region, |phones| {
        let is_timing_strict = sns.settings.strict_timing;
        phones.opt_outs.remove(number, sns.now(), is_timing_strict)
    })?;
    Ok(OptInPhoneNumberOutput {})
}
