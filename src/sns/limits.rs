//! Every number that AWS sets for SNS, with its unit and source.

use std::ops::RangeInclusive;

/// Characters of a topic's name, `.fifo` included. (`CreateTopic`.)
pub const TOPIC_NAME_LENGTH: usize = 256;

/// Characters of a topic's display name. (`SetTopicAttributes`.)
pub const DISPLAY_NAME_LENGTH: usize = 100;

/// Items of a page of any listing without a page size of its own. (`ListTopics`.)
pub const PAGE: usize = 100;

/// Bytes of a message with its attributes, unless the topic says otherwise. (SNS quotas.)
pub const MESSAGE_SIZE: usize = 262_144;

/// Bytes that a topic can let a message have, attributes included. (`SetTopicAttributes`.)
pub const MAXIMUM_MESSAGE_SIZE: RangeInclusive<usize> = 1024..=1_048_576;

/// Subscriptions of a topic that takes messages above [`MESSAGE_SIZE`]. (`SetTopicAttributes`.)
pub const LARGE_MESSAGE_SUBSCRIPTIONS: usize = 100;

/// Days for which a FIFO topic can keep its messages. (Message archiving for FIFO topic owners.)
pub const ARCHIVE_DAYS: RangeInclusive<u32> = 1..=365;

/// Characters of a data protection policy. (`PutDataProtectionPolicy`.)
pub const DATA_PROTECTION_POLICY_LENGTH: usize = 30_720;

/// Tags of a topic. (SNS quotas.)
pub const TAGS: usize = 50;

/// Characters of a tag's key. (`TagResource`.)
pub const TAG_KEY_LENGTH: RangeInclusive<usize> = 1..=128;

/// Characters of a tag's value. (`TagResource`.)
pub const TAG_VALUE_LENGTH: usize = 256;

/// Seconds for which a FIFO topic remembers deduplication ids. (Message deduplication for FIFO topics.)
pub const DEDUPLICATION_SECONDS: u64 = 300;

/// Entries of a batch. (`PublishBatch`.)
pub const BATCH_ENTRIES: usize = 10;

/// Characters of a batch entry's id. (`PublishBatch`.)
pub const BATCH_ENTRY_ID_LENGTH: usize = 80;

/// Bytes of a message attribute's name. (Recorded.)
pub const MESSAGE_ATTRIBUTE_NAME_LENGTH: usize = 256;

/// Characters of a subject. (Publish; 100 is accepted.)
pub const SUBJECT_LENGTH: usize = 100;

/// Characters of a group or deduplication id. (Publish.)
pub const TOKEN_LENGTH: usize = 128;
