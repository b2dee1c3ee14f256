//! The `topiq` command: arguments become a [`Config`](topiq::Config), that a [`Server`](topiq::Server).

mod cli;

use std::process::ExitCode;

use clap::Parser;
use cli::{Arguments, Command};

/// Faster than the system's for many small messages, and it gives memory back that drained queues leave behind. Static
/// builds need one besides: musl's own is slow under threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(Command::Health(health)) => cli::health::run(health),
        Some(Command::Run(run)) => cli::run::run(run),
        None => cli::run::run(&arguments.run),
    }
}
