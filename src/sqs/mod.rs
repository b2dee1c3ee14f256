//! Amazon SQS.

pub mod names;
pub mod queue;
