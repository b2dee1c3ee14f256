//! `PutDataProtectionPolicy`: tells a topic what to protect.

use serde::Deserialize;

use super::data_protection;
use super::required::Required;
use crate::aws::Caller;
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
    let mut required = Required::default();
    let resource_arn = required.member("resourceArn", input.resource_arn);
    let policy = required.member("dataProtectionPolicy", input.data_protection_policy);
    required.check()?;
    let topic = sns.topic_of(caller, "ResourceArn", &resource_arn)?;
    topic.set_data_protection_policy(data_protection::check(topic.kind, policy)?);
    Ok(())
}
