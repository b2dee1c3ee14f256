//! `DeleteSMSSandboxPhoneNumber`: removes a number from the sandbox.

use serde::{Deserialize, Serialize};

use super::sandbox;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteSmsSandboxPhoneNumberInput {
    phone_number: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct DeleteSmsSandboxPhoneNumberOutput {}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: DeleteSmsSandboxPhoneNumberInput,
) -> Result<DeleteSmsSandboxPhoneNumberOutput, Error> {
    let mut validation = Validation::default();
    validation.check(
        "phoneNumber",
        input.phone_number.as_deref(),
        &sandbox::NUMBER,
    );
    validation.finish()?;
    let number = input.phone_number.unwrap_or_default();
    sns.phones.change(caller.account, caller.region, |phones| {
        let is_timing_strict = sns.settings.strict_timing;
        phones.sandbox.remove(&number, sns.now(), is_timing_strict)
    })?;
    Ok(DeleteSmsSandboxPhoneNumberOutput {})
}
