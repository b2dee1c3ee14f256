//! `topiq explain`: which rules of a running server's bus an event would match, and why not the others.

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::client;
use super::endpoint::{EndpointArguments, OwnerArguments, refused};

#[derive(Clone, Debug, Args)]
pub(crate) struct ExplainArguments {
    /// File with the event, in its envelope; standard input by default
    #[arg(value_name = "FILE")]
    event: Option<PathBuf>,
    /// Name or ARN of the bus
    #[arg(long, value_name = "BUS", default_value = "default")]
    bus: String,
    #[command(flatten)]
    owner: OwnerArguments,
    #[command(flatten)]
    endpoint: EndpointArguments,
}

/// What `/_topiq/events/explain` answers, as far as it is printed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Explained {
    rules: Vec<Verdict>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Verdict {
    name: String,
    reason: Option<String>,
}

/// Prints a line for each rule of the bus.
pub(crate) fn run(arguments: &ExplainArguments) -> ExitCode {
    let event = match arguments.event() {
        Ok(event) => event,
        Err(error) => return refused(&format!("the event cannot be read: {error}")),
    };
    let target = arguments.target();
    arguments
        .endpoint
        .ask(|endpoint| print(&client::post(endpoint, &target, &event)?))
}

impl ExplainArguments {
    fn event(&self) -> io::Result<String> {
        let Some(file) = &self.event else {
            let mut event = String::new();
            io::stdin().read_to_string(&mut event)?;
            return Ok(event);
        };
        fs::read_to_string(file)
    }

    fn target(&self) -> String {
        let bus = utf8_percent_encode(&self.bus, NON_ALPHANUMERIC);
        let owner = self.owner.parameters();
        format!("/_topiq/events/explain?bus={bus}{owner}")
    }
}

fn print(explained: &str) -> io::Result<()> {
    let Explained { rules } = serde_json::from_str(explained)?;
    let mut out = io::stdout().lock();
    if rules.is_empty() {
        writeln!(out, "the bus has no rules")?;
    }
    for Verdict { name, reason } in rules {
        match reason {
            None => writeln!(out, "{name}: matches")?,
            Some(reason) => writeln!(out, "{name}: does not match: {reason}")?,
        }
    }
    Ok(())
}
