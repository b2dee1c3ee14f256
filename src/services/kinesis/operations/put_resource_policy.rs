//! `PutResourcePolicy`: gives a stream or a consumer a policy, in place of the one that it has.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::tags::resource;
use crate::aws::Caller;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::validation;
use crate::services::kinesis::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutResourcePolicyInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: Option<String>,
    policy: Option<String>,
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: PutResourcePolicyInput,
) -> Result<(), Error> {
    let mut validation = validation();
    let text = validation.required("policy", input.policy);
    let resource = resource(kinesis, validation, input.resource_arn.as_deref())?;
    if serde_json::from_str::<Map<String, Value>>(&text).is_err() {
        return Err(Error::invalid("The policy is not valid JSON."));
    }
    resource.with(|_, policy| {
        *policy = Some(text);
        Ok(())
    })
}
