//! `topiq fault`: lists the faults of a running server, sets one, removes them.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;

use super::client;
use super::endpoint::EndpointArguments;

const TARGET: &str = "/_topiq/faults";

#[derive(Clone, Debug, Args)]
pub(crate) struct FaultArguments {
    #[command(subcommand)]
    change: Option<Change>,
    #[command(flatten)]
    endpoint: EndpointArguments,
}

#[derive(Clone, Debug, Subcommand)]
enum Change {
    /// List the faults, and how often each struck (the default)
    List,
    /// Set a fault, and say what SDKs will make of it
    Set {
        /// Its name; a fault of that name is replaced
        name: String,
        /// What it is, such as `{"effect": {"duplicate": true}}`
        #[arg(value_name = "JSON")]
        fault: String,
    },
    /// Remove a fault, or all of them
    Remove {
        /// Its name; all faults if it is left out
        name: Option<String>,
    },
}

/// A fault, as it is listed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Shown {
    name: String,
    fault: Value,
    matched: u64,
    struck: u64,
    over: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct All {
    faults: Vec<Shown>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Set {
    clients: Vec<Client>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Client {
    #[serde(rename = "Client")]
    name: String,
    attempts: Option<u64>,
    outcome: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Removed {
    removed: u64,
}

/// Carries out the change, and prints what there is to say.
pub(crate) fn run(arguments: &FaultArguments) -> ExitCode {
    arguments.endpoint.ask(|endpoint| match &arguments.change {
        None | Some(Change::List) => list(endpoint),
        Some(Change::Set { name, fault }) => set(endpoint, name, fault),
        Some(Change::Remove { name }) => remove(endpoint, name.as_deref()),
    })
}

fn list(endpoint: &str) -> io::Result<()> {
    let All { faults } = serde_json::from_str(&client::get(endpoint, TARGET)?)?;
    let mut out = io::stdout().lock();
    for fault in faults {
        let Shown {
            name,
            fault,
            matched,
            struck,
            over,
        } = fault;
        let over = if over { ", over" } else { "" };
        writeln!(out, "{name}: struck {struck} of {matched}{over}: {fault}")?;
    }
    Ok(())
}

fn set(endpoint: &str, name: &str, fault: &str) -> io::Result<()> {
    let answer = client::send(endpoint, "PUT", &target(Some(name)), fault)?;
    let Set { clients } = serde_json::from_str(&answer)?;
    let mut out = io::stdout().lock();
    for told in clients {
        let Client {
            name,
            attempts,
            outcome,
        } = told;
        let attempts = match attempts {
            None => String::new(),
            Some(1) => "1 attempt. ".to_owned(),
            Some(attempts) => format!("{attempts} attempts. "),
        };
        writeln!(out, "{name}: {attempts}{outcome}")?;
    }
    Ok(())
}

fn remove(endpoint: &str, name: Option<&str>) -> io::Result<()> {
    let answer = client::send(endpoint, "DELETE", &target(name), "")?;
    let Removed { removed } = serde_json::from_str(&answer)?;
    writeln!(io::stdout().lock(), "{removed} removed")
}

fn target(name: Option<&str>) -> String {
    let Some(name) = name else {
        return TARGET.to_owned();
    };
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    format!("{TARGET}/{name}")
}
