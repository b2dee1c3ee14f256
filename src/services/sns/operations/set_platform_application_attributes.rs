//! `SetPlatformApplicationAttributes`: tells an application something new. All attributes of the call, or none.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::required::Required;
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetPlatformApplicationAttributesInput {
    platform_application_arn: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: SetPlatformApplicationAttributesInput,
) -> Result<(), Error> {
    let mut missing = Required::default();
    let arn = missing.member("platformApplicationArn", input.platform_application_arn);
    let asked = input.attributes.filter(|asked| !asked.is_empty());
    let asked = missing.member("attributes", asked);
    missing.check()?;
    sns.application(caller, &arn)?.change_attributes(&asked)
}
