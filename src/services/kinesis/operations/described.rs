//! Streams, shards and records as they are shown.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use crate::services::kinesis::ShardId;
use crate::services::kinesis::hosted_stream::{HostedStream, Mode, State};
use crate::services::kinesis::stream::{self, HashRange, Record, Sequence};
use crate::wire::{Blob, Moment};

use crate::clock::Timestamp;

/// The hash keys of a shard.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HashKeyRange {
    starting_hash_key: String,
    ending_hash_key: String,
}

impl From<HashRange> for HashKeyRange {
    fn from(range: HashRange) -> Self {
        Self {
            starting_hash_key: range.start.to_string(),
            ending_hash_key: range.end.to_string(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SequenceNumberRange {
    starting_sequence_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ending_sequence_number: Option<String>,
}

/// A shard.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Shard {
    #[serde(rename = "ShardId")]
    id: ShardId,
    /// Of more parents than two, which scaling makes, it shows the first two.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_shard_id: Option<ShardId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    adjacent_parent_shard_id: Option<ShardId>,
    hash_key_range: HashKeyRange,
    sequence_number_range: SequenceNumberRange,
}

impl From<&stream::Shard> for Shard {
    fn from(shard: &stream::Shard) -> Self {
        let mut parents = shard.parents.iter().copied().map(ShardId);
        Self {
            id: ShardId(shard.number),
            parent_shard_id: parents.next(),
            adjacent_parent_shard_id: parents.next(),
            hash_key_range: shard.hashes.into(),
            sequence_number_range: SequenceNumberRange {
                starting_sequence_number: shard.start().to_string(),
                ending_sequence_number: shard.end().map(|end| end.to_string()),
            },
        }
    }
}

/// A shard that continues another.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::services::kinesis) struct ChildShard {
    shard_id: ShardId,
    parent_shards: Vec<ShardId>,
    hash_key_range: HashKeyRange,
}

impl From<&stream::Shard> for ChildShard {
    fn from(shard: &stream::Shard) -> Self {
        Self {
            shard_id: ShardId(shard.number),
            parent_shards: shard.parents.iter().copied().map(ShardId).collect(),
            hash_key_range: shard.hashes.into(),
        }
    }
}

/// A record that a reader gets.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownRecord {
    sequence_number: String,
    approximate_arrival_timestamp: Moment,
    data: Blob,
    partition_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_type: Option<&'static str>,
}

impl From<(Sequence, Record)> for ShownRecord {
    fn from((sequence, record): (Sequence, Record)) -> Self {
        Self {
            sequence_number: sequence.to_string(),
            approximate_arrival_timestamp: Moment(record.arrived),
            data: Blob(record.data().to_vec()),
            partition_key: record.key().to_owned(),
            encryption_type: record.is_encrypted.then_some("KMS"),
        }
    }
}

/// How far a reader is behind, as it is shown.
pub(super) fn millis(behind: Duration) -> u64 {
    u64::try_from(behind.as_millis()).unwrap_or(u64::MAX)
}

/// How a stream's capacity is set.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StreamModeDetails {
    stream_mode: &'static str,
}

impl From<Mode> for StreamModeDetails {
    fn from(mode: Mode) -> Self {
        Self {
            stream_mode: mode.as_str(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct EnhancedMetrics {
    shard_level_metrics: BTreeSet<&'static str>,
}

/// What every description of a stream has.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Described {
    stream_name: String,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    stream_status: &'static str,
    stream_mode_details: StreamModeDetails,
    retention_period_hours: i32,
    stream_creation_timestamp: Moment,
    enhanced_monitoring: [EnhancedMetrics; 1],
    encryption_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
}

impl Described {
    pub(super) fn new(stream: &HostedStream, state: &State, now: Timestamp) -> Self {
        Self {
            stream_name: stream.name.name.to_string(),
            stream_arn: stream.arn.clone(),
            stream_status: state.status(now),
            stream_mode_details: state.mode.into(),
            retention_period_hours: state.retention_hours(),
            stream_creation_timestamp: Moment(stream.created),
            enhanced_monitoring: [EnhancedMetrics {
                shard_level_metrics: state.metrics.clone(),
            }],
            encryption_type: state.encryption().unwrap_or("NONE"),
            key_id: state.key.clone(),
        }
    }
}
