//! The command line. `run` starts a server and is what happens without a subcommand; the others are clients of one.

mod client;
mod endpoint;
pub(crate) mod export;
pub(crate) mod health;
mod init;
mod logs;
pub(crate) mod run;
pub(crate) mod schema;

use clap::{Parser, Subcommand};

/// A local emulator of Amazon SQS that an unmodified SDK cannot tell from AWS.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: run::RunArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a server (the default)
    Run(run::RunArguments),
    /// Ask a running server whether it is well: exit code 0 if it is, 1 if not
    Health(health::HealthArguments),
    /// Print what a running server holds: a file for --init, or for AWS
    Export(export::ExportArguments),
    /// Print the JSON Schema of the short format that --init takes
    Schema,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn run_is_the_default() {
        let run = |words: &[&str]| match Arguments::try_parse_from(words).unwrap() {
            Arguments { command: None, run }
            | Arguments {
                command: Some(Command::Run(run)),
                ..
            } => run.into_config().port,
            other => panic!("{other:?}"),
        };
        assert_eq!(run(&["topiq", "--port", "0"]), 0);
        assert_eq!(run(&["topiq", "run", "--port", "7"]), 7);
    }
}
