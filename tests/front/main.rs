//! The front through raw sockets: what it does with slow, broken and hostile clients. Time is a manual clock's, so that
//! nothing here waits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod browser;
mod crowd;
mod framing;
mod harness;
mod http2;
mod https;
mod serving;
mod slow;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/tls.rs"]
mod tls;
mod under_tls;
