//! The end-to-end benchmark: topiq beside a bare hyper server, in the same run, with the same client.
//!
//! Figures of a shared machine vary; topiq's cost relative to a server that does nothing varies less. So every load
//! runs on both, each in its own process, and the first figure is the processor time of the server per operation.
//! `docs/performance.md` says how to run it and how to read it.
//!
//! Reading order: `scenarios` (the loads), `load` (driving and measuring one), `requests`, `topic_requests` and
//! `client` (its bytes), `server` (processes and `/proc`), `bare`, `publish`, `polls`, `footprint`, `control`, `report`,
//! `settings`, `time`.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of a benchmark are far below 2^52"
)]
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

mod bare;
mod client;
mod control;
mod event_requests;
mod events;
mod footprint;
mod load;
mod polls;
mod publish;
mod report;
mod requests;
mod scenarios;
mod server;
mod settings;
mod time;
mod topic_requests;

use std::io;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::report::Report;
use crate::server::{Pinning, Program, Server};
use crate::settings::Settings;

/// The arguments of the benchmark.
#[derive(Debug, Parser)]
struct Arguments {
    /// What to measure; everything if nothing is named.
    modes: Vec<Mode>,
    /// Only the operations of scenarios whose name contains this.
    #[arg(long)]
    scenario: Vec<String>,
    /// Numbers of connections, instead of 1, 16 and 64.
    #[arg(long, value_delimiter = ',')]
    connections: Vec<usize>,
    /// Rounds of each load.
    #[arg(long)]
    rounds: Option<usize>,
    /// Bytes in each message.
    #[arg(long)]
    message_bytes: Option<usize>,
    /// Another server to measure in place of this build of topiq.
    #[arg(long)]
    topiq: Option<PathBuf>,
    /// Also writes every sample to this file.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Serves as the bare server: the benchmark starts itself in this way.
    #[arg(long, hide = true)]
    bare_server: bool,
    /// Set by `cargo bench`, and absent under `cargo test`, which only checks that the benchmark works.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// Sends, receives, deletes, cycles, in both protocols.
    Operations,
    /// With 10, 100,000 and 1,000,000 messages stored.
    Depth,
    /// Long polls.
    Polls,
    /// Publishes to topics, and receives of their messages.
    Publish,
    /// Events to buses.
    Events,
    /// Start, memory, idle processor time.
    Footprint,
    /// The bare server against itself: how much the ratios vary by chance.
    Noise,
    /// Fewer and shorter rounds.
    Quick,
    /// As few as possible: only a check that it works.
    Smoke,
}

/// The parts of a run, and its results so far.
#[derive(Debug)]
struct Bench {
    topiq: Program,
    pinning: Pinning,
    settings: Settings,
    names: Names,
    report: Report,
}

impl Bench {
    fn start_bare(&self) -> io::Result<Server> {
        Server::start(&Program::Bare, self.pinning)
    }

    fn start_topiq(&self) -> io::Result<Server> {
        Server::start(&self.topiq, self.pinning)
    }
}

/// Names for queues: never reused, since AWS blocks a deleted queue's name for a minute.
#[derive(Debug, Default)]
struct Names {
    given: usize,
}

impl Names {
    fn next(&mut self, is_fifo: bool) -> String {
        self.given += 1;
        let suffix = if is_fifo { ".fifo" } else { "" };
        format!("bench-{:06}{suffix}", self.given)
    }
}

fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    if arguments.bare_server {
        return bare::serve();
    }
    // Ten thousand polls need as many open files, here and in the servers, which inherit the limit.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let mut bench = Bench {
        topiq: topiq(&arguments),
        pinning: Pinning::None,
        settings: settings(&arguments),
        names: Names::default(),
        report: Report::default(),
    };
    let wanted = |mode| is_wanted(&arguments.modes, mode);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // Before the client is pinned: the start is measured as for users.
        if wanted(Mode::Footprint) {
            footprint::start_times(&mut bench).await?;
        }
        bench.pinning = Pinning::set_up();
        if wanted(Mode::Operations) {
            scenarios::operations(&mut bench, &arguments.scenario).await?;
        }
        if wanted(Mode::Depth) {
            scenarios::depths(&mut bench).await?;
        }
        if wanted(Mode::Polls) {
            polls::polls(&mut bench).await?;
        }
        if wanted(Mode::Publish) {
            publish::publish(&mut bench, &arguments.scenario).await?;
        }
        if wanted(Mode::Events) {
            events::events(&mut bench, &arguments.scenario).await?;
        }
        if wanted(Mode::Footprint) {
            footprint::footprint(&mut bench).await?;
        }
        io::Result::Ok(())
    })?;
    if is_smoke(&arguments) {
        // So few figures mean nothing.
        println!("Every request was answered as it should be.");
    } else {
        println!("{}", bench.report.markdown());
    }
    if let Some(path) = arguments.json {
        std::fs::write(path, serde_json::to_vec_pretty(&bench.report)?)?;
    }
    Ok(())
}

fn topiq(arguments: &Arguments) -> Program {
    if arguments.modes.contains(&Mode::Noise) {
        return Program::Bare;
    }
    let built = || PathBuf::from(env!("CARGO_BIN_EXE_topiq"));
    Program::Topiq(arguments.topiq.clone().unwrap_or_else(built))
}

fn settings(arguments: &Arguments) -> Settings {
    let mut settings = if is_smoke(arguments) {
        Settings::smoke()
    } else if arguments.modes.contains(&Mode::Quick) {
        Settings::quick()
    } else {
        Settings::full()
    };
    if !arguments.connections.is_empty() {
        settings.connections.clone_from(&arguments.connections);
    }
    settings.rounds = arguments.rounds.unwrap_or(settings.rounds);
    settings.message_bytes = arguments.message_bytes.unwrap_or(settings.message_bytes);
    settings
}

fn is_smoke(arguments: &Arguments) -> bool {
    arguments.modes.contains(&Mode::Smoke) || !arguments.bench
}

/// Whether `mode` is to be measured. The bare server stores nothing, so for it only operations make sense.
fn is_wanted(modes: &[Mode], mode: Mode) -> bool {
    if modes.contains(&Mode::Noise) {
        return mode == Mode::Operations;
    }
    let is_part = |mode: &Mode| !matches!(mode, Mode::Quick | Mode::Noise | Mode::Smoke);
    modes.contains(&mode) || !modes.iter().any(is_part)
}
