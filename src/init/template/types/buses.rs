//! `AWS::Events`.

use super::members::{Members, Shape};
use super::{Actions, Made, Property, Reference, Told, Type, document, plain, same};
use crate::document::Value;
use crate::init::plan::Call;
use crate::init::template::error::Fault;
use crate::init::template::properties::Properties;
use crate::init::template::source::Template;

pub(super) const DEFAULT_BUS: &str = "default";
const SERVICE: &str = "events";

/// In the order in which they are made.
pub(super) static TYPES: [Type; 6] = [
    Type {
        name: "AWS::Events::EventBus",
        service: SERVICE,
        named: Some(("Name", 256)),
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
        others: &["Name", "Policy"],
        actions: Actions {
            make: "CreateEventBus",
            change: Some("UpdateEventBus"),
            find: Some(("DescribeEventBus", &["Name"])),
        },
        also: Some(bus_policy),
    },
    Type {
        name: "AWS::Events::Archive",
        service: SERVICE,
        named: Some(("ArchiveName", 48)),
        arn: "archive/{n}",
        reference: Reference::Name,
        attributes: &[
            ("Arn", Told::Arn("ArchiveArn")),
            ("ArchiveName", Told::Name),
        ],
        properties: &[
            Property {
                name: "SourceArn",
                member: "EventSourceArn",
                shape: Shape::Text,
            },
            same("Description", Shape::Text),
            same("EventPattern", Shape::Json),
            same("RetentionDays", Shape::Integer),
            same("KmsKeyIdentifier", Shape::Text),
        ],
        others: &["ArchiveName"],
        actions: Actions {
            make: "CreateArchive",
            change: Some("UpdateArchive"),
            find: Some(("DescribeArchive", &["ArchiveName"])),
        },
        also: None,
    },
    Type {
        name: "AWS::Events::Connection",
        service: SERVICE,
        named: Some(("Name", 64)),
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
        others: &["Name"],
        actions: Actions {
            make: "CreateConnection",
            change: Some("UpdateConnection"),
            find: Some(("DescribeConnection", &["Name"])),
        },
        also: None,
    },
    Type {
        name: "AWS::Events::ApiDestination",
        service: SERVICE,
        named: Some(("Name", 64)),
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
        others: &["Name"],
        actions: Actions {
            make: "CreateApiDestination",
            change: Some("UpdateApiDestination"),
            find: Some(("DescribeApiDestination", &["Name"])),
        },
        also: None,
    },
    Type {
        name: "AWS::Events::Endpoint",
        service: SERVICE,
        named: Some(("Name", 64)),
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
        others: &["Name"],
        actions: Actions {
            make: "CreateEndpoint",
            change: Some("UpdateEndpoint"),
            find: Some(("DescribeEndpoint", &["Name"])),
        },
        also: None,
    },
    Type {
        name: "AWS::Events::Rule",
        service: SERVICE,
        named: Some(("Name", 64)),
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
        others: &["Name", "Targets"],
        actions: Actions {
            make: "PutRule",
            change: None,
            find: None,
        },
        also: Some(targets),
    },
];

/// The property `Policy` of a bus.
fn bus_policy(made: &Made<'_>, properties: &mut Properties) -> Result<Option<Call>, Fault> {
    let Some(policy) = properties.take("Policy") else {
        return Ok(None);
    };
    let mut members = Members::default();
    members.text("EventBusName", made.name);
    let policy = document(&policy).map_err(|fault| fault.within("Policy"))?;
    members.text("Policy", &policy);
    Ok(Some(plain(SERVICE, "PutPermission", &members)))
}

/// The property `Targets` of a rule.
fn targets(made: &Made<'_>, properties: &mut Properties) -> Result<Option<Call>, Fault> {
    let Some(targets) = properties.take("Targets") else {
        return Ok(None);
    };
    let mut members = Members::default();
    members.text("Rule", made.name);
    if let Some(bus) = made.members.get("EventBusName") {
        members.put("EventBusName", bus.clone());
    }
    let targets = super::members::member(targets, Shape::Structure)?;
    members.put("Targets", targets);
    Ok(Some(plain(SERVICE, "PutTargets", &members)))
}

/// The name of the bus that a rule is on.
pub(super) fn bus_of(template: &Template<'_>, index: usize) -> Result<String, Fault> {
    let declared = &template.resources[index];
    let Some(node) = declared.property("EventBusName") else {
        return Ok(DEFAULT_BUS.to_owned());
    };
    let references = std::cell::RefCell::default();
    let evaluator = super::Evaluator::of_resource(template, &references);
    let Some(node) = evaluator.value(node)? else {
        return Ok(DEFAULT_BUS.to_owned());
    };
    let Value::Text(bus) = node.value else {
        return Ok(DEFAULT_BUS.to_owned());
    };
    let name = bus
        .rsplit_once("event-bus/")
        .map(|(_, name)| name.to_owned());
    Ok(name.unwrap_or(bus))
}
