//! `AWS::Logs`.

use super::members::{Members, Shape, member};
use super::{Actions, MadeBy, Naming, Reference, Told, Type, as_member, plain};
use crate::init::plan::Call;
use crate::init::template::error::Fault;
use crate::init::template::properties::Properties;

const SERVICE: &str = "logs";

pub(super) static TYPES: [Type; 1] = [Type {
    name: "AWS::Logs::LogGroup",
    service: SERVICE,
    naming: Naming::Property("LogGroupName", "logGroupName", 512),
    arn: "log-group:{n}",
    reference: Reference::Name,
    attributes: &[("Arn", Told::ArnWith(":*"))],
    properties: &[
        as_member("KmsKeyId", "kmsKeyId", Shape::Text),
        as_member("LogGroupClass", "logGroupClass", Shape::Text),
        as_member(
            "DeletionProtectionEnabled",
            "deletionProtectionEnabled",
            Shape::Boolean,
        ),
        as_member("Tags", "tags", Shape::Tags),
    ],
    others: &[("RetentionInDays", Shape::Integer)],
    left_out: &[
        "BearerTokenAuthenticationEnabled",
        "DataProtectionPolicy",
        "FieldIndexPolicies",
        "ResourcePolicyDocument",
    ],
    actions: Actions {
        make: "CreateLogGroup",
        change: None,
        find: Some(("ListTagsLogGroup", &["logGroupName"])),
        tag: Some(["TagResource", "resourceArn", "tags", "tags"]),
    },
    also: Some(retention),
}];

/// The property `RetentionInDays`.
fn retention(made: &MadeBy<'_>, properties: &mut Properties) -> Result<Vec<Call>, Fault> {
    const PROPERTY: &str = "RetentionInDays";

    let Some(days) = properties.take(PROPERTY) else {
        return Ok(Vec::new());
    };
    let days = member(days, Shape::Integer).map_err(|fault| fault.within(PROPERTY))?;
    let mut members = Members::default();
    members.text("logGroupName", &made.identity.name);
    members.put("retentionInDays", days);
    Ok(vec![plain(SERVICE, "PutRetentionPolicy", &members)])
}
