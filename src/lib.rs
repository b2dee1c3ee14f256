//! topiq: a local emulator of Amazon SQS and SNS that speaks the AWS wire protocols.
//!
//! A program or a test embeds it with three types: [`Server`] starts, tells its URL and stops; [`Config`] is everything
//! that it can be told; [`Clock`] is its source of time, and [`clock::ManualClock`] one that [`Server::advance`] moves on.
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
//! # runtime.block_on(async {
//! use std::sync::Arc;
//! use std::time::Duration;
//! use topiq::clock::{ManualClock, Timestamp};
//! use topiq::{Config, Server};
//!
//! let server = Server::start(Config {
//!     port: 0, // a free one
//!     clock: Arc::new(ManualClock::new(Timestamp::from_secs(1_767_225_600))),
//!     ..Config::default()
//! })
//! .await?;
//! // Point an AWS SDK at server.url(), then let the time pass. This returns when everything that fell due is done:
//! server.advance(Duration::from_secs(30)).await.expect("the clock is manual");
//! server.stop().await;
//! # Ok::<_, std::io::Error>(())
//! # })
//! # .unwrap();
//! ```
//!
//! # What is stable
//!
//! [`Server`], [`Config`] with the types of its fields, [`Clock`] and the types in [`clock`] follow semantic versioning.
//! `Config` gains fields in minor versions, so build it from `Config::default()`. Everything else is public for topiq's own
//! tests and benchmarks, and may change in every version.
//!
//! # The modules
//!
//! | Module | |
//! |---|---|
//! | [`server`], [`config`] | binds, serves and stops; everything that a server can be told |
//! | [`services`] | SQS, SNS and STS, a module each, and the list of them |
//! | [`delivery`] | from one service to another, or out of this machine |
//! | [`init`], [`export`] | resources from files at start, and files from resources |
//! | [`lint`] | what is legal and wrong in files, or in what is held |
//! | [`admin`], [`routes`] | topiq's own API under `/_topiq`, and its routes as data |
//! | [`http`] | connections, bodies, deadlines, TLS, protection from web pages |
//! | [`wire`] | the AWS protocols: from bytes to a typed operation and back |
//! | [`pattern`] | which messages a filter policy matches |
//! | [`schedule`] | when a rate or a cron expression is due |
//! | [`document`] | trees of YAML and JSON with their lines |
//! | [`faults`] | what goes wrong on purpose |
//! | [`aws`] | what the services share: accounts, regions, ARNs, batches, pages, policies |
//! | [`budget`] | how many bytes the server holds for who is slow or gone |
//! | [`clock`], [`ids`] | time and randomness |
//! | [`names`] | what a mistyped name may have meant |
//!
//! ARCHITECTURE.md, in the repository, has the way of a request through them.

#![forbid(unsafe_code)]

pub mod admin;
mod agenda;
pub mod aws;
pub mod budget;
pub mod clock;
pub mod config;
mod crc32;
pub mod delivery;
pub mod document;
pub mod export;
pub mod faults;
pub mod head;
mod hex;
pub mod http;
pub mod ids;
pub mod init;
pub mod lint;
pub mod names;
pub mod pattern;
pub mod routes;
pub mod schedule;
pub mod server;
pub mod services;
mod sync;
mod trace;
pub mod wire;

pub use clock::Clock;
pub use config::Config;
pub use server::Server;
