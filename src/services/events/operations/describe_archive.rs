//! `DescribeArchive`: an archive with its settings, and how much it holds.

use serde::{Deserialize, Serialize};

use super::list_archives::ShownArchive;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::ARCHIVE_NAMES;
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeArchiveInput {
    archive_name: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeArchiveOutput {
    archive_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_identifier: Option<String>,
    #[serde(flatten)]
    listed: ShownArchive,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DescribeArchiveInput,
) -> Result<DescribeArchiveOutput, Error> {
    let mut validation = Validation::default();
    let name = input.archive_name.as_deref();
    let name = validation.required_text("archiveName", name, &ARCHIVE_NAMES);
    validation.finish()?;
    let archive = events.archive(caller, name)?;
    let settings = archive.settings();
    Ok(DescribeArchiveOutput {
        archive_arn: archive.arn.clone(),
        description: settings.description,
        event_pattern: settings.pattern.map(|pattern| pattern.text.clone()),
        kms_key_identifier: settings.kms_key_identifier,
        listed: ShownArchive::of(&archive),
    })
}
