//! A rule: which events it lets through, and its targets.

use std::sync::Arc;

use super::target::Target;
use crate::aws::AccountId;
use crate::aws::tags::Tags;
use crate::pattern::{Event, Policy};

/// A rule of a bus. A value: see [`Bus`](super::bus::Bus).
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) name: Arc<str>,
    pub(super) arn: Arc<str>,
    pub(super) pattern: Option<Arc<Pattern>>,
    pub(super) state: State,
    pub(super) description: Option<String>,
    pub(super) role_arn: Option<String>,
    /// The account that created it, which need not be the bus's.
    pub(super) created_by: AccountId,
    pub(super) tags: Tags,
    /// In the order in which they were put.
    pub(super) targets: Vec<Arc<Target>>,
}

/// An event pattern, with its text as it was given.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) parsed: Policy,
}

/// Whether a rule lets events through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Enabled,
    Disabled,
    /// Enabled: nothing here makes the events that it adds.
    EnabledWithManagementEvents,
}

/// The states' names, in the order of the model.
pub(super) const STATES: &[&str] = &[
    "ENABLED",
    "DISABLED",
    "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
];

impl State {
    /// The state with this name; the default one if it is none, which the model's constraint refuses.
    pub(super) fn named(name: Option<&str>) -> Self {
        match name {
            Some("DISABLED") => Self::Disabled,
            Some("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") => {
                Self::EnabledWithManagementEvents
            }
            _ => Self::Enabled,
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => STATES[0],
            Self::Disabled => STATES[1],
            Self::EnabledWithManagementEvents => STATES[2],
        }
    }
}

impl Rule {
    /// Whether it lets an event through.
    pub(super) fn matches(&self, event: &Event<'_>) -> bool {
        let pattern = self.pattern.as_ref();
        self.state != State::Disabled && pattern.is_some_and(|one| one.parsed.matches(event))
    }
}
