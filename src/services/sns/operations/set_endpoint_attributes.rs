//! `SetEndpointAttributes`: tells a platform endpoint something new. All attributes of the call, or none.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::required::Required;
use crate::aws::Caller;
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
    let mut missing = Required::default();
    let arn = missing.member("endpointArn", input.endpoint_arn);
    let asked = input.attributes.filter(|asked| !asked.is_empty());
    let asked = missing.member("attributes", asked);
    missing.check()?;

    let name = platforms::endpoint_name(caller, &arn)?.ok_or(Error::EndpointDoesNotExist)?;
    let (application, _) = sns
        .platforms
        .endpoint(&name)
        .ok_or(Error::EndpointDoesNotExist)?;
    application.change_endpoint(name.id, EndpointChange::read(&asked)?)
}
