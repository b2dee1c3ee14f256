//! `PutDataProtectionPolicy`: sets a topic's data protection policy.

use serde::Deserialize;

use super::data_protection;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutDataProtectionPolicyInput {
    resource_arn: Option<String>,
    data_protection_policy: Option<String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: PutDataProtectionPolicyInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let resource_arn = validation.required("resourceArn", input.resource_arn);
    let policy = validation.required("dataProtectionPolicy", input.data_protection_policy);
    validation.finish()?;
    let topic = sns.topic_of(caller, "ResourceArn", &resource_arn)?;
    topic.set_data_protection_policy(data_protection::check(topic.kind, policy)?);
    Ok(())
}
