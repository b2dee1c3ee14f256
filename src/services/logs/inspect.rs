//! Log groups as exports see them, beside AWS's API.

use super::Logs;
use super::group::Group;
use crate::aws::{AccountId, Region};
use crate::services::resource::Resource;

/// CloudFormation's type of a log group.
pub const LOG_GROUP: &str = "AWS::Logs::LogGroup";

/// The log groups of an account in a region, ordered by name.
pub(super) fn held(logs: &Logs, account: AccountId, region: Region) -> Vec<Resource> {
    let groups = logs.groups.after((account, region), "", None);
    groups.map(|group| resource(&group)).collect()
}

fn resource(group: &Group) -> Resource {
    let described = group.described();
    let attributes = [
        (
            "DeletionProtectionEnabled",
            described.is_protected.then(|| true.to_string()),
        ),
        ("KmsKeyId", described.kms_key_id),
        ("LogGroupClass", described.class),
        (
            "RetentionInDays",
            described.retention_days.map(|days| days.to_string()),
        ),
    ];
    let given = attributes.into_iter();
    Resource {
        kind: LOG_GROUP,
        name: group.name.name.to_string(),
        arn: group.name.arn(),
        attributes: given
            .filter_map(|(name, value)| Some((name, value?)))
            .collect(),
        tags: described.tags,
    }
}
