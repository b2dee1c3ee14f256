//! `SetPlatformApplicationAttributes`: changes an application's attributes, all of the call's or none.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::platforms;

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
    let mut validation = Validation::default();
    let arn = validation.required("platformApplicationArn", input.platform_application_arn);
    // A malformed ARN is refused before missing attributes, an unknown application after them (recorded).
    if validation.is_fine() {
        platforms::application_name(caller, &arn)?;
    }
    let asked = input.attributes.filter(|asked| !asked.is_empty());
    let asked = validation.required("attributes", asked);
    validation.finish()?;
    sns.application(caller, &arn)?.change_attributes(&asked)
}
