//! `DeleteResourcePolicy`: takes the policy of a stream or a consumer away.

use serde::Deserialize;

use super::tags::resource;
use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::validation;
use crate::services::kinesis::error::Error;

#[derive(Debug, Deserialize)]
pub(super) struct DeleteResourcePolicyInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: DeleteResourcePolicyInput,
) -> Result<(), Error> {
    let resource = resource(kinesis, validation(), input.resource_arn.as_deref())?;
    resource.with(|_, policy| {
        *policy = None;
        Ok(())
    })
}
