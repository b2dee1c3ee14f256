//! `DeletePlatformApplication`: deletes an application and its endpoints. One that does not exist is no error.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::platforms;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeletePlatformApplicationInput {
    platform_application_arn: Option<String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: DeletePlatformApplicationInput,
) -> Result<(), Error> {
    let arn = input
        .platform_application_arn
        .ok_or_else(|| Error::missing("platformApplicationArn"))?;
    if let Some(name) = platforms::application_name(caller, &arn)? {
        sns.platforms.remove(&name);
    }
    Ok(())
}
