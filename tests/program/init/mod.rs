//! `--init` and `export`, through a socket: the resources of files exist when the server serves, and an export recreates
//! them.

mod docs;
mod events;
mod export;
mod files;
mod harness;
mod program;
mod schema;
mod short;
mod template;
