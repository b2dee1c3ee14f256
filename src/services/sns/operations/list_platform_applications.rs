//! `ListPlatformApplications`: the caller's applications in the region, a hundred at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

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
    platform_application_arn: Arc<str>,
    attributes: BTreeMap<&'static str, String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListPlatformApplicationsInput,
) -> Result<ListPlatformApplicationsOutput, Error> {
    let applications = sns.platforms.of(caller.account, caller.region);
    let next_token = input.next_token.as_deref();
    let page = pages::page(
        applications,
        |one| one.arn.to_string(),
        next_token,
        "applications",
    )?;
    let shown = page
        .items
        .into_iter()
        .map(|application| PlatformApplication {
            platform_application_arn: application.arn.clone(),
            attributes: application.attributes().shown(),
        });
    Ok(ListPlatformApplicationsOutput {
        platform_applications: shown.collect(),
        next_token: page.next_token,
    })
}
