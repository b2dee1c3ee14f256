//! The actions of EventBridge: one file each, named after the action, and their list. `endpoints`, `pages` and `tags` are shared.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch passes each action its input"
)]

mod activate_event_source;
mod cancel_replay;
mod create_api_destination;
mod create_archive;
mod create_connection;
mod create_endpoint;
mod create_event_bus;
mod create_partner_event_source;
mod deactivate_event_source;
mod deauthorize_connection;
mod delete_api_destination;
mod delete_archive;
mod delete_connection;
mod delete_endpoint;
mod delete_event_bus;
mod delete_partner_event_source;
mod delete_rule;
mod describe_api_destination;
mod describe_archive;
mod describe_connection;
mod describe_endpoint;
mod describe_event_bus;
mod describe_event_source;
mod describe_partner_event_source;
mod describe_replay;
mod describe_rule;
mod disable_rule;
mod enable_rule;
mod endpoints;
mod list_api_destinations;
mod list_archives;
mod list_connections;
mod list_endpoints;
mod list_event_buses;
mod list_event_sources;
mod list_partner_event_source_accounts;
mod list_partner_event_sources;
mod list_replays;
mod list_rule_names_by_target;
mod list_rules;
mod list_tags_for_resource;
mod list_targets_by_rule;
mod pages;
mod put_events;
mod put_partner_events;
mod put_permission;
mod put_rule;
mod put_targets;
mod remove_permission;
mod remove_targets;
mod start_replay;
mod tag_resource;
mod tags;
mod test_event_pattern;
mod untag_resource;
mod update_api_destination;
mod update_archive;
mod update_connection;
mod update_endpoint;
mod update_event_bus;

use super::Events;
use super::error::Error;

operations! {
    Events:
    ActivateEventSource => activate_event_source,
    CancelReplay => cancel_replay,
    CreateApiDestination => create_api_destination,
    CreateArchive => create_archive,
    CreateConnection => create_connection,
    CreateEndpoint => create_endpoint,
    CreateEventBus => create_event_bus,
    CreatePartnerEventSource => create_partner_event_source,
    DeactivateEventSource => deactivate_event_source,
    DeauthorizeConnection => deauthorize_connection,
    DeleteApiDestination => delete_api_destination,
    DeleteArchive => delete_archive,
    DeleteConnection => delete_connection,
    DeleteEndpoint => delete_endpoint,
    DeleteEventBus => delete_event_bus,
    DeletePartnerEventSource => delete_partner_event_source,
    DeleteRule => delete_rule,
    DescribeApiDestination => describe_api_destination,
    DescribeArchive => describe_archive,
    DescribeConnection => describe_connection,
    DescribeEndpoint => describe_endpoint,
    DescribeEventBus => describe_event_bus,
    DescribeEventSource => describe_event_source,
    DescribePartnerEventSource => describe_partner_event_source,
    DescribeReplay => describe_replay,
    DescribeRule => describe_rule,
    DisableRule => disable_rule,
    EnableRule => enable_rule,
    ListApiDestinations => list_api_destinations,
    ListArchives => list_archives,
    ListConnections => list_connections,
    ListEndpoints => list_endpoints,
    ListEventBuses => list_event_buses,
    ListEventSources => list_event_sources,
    ListPartnerEventSourceAccounts => list_partner_event_source_accounts,
    ListPartnerEventSources => list_partner_event_sources,
    ListReplays => list_replays,
    ListRuleNamesByTarget => list_rule_names_by_target,
    ListRules => list_rules,
    ListTagsForResource => list_tags_for_resource,
    ListTargetsByRule => list_targets_by_rule,
    PutEvents => put_events.await [refusal],
    PutPartnerEvents => put_partner_events.await [refusal],
    PutPermission => put_permission,
    PutRule => put_rule,
    PutTargets => put_targets,
    RemovePermission => remove_permission,
    RemoveTargets => remove_targets,
    StartReplay => start_replay,
    TagResource => tag_resource,
    TestEventPattern => test_event_pattern,
    UntagResource => untag_resource,
    UpdateApiDestination => update_api_destination,
    UpdateArchive => update_archive,
    UpdateConnection => update_connection,
    UpdateEndpoint => update_endpoint,
    UpdateEventBus => update_event_bus,
}
