//! Every number that AWS sets for SQS, with its unit and source.

use std::ops::RangeInclusive;

/// Seconds for which a new message stays hidden. (SQS quotas, delay.)
pub const DELAY_SECONDS: RangeInclusive<u32> = 0..=900;

/// The range of a queue's maximum message size, in bytes, attributes included.
pub const MAXIMUM_MESSAGE_SIZE: RangeInclusive<u32> = 1024..=1_048_576;

/// Bytes of all messages in a batch together; independent of the queue's own maximum.
pub const BATCH_SIZE: usize = 1_048_576;

/// Seconds for which a message is kept: one minute to 14 days.
pub const MESSAGE_RETENTION_PERIOD: RangeInclusive<u32> = 60..=1_209_600;

/// Seconds for which a receive waits for a message.
pub const WAIT_TIME_SECONDS: RangeInclusive<u32> = 0..=20;

/// Seconds for which a received message stays hidden: up to 12 hours.
pub const VISIBILITY_TIMEOUT: RangeInclusive<u32> = 0..=43_200;

/// Seconds for which a KMS data key is reused.
pub const KMS_DATA_KEY_REUSE_PERIOD: RangeInclusive<u32> = 60..=86_400;

/// Entries of a batch, and messages of one receive.
pub const BATCH_ENTRIES: usize = 10;

/// Characters of a batch entry's id.
pub const BATCH_ENTRY_ID_LENGTH: usize = 80;

/// Characters of a queue's name, `.fifo` included.
pub const QUEUE_NAME_LENGTH: usize = 80;

/// Attributes of a message.
pub const MESSAGE_ATTRIBUTES: usize = 10;

/// Bytes of a message attribute's name, and of its type.
pub const MESSAGE_ATTRIBUTE_NAME_LENGTH: usize = 256;

/// Significant digits of a message attribute of type Number.
pub const NUMBER_DIGITS: usize = 38;

/// Characters of a message group id, a deduplication id and a receive request attempt id.
pub const TOKEN_LENGTH: usize = 128;

/// How often a message may be received before it is moved to the dead-letter queue.
pub const MAX_RECEIVE_COUNT: RangeInclusive<i64> = 1..=1000;

/// Source queues that a redrive allow policy may name.
pub const REDRIVE_SOURCES: usize = 10;

/// Results of one page of queues.
pub const PAGE: RangeInclusive<i32> = 1..=1000;

/// Results of one listing of move tasks; one by default.
pub const MOVE_TASK_RESULTS: RangeInclusive<i32> = 1..=10;

/// Messages per second of a move task, if the caller sets a rate.
pub const MOVE_RATE: RangeInclusive<i32> = 1..=500;

/// Characters of a permission's label.
pub const LABEL_LENGTH: usize = 80;

/// Actions of one statement of a queue's policy.
pub const POLICY_ACTIONS: usize = 7;

/// Principals of one statement of a queue's policy. (SQS quotas name 50 for a policy, without saying how they count.)
pub const POLICY_PRINCIPALS: usize = 50;

/// Conditions of one statement of a queue's policy. (SQS quotas name 10 for a policy; users have 20 statements with one
/// each, so it cannot be the whole.)
pub const POLICY_CONDITIONS: usize = 10;

/// Statements of a queue's policy.
pub const POLICY_STATEMENTS: usize = 20;

/// Bytes of a queue's policy.
pub const POLICY_SIZE: usize = 8192;

/// Seconds between two purges of a queue, and between the deletion of a queue and the creation of one with its name:
/// only with `--strict-timing`.
pub const STRICT_WAIT_SECONDS: u64 = 60;

/// Seconds until a changed deduplication scope is in force: only with `--strict-timing`. (`SetQueueAttributes`: up to
/// 60 seconds; recorded: not within seconds.)
pub const STRICT_CHANGE_SECONDS: u32 = 60;
