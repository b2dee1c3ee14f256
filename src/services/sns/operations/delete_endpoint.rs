//! `DeleteEndpoint`: deletes a platform endpoint, not its subscriptions. One that does not exist is no error.

use serde::Deserialize;

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::platforms;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteEndpointInput {
    endpoint_arn: Option<String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: DeleteEndpointInput,
) -> Result<(), Error> {
    let arn = input
        .endpoint_arn
        .ok_or_else(|| Error::missing("endpointArn"))?;
    let Some(name) = platforms::endpoint_name(caller, &arn)? else {
        return Ok(());
    };
    if let Some(application) = sns.platforms.application(&name.application) {
        application.remove_endpoint(name.id);
    }
    Ok(())
}
