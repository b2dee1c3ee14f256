//! `GetSMSSandboxAccountStatus`: whether the caller's account may write to verified numbers only. On AWS that holds for
//! new accounts; topiq's accounts may write to all numbers.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
pub(super) struct GetSmsSandboxAccountStatusInput {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetSmsSandboxAccountStatusOutput {
    is_in_sandbox: bool,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "an action's answer can be an error, this one's alone cannot"
)]
pub(super) fn call(
    _: &Sns,
    _: &Caller<'_>,
    _: GetSmsSandboxAccountStatusInput,
) -> Result<GetSmsSandboxAccountStatusOutput, Error> {
    Ok(GetSmsSandboxAccountStatusOutput {
        is_in_sandbox: false,
    })
}
