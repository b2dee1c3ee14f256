//! `GetEndpointAttributes`: a platform endpoint's attributes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetEndpointAttributesInput {
    endpoint_arn: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetEndpointAttributesOutput {
    attributes: BTreeMap<&'static str, String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: GetEndpointAttributesInput,
) -> Result<GetEndpointAttributesOutput, Error> {
    let arn = input
        .endpoint_arn
        .ok_or_else(|| Error::missing("endpointArn"))?;
    let (_, endpoint) = sns.endpoint(caller, &arn)?;
    Ok(GetEndpointAttributesOutput {
        attributes: endpoint.attributes(),
    })
}
