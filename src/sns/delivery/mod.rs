//! How a message leaves a topic.
//!
//! [`captured`] keeps what has no target on this machine.

pub mod captured;
