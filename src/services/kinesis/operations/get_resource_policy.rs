//! `GetResourcePolicy`: the policy of a stream or a consumer.

use serde::{Deserialize, Serialize};

use super::tags::resource;
use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::validation;
use crate::services::kinesis::error::Error;

/// What is shown where there is none. (Recorded.)
const NONE: &str = "{}";

#[derive(Debug, Deserialize)]
pub(super) struct GetResourcePolicyInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetResourcePolicyOutput {
    policy: String,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: GetResourcePolicyInput,
) -> Result<GetResourcePolicyOutput, Error> {
    let resource = resource(kinesis, validation(), input.resource_arn.as_deref())?;
    let policy = resource.with(|_, policy| Ok(policy.clone()))?;
    Ok(GetResourcePolicyOutput {
        policy: policy.unwrap_or_else(|| NONE.to_owned()),
    })
}
