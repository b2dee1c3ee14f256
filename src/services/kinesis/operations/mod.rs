//! The actions of Kinesis: one file each, named after the action, and their list. The others are what some of them share:
//! `entry` a record that is put, `described` streams, shards and records as they are shown, `starting` where readers begin,
//! `resharding`, `retention`, `tags`, `consumers`, `encryption` and `monitoring` what their names say.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the dispatch passes each action its input"
)]

mod add_tags_to_stream;
mod consumers;
mod create_stream;
mod decrease_stream_retention_period;
mod delete_resource_policy;
mod delete_stream;
mod deregister_stream_consumer;
mod describe_limits;
mod describe_stream;
mod describe_stream_consumer;
mod describe_stream_summary;
pub(super) mod described;
mod disable_enhanced_monitoring;
mod enable_enhanced_monitoring;
mod encryption;
pub(super) mod entry;
mod get_records;
mod get_resource_policy;
mod get_shard_iterator;
mod increase_stream_retention_period;
mod list_shards;
mod list_stream_consumers;
mod list_streams;
mod list_tags_for_resource;
mod list_tags_for_stream;
mod merge_shards;
mod monitoring;
mod put_record;
mod put_records;
mod put_resource_policy;
mod register_stream_consumer;
mod remove_tags_from_stream;
mod resharding;
mod retention;
mod split_shard;
mod start_stream_encryption;
mod starting;
mod stop_stream_encryption;
mod subscribe_to_shard;
mod tag_resource;
mod tags;
mod untag_resource;
mod update_max_record_size;
mod update_shard_count;
mod update_stream_mode;
mod update_stream_record_distribution_strategy;
mod update_stream_warm_throughput;

use super::Kinesis;
use super::error::Error;

operations! {
    Kinesis:
    AddTagsToStream => add_tags_to_stream,
    CreateStream => create_stream,
    DecreaseStreamRetentionPeriod => decrease_stream_retention_period,
    DeleteResourcePolicy => delete_resource_policy,
    DeleteStream => delete_stream,
    DeregisterStreamConsumer => deregister_stream_consumer,
    DescribeLimits => describe_limits,
    DescribeStream => describe_stream,
    DescribeStreamConsumer => describe_stream_consumer,
    DescribeStreamSummary => describe_stream_summary,
    DisableEnhancedMonitoring => disable_enhanced_monitoring,
    EnableEnhancedMonitoring => enable_enhanced_monitoring,
    GetRecords => get_records,
    GetResourcePolicy => get_resource_policy,
    GetShardIterator => get_shard_iterator,
    IncreaseStreamRetentionPeriod => increase_stream_retention_period,
    ListShards => list_shards,
    ListStreamConsumers => list_stream_consumers,
    ListStreams => list_streams,
    ListTagsForResource => list_tags_for_resource,
    ListTagsForStream => list_tags_for_stream,
    MergeShards => merge_shards,
    PutRecord => put_record,
    PutRecords => put_records,
    PutResourcePolicy => put_resource_policy,
    RegisterStreamConsumer => register_stream_consumer,
    RemoveTagsFromStream => remove_tags_from_stream,
    SplitShard => split_shard,
    StartStreamEncryption => start_stream_encryption,
    StopStreamEncryption => stop_stream_encryption,
    SubscribeToShard => subscribe_to_shard as stream,
    TagResource => tag_resource,
    UntagResource => untag_resource,
    UpdateMaxRecordSize => update_max_record_size,
    UpdateShardCount => update_shard_count,
    UpdateStreamMode => update_stream_mode,
    UpdateStreamRecordDistributionStrategy => update_stream_record_distribution_strategy,
    UpdateStreamWarmThroughput => update_stream_warm_throughput,
}
