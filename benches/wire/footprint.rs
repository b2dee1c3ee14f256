//! topiq's use of the machine: time to start, memory when idle and per message, and whether it returns it.

use std::io;

use crate::Bench;
use crate::client::Connection;
use crate::control::{Control, fill};
use crate::polls::{Held, idle_cpu, new_queue};
use crate::report::{Aim, median};
use crate::requests::{Protocol, Requests};
use crate::server::{Pinning, Program, Server};
use crate::time::{Moment, pause};

const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// All measurements except for the start.
pub(crate) async fn footprint(bench: &mut Bench) -> io::Result<()> {
    idle_memory(bench).await?;
    stored_memory(bench).await?;
    idle_processor_time(bench).await
}

/// From the start of the process to its first answer, both servers in turn, on any core.
pub(crate) async fn start_times(bench: &mut Bench) -> io::Result<()> {
    let (mut bare, mut topiq) = (Vec::new(), Vec::new());
    for _ in 0..bench.settings.starts {
        bare.push(start_time(&Program::Bare).await?);
        topiq.push(start_time(&bench.topiq).await?);
    }
    let report = &mut bench.report;
    report.figure(
        "start to first answer, bare server",
        median(&mut bare),
        "ms",
        None,
    );
    let aim = Some(Aim::AtMost(20.0));
    report.figure("start to first answer", median(&mut topiq), "ms", aim);
    Ok(())
}

async fn start_time(program: &Program) -> io::Result<f64> {
    let began = Moment::now();
    let server = Server::start(program, Pinning::None)?;
    let mut requests = Requests::new(server.address, Protocol::Json, 0, 0);
    let mut connection = Connection::open(server.address).await?;
    connection.call(requests.plain("ListQueues")).await?;
    Ok(began.elapsed().as_secs_f64() * 1e3)
}

async fn idle_memory(bench: &mut Bench) -> io::Result<()> {
    let (bare, topiq) = (bench.start_bare()?, bench.start_topiq()?);
    for (name, server, aim) in [
        ("idle memory, bare server", &bare, None),
        ("idle memory", &topiq, Some(Aim::AtMost(8.0))),
    ] {
        Control::open(server).await?.ask().await?;
        server.settle().await;
        let memory = server.memory().unwrap_or_default();
        let report = &mut bench.report;
        report.figure(
            format!("{name}, resident"),
            memory.resident as f64 / MEBIBYTE,
            "MiB",
            aim,
        );
        report.figure(
            format!("{name}, its own"),
            memory.own as f64 / MEBIBYTE,
            "MiB",
            None,
        );
    }
    Ok(())
}

/// Memory per stored message, and the rest that is kept after the messages are removed, in each of three ways.
async fn stored_memory(bench: &mut Bench) -> io::Result<()> {
    for way in [Way::Purge, Way::Delete, Way::Drain] {
        let server = bench.start_topiq()?;
        let mut control = Control::open(&server).await?;
        let url = new_queue(bench, &server).await?;
        fill(&server, &url, 10, bench.settings.message_bytes).await?;
        let empty = resident(&server).await;
        let mut stored = 10;
        for depth in bench.settings.memory_depths.clone() {
            fill(&server, &url, depth - stored, bench.settings.message_bytes).await?;
            stored = depth;
            if way == Way::Purge {
                let each = (resident(&server).await - empty) / stored as f64;
                let overhead = each - bench.settings.message_bytes as f64;
                let name = format!("overhead per message, {stored} stored");
                bench
                    .report
                    .figure(name, overhead, "bytes", Some(Aim::AtMost(235.0)));
            }
        }
        let full = resident(&server).await;
        match way {
            Way::Purge => control.purge_queue(&url).await?,
            Way::Delete => control.delete_queue(&url).await?,
            Way::Drain => control.drain(&url, stored).await?,
        }
        // An allocator may keep pages for a moment; only what it keeps for good counts.
        pause(bench.settings.idle).await;
        let kept = (resident(&server).await - empty) / (full - empty).max(1.0) * 100.0;
        let name = format!("memory kept after {stored} messages: {}", way.name());
        bench
            .report
            .figure(name, kept, "%", Some(Aim::AtMost(10.0)));
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Purge,
    Delete,
    Drain,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Purge => "queue purged",
            Self::Delete => "queue deleted",
            Self::Drain => "received and deleted",
        }
    }
}

async fn resident(server: &Server) -> f64 {
    server.settle().await;
    server.memory().unwrap_or_default().resident as f64
}

/// The processor time of topiq without requests, with many stored messages and held polls.
async fn idle_processor_time(bench: &mut Bench) -> io::Result<()> {
    let server = bench.start_topiq()?;
    let empty = idle_cpu(bench, &server).await;
    bench.report.figure("idle CPU, empty", empty, "ms/s", None);
    let stored = bench
        .settings
        .memory_depths
        .iter()
        .copied()
        .max()
        .unwrap_or_default();
    let full = new_queue(bench, &server).await?;
    fill(&server, &full, stored, bench.settings.message_bytes).await?;
    let waited_on = new_queue(bench, &server).await?;
    let count = bench.settings.polls[0];
    let _held = Held::open(&server, &waited_on, count).await?;
    let idle = idle_cpu(bench, &server).await;
    let name = format!("idle CPU, {stored} stored and {count} polls held");
    bench
        .report
        .figure(name, idle, "ms/s", Some(Aim::AtMost(1.0)));
    Ok(())
}
