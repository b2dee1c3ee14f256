//! The `topiq` command: arguments become a [`Config`](topiq::Config), that a [`Server`](topiq::Server).

mod allocator;
mod cli;

use std::process::ExitCode;

use cli::{Command, settings};

fn main() -> ExitCode {
    allocator::give_back_at_once();
    let arguments = match settings::read() {
        Ok(arguments) => arguments,
        Err(refusal) => {
            eprintln!("topiq: {refusal}");
            return ExitCode::from(cli::WRONG_USE);
        }
    };
    match &arguments.command {
        Some(Command::Health(health)) => cli::health::run(health),
        Some(Command::Export(export)) => cli::export::run(export),
        Some(Command::Explain(explain)) => cli::explain::run(explain),
        Some(Command::Lint(lint)) => cli::lint::run(lint),
        Some(Command::Clock(clock)) => cli::clock::run(clock),
        Some(Command::Fault(fault)) => cli::fault::run(fault),
        Some(Command::Why(why)) => cli::why::run(why),
        Some(Command::Schema) => cli::schema::run(),
        Some(Command::Run(run)) => cli::run::run(run),
        None => cli::run::run(&arguments.run),
    }
}
