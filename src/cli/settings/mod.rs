//! Where settings come from: a flag, else its variable, else the file that `--config` names, else the default.
//!
//! clap reads flags and variables and knows the defaults, so a file's values become defaults before it parses. Each
//! flag is declared once, and so is a variable and a setting of the file too. In reading order: [`environment`] says
//! which variables count, [`file`] reads the file.

pub(crate) mod environment;
pub(crate) mod file;

use clap::{CommandFactory, FromArgMatches};

use super::{Arguments, Command};

/// Reads the command line, the environment and the file. Help, and what clap refuses, end the program here; any other
/// refusal is a sentence.
pub(crate) fn read() -> Result<Arguments, String> {
    let declared = Arguments::command();
    let command = environment::drop_unset(declared.clone());
    let arguments = parse(&command);
    environment::check(&declared, &environment::variables())?;
    let run = match &arguments.command {
        None => &arguments.run,
        Some(Command::Run(run)) => run,
        Some(_) => return Ok(arguments),
    };
    let Some(path) = run.config() else {
        return Ok(arguments);
    };
    let settings = file::read(path, &command)?;
    Ok(parse(&file::with_defaults(command, &settings)))
}

fn parse(command: &clap::Command) -> Arguments {
    let matches = command.clone().get_matches();
    Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}
