//! topiq: a local emulator of Amazon SQS that speaks the AWS wire protocols.

pub mod aws;
pub mod clock;
pub mod ids;
mod operations;
pub mod sqs;
pub mod sts;
mod sync;
pub mod wire;
