//! Every number that AWS sets for CloudWatch Logs, with its unit and source.

use std::time::Duration;

pub(super) use super::store::EVENT_OVERHEAD;

/// One day: the unit of retention, and the time between the first and the last event of a batch. (`PutLogEvents`.)
pub const DAY: Duration = Duration::from_hours(24);

/// Log groups of an account in a region. (`CreateLogGroup`.)
pub const GROUPS: usize = 1_000_000;

/// Events of a batch. (`PutLogEvents`.)
pub const BATCH_EVENTS: usize = 10_000;

/// Bytes of a batch, and of an event. (`PutLogEvents`: 1 MB for an event since 2025.)
pub const BATCH_SIZE: usize = 1_048_576;

/// How old an event may be. (`PutLogEvents`.)
pub const OLDEST: Duration = Duration::from_hours(14 * 24);

/// How far in the future an event may be. (`PutLogEvents`.)
pub const NEWEST: Duration = Duration::from_hours(2);

/// The days for which a group can keep its events. (`PutRetentionPolicy`.)
pub const RETENTION_DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// Items of a page of groups or streams.
pub const PAGE: usize = 50;

/// Events of a page. (`GetLogEvents`, `FilterLogEvents`.)
pub const PAGE_EVENTS: usize = 10_000;

/// Bytes of the events of a page. (`GetLogEvents`, `FilterLogEvents`.)
pub const PAGE_SIZE: usize = 1_048_576;

/// Bytes of the events that a `FilterLogEvents` looks at; then it answers with what it has found. AWS has such a limit,
/// and does not say which.
pub const SEARCH_SIZE: usize = 64 * 1_048_576;

/// Bytes of the events that a `FilterLogEvents` looks at while others wait.
pub const TURN_SIZE: usize = 512 * 1024;

/// The earliest `startTime` of a `FilterLogEvents` that begins with the latest: 2024-01-01, in milliseconds.
pub const BACKWARD_SINCE: u64 = 1_704_067_200_000;
