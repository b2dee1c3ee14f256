//! What the services answer, service by service: tables of their specifications held whole, and what takes more than one
//! request to see. What single actions answer is `wire.rs`'s.

mod admin;
mod sns;
mod sqs;
#[path = "../support/mod.rs"]
mod support;
mod time;
mod urls;
