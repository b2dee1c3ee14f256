//! `GetCallerIdentity`: the caller's account, ARN and user id.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sts::{Error, Sts};

#[derive(Debug, Deserialize)]
pub(super) struct GetCallerIdentityInput {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetCallerIdentityOutput {
    arn: String,
    user_id: String,
    account: String,
}

#[expect(clippy::unnecessary_wraps, reason = "every operation may fail")]
pub(super) fn call(
    _sts: &Sts,
    caller: &Caller<'_>,
    _input: GetCallerIdentityInput,
) -> Result<GetCallerIdentityOutput, Error> {
    Ok(GetCallerIdentityOutput {
        arn: caller.arn(),
        user_id: caller.account.user_id(),
        account: caller.account.to_string(),
    })
}
