//! `VerifySMSSandboxPhoneNumber`: verifies a number in the sandbox by the one-time password that was sent to it.

use serde::{Deserialize, Serialize};

use super::sandbox;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VerifySmsSandboxPhoneNumberInput {
    phone_number: Option<String>,
    one_time_password: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct VerifySmsSandboxPhoneNumberOutput {}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: VerifySmsSandboxPhoneNumberInput,
) -> Result<VerifySmsSandboxPhoneNumberOutput, Error> {
    let mut validation = Validation::default();
    validation.check(
        "phoneNumber",
        input.phone_number.as_deref(),
        &sandbox::NUMBER,
    );
    validation.check(
        "oneTimePassword",
        input.one_time_password.as_deref(),
        &sandbox::PASSWORD,
    );
    validation.finish()?;
    let number = input.phone_number.unwrap_or_default();
    let password = input.one_time_password.unwrap_or_default();
    sns.phones.change(caller.account, caller.region, |phones| {
        phones.sandbox.verify(&number, &password, sns.now())
    })?;
    Ok(VerifySmsSandboxPhoneNumberOutput {})
}
