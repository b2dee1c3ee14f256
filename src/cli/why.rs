//! `topiq why`: what became of a message of a running server, in sentences.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;

use super::client;
use super::endpoint::EndpointArguments;

const TARGET: &str = "/_topiq/traces";

#[derive(Clone, Debug, Args)]
pub(crate) struct WhyArguments {
    /// Id of the message or event, at any place of its way; or the Sequence of a step in /_topiq/traces
    #[arg(value_name = "ID", required_unless_present = "last")]
    id: Option<String>,
    /// The one that was sent, published or put last
    #[arg(long, conflicts_with = "id")]
    last: bool,
    #[command(flatten)]
    endpoint: EndpointArguments,
}

/// What `/_topiq/traces/{id}` answers, as far as it is printed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    sentences: Vec<String>,
}

/// Prints the life of the message, a sentence a line.
pub(crate) fn run(arguments: &WhyArguments) -> ExitCode {
    arguments.endpoint.ask(|endpoint| {
        let id = arguments.wanted(endpoint)?;
        let id = utf8_percent_encode(&id, NON_ALPHANUMERIC);
        print(&client::get(endpoint, &format!("{TARGET}/{id}"))?)
    })
}

impl WhyArguments {
    /// The id that is asked about, or the number of the latest life's first step.
    fn wanted(&self, endpoint: &str) -> io::Result<String> {
        if let Some(id) = &self.id {
            return Ok(id.clone());
        }
        let listed = client::get(endpoint, &format!("{TARGET}?limit=1"))?;
        let listed: Value = serde_json::from_str(&listed)?;
        let last = listed["Traces"][0]["Sequence"].as_u64();
        last.map(|sequence| sequence.to_string())
            .ok_or_else(|| io::Error::other("nothing has been sent, published or put yet"))
    }
}

fn print(told: &str) -> io::Result<()> {
    let Told { sentences } = serde_json::from_str(told)?;
    let mut out = io::stdout().lock();
    for sentence in sentences {
        writeln!(out, "{sentence}")?;
    }
    Ok(())
}
