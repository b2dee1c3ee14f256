//! `GetDataProtectionPolicy`: a topic's data protection policy.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetDataProtectionPolicyInput {
    resource_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetDataProtectionPolicyOutput {
    #[serde(skip_serializing_if = "Option::is_none")]
    data_protection_policy: Option<String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: GetDataProtectionPolicyInput,
) -> Result<GetDataProtectionPolicyOutput, Error> {
    let mut validation = Validation::default();
    let resource_arn = validation.required("resourceArn", input.resource_arn);
    validation.finish()?;
    let topic = sns.topic_of(caller, "ResourceArn", &resource_arn)?;
    Ok(GetDataProtectionPolicyOutput {
        data_protection_policy: topic.data_protection_policy(),
    })
}
