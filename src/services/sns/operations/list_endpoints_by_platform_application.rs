//! `ListEndpointsByPlatformApplication`: an application's endpoints, a hundred at a time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListEndpointsByPlatformApplicationInput {
    platform_application_arn: Option<String>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListEndpointsByPlatformApplicationOutput {
    endpoints: Vec<Endpoint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Endpoint {
    endpoint_arn: String,
    attributes: BTreeMap<&'static str, String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListEndpointsByPlatformApplicationInput,
) -> Result<ListEndpointsByPlatformApplicationOutput, Error> {
    let arn = input
        .platform_application_arn
        .ok_or_else(|| Error::missing("platformApplicationArn"))?;
    let application = sns.application(caller, &arn)?;
    let endpoints = application.endpoints();
    let mut by_arn: BTreeMap<_, _> = endpoints
        .iter()
        .map(|endpoint| (endpoint.arn.to_string(), endpoint))
        .collect();
    let arns = by_arn.keys().cloned().collect();
    let request = format!("endpoints\n{}", application.arn);
    let page = pages::page(arns, input.next_token.as_deref(), &request)?;
    let shown = page.names.into_iter().filter_map(|arn| {
        let endpoint = by_arn.remove(&arn)?;
        Some(Endpoint {
            endpoint_arn: arn,
            attributes: endpoint.attributes(),
        })
    });
    Ok(ListEndpointsByPlatformApplicationOutput {
        endpoints: shown.collect(),
        next_token: page.next_token,
    })
}
