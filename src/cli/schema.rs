//! `topiq schema`: the short format of `--init` as a JSON Schema, for editors.

use std::io::{self, Write};
use std::process::ExitCode;

use topiq::init::short::schema::schema;

/// Prints the schema.
pub(crate) fn run() -> ExitCode {
    match writeln!(io::stdout(), "{:#}", schema()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
