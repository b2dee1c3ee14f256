//! `ListPlatformApplications`: the caller's applications in the region, a hundred at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::platforms::Application;

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
    let next_token = input.next_token.as_deref();
    let list = |last: Option<&str>, count| {
        let applications = sns.platforms.after(caller.account, caller.region, last);
        applications.take(count).collect()
    };
    let name = |application: &Arc<Application>| application.name.path.to_string();
    let page = pages::page(next_token, "applications", name, list)?;
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
