//! topiq: a local emulator of Amazon SQS and SNS that speaks the AWS wire protocols.

#![forbid(unsafe_code)]

pub mod admin;
mod agenda;
mod application;
pub mod aws;
pub mod clock;
pub mod config;
pub mod delivery;
pub mod document;
pub mod export;
pub mod http;
pub mod ids;
pub mod init;
pub mod pattern;
pub mod routes;
pub mod server;
pub mod services;
mod sync;
pub mod wire;

pub use clock::Clock;
pub use config::Config;
pub use server::Server;
