//! `topiq health`: a health check for containers that have no shell and no curl.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;

use super::client;
use super::endpoint::{EndpointArguments, refused};

#[derive(Clone, Debug, Args)]
pub(crate) struct HealthArguments {
    #[command(flatten)]
    endpoint: EndpointArguments,
}

/// Prints the server's answer, or why there is none.
pub(crate) fn run(arguments: &HealthArguments) -> ExitCode {
    let endpoint = match arguments.endpoint.url() {
        Ok(endpoint) => endpoint,
        Err(refusal) => return refused(&refusal),
    };
    match client::get(&endpoint, "/ready") {
        Ok(health) => {
            // The output may be closed: the exit code is what counts.
            let _ = writeln!(io::stdout(), "{health}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("topiq: no healthy server at {endpoint}: {error}");
            ExitCode::FAILURE
        }
    }
}
