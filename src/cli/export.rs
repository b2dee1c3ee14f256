//! `topiq export`: the resources of a running server, as a file that recreates them.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::client;
use super::endpoint::{EndpointArguments, OwnerArguments, refused};

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
    /// A CloudFormation template, which AWS accepts too
    Cloudformation,
    /// topiq's own short format
    Topiq,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Output {
    Yaml,
    Json,
}

/// Prints the export. What other accounts and regions hold is not in it, which standard error says.
pub(crate) fn run(arguments: &ExportArguments) -> ExitCode {
    let endpoint = match arguments.endpoint.url() {
        Ok(endpoint) => endpoint,
        Err(refusal) => return refused(&refusal),
    };
    let exported = client::get(&endpoint, &arguments.target());
    match exported.and_then(|exported| io::stdout().write_all(exported.as_bytes())) {
        Ok(()) => {
            // The export is complete, whatever becomes of the hint.
            if let Ok(listed) = client::get(&endpoint, "/_topiq/namespaces") {
                for hint in arguments.owner.others(&listed) {
                    eprintln!("topiq: not exported: {hint}");
                }
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("topiq: cannot export from {endpoint}: {error}");
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
