//! Buses, and what belongs to them, as resources: with the properties that a template has of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::aws::{AccountId, Region};
use crate::services::events::Events;
use crate::services::events::api_destinations::ApiDestination;
use crate::services::events::archive::Archive;
use crate::services::events::bus::Bus;
use crate::services::events::buses::DEFAULT;
use crate::services::events::connections::connection::Connection;
use crate::services::events::endpoint::Endpoint;
use crate::services::events::limits;
use crate::services::events::rule::{Rule, State};
use crate::services::resource::{Resource, json, present};

/// CloudFormation's type of a bus. Its policy is the property `Policy`.
pub const EVENT_BUS: &str = "AWS::Events::EventBus";
/// Of a rule. Its targets are the property `Targets`.
pub const RULE: &str = "AWS::Events::Rule";
/// Of an archive.
pub const ARCHIVE: &str = "AWS::Events::Archive";
/// Of a connection. Its `AuthParameters` are without their secrets, and not there when it has been deauthorised.
pub const CONNECTION: &str = "AWS::Events::Connection";
/// Of an API destination.
pub const API_DESTINATION: &str = "AWS::Events::ApiDestination";
/// Of a global endpoint.
pub const ENDPOINT: &str = "AWS::Events::Endpoint";

/// How the names of partners' buses begin: those of their event sources.
const PARTNER: &str = "aws.partner/";

/// The accounts and regions that hold something: each has a default bus, which is nothing unless it was changed.
pub(in crate::services::events) fn namespaces(events: &Events) -> Vec<(AccountId, Region)> {
    let mut namespaces = BTreeSet::new();
    namespaces.extend(events.buses.named().namespaces());
    namespaces.extend(events.archives.named().namespaces());
    namespaces.extend(events.connections.namespaces());
    namespaces.extend(events.api_destinations.named().namespaces());
    namespaces.extend(events.endpoints.named().namespaces());
    let all = namespaces.into_iter();
    all.filter(|(account, region)| !held(events, *account, *region).is_empty())
        .collect()
}

/// The resources of an account in a region, each kind ordered by name; rules by bus first. Rules that services manage are left
/// out: what makes them is there.
pub(in crate::services::events) fn held(
    events: &Events,
    account: AccountId,
    region: Region,
) -> Vec<Resource> {
    let buses = events.buses.named().of(account, region);
    let mut held: Vec<_> = buses.iter().map(|bus| bus_resource(bus)).collect();
    held.retain(|bus| bus.name != DEFAULT || !(bus.properties.is_empty() && bus.tags.is_empty()));
    for bus in &buses {
        let rules = bus.rules_after(None, usize::MAX, |rule| rule.managed_by.is_none());
        held.extend(rules.iter().map(|rule| rule_resource(bus, rule)));
    }
    let archives = events.archives.named().of(account, region);
    held.extend(archives.iter().map(|archive| archive_resource(archive)));
    let connections = events.connections.of(account, region, events.now());
    held.extend(connections.map(|connection| connection_resource(&connection)));
    let destinations = events.api_destinations.named().of(account, region);
    held.extend(destinations.iter().map(|it| destination_resource(it)));
    let endpoints = events.endpoints.named().of(account, region);
    held.extend(endpoints.iter().map(|endpoint| endpoint_resource(endpoint)));
    held
}

