//! `--init` and `export`, through a socket: what files describe is there when the server serves, and what is there can be
//! written and made again.

mod docs;
mod harness;
mod program;
mod schema;
mod short;
mod template;
