//! The program as a user starts it: its settings, `--init` and `export`, a machine without certificates.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod init;
mod lint;
mod settings;
#[path = "../support/mod.rs"]
mod support;
mod without_roots;
