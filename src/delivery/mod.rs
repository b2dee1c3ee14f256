//! How a message gets from one service to another, or out of this machine.
//!
//! In reading order: `message` is a message from one service to another, [`outcome`] the result of its delivery;
//! `targets` finds by ARN the recipients within this process, `listeners` are told what arrives at event buses, on which
//! services keep rules by `event_buses`; [`http`] sends requests to HTTP and HTTPS endpoints, with the retries of
//! [`retry_schedule`]; [`captured`] keeps deliveries whose target is not on this machine;
//! `complaints` keeps the log short where the same fails again and again.

pub mod captured;
mod complaints;
mod event_buses;
pub mod http;
mod listeners;
mod message;
pub mod outcome;
pub mod retry_schedule;
mod targets;

pub(crate) use event_buses::{BusService, EventBuses, ManagedRule};
pub(crate) use listeners::{Heard, Listener, Listeners};
pub(crate) use message::{Examined, Message};
pub use outcome::{Delivered, Outcome, Undelivered};
pub use retry_schedule::RetrySchedule;
pub(crate) use targets::{Source, Target, TargetCache, TargetService, Targets};

use captured::CapturedLog;
pub(crate) use complaints::Complaints;
use complaints::SharedComplaints;

/// The parts of delivery that all services share: each service gets this when it is made.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    /// The targets within this process.
    pub(crate) targets: Targets,
    /// The service that has event buses.
    pub(crate) buses: BusService,
    /// Who listens to event buses.
    pub(crate) listeners: Listeners,
    /// The log of deliveries whose target is not on this machine.
    pub(crate) captured: CapturedLog,
    /// What the log says of deliveries that fail.
    pub(crate) complaints: SharedComplaints,
}
