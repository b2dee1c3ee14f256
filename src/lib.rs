//! topiq: a local emulator of Amazon SQS and SNS that speaks the AWS wire protocols.

#![forbid(unsafe_code)]

pub mod admin;
pub mod aws;
pub mod clock;
pub mod config;
mod destinations;
pub mod export;
pub mod http;
pub mod ids;
pub mod init;
mod operations;
pub mod pattern;
pub mod server;
pub mod services;
pub mod sns;
pub mod sqs;
pub mod sts;
mod sync;
pub mod wire;

pub use clock::Clock;
pub use config::Config;
pub use server::Server;
