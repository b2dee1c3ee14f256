//! `DeleteArchive`: deletes an archive with its events.

use serde::Deserialize;

use super::tag_resource::Done;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::ARCHIVE_NAMES;
use crate::services::events::error::Error;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteArchiveInput {
    archive_name: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: DeleteArchiveInput,
) -> Result<Done, Error> {
    let mut validation = Validation::default();
    let name = input.archive_name.as_deref();
    let name = validation.required_text("archiveName", name, &ARCHIVE_NAMES);
    validation.finish()?;
    let archive = events.archive(caller, name)?;
    events.delete_archive(&archive);
    Ok(Done {})
}
