//! `topiq export`: the resources of a running server, as a file that recreates them.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::client;
use super::endpoint::{EndpointArguments, OwnerArguments};

#[derive(Clone, Debug, Args)]
pub(crate) struct ExportArguments {
    /// Format of the file
    #[arg(long, value_enum, default_value_t = Format::Cloudformation)]
    format: Format,
    /// Syntax of the file
    #[arg(long, value_enum, default_value_t = Output::Yaml)]
    output: Output,
    #[command(flatten)]
    owner: OwnerArguments,
    #[command(flatten)]
    endpoint: EndpointArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A CloudFormation template, good for AWS too
    Cloudformation,
    /// topiq's own short format
    Topiq,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Yaml,
    Json,
}

/// Prints the export.
pub(crate) fn run(arguments: &ExportArguments) -> ExitCode {
    let endpoint = arguments.endpoint.url();
    let exported = client::get(&endpoint, &arguments.target());
    match exported.and_then(|exported| io::stdout().write_all(exported.as_bytes())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("topiq: no export of {endpoint}: {error}");
            ExitCode::FAILURE
        }
    }
}

impl ExportArguments {
    fn target(&self) -> String {
        let format = match self.format {
            Format::Cloudformation => "cloudformation",
            Format::Topiq => "topiq",
        };
        let output = match self.output {
            Output::Yaml => "yaml",
            Output::Json => "json",
        };
        let owner = self.owner.parameters();
        format!("/_topiq/export?format={format}&output={output}{owner}")
    }
}
