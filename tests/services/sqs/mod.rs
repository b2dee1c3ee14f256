//! SQS: its tables, and receives that wait.

mod errors;
mod names;
mod tables;
mod waiting;
