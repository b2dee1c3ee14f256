//! `topiq clock`: what time it is for a running server's services; moves it on, stops it, lets it run.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client;
use super::endpoint::EndpointArguments;

const TARGET: &str = "/_topiq/clock";

#[derive(Clone, Debug, Args)]
pub(crate) struct ClockArguments {
    #[command(subcommand)]
    change: Option<Change>,
    #[command(flatten)]
    endpoint: EndpointArguments,
}

#[derive(Clone, Debug, Subcommand)]
enum Change {
    /// Move time on, and carry out all that falls due
    Advance {
        /// How far, such as 30s, 5m, 14d or 1h30m
        #[arg(value_name = "DURATION")]
        duration: String,
    },
    /// Move time on to a moment, and carry out all that falls due
    Set {
        /// The moment, such as 2030-01-02T03:04:05Z
        #[arg(value_name = "MOMENT")]
        moment: String,
    },
    /// Have time stand still
    Freeze,
    /// Have time run on
    Resume,
}

impl Change {
    /// What the server is told.
    fn to_json(&self) -> Value {
        match self {
            Self::Advance { duration } => json!({ "advance": duration }),
            Self::Set { moment } => json!({ "set": moment }),
            Self::Freeze => json!({ "freeze": true }),
            Self::Resume => json!({ "resume": true }),
        }
    }
}

/// What `/_topiq/clock` answers, as far as it is printed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    now: String,
    frozen: bool,
}

/// Prints the time.
pub(crate) fn run(arguments: &ClockArguments) -> ExitCode {
    arguments.endpoint.ask(|endpoint| {
        let shown = match &arguments.change {
            None => client::get(endpoint, TARGET),
            Some(change) => client::post_and_wait(endpoint, TARGET, &change.to_json().to_string()),
        };
        print(&shown?)
    })
}

fn print(shown: &str) -> io::Result<()> {
    let Shown { now, frozen } = serde_json::from_str(shown)?;
    let frozen = if frozen { ", frozen" } else { "" };
    writeln!(io::stdout().lock(), "{now}{frozen}")
}
