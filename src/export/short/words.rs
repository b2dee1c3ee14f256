//! The short format's own words, which exports write and `--init` reads.

/// The section of queues.
pub const QUEUES: &str = "queues";
/// The section of topics.
pub const TOPICS: &str = "topics";
/// The section of event buses.
pub const BUSES: &str = "buses";
/// The section of rules.
pub const RULES: &str = "rules";
/// The section of archives.
pub const ARCHIVES: &str = "archives";
/// The section of connections.
pub const CONNECTIONS: &str = "connections";
/// The section of API destinations.
pub const API_DESTINATIONS: &str = "apiDestinations";
/// The section of global endpoints.
pub const ENDPOINTS: &str = "endpoints";
/// The section of log groups.
pub const LOG_GROUPS: &str = "logGroups";
/// The section of Kinesis streams.
pub const STREAMS: &str = "streams";
/// The section of schema registries.
pub const REGISTRIES: &str = "registries";
/// The section of schema discoverers.
pub const DISCOVERERS: &str = "discoverers";

/// The targets of a rule, by what they are, with the section of it.
pub const TARGETS: [(&str, &str); 6] = [
    ("queue", QUEUES),
    ("topic", TOPICS),
    ("bus", BUSES),
    ("stream", STREAMS),
    ("logGroup", LOG_GROUPS),
    ("apiDestination", API_DESTINATIONS),
];
