//! `VerifySMSSandboxPhoneNumber`: confirms a number of the sandbox by the one-time password that was sent to it.

use serde::{Deserialize, Serialize};

use super::required::Required;
use super::sandbox;
use crate::aws::Caller;
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
    let mut missing = Required::default();
    let number = missing.member("phoneNumber", input.phone_number);
    let password = missing.member("oneTimePassword", input.one_time_password);
    missing.check()?;
    sandbox::check_number(&number)?;
    sandbox::check_password(&password)?;
    sns.phones.change(caller.account, caller.region, |phones| {
        phones.sandbox.verify(&number, &password, sns.now())
    })?;
    Ok(VerifySmsSandboxPhoneNumberOutput {})
}
