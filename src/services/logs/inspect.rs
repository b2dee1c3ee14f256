//! Log groups as exports see them, beside AWS's API.

use super::Logs;
use super::group::Group;
use crate::aws::{AccountId, Region};
use crate::services::resource::{Resource, json, present};

/// CloudFormation's type of a log group.
pub const LOG_GROUP: &str = "AWS::Logs::LogGroup";

/// The log groups of an account in a region, ordered by name.
pub(super) fn held(logs: &Logs, account: AccountId, region: Region) -> Vec<Resource> {
    let groups = logs.groups.after((account, region), "", None);
    groups.map(|group| resource(&group)).collect()
}

fn resource(group: &Group) -> Resource {
    let described = group.described();
    let properties = present([
        (
            "DeletionProtectionEnabled",
            described.is_protected.then(|| true.to_string()),
        ),
        ("KmsKeyId", described.kms_key_id.as_ref().map(json)),
        ("LogGroupClass", described.class.as_ref().map(json)),
        (
            "RetentionInDays",
            described.retention_days.map(|days| days.to_string()),
        ),
    ]);
    Resource {
        kind: LOG_GROUP,
        name: group.name.name.to_string(),
        arn: group.name.arn(),
        attributes: Vec::new(),
        properties,
        tags: described.tags,
    }
}
