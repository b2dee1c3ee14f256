//! The command line. `run` starts a server and is what happens without a subcommand; the others are clients of one.

mod addresses;
mod client;
pub(crate) mod clock;
mod endpoint;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod fault;
pub(crate) mod health;
mod init;
pub(crate) mod lint;
mod logs;
mod port_file;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod settings;
mod values;
pub(crate) mod why;

use clap::{Parser, Subcommand};

/// The exit code for invalid settings: clap's.
pub(crate) const WRONG_USE: u8 = 2;

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
    /// Say which rules of a running server's event bus an event would match, and why not the others
    Explain(explain::ExplainArguments),
    /// Say what is legal and wrong in files, or in what a running server holds: exit code 1 if there is anything
    Lint(lint::LintArguments),
    /// Print what time it is for a running server's services, or change it
    Clock(clock::ClockArguments),
    /// List the faults of a running server, set one or remove them
    Fault(fault::FaultArguments),
    /// Say what became of a message of a running server: who got it, who did not and why, where it is now
    Why(why::WhyArguments),
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

    /// For each flag that takes a value, one that is none of its set, and what the refusal says of it. A flag whose value
    /// can be any text says what reads it.
    const VALUES: &[(&str, Result<&str, &str>, &str)] = &[
        ("account", Ok("12"), "twelve digits"),
        ("allow-host", Ok("http://a.test"), "did you mean a.test?"),
        ("allow-origin", Ok("a.test"), "did you mean http://a.test?"),
        ("chaos", Ok("falacies"), "did you mean fallacies?"),
        ("config", Err("any path"), "reading it names the file"),
        ("egress", Ok("privat"), "private"),
        ("host", Ok("localhost:4566"), "the port is --port"),
        ("in-flight-limit", Ok("0"), "0 is not in 1.."),
        ("init", Err("any path"), "reading it names the file"),
        ("init-param", Ok("Stage"), "NAME=VALUE"),
        ("log", Ok("verbose"), "there is no level verbose"),
        ("log-format", Ok("jsno"), "json"),
        ("memory-budget", Ok("1MiB"), "at least 32MiB"),
        ("port", Ok("70000"), "0..=65535"),
        ("port-file", Err("any path"), "writing it names the file"),
        ("public-url", Ok("foo"), "did you mean http://foo?"),
        ("put-events-limit", Ok("256KB"), "invalid digit"),
        ("region", Ok("EU"), "eu-central-1"),
        ("rules-per-bus", Ok("0"), "0 is not in 1.."),
        (
            "sns-url",
            Ok("https://sns.{regoin}.a.test"),
            "only {region}",
        ),
        ("tls-ca-dir", Err("any path"), "reading it names the file"),
        ("tls-cert", Err("any path"), "reading it names the file"),
        ("tls-key", Err("any path"), "reading it names the file"),
        ("tls-port", Ok("https"), "invalid digit"),
        ("traces", Ok("-1"), "invalid digit"),
    ];

    #[test]
    fn every_flags_value_is_held_to_its_set() {
        let takes_value = |flag: &clap::Arg| flag.get_action().takes_values();
        let mut names: Vec<_> = flags()
            .iter()
            .filter(|flag| takes_value(flag))
            .map(|flag| flag.get_long().unwrap().to_owned())
            .collect();
        names.sort_unstable();
        let known: Vec<_> = VALUES.iter().map(|(name, ..)| *name).collect();
        assert_eq!(names, known);
        for (name, value, advice) in VALUES {
            let Ok(value) = value else { continue };
            let flag = format!("--{name}={value}");
            let refused = Arguments::try_parse_from(["topiq", &flag]).expect_err(&flag);
            let refused = refused.to_string();
            assert!(refused.contains(advice), "{refused}");
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
