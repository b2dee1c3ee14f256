//! `AWS::Events`.

use super::members::{Members, Shape, member};
use super::{Actions, MadeBy, Naming, Reference, Told, Type, as_member, document, plain, same};
use crate::init::plan::Call;
use crate::init::template::error::Fault;
use crate::init::template::properties::Properties;

const SERVICE: &str = "events";
const TAG: Option<[&str; 4]> = Some(["TagResource", "ResourceARN", "Tags", "Tags"]);

pub(super) static TYPES: [Type; 6] = [
    Type {
        name: "AWS::Events::EventBus",
        service: SERVICE,
        naming: Naming::Property("Name", "Name", 256),
        arn: "event-bus/{n}",
        reference: Reference::Name,
        attributes: &[("Arn", Told::Arn("Arn")), ("Name", Told::Name)],
        properties: &[
            same("EventSourceName", Shape::Text),
            same("Description", Shape::Text),
            same("KmsKeyIdentifier", Shape::Text),
            same("DeadLetterConfig", Shape::Structure),
            same("LogConfig", Shape::Structure),
            same("Tags", Shape::Structure),
        ],
        others: &[("Policy", Shape::Json)],
        left_out: &[],
        actions: Actions {
            make: "CreateEventBus",
            change: Some("UpdateEventBus"),
            find: Some(("DescribeEventBus", &["Name"])),
            tag: TAG,
        },
        also: Some(bus_policy),
    },
    Type {
        name: "AWS::Events::Archive",
        service: SERVICE,
        naming: Naming::Property("ArchiveName", "ArchiveName", 48),
        arn: "archive/{n}",
        reference: Reference::Name,
        attributes: &[
            ("Arn", Told::Arn("ArchiveArn")),
            ("ArchiveName", Told::Name),
        ],
        properties: &[
            as_member("SourceArn", "EventSourceArn", Shape::Text),
            same("Description", Shape::Text),
            same("EventPattern", Shape::Json),
            same("RetentionDays", Shape::Integer),
            same("KmsKeyIdentifier", Shape::Text),
        ],
        others: &[],
        left_out: &[],
        actions: Actions {
            make: "CreateArchive",
            change: Some("UpdateArchive"),
            find: Some(("DescribeArchive", &["ArchiveName"])),
            tag: None,
        },
        also: None,
    },
    Type {
        name: "AWS::Events::Connection",
        service: SERVICE,
        naming: Naming::Property("Name", "Name", 64),
        arn: "connection/{n}/{id}",
        reference: Reference::Name,
        attributes: &[
            ("Arn", Told::Arn("ConnectionArn")),
            ("SecretArn", Told::Answer("SecretArn")),
        ],
        properties: &[
            same("Description", Shape::Text),
            same("AuthorizationType", Shape::Text),
            same("AuthParameters", Shape::Structure),
            same("InvocationConnectivityParameters", Shape::Structure),
            same("KmsKeyIdentifier", Shape::Text),
        ],
        others: &[],
        left_out: &[],
        actions: Actions {
            make: "CreateConnection",
            change: Some("UpdateConnection"),
            find: Some(("DescribeConnection", &["Name"])),
            tag: None,
        },
        also: None,
    },
    Type {
        name: "AWS::Events::ApiDestination",
        service: SERVICE,
        naming: Naming::Property("Name", "Name", 64),
        arn: "api-destination/{n}/{id}",
        reference: Reference::Name,
        attributes: &[("Arn", Told::Arn("ApiDestinationArn"))],
        properties: &[
            same("Description", Shape::Text),
            same("ConnectionArn", Shape::Text),
            same("InvocationEndpoint", Shape::Text),
            same("HttpMethod", Shape::Text),
            same("InvocationRateLimitPerSecond", Shape::Integer),
        ],
        others: &[],
        left_out: &[],
        actions: Actions {
            make: "CreateApiDestination",
            change: Some("UpdateApiDestination"),
            find: Some(("DescribeApiDestination", &["Name"])),
            tag: None,
        },
        also: None,
    },
    Type {
        name: "AWS::Events::Endpoint",
        service: SERVICE,
        naming: Naming::Property("Name", "Name", 64),
        arn: "endpoint/{n}",
        reference: Reference::Name,
        attributes: &[
            ("Arn", Told::Arn("Arn")),
            ("EndpointId", Told::Answer("EndpointId")),
            ("EndpointUrl", Told::Answer("EndpointUrl")),
            ("State", Told::Answer("State")),
            ("StateReason", Told::Answer("StateReason")),
        ],
        properties: &[
            same("Description", Shape::Text),
            same("RoutingConfig", Shape::Structure),
            same("ReplicationConfig", Shape::Structure),
            same("EventBuses", Shape::Structure),
            same("RoleArn", Shape::Text),
        ],
        others: &[],
        left_out: &[],
        actions: Actions {
            make: "CreateEndpoint",
            change: Some("UpdateEndpoint"),
            find: Some(("DescribeEndpoint", &["Name"])),
            tag: None,
        },
        also: None,
    },
    Type {
        name: "AWS::Events::Rule",
        service: SERVICE,
        naming: Naming::Property("Name", "Name", 64),
        arn: "rule/{n}",
        reference: Reference::RuleId,
        attributes: &[("Arn", Told::Arn("RuleArn"))],
        properties: &[
            same("EventBusName", Shape::Text),
            same("EventPattern", Shape::Json),
            same("ScheduleExpression", Shape::Text),
            same("State", Shape::Text),
            same("Description", Shape::Text),
            same("RoleArn", Shape::Text),
            same("Tags", Shape::Structure),
        ],
        others: &[("Targets", Shape::Structure)],
        left_out: &[],
        actions: Actions {
            make: "PutRule",
            change: None,
            find: None,
            tag: TAG,
        },
        also: Some(targets),
    },
];

/// The property `Policy` of a bus.
fn bus_policy(made: &MadeBy<'_>, properties: &mut Properties) -> Result<Vec<Call>, Fault> {
    let Some(policy) = properties.take("Policy") else {
        return Ok(Vec::new());
    };
    let mut members = Members::default();
    members.text("EventBusName", &made.identity.name);
    let policy = document(&policy).map_err(|fault| fault.within("Policy"))?;
    members.text("Policy", &policy);
    Ok(vec![plain(SERVICE, "PutPermission", &members)])
}

/// The property `Targets` of a rule.
fn targets(made: &MadeBy<'_>, properties: &mut Properties) -> Result<Vec<Call>, Fault> {
    let Some(targets) = properties.take("Targets") else {
        return Ok(Vec::new());
    };
    let mut members = Members::default();
    members.text("Rule", &made.identity.name);
    if let Some(bus) = made.members.get("EventBusName") {
        members.put("EventBusName", bus.clone());
    }
    members.put("Targets", member(targets, Shape::Structure)?);
    Ok(vec![plain(SERVICE, "PutTargets", &members)])
}
