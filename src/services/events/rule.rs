//! A rule: which events it lets through, and its targets.

use std::sync::Arc;

use super::error::Error;
use super::target::Target;
use crate::aws::AccountId;
use crate::aws::tags::Tags;
use crate::pattern::{Event, Policy};
use crate::schedule::Schedule;

/// A rule of a bus. A value: see [`Bus`](super::bus::Bus).
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) name: Arc<str>,
    pub(super) arn: Arc<str>,
    /// Either of these two is there, or both are.
    pub(super) pattern: Option<Arc<Pattern>>,
    pub(super) schedule: Option<Arc<Scheduled>>,
    pub(super) state: State,
    pub(super) description: Option<String>,
    pub(super) role_arn: Option<String>,
    /// The account that created it, which need not be the bus's.
    pub(super) created_by: AccountId,
    /// The principal of the service whose rule it is: see [`managed`](super::managed).
    pub(super) managed_by: Option<&'static str>,
    pub(super) tags: Tags,
    /// In the order in which they were put.
    pub(super) targets: Vec<Arc<Target>>,
}

/// An event pattern, with its text as it was given.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) parsed: Arc<Policy>,
}

/// A schedule, with its text as it was given.
#[derive(Debug)]
pub(super) struct Scheduled {
    pub(super) text: String,
    pub(super) parsed: Schedule,
}

/// Whether a rule lets events through, and runs by its schedule.
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
    /// Refuses to change a rule of a service's, unless that is forced.
    pub(super) fn check_change(&self, is_forced: bool) -> Result<(), Error> {
        if self.managed_by.is_some() && !is_forced {
            return Err(Error::ManagedRule(self.name.to_string()));
        }
        Ok(())
    }

    /// The pattern by which it lets events through, if it does.
    pub(super) fn asked(&self) -> Option<&Arc<Policy>> {
        let pattern = self.pattern.as_ref()?;
        if self.managed_by.is_some() {
            return None;
        }
        (self.state != State::Disabled).then_some(&pattern.parsed)
    }

    /// Why it does not let an event through; nothing if it does.
    pub(super) fn withholds(&self, event: &Event<'_>) -> Option<String> {
        if self.state == State::Disabled {
            return Some("it is disabled".to_owned());
        }
        let Some(pattern) = &self.pattern else {
            return Some("it has a schedule and no pattern".to_owned());
        };
        let mismatch = pattern.parsed.explain(event)?;
        Some(mismatch.to_string())
    }

    /// About how many bytes it takes up. A pattern that is read takes several times the bytes of its text.
    pub(super) fn size(&self) -> usize {
        let pattern = self.pattern.as_ref();
        let pattern = pattern.map_or(0, |pattern| 8 * pattern.text.len());
        1024 * (1 + self.targets.len()) + pattern
    }

    /// The schedule by which it runs, if it does.
    pub(super) fn runs_by(&self) -> Option<&Schedule> {
        let schedule = self.schedule.as_ref()?;
        (self.state != State::Disabled).then_some(&schedule.parsed)
    }
}
