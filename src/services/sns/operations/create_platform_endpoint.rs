//! `CreatePlatformEndpoint`: registers a device with an application, or finds it by its token.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::platforms::{EndpointChange, checked_text, checked_user_data};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreatePlatformEndpointInput {
    platform_application_arn: Option<String>,
    token: Option<String>,
    custom_user_data: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreatePlatformEndpointOutput {
    endpoint_arn: String,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: CreatePlatformEndpointInput,
) -> Result<CreatePlatformEndpointOutput, Error> {
    let mut validation = Validation::default();
    let arn = validation.required("platformApplicationArn", input.platform_application_arn);
    let token = validation.required("token", input.token);
    validation.finish()?;

    let application = sns.application(caller, &arn)?;
    if token.is_empty() {
        // A client library's tests saw AWS answer this.
        return Err(Error::invalid_because("Token", "cannot be empty"));
    }
    let user_data = input.custom_user_data.as_deref();
    let user_data = user_data.map(checked_user_data).transpose()?;
    let mut asked = EndpointChange::read(&input.attributes.unwrap_or_default())?;
    // User data among the attributes take precedence (recorded); so does a token, since AWS documents nothing else.
    asked.custom_user_data = asked.custom_user_data.or(user_data);
    checked_text("Token", &token)?;
    asked.token.get_or_insert_with(|| token.into());
    let endpoint = application.add_endpoint(sns.ids.message_id(), asked)?;
    Ok(CreatePlatformEndpointOutput {
        endpoint_arn: endpoint.arn.to_string(),
    })
}
