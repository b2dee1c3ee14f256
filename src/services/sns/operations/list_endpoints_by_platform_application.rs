//! `ListEndpointsByPlatformApplication`: an application's endpoints, a hundred at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::platforms;

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
    endpoint_arn: Arc<str>,
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
    let request = format!("endpoints\n{}", application.arn);
    let next_token = input.next_token.as_deref();
    let list = |last: Option<&str>, count| application.endpoints_after(last, count);
    let name = |endpoint: &Arc<platforms::Endpoint>| endpoint.arn.to_string();
    let page = pages::page(next_token, &request, name, list)?;
    let shown = page.items.into_iter().map(|endpoint| Endpoint {
        endpoint_arn: endpoint.arn.clone(),
        attributes: endpoint.attributes(),
    });
    Ok(ListEndpointsByPlatformApplicationOutput {
        endpoints: shown.collect(),
        next_token: page.next_token,
    })
}
