//! `GetPlatformApplicationAttributes`: an application's attributes, except for its secrets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetPlatformApplicationAttributesInput {
    platform_application_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetPlatformApplicationAttributesOutput {
    attributes: BTreeMap<&'static str, String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: GetPlatformApplicationAttributesInput,
) -> Result<GetPlatformApplicationAttributesOutput, Error> {
    let arn = input
        .platform_application_arn
        .ok_or_else(|| Error::missing("platformApplicationArn"))?;
    let application = sns.application(caller, &arn)?;
    Ok(GetPlatformApplicationAttributesOutput {
        attributes: application.attributes().shown(),
    })
}