fn resource(
    kind: &'static str,
    name: &str,
    arn: String,
    properties: Vec<(&'static str, String)>,
) -> Resource {
    Resource {
        kind,
        name: name.to_owned(),
        arn,
        attributes: Vec::new(),
        properties,
        tags: BTreeMap::new(),
    }
}

fn bus_resource(bus: &Bus) -> Resource {
    let name = &*bus.name.name;
    bus.look(|described| {
        let settings = &described.settings;
        let properties = present([
            (
                "DeadLetterConfig",
                settings.dead_letter_config.as_ref().map(json),
            ),
            ("Description", settings.description.as_ref().map(json)),
            (
                "EventSourceName",
                name.starts_with(PARTNER).then(|| json(name)),
            ),
            (
                "KmsKeyIdentifier",
                settings.kms_key_identifier.as_ref().map(json),
            ),
            ("LogConfig", settings.log_config.as_ref().map(json)),
            ("Policy", described.policy.clone()),
        ]);
        Resource {
            tags: described.tags.clone(),
            ..resource(EVENT_BUS, name, bus.arn.to_string(), properties)
        }
    })
}

fn rule_resource(bus: &Bus, rule: &Rule) -> Resource {
    let pattern = rule.pattern.as_ref().map(|pattern| pattern.text.clone());
    let schedule = rule.schedule.as_ref().map(|schedule| json(&schedule.text));
    let is_changed = rule.state != State::Enabled;
    let properties = present([
        (
            "EventBusName",
            (!bus.name.is_default()).then(|| json(&bus.name.name)),
        ),
        ("Description", rule.description.as_ref().map(json)),
        ("EventPattern", pattern),
        ("RoleArn", rule.role_arn.as_ref().map(json)),
        ("ScheduleExpression", schedule),
        ("State", is_changed.then(|| json(rule.state.as_str()))),
        (
            "Targets",
            (!rule.targets.is_empty()).then(|| json(&rule.targets)),
        ),
    ]);
    Resource {
        tags: rule.tags.clone(),
        ..resource(RULE, &rule.name, rule.arn.to_string(), properties)
    }
}

fn archive_resource(archive: &Archive) -> Resource {
    let settings = archive.settings();
    let days = settings.retention_days;
    let properties = present([
        ("SourceArn", Some(json(&archive.bus.arn()))),
        ("Description", settings.description.as_ref().map(json)),
        (
            "EventPattern",
            settings.pattern.map(|pattern| pattern.text.clone()),
        ),
        (
            "KmsKeyIdentifier",
            settings.kms_key_identifier.as_ref().map(json),
        ),
        ("RetentionDays", (days > 0).then(|| days.to_string())),
    ]);
    resource(ARCHIVE, &archive.name.name, archive.arn.clone(), properties)
}

fn connection_resource(connection: &Connection) -> Resource {
    let described = connection.described();
    let authorization = described.authorization;
    let properties = present([
        ("AuthorizationType", Some(json(described.kind.as_str()))),
        ("AuthParameters", authorization.map(|it| json(&it.shown()))),
        ("Description", described.description.as_ref().map(json)),
        (
            "KmsKeyIdentifier",
            described.kms_key_identifier.as_ref().map(json),
        ),
    ]);
    let identity = &connection.identity;
    resource(CONNECTION, &identity.name, identity.to_string(), properties)
}

fn destination_resource(destination: &ApiDestination) -> Resource {
    let (settings, _) = destination.settings();
    let is_changed = settings.rate != limits::CALLS_PER_SECOND;
    let properties = present([
        ("ConnectionArn", Some(json(&settings.connection_arn))),
        ("Description", settings.description.as_ref().map(json)),
        ("HttpMethod", Some(json(&settings.method))),
        ("InvocationEndpoint", Some(json(&settings.endpoint))),
        (
            "InvocationRateLimitPerSecond",
            is_changed.then(|| settings.rate.to_string()),
        ),
    ]);
    let identity = &destination.identity;
    resource(
        API_DESTINATION,
        &identity.name,
        identity.to_string(),
        properties,
    )
}

fn endpoint_resource(endpoint: &Endpoint) -> Resource {
    let state = endpoint.state();
    let settings = state.settings;
    let properties = present([
        ("Description", state.description.as_ref().map(json)),
        ("EventBuses", settings.event_buses.as_ref().map(json)),
        (
            "ReplicationConfig",
            settings.replication_config.as_ref().map(json),
        ),
        ("RoleArn", settings.role_arn.as_ref().map(json)),
        ("RoutingConfig", settings.routing_config.as_ref().map(json)),
    ]);
    resource(
        ENDPOINT,
        &endpoint.name,
        endpoint.arn.to_string(),
        properties,
    )
}
