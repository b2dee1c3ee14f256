//! `CreateLogGroup`: creates a log group.

use serde::Deserialize;

use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::{Rule, Validation};
use crate::services::logs::Logs;
use crate::services::logs::constraints::{CLASSES, GROUPS};
use crate::services::logs::error::Error;
use crate::services::logs::group::{Described, Group};
use crate::services::logs::groups::GroupName;

/// The class of groups that are created without one.
const STANDARD: &str = "STANDARD";

static KEYS: [Rule; 1] = [Rule::LengthAtMost(256)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateLogGroupInput {
    log_group_name: Option<String>,
    kms_key_id: Option<String>,
    tags: Option<Tags>,
    log_group_class: Option<String>,
    deletion_protection_enabled: Option<bool>,
}

pub(super) fn call(
    logs: &Logs,
    caller: &Caller<'_>,
    input: CreateLogGroupInput,
) -> Result<(), Error> {
    let mut validation = Validation::default();
    let name = input.log_group_name.as_deref();
    let name = validation.required_text("logGroupName", name, &GROUPS);
    validation.check("kmsKeyId", input.kms_key_id.as_deref(), &KEYS);
    let class = input.log_group_class.as_deref();
    validation.check("logGroupClass", class, &CLASSES);
    validation.finish()?;
    // The rule is CreateLogGroup's, the sentence topiq's.
    if name.starts_with("aws/") {
        return Err(Error::invalid(
            "Log group names can't start with the string aws/",
        ));
    }
    let tags = input.tags.unwrap_or_default();
    tags::check(&tags)?;
    let mut own_tags = Tags::new();
    crate::aws::tags::add(&mut own_tags, tags)
        .map_err(|_| Error::invalid(Error::TooManyTags.to_string()))?;
    let name = GroupName::owned(caller, name);
    let described = Described {
        retention_days: None,
        kms_key_id: input.kms_key_id,
        class: input.log_group_class.filter(|class| class != STANDARD),
        is_protected: input.deletion_protection_enabled == Some(true),
        tags: own_tags,
    };
    logs.groups.add(Group::new(name, logs.now(), described))
}
