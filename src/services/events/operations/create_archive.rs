//! `CreateArchive`: keeps the events of a bus from now on.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::archive::{Archive, ArchiveName, ArchiveSettings, ENABLED};
use crate::services::events::constraints::{
    ARCHIVE_NAMES, DESCRIPTIONS, KEYS, PATTERNS, RETENTIONS, SOURCES,
};
use crate::services::events::error::Error;
use crate::services::events::managed;
use crate::services::events::rule::Pattern;
use crate::wire::EpochSeconds;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateArchiveInput {
    archive_name: Option<String>,
    event_source_arn: Option<String>,
    description: Option<String>,
    event_pattern: Option<String>,
    retention_days: Option<i32>,
    kms_key_identifier: Option<String>,
}

/// An archive after a change.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChangedArchive {
    archive_arn: String,
    state: &'static str,
    creation_time: EpochSeconds,
}

impl From<&Archive> for ChangedArchive {
    fn from(archive: &Archive) -> Self {
        Self {
            archive_arn: archive.arn.clone(),
            state: ENABLED,
            creation_time: EpochSeconds(archive.created_at),
        }
    }
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: CreateArchiveInput,
) -> Result<ChangedArchive, Error> {
    let mut validation = Validation::default();
    let name = input.archive_name.as_deref();
    let name = validation.required_text("archiveName", name, &ARCHIVE_NAMES);
    let source = input.event_source_arn.as_deref();
    let source = validation.required_text("eventSourceArn", source, &SOURCES);
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    validation.check("eventPattern", input.event_pattern.as_deref(), &PATTERNS);
    validation.check("retentionDays", input.retention_days, &RETENTIONS);
    let key = input.kms_key_identifier.as_deref();
    validation.check("kmsKeyIdentifier", key, &KEYS);
    validation.finish()?;
    let bus = events.own_bus(caller, source)?;
    let name = ArchiveName::owned(caller, name);
    if events.archives.get(&name).is_some() {
        return Err(Error::ArchiveExists(name.name.into()));
    }
    let pattern = pattern(input.event_pattern)?;
    let of_rule = managed::pattern_of_archive(pattern.as_deref())?;
    let settings = ArchiveSettings {
        description: input.description,
        of_rule: pattern.is_some().then(|| of_rule.clone()),
        pattern,
        retention_days: days(input.retention_days),
        kms_key_identifier: input.kms_key_identifier,
    };
    let _changing = events.archives.changing();
    let archive = events
        .archives
        .add(&name, bus.name.clone(), settings, &events.agenda);
    let archive = archive.ok_or_else(|| Error::ArchiveExists(name.name.into()))?;
    // The rule comes last: whoever takes its target away ends the archiving that has begun.
    bus.archiving.begin(&archive);
    archive.keep_rule(&bus, of_rule);
    Ok((&*archive).into())
}

pub(super) fn pattern(text: Option<String>) -> Result<Option<Arc<Pattern>>, Error> {
    Ok(text.map(Pattern::read).transpose()?.map(Arc::new))
}

/// Zero means that events are never deleted. The model's constraint has refused negative numbers.
pub(super) fn days(days: Option<i32>) -> u32 {
    days.and_then(|days| u32::try_from(days).ok()).unwrap_or(0)
}
