//! What the routes of services answer that list and delete their captured deliveries.

use std::sync::Arc;

use serde::Serialize;

use crate::delivery::captured::{Captured, CapturedLog};
use crate::routes::{Json, Member, Schema};

/// The texts of one response: JSON makes about twice as much of them.
const PAGE_BYTES: usize = 8 << 20;

/// The answer of `GET`: the entries, the newest last.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Listed<T> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more: bool,
    deliveries: Vec<T>,
    last_sequence: u64,
    dropped: u64,
}

impl<T: Json> Json for Listed<T> {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Deliveries", Schema::List(&T::SCHEMA)),
        Member::always("LastSequence", Schema::Number),
        Member::always("Dropped", Schema::Number),
        Member::sometimes("More", Schema::Boolean),
    ]);
}

/// Lists the entries that are wanted, as `show` shows them.
pub(crate) fn list<T>(
    log: &CapturedLog,
    is_wanted: impl Fn(&Captured) -> bool,
    show: impl Fn(&Arc<Captured>) -> Option<T>,
) -> Listed<T> {
    let mut listing = log.list(is_wanted);
    let more = listing.cut(PAGE_BYTES);
    Listed {
        more,
        deliveries: listing.entries.iter().filter_map(show).collect(),
        last_sequence: listing.last_sequence,
        dropped: listing.dropped,
    }
}

/// The answer of `DELETE`.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Deleted {
    deleted: usize,
}

impl Json for Deleted {
    const SCHEMA: Schema = Schema::Object(&[Member::always("Deleted", Schema::Number)]);
}

/// Deletes the entries that are unwanted.
pub(crate) fn delete(log: &CapturedLog, is_unwanted: impl Fn(&Captured) -> bool) -> Deleted {
    Deleted {
        deleted: log.forget(is_unwanted),
    }
}
