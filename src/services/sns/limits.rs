//! Every number that AWS sets for SNS, with its unit and source.

use std::ops::RangeInclusive;
use std::time::Duration;

/// Characters of a topic's name, `.fifo` included. (`CreateTopic`.)
pub const TOPIC_NAME_LENGTH: usize = 256;

/// Characters of a topic's display name. (`SetTopicAttributes`.)
pub const DISPLAY_NAME_LENGTH: usize = 100;

/// Items per page of any listing without a page size of its own. (`ListTopics`.)
pub const PAGE: usize = 100;

/// Bytes of a message with its attributes, unless the topic sets another limit. (SNS quotas.)
pub const MESSAGE_SIZE: usize = 262_144;

/// The highest limit that a topic can set for a message, in bytes, attributes included. (`SetTopicAttributes`.)
pub const MAXIMUM_MESSAGE_SIZE: RangeInclusive<u32> = 1024..=1_048_576;

/// Subscriptions of a topic that accepts messages above [`MESSAGE_SIZE`]. (`SetTopicAttributes`.)
pub const LARGE_MESSAGE_SUBSCRIPTIONS: usize = 100;

/// Days for which a FIFO topic can keep its messages. (Message archiving for FIFO topic owners.)
pub const ARCHIVE_DAYS: RangeInclusive<u32> = 1..=365;

/// Characters of a data protection policy. (`PutDataProtectionPolicy`.)
pub const DATA_PROTECTION_POLICY_LENGTH: usize = 30_720;

/// How long a post to an endpoint may take, from connecting to the answer's end. (HTTP/S delivery: "about 15 seconds".)
pub const ATTEMPT: Duration = Duration::from_secs(15);

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

/// Subscriptions of a FIFO topic. (SNS quotas.)
pub const FIFO_SUBSCRIPTIONS: usize = 100;

/// Firehose subscriptions of a topic, per owner. (SNS quotas.)
pub const FIREHOSE_SUBSCRIPTIONS: usize = 5;

/// Filter policies of a topic. (SNS quotas: 200 per topic and 10,000 per account, more on request. topiq uses the
/// account's number, for the sake of load tests.)
pub const FILTER_POLICIES: usize = 10_000;

/// Pending subscriptions of an account. (SNS quotas.)
pub const PENDING_SUBSCRIPTIONS: usize = 5000;

/// Days for which a confirmation token is valid. (`ConfirmSubscription`.)
pub const TOKEN_DAYS: u64 = 2;

/// Days after which a pending subscription is removed. (SNS FAQs.)
pub const PENDING_DAYS: u64 = 3;

/// Tokens that are remembered. Not a limit of AWS's: it bounds the server's memory.
pub const TOKENS: usize = 100_000;

/// Characters of a platform application's name. (`CreatePlatformApplication`.)
pub const APPLICATION_NAME_LENGTH: usize = 256;

/// Bytes of a platform endpoint's user data. (`CreatePlatformEndpoint`.)
pub const CUSTOM_USER_DATA_LENGTH: usize = 2048;

/// Percent of deliveries that can be logged. (`SetTopicAttributes`, `SetPlatformApplicationAttributes`,
/// `SetSMSAttributes`.)
pub const PERCENT: RangeInclusive<u32> = 0..=100;

/// Characters of a sender id. (`SetSMSAttributes`.)
pub const SENDER_ID_LENGTH: std::ops::RangeInclusive<usize> = 1..=11;

/// US dollars per month that an account can spend on text messages, unless it asks for more. (SMS quotas.)
pub const MONTHLY_SPEND_LIMIT: &str = "1";

/// The least characters of a phone number. (Recorded; the number is inferred.)
pub const PHONE_NUMBER_LENGTH: usize = 8;

/// Days that must pass before a number is opted in again. (`OptInPhoneNumber`; with strict timing.)
pub const OPT_IN_DAYS: u64 = 30;

/// Phone numbers of a sandbox. (SMS sandbox.)
pub const SANDBOX_NUMBERS: usize = 10;

/// Characters of a phone number of the sandbox. (`CreateSMSSandboxPhoneNumber`.)
pub const SANDBOX_NUMBER_LENGTH: usize = 20;

/// Hours that a verified phone number stays in the sandbox. (SMS sandbox; with strict timing.)
pub const SANDBOX_HOURS: u64 = 24;

/// Digits of a one-time password. (`VerifySMSSandboxPhoneNumber`.)
pub const ONE_TIME_PASSWORD_LENGTH: std::ops::RangeInclusive<usize> = 5..=8;

/// Items per page of a sandbox's numbers. (`ListSMSSandboxPhoneNumbers`.)
pub const SANDBOX_PAGE: std::ops::RangeInclusive<i32> = 1..=100;

/// Items per page of origination numbers. (`ListOriginationNumbers`.)
pub const ORIGINATION_PAGE: std::ops::RangeInclusive<i32> = 1..=30;
