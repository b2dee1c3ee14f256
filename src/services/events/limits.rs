//! Every number that AWS sets for EventBridge, with its unit and source.

use std::ops::RangeInclusive;

/// Buses of an account in a region, the default one included. (EventBridge quotas.)
pub const BUSES: usize = 100;

/// Rules of a bus. AWS's quota is 300, and can be raised; this is what topiq is built for.
pub const RULES: usize = 10_000;

/// Targets of a rule. (EventBridge quotas.)
pub const TARGETS: usize = 5;

/// Characters of a bus's policy. (`PutPermission`.)
pub const POLICY_LENGTH: usize = 10_240;

/// Entries of a `PutEvents`, in the words of its model.
pub const ENTRIES: RangeInclusive<usize> = 1..=10;

/// Bytes of all entries of a `PutEvents` together. (1 MB since 2026.)
pub const ENTRIES_SIZE: usize = 1_048_576;

/// Bytes that an entry's `Time` counts. (Calculating the size of an event entry.)
pub const TIME_SIZE: usize = 14;

/// Levels of objects and arrays in an entry's `Detail`, itself included. (`PutEventsRequestEntry`.)
pub const DETAIL_DEPTH: usize = 1000;

/// Items of a listing's page, where the request does not say.
pub const PAGE: usize = 100;

/// Buses that an event goes through one after the other before it is taken for a loop. AWS finds no loops.
pub const HOPS: usize = 10;

/// Buses that an event reaches in all, however it gets there.
pub const FORWARDS: usize = 1000;
