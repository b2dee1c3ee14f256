//! What the actions of endpoints share: their input and its constraints, and an endpoint as it is shown.

use serde::{Deserialize, Serialize};

use crate::aws::validation::{Pattern, Rule, Validation, Value};
use crate::services::events::constraints::DESCRIPTIONS;
use crate::services::events::endpoint::{
    ACTIVE, Endpoint, EndpointEventBus, EndpointSettings, ReplicationConfig, RoutingConfig,
};
use crate::wire::EpochSeconds;

static HEALTH_CHECK: Pattern =
    Pattern::new(r"^arn:aws([a-z]|\-)*:route53:::healthcheck/[\-a-z0-9]+$");
static REGION: Pattern = Pattern::new(r"^[\-a-z0-9]+$");
static BUS: Pattern =
    Pattern::new(r"^arn:aws[a-z-]*:events:[a-z]+-[a-z-]+-\d+:\d{12}:event-bus/[\w.-]+$");
static ROLE: Pattern = Pattern::new(r"^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$");

static HEALTH_CHECKS: [Rule; 4] = [
    Rule::NotNull,
    Rule::Matches(&HEALTH_CHECK),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(1600),
];
static ROUTES: [Rule; 4] = [
    Rule::NotNull,
    Rule::Matches(&REGION),
    Rule::LengthAtLeast(9),
    Rule::LengthAtMost(20),
];
static BUSES: [Rule; 4] = [
    Rule::NotNull,
    Rule::Matches(&BUS),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(512),
];
static ROLES: [Rule; 3] = [
    Rule::Matches(&ROLE),
    Rule::LengthAtLeast(1),
    Rule::LengthAtMost(256),
];
/// Regions.
pub(super) static HOME_REGIONS: [Rule; 3] = [
    Rule::Matches(&REGION),
    Rule::LengthAtLeast(9),
    Rule::LengthAtMost(20),
];

/// The input of `CreateEndpoint` and of `UpdateEndpoint`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EndpointInput {
    name: Option<String>,
    description: Option<String>,
    routing_config: Option<RoutingConfig>,
    replication_config: Option<ReplicationConfig>,
    event_buses: Option<Vec<EndpointEventBus>>,
    role_arn: Option<String>,
}

impl EndpointInput {
    /// Name, description and settings.
    pub(super) fn parts(self) -> (Option<String>, Option<String>, EndpointSettings) {
        let settings = EndpointSettings {
            routing_config: self.routing_config,
            replication_config: self.replication_config,
            event_buses: self.event_buses,
            role_arn: self.role_arn,
        };
        (self.name, self.description, settings)
    }
}

/// An endpoint as it is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownEndpoint {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    arn: String,
    #[serde(flatten)]
    settings: EndpointSettings,
    endpoint_id: String,
    endpoint_url: String,
    state: &'static str,
    creation_time: EpochSeconds,
    last_modified_time: EpochSeconds,
}

impl ShownEndpoint {
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        let state = endpoint.state();
        Self {
            name: endpoint.name.to_string(),
            description: state.description,
            arn: endpoint.arn.to_string(),
            settings: state.settings,
            endpoint_id: endpoint.id.clone(),
            endpoint_url: endpoint.url(),
            state: ACTIVE,
            creation_time: EpochSeconds(endpoint.created_at),
            last_modified_time: EpochSeconds(state.modified_at),
        }
    }
}

/// Checks the constraints of the model on the settings that are there.
pub(super) fn validate(
    validation: &mut Validation,
    description: Option<&str>,
    settings: &EndpointSettings,
) {
    validation.check("description", description, &DESCRIPTIONS);
    if let Some(routing) = &settings.routing_config {
        let path = "routingConfig.failoverConfig";
        match &routing.failover_config {
            None => validation.refuse_null(path),
            Some(failover) => {
                match &failover.primary {
                    None => validation.refuse_null(format_args!("{path}.primary")),
                    Some(primary) => {
                        let check = primary.health_check.as_deref();
                        let path = format_args!("{path}.primary.healthCheck");
                        validation.check(path, check, &HEALTH_CHECKS);
                    }
                }
                match &failover.secondary {
                    None => validation.refuse_null(format_args!("{path}.secondary")),
                    Some(secondary) => {
                        let route = secondary.route.as_deref();
                        validation.check(format_args!("{path}.secondary.route"), route, &ROUTES);
                    }
                }
            }
        }
    }
    let replication = settings.replication_config.as_ref();
    validation.check(
        "replicationConfig.state",
        replication.and_then(|config| config.state.as_deref()),
        &[Rule::OneOf(&["ENABLED", "DISABLED"])],
    );
    if let Some(buses) = &settings.event_buses {
        let arns: Vec<_> = buses
            .iter()
            .map(|bus| bus.event_bus_arn.as_deref())
            .collect();
        let shown = arns.iter().map(|arn| arn.unwrap_or("null"));
        let shown = shown.map(|arn| format!("EndpointEventBus(eventBusArn={arn})"));
        let shown = format!("[{}]", shown.collect::<Vec<_>>().join(", "));
        let list = Value::List {
            length: arns.len(),
            shown: &shown,
        };
        let rules = [Rule::LengthAtLeast(2), Rule::LengthAtMost(2)];
        validation.check("eventBuses", Some(list), &rules);
        for (place, arn) in (1..).zip(arns) {
            let path = format_args!("eventBuses.{place}.member.eventBusArn");
            validation.check(path, arn, &BUSES);
        }
    }
    validation.check("roleArn", settings.role_arn.as_deref(), &ROLES);
}
