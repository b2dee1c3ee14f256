//! `UpdateArchive`: changes those settings of an archive that the request names. Another pattern holds for events that come,
//! another retention for those that are there, too.

use serde::Deserialize;

use super::create_archive::{ChangedArchive, days, pattern};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::events::Events;
use crate::services::events::constraints::{
    ARCHIVE_NAMES, DESCRIPTIONS, KEYS, PATTERNS, RETENTIONS,
};
use crate::services::events::error::Error;
use crate::services::events::managed;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateArchiveInput {
    archive_name: Option<String>,
    description: Option<String>,
    event_pattern: Option<String>,
    retention_days: Option<i32>,
    kms_key_identifier: Option<String>,
}

pub(super) fn call(
    events: &Events,
    caller: &Caller<'_>,
    input: UpdateArchiveInput,
) -> Result<ChangedArchive, Error> {
    let mut validation = Validation::default();
    let name = input.archive_name.as_deref();
    let name = validation.required_text("archiveName", name, &ARCHIVE_NAMES);
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    validation.check("eventPattern", input.event_pattern.as_deref(), &PATTERNS);
    validation.check("retentionDays", input.retention_days, &RETENTIONS);
    let key = input.kms_key_identifier.as_deref();
    validation.check("kmsKeyIdentifier", key, &KEYS);
    validation.finish()?;
    let UpdateArchiveInput {
        description,
        event_pattern,
        retention_days,
        kms_key_identifier,
        ..
    } = &input;
    let texts = [description, event_pattern, kms_key_identifier];
    if texts.iter().all(|text| text.is_none()) && retention_days.is_none() {
        return Err(Error::invalid(
            "At least one of EventPattern, RetentionDays or Description must be provided.",
        ));
    }
    let _changing = events.archives.changing();
    let archive = events.archive(caller, name)?;
    let pattern = pattern(input.event_pattern)?;
    let of_rule = pattern.as_deref();
    let of_rule = of_rule.map(|pattern| managed::pattern_of_archive(Some(pattern)));
    let of_rule = of_rule.transpose()?;
    if let Some(of_rule) = &of_rule
        && let Some(bus) = events.buses.present(&archive.bus)
    {
        bus.change_managed(&archive.rule_name(), managed::ARCHIVES, of_rule.clone());
    }
    archive.change(|settings| {
        if input.description.is_some() {
            settings.description = input.description;
        }
        if pattern.is_some() {
            settings.pattern = pattern;
            settings.of_rule = of_rule;
        }
        if input.retention_days.is_some() {
            settings.retention_days = days(input.retention_days);
        }
        if input.kms_key_identifier.is_some() {
            settings.kms_key_identifier = input.kms_key_identifier;
        }
    });
    Ok((&*archive).into())
}
