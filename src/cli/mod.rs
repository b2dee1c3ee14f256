//! The command line. `run` starts a server and is what happens without a subcommand; the others are clients of one.

mod addresses;
mod client;
mod endpoint;
pub(crate) mod export;
pub(crate) mod health;
mod init;
mod logs;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod settings;

use clap::{Parser, Subcommand};

/// A local emulator of Amazon SQS and SNS that an unmodified SDK cannot tell from AWS.
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
    Run(Box<run::RunArguments>),
    /// Check a running server's health: exit code 0 if it is healthy, 1 if not
    Health(health::HealthArguments),
    /// Print the resources of a running server, as a file for --init or for AWS
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
            Arguments { command: None, run } => run.into_config().port,
            Arguments {
                command: Some(Command::Run(run)),
                ..
            } => run.into_config().port,
            other => panic!("{other:?}"),
        };
        assert_eq!(run(&["topiq", "--port", "0"]), 0);
        assert_eq!(run(&["topiq", "run", "--port", "7"]), 7);
    }

    fn flags() -> Vec<clap::Arg> {
        let command = Arguments::command();
        let flags = command.get_arguments().filter(|flag| {
            let name = flag.get_long().unwrap_or_default();
            !["help", "version"].contains(&name)
        });
        flags.cloned().collect()
    }

    #[test]
    fn every_flag_has_its_variable_its_words_and_its_group() {
        for flag in flags() {
            let name = flag.get_long().unwrap();
            let variable = format!("TOPIQ_{}", name.to_uppercase().replace('-', "_"));
            assert_eq!(flag.get_env().unwrap(), &*variable);
            assert!(flag.get_help().is_some(), "{name}");
            assert!(flag.get_help_heading().is_some(), "{name}");
        }
    }

    #[test]
    fn the_readme_lists_every_flag_with_its_variable_and_its_default() {
        let mut rows: Vec<_> = flags()
            .iter()
            .map(|flag| {
                let defaults = flag.get_default_values();
                let default = match defaults.first() {
                    _ if !flag.get_action().takes_values() => "off".to_owned(),
                    None => String::new(),
                    Some(default) => format!("`{}`", default.display()),
                };
                let name = flag.get_long().unwrap();
                let variable = flag.get_env().unwrap().display();
                format!("--{name} {variable} {default}")
            })
            .collect();
        let readme = include_str!("../../README.md").lines();
        let mut listed: Vec<_> = readme
            .filter(|line| line.starts_with("| `--"))
            .map(|line| {
                let cells: Vec<_> = line.split('|').map(str::trim).collect();
                let plain = |cell: &str| cell.replace('`', "");
                format!("{} {} {}", plain(cells[1]), plain(cells[2]), cells[3])
            })
            .collect();
        // The table's order is its own.
        rows.sort_unstable();
        listed.sort_unstable();
        assert_eq!(rows, listed);
    }
}
