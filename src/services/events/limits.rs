//! Every number that AWS sets for EventBridge, with its unit and source.

use std::ops::RangeInclusive;
use std::time::Duration;

/// Buses of an account in a region, the default one included. (EventBridge quotas.)
pub const BUSES: usize = 100;

/// Targets of a rule. (EventBridge quotas.)
pub const TARGETS: usize = 5;

/// Global endpoints of an account in a region. (EventBridge quotas.)
pub const ENDPOINTS: usize = 100;

/// Entries of a `PutPartnerEvents`, in the words of its model.
pub const PARTNER_ENTRIES: RangeInclusive<usize> = 1..=20;

/// Replays of an account in a region that have not ended. (EventBridge quotas.)
pub const REPLAYS: usize = 10;

/// Characters of a bus's policy. (`PutPermission`.)
pub const POLICY_LENGTH: usize = 10_240;

/// Entries of a `PutEvents`, in the words of its model.
pub const ENTRIES: RangeInclusive<usize> = 1..=10;

/// Bytes that an entry's `Time` counts. (Calculating the size of an event entry.)
pub const TIME_SIZE: usize = 14;

/// Levels of objects and arrays in an entry's `Detail`, itself included. (`PutEventsRequestEntry`.)
pub const DETAIL_DEPTH: usize = 1000;

/// Items of a listing's page, where the request does not say.
pub const PAGE: usize = 100;

/// Retries of a delivery, where its target does not say. (`RetryPolicy`.)
pub const RETRIES: u32 = 185;

/// How old an event gets in seconds before it is given up, where its target does not say. (`RetryPolicy`.)
pub const EVENT_AGE_SECONDS: u32 = 86_400;

/// The longest delay before the first retry, which doubles with each further one. AWS does not publish its delays.
pub const FIRST_BACKOFF: Duration = Duration::from_secs(1);

/// The longest delay before any retry.
pub const LONGEST_BACKOFF: Duration = Duration::from_mins(1);

/// Characters of a target's `Input`.
pub const INPUT_LENGTH: usize = 8192;

/// Characters of a target's `InputTemplate`.
pub const TEMPLATE_LENGTH: usize = 8192;

/// Characters of a JSON path.
pub const PATH_LENGTH: usize = 256;

/// Names in a target's `InputPathsMap`.
pub const PATHS: usize = 100;

/// Buses that an event goes through one after the other before it is taken for a loop. AWS finds no loops.
pub const HOPS: usize = 10;

/// Buses that an event reaches in all, however it gets there.
pub const FORWARDS: usize = 1000;

/// Connections of an account in a region. (EventBridge quotas.)
pub const CONNECTIONS: usize = 3000;

/// API destinations of an account in a region. (EventBridge quotas.)
pub const API_DESTINATIONS: usize = 3000;

/// How long a call of an API destination may take, its answer included. (API destinations: service level agreement.)
pub const CALL: Duration = Duration::from_secs(5);

/// Calls of an API destination in a second, where it does not say. (Recorded.)
pub const CALLS_PER_SECOND: u32 = 300;

/// How long a connection is being deleted or deauthorised. AWS takes some seconds. (With strict timing.)
pub const TRANSITION: Duration = Duration::from_secs(5);
