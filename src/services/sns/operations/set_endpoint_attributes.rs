//! `SetEndpointAttributes`: changes a platform endpoint's attributes, all of the call's or none.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::platforms::{self, EndpointChange};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetEndpointAttributesInput {
    endpoint_arn: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: SetEndpointAttributesInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let arn = validation.required("endpointArn", input.endpoint_arn);
    let asked = input.attributes.filter(|asked| !asked.is_empty());
    let asked = validation.required("attributes", asked);
    validation.finish()?;

    let name = platforms::endpoint_name(caller, &arn)?.ok_or(Error::EndpointDoesNotExist)?;
    let (application, _) = sns
        .platforms
        .endpoint(&name)
        .ok_or(Error::EndpointDoesNotExist)?;
    application.change_endpoint(name.id, EndpointChange::read(&asked)?)
}
