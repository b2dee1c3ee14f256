//! Tags: their checks, and the resources that have them, which are log groups.

use std::sync::Arc;

use crate::aws::tags::{self, Tags};
use crate::aws::validation::{Rule, Validation};
use crate::services::logs::Logs;
use crate::services::logs::constraints::RESOURCES;
use crate::services::logs::error::Error;
use crate::services::logs::group::Group;
use crate::services::logs::groups::GroupName;

static KEYS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(128)];

/// The group with an ARN, which must not end in `:*`: the model's pattern says so.
pub(super) fn tagged(logs: &Logs, arn: Option<&str>) -> Result<Arc<Group>, Error> {
    let mut validation = Validation::default();
    let arn = validation.required_text("resourceArn", arn, &RESOURCES);
    validation.finish()?;
    let name = GroupName::parse(arn).ok_or(Error::ResourceDoesNotExist)?;
    let group = logs.groups.get(&name);
    group.ok_or(Error::ResourceDoesNotExist)
}

/// Checks the tags of a request. The sentences of refusals are those of `aws::tags`.
pub(super) fn check(tags: &Tags) -> Result<(), Error> {
    for (key, value) in tags {
        let checked = tags::check(key, value);
        checked.map_err(|refused| Error::invalid(refused.to_string()))?;
    }
    Ok(())
}

/// Checks the constraints of keys without values.
pub(super) fn validate_keys(validation: &mut Validation, path: &str, keys: &[String]) {
    for (place, key) in (1..).zip(keys) {
        let path = format_args!("{path}.{place}.member");
        validation.check(path, Some(key.as_str()), &KEYS);
    }
}

/// Adds tags to those of a group, replacing those with the same keys; all or none.
pub(super) fn add(group: &Group, tags: Tags) -> Result<(), Error> {
    let added = group.change(|described| tags::add(&mut described.tags, tags));
    added.map_err(|_| Error::TooManyTags)
}

/// Removes the tags with these keys from a group.
pub(super) fn remove(group: &Group, keys: &[String]) {
    group.change(|described| tags::remove(&mut described.tags, keys));
}
