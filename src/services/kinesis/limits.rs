//! Every number that AWS sets for Kinesis Data Streams, with its unit and source.

use std::ops::RangeInclusive;
use std::time::Duration;

/// Shards of an account in a region. (Kinesis quotas, of the larger regions.)
pub const SHARDS: usize = 20_000;

/// On-demand streams of an account in a region. (Kinesis quotas.)
pub const ON_DEMAND_STREAMS: usize = 50;

/// Shards of a new stream whose capacity is on demand. (Recorded.)
pub const ON_DEMAND_SHARDS: u32 = 4;

/// Hours for which a new stream holds its records.
pub const RETENTION: i32 = 24;

/// The hours for which a stream may hold its records.
pub const RETENTIONS: RangeInclusive<i32> = 24..=8760;

/// Bytes of a record's data, in the words of the model.
pub const DATA: usize = 10_485_760;

/// KiB of a record's data and key, where the stream does not say.
pub const RECORD_KIB: u32 = 1024;

/// Bytes of all records of a `PutRecords` with their keys, and of all records of a `GetRecords`.
pub const BATCH: usize = 10 << 20;

/// Records of a `PutRecords`.
pub const RECORDS: RangeInclusive<usize> = 1..=500;

/// Records of a `GetRecords`, where the request does not say: the most that it may.
pub const PAGE_OF_RECORDS: usize = 10_000;

/// Shards in an answer of `DescribeStream`, and streams in one of `ListStreams`.
pub const PAGE: usize = 100;

/// Shards in an answer of `ListShards`.
pub const PAGE_OF_SHARDS: usize = 1000;

/// Consumers in an answer of `ListStreamConsumers`.
pub const PAGE_OF_CONSUMERS: usize = 100;

/// Tags in an answer of `ListTagsForStream`.
pub const PAGE_OF_TAGS: usize = 50;

/// How long a shard iterator and a token of a listing are good.
pub const TOKEN_LIFE: Duration = Duration::from_mins(5);

/// How long a subscription to a shard lasts.
pub const SUBSCRIPTION: Duration = Duration::from_mins(5);

/// For how long no other subscription takes over from one.
pub const UNDISTURBED: Duration = Duration::from_secs(5);

/// After how long a subscription sends an event though no record has come. (Ours.)
pub const SILENCE: Duration = Duration::from_secs(5);

/// Bytes of the records of a subscription's event with their keys. (Ours.)
pub const EVENT: usize = 1 << 20;

/// Consumers of a stream.
pub const CONSUMERS: usize = 20;

/// The highest number in a shard's id.
pub const SHARD_NUMBER: u32 = i32::MAX as u32;

/// How long a stream or a consumer is on the way to its next state, where AWS's waits hold: the time between two looks of
/// the SDKs' waiters. Otherwise it is there at once.
pub const TRANSITION: Duration = Duration::from_secs(10);
