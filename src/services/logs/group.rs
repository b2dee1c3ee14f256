//! One log group: what its owner says of it, and its streams.

use parking_lot::{Mutex, RwLock};

use super::groups::GroupName;
use super::limits::{DAY, NEWEST, OLDEST};
use super::store::{Contents, Position};
use crate::aws::tags::Tags;
use crate::clock::Timestamp;

/// A group as the service holds it.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: GroupName,
    pub(super) created_at: Timestamp,
    described: Mutex<Described>,
    /// Never locked across an await; a search lets go of it after each of its turns.
    pub(super) contents: RwLock<Contents>,
}

/// What callers have set of a group. All but the retention is kept and shown, and does nothing here.
#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    pub(super) retention_days: Option<u32>,
    pub(super) kms_key_id: Option<String>,
    /// `None` is `STANDARD`.
    pub(super) class: Option<String>,
    pub(super) is_protected: bool,
    pub(super) tags: Tags,
}

/// The times that events may have when they arrive, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Acceptance {
    /// Earlier ones have expired already.
    pub(super) kept_since: u64,
    /// Earlier ones are too old.
    pub(super) oldest: u64,
    /// Later ones are too new.
    pub(super) newest: u64,
}

impl Group {
    pub(super) fn new(name: GroupName, created_at: Timestamp, described: Described) -> Self {
        Self {
            name,
            created_at,
            described: Mutex::new(described),
            contents: RwLock::default(),
        }
    }

    pub(super) fn described(&self) -> Described {
        self.described.lock().clone()
    }

    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Described) -> R) -> R {
        change(&mut self.described.lock())
    }

    /// Events before this time, in milliseconds since the Unix epoch, are no longer kept. AWS deletes them up to 72 hours
    /// later; here nobody sees them from that moment on.
    pub(super) fn kept_since(&self, now: Timestamp) -> u64 {
        let days = self.described.lock().retention_days;
        days.map_or(0, |days| (now - DAY * days).as_millis())
    }

    /// The place before all events that are kept.
    pub(super) fn start(&self, now: Timestamp) -> Position {
        Position::at(self.kept_since(now))
    }

    /// Gives back the memory of events that are kept no more. Looks at every stream.
    pub(super) fn expire(&self, now: Timestamp) {
        let kept_since = self.kept_since(now);
        if kept_since > 0 {
            self.contents.write().expire(kept_since);
        }
    }

    pub(super) fn acceptance(&self, now: Timestamp) -> Acceptance {
        Acceptance {
            kept_since: self.kept_since(now),
            oldest: (now - OLDEST).as_millis(),
            newest: (now + NEWEST).as_millis(),
        }
    }
}
