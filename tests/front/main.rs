//! The front through raw sockets: how it treats slow, broken and hostile clients. The clock of connections is a manual
//! one here, so no test really waits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod browser;
mod budget;
mod cost;
mod framing;
mod harness;
mod http2;
mod https;
mod serving;
mod slow;
mod streaming;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/tls.rs"]
mod tls;
mod under_tls;
