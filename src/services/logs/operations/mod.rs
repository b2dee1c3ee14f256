//! The actions of CloudWatch Logs: one file each, named after the action, and their list. `naming`, `pages` and `tags` are
//! shared.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch passes each action its input"
)]
#![expect(
    clippy::struct_field_names,
    reason = "AWS's names: the `logGroupName` of a `LogGroup`"
)]

mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod delete_retention_policy;
mod describe_log_groups;
mod describe_log_streams;
mod filter_log_events;
mod get_log_events;
mod list_tags_for_resource;
mod list_tags_log_group;
mod naming;
mod pages;
mod put_log_events;
mod put_retention_policy;
mod tag_log_group;
mod tag_resource;
mod tags;
mod untag_log_group;
mod untag_resource;

use super::Logs;
use super::error::Error;

operations! {
    Logs:
    CreateLogGroup => create_log_group,
    CreateLogStream => create_log_stream,
    DeleteLogGroup => delete_log_group,
    DeleteLogStream => delete_log_stream,
    DeleteRetentionPolicy => delete_retention_policy,
    DescribeLogGroups => describe_log_groups,
    DescribeLogStreams => describe_log_streams,
    FilterLogEvents => filter_log_events.await,
    GetLogEvents => get_log_events,
    ListTagsForResource => list_tags_for_resource,
    ListTagsLogGroup => list_tags_log_group,
    PutLogEvents => put_log_events,
    PutRetentionPolicy => put_retention_policy,
    TagLogGroup => tag_log_group,
    TagResource => tag_resource,
    UntagLogGroup => untag_log_group,
    UntagResource => untag_resource,
}
