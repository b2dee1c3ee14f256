//! Every number that AWS sets for SNS, with its unit and source.

/// Characters of a topic's name, `.fifo` included. (CreateTopic.)
pub const TOPIC_NAME_LENGTH: usize = 256;

/// Characters of a topic's display name. (SetTopicAttributes.)
pub const DISPLAY_NAME_LENGTH: usize = 100;

/// Items of a page of any listing without a page size of its own. (ListTopics.)
pub const PAGE: usize = 100;

/// Bytes of a message with its attributes, unless the topic says otherwise. (SNS quotas.)
pub const MESSAGE_SIZE: usize = 262_144;

/// Tags of a topic. (SNS quotas.)
pub const TAGS: usize = 50;

/// Seconds for which a FIFO topic remembers deduplication ids. (Message deduplication for FIFO topics.)
pub const DEDUPLICATION_SECONDS: u64 = 300;

/// Entries of a batch. (PublishBatch.)
pub const BATCH_ENTRIES: usize = 10;

/// Characters of a batch entry's id. (PublishBatch.)
pub const BATCH_ENTRY_ID_LENGTH: usize = 80;

/// Bytes of a message attribute's name. (Recorded.)
pub const MESSAGE_ATTRIBUTE_NAME_LENGTH: usize = 256;

/// Characters of a subject. (Publish; 100 is accepted.)
pub const SUBJECT_LENGTH: usize = 100;

/// Characters of a group or deduplication id. (Publish.)
pub const TOKEN_LENGTH: usize = 128;

/// Subscriptions of a FIFO topic. (SNS quotas.)
pub const FIFO_SUBSCRIPTIONS: usize = 100;

/// Firehose subscriptions of a topic, for each of their owners. (SNS quotas.)
pub const FIREHOSE_SUBSCRIPTIONS: usize = 5;

/// Filter policies of a topic. (SNS quotas.)
pub const FILTER_POLICIES: usize = 200;

/// Pending subscriptions of an account. (SNS quotas.)
pub const PENDING_SUBSCRIPTIONS: usize = 5000;

/// Days for which a confirmation token is good. (`ConfirmSubscription`.)
pub const TOKEN_DAYS: u64 = 2;

/// Days after which a pending subscription is removed. (SNS FAQs.)
pub const PENDING_DAYS: u64 = 3;

/// Tokens that are remembered. Not AWS's: it bounds what a server keeps.
pub const TOKENS: usize = 100_000;
