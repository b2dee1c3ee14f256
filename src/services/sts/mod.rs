//! AWS STS, as far as tools probe it: who am I.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::operations;
use crate::wire::call::{JSON_1_1, unknown_operation};
use crate::wire::{Answer, Call, DecodeError, ErrorInfo, ServiceModel, names, xml};

/// What the wire must know of STS.
pub static MODEL: ServiceModel = ServiceModel {
    name: "sts",
    target_prefix: None,
    json_content_type: JSON_1_1,
    version: "2011-06-15",
    xml: xml::Style {
        namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
        declaration: false,
        pretty: true,
        detail: false,
    },
    names: names::plain,
    operations: Sts::OPERATIONS,
};

/// The service. It keeps nothing.
#[derive(Debug, Default)]
pub struct Sts;

/// The only error that STS has here: a request that is no form of the operation's.
#[derive(Debug)]
struct Error(ErrorInfo);

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self(error.into())
    }
}

operations! { Sts: GetCallerIdentity => get_caller_identity }

impl Sts {
    /// Answers a call.
    pub async fn answer(&self, call: &Call<'_>) -> Answer {
        match self.dispatch(call).await {
            Some(Ok(answer)) => answer,
            Some(Err(Error(info))) => call.refuse(&info),
            None => call.refuse(&unknown_operation(&call.operation)),
        }
    }
}

mod get_caller_identity {
    use super::{Caller, Deserialize, Error, Serialize, Sts};

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
}
