//! How a message gets from one service to another, or out of this machine.
//!
//! In reading order: `message` is what one service hands to another, [`outcome`] what becomes of it; `targets` finds by
//! ARN what a message is delivered to within this process; [`http`] sends requests to HTTP and HTTPS endpoints, with the
//! retries of [`retry_schedule`]; [`captured`] keeps what has no target on this machine.

pub mod captured;
pub mod http;
mod message;
pub mod outcome;
pub mod retry_schedule;
mod targets;

pub(crate) use message::{Examined, Message};
pub use outcome::{Delivered, Outcome, Undelivered};
pub use retry_schedule::RetrySchedule;
pub(crate) use targets::{Source, Target, TargetService, Targets};

use captured::CapturedLog;

/// What all services share of deliveries: each is given this when it is made.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    /// Where messages can be delivered to.
    pub(crate) targets: Targets,
    /// What was delivered nowhere, as its target is not on this machine.
    pub(crate) captured: CapturedLog,
}
