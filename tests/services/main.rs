//! The services' behaviour, service by service: tables of their specifications checked whole, and behaviour that takes
//! more than one request to see. The answers of single actions are in `wire.rs`.

mod accounts;
mod admin;
mod event_patterns;
mod events;
mod faults;
mod kinesis;
mod log;
mod reset;
mod schedules;
mod sns;
mod sqs;
mod state;
#[path = "../support/mod.rs"]
mod support;
mod time;
mod traces;
mod unserved;
mod urls;
