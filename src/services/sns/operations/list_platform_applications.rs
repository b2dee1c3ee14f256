//! `ListPlatformApplications`: the caller's applications in the region, a hundred at a time.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPlatformApplicationsInput {
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListPlatformApplicationsOutput {
    platform_applications: Vec<PlatformApplication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PlatformApplication {
    platform_application_arn: String,
    attributes: BTreeMap<&'static str, String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListPlatformApplicationsInput,
) -> Result<ListPlatformApplicationsOutput, Error> {
    let applications = sns.platforms.of(caller.account, caller.region);
    let mut by_arn: BTreeMap<_, _> = applications
        .iter()
        .map(|application| (application.arn.to_string(), application))
        .collect();
    let arns = by_arn.keys().cloned().collect();
    let page = pages::page(arns, input.next_token.as_deref(), "applications")?;
    let shown = page.names.into_iter().filter_map(|arn| {
        let application = by_arn.remove(&arn)?;
        Some(PlatformApplication {
            platform_application_arn: arn,
            attributes: application.attributes().shown(),
        })
    });
    Ok(ListPlatformApplicationsOutput {
        platform_applications: shown.collect(),
        next_token: page.next_token,
    })
}
