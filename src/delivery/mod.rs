//! How a message gets from one service to another, or out of this machine.
//!
//! In reading order: `destinations` is delivery within this process, by ARN; [`http`] posts to HTTP and HTTPS endpoints,
//! with the retries of [`retry_schedule`]; [`captured`] keeps what has no target on this machine.

pub mod captured;
mod destinations;
pub mod http;
pub mod retry_schedule;

pub(crate) use destinations::{Destinations, QueueDestination, QueueMessage, Undelivered};
pub use retry_schedule::RetrySchedule;
