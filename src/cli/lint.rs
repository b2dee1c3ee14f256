//! `topiq lint`: what is legal and wrong in files, or in what a running server holds.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use topiq::init::Init;
use topiq::lint::{self, RULES, Report};
use topiq::names::did_you_mean;

use super::client;
use super::endpoint::{EndpointArguments, OwnerArguments, refused};
use super::init::Parameters;

#[derive(Clone, Debug, Args)]
pub(crate) struct LintArguments {
    /// Files as --init takes them: templates, the output of cdk synth, topiq files, directories; a running server without any
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Parameter of a file, or @FILE for several
    #[arg(long = "init-param", value_name = "NAME=VALUE")]
    parameters: Vec<Parameters>,
    /// Rule whose advice is left out
    #[arg(long, value_name = "RULE", value_parser = rule)]
    allow: Vec<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    owner: OwnerArguments,
    #[command(flatten)]
    endpoint: EndpointArguments,
}

/// Prints all advice: exit code 1 if there is any, 0 if there is none.
pub(crate) fn run(arguments: &LintArguments) -> ExitCode {
    let report = if arguments.files.is_empty() {
        arguments.of_a_server()
    } else {
        arguments.of_files()
    };
    let mut report = match report {
        Ok(report) => report,
        Err(refusal) => return refused(&refusal),
    };
    report.without(&arguments.allow);
    if let Err(error) = print(&report, arguments.json) {
        return refused(&format!("the advice cannot be printed: {error}"));
    }
    ExitCode::from(u8::from(!report.advice.is_empty()))
}

impl LintArguments {
    fn of_files(&self) -> Result<Report, String> {
        let mut files = Init {
            paths: self.files.clone(),
            ..Init::default()
        };
        for parameters in self.parameters.clone() {
            parameters.add_to(&mut files);
        }
        let home = self.owner.home()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        let advice = runtime.block_on(lint::of_files(&files, home));
        let advice = advice.map_err(|error| error.to_string())?;
        Ok(Report { advice })
    }

    fn of_a_server(&self) -> Result<Report, String> {
        let endpoint = self.endpoint.url()?;
        let target = format!("/_topiq/advice?{}", self.owner.parameters());
        // The parameters begin with an & each.
        let target = target.replacen("?&", "?", 1);
        let answer = client::get(&endpoint, target.trim_end_matches('?'));
        let report = answer.and_then(|answer| Ok(serde_json::from_str(&answer)?));
        report.map_err(|error| format!("cannot ask {endpoint}: {error}"))
    }
}

fn print(report: &Report, is_json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if is_json {
        writeln!(out, "{}", serde_json::to_string_pretty(report)?)
    } else {
        write!(out, "{report}")
    }
}

fn rule(name: &str) -> Result<String, String> {
    let names = RULES.iter().map(|rule| rule.name);
    if names.clone().any(|known| known == name) {
        return Ok(name.to_owned());
    }
    Err(format!(
        "there is no such rule{}",
        did_you_mean(name, names)
    ))
}
