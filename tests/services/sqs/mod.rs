//! SQS: its tables, and receives that wait.

mod errors;
mod messages;
mod names;
mod tables;
pub(crate) mod waiting;
