//! `CheckIfPhoneNumberIsOptedOut`: whether a number has opted out of the caller's account's messages.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::phones;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckIfPhoneNumberIsOptedOutInput {
    phone_number: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckIfPhoneNumberIsOptedOutOutput {
    is_opted_out: bool,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: CheckIfPhoneNumberIsOptedOutInput,
) -> Result<CheckIfPhoneNumberIsOptedOutOutput, Error> {
    let number = input
        .phone_number
        .ok_or_else(|| Error::missing("phoneNumber"))?;
    let number = phones::checked_number(&number)?;
    let is_opted_out = sns.phones.look(caller.account, caller.region, |phones| {
        phones.opt_outs.contains(&number)
    });
    Ok(CheckIfPhoneNumberIsOptedOutOutput { is_opted_out })
}
