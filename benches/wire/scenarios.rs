//! The loads that are compared with the bare server, on queues that are empty at first and on queues with many
//! messages.
//!
//! Rounds are short and go through all servers, so that the machine's other work affects all of them; only figures of
//! the same round are compared.

use std::io;

use crate::Bench;
use crate::control::{Control, fill};
use crate::load::{Crew, Operation, Sample, Span};
use crate::report::{Aim, Row};
use crate::requests::{BATCH, Protocol};
use crate::server::Server;

/// A queue and the operations on it in each round.
#[derive(Clone, Copy, Debug)]
struct Plan {
    protocol: Protocol,
    is_fifo: bool,
    /// The most messages in the queue before each round; fewer where the operations will not use as many.
    is_filled: bool,
    /// The operations in their order, and the names of their rows.
    phases: &'static [(Operation, &'static str)],
}

const SEND: &str = "SendMessage";
const SEND_QUERY: &str = "SendMessage, Query";
const SEND_BATCH: &str = "SendMessageBatch(10)";
const RECEIVE: &str = "ReceiveMessage";
const DELETE: &str = "DeleteMessage";
const CYCLE: &str = "send, receive, delete";
const CYCLE_QUERY: &str = "send, receive, delete, Query";
const CYCLE_FIFO: &str = "send, receive, delete, FIFO";

const PLANS: &[Plan] = &[
    Plan::new(Protocol::Json, &[(Operation::Send, SEND)]),
    Plan::new(Protocol::Query, &[(Operation::Send, SEND_QUERY)]),
    Plan::new(Protocol::Json, &[(Operation::SendBatch, SEND_BATCH)]),
    Plan::new(
        Protocol::Json,
        &[(Operation::Receive, RECEIVE), (Operation::Delete, DELETE)],
    )
    .filled(),
    Plan::new(
        Protocol::Json,
        &[
            (Operation::ReceiveTen, "ReceiveMessage(10)"),
            (Operation::DeleteBatch, "DeleteMessageBatch(10)"),
        ],
    )
    .filled(),
    Plan::new(Protocol::Json, &[(Operation::Cycle, CYCLE)]),
    Plan::new(Protocol::Query, &[(Operation::Cycle, CYCLE_QUERY)]),
    Plan::new(Protocol::Json, &[(Operation::Cycle, CYCLE_FIFO)]).fifo(),
];

impl Plan {
    const fn new(protocol: Protocol, phases: &'static [(Operation, &'static str)]) -> Self {
        Self {
            protocol,
            is_fifo: false,
            is_filled: false,
            phases,
        }
    }

    const fn filled(self) -> Self {
        Self {
            is_filled: true,
            ..self
        }
    }

    const fn fifo(self) -> Self {
        Self {
            is_fifo: true,
            ..self
        }
    }
}

/// Runs the plans that `wanted` names (all if it names none) and compares them with their aims.
pub(crate) async fn operations(bench: &mut Bench, wanted: &[String]) -> io::Result<()> {
    let bare = bench.start_bare()?;
    let topiq = bench.start_topiq()?;
    let plans: Vec<Plan> = PLANS
        .iter()
        .filter(|plan| is_wanted(plan, wanted))
        .copied()
        .collect();
    for connections in bench.settings.connections.clone() {
        let mut rows = empty_rows(&plans, connections);
        for round in 0..=bench.settings.rounds {
            let mut row = 0;
            for plan in &plans {
                for (server, is_bare) in in_turn([(&bare, true), (&topiq, false)], round) {
                    let samples = run(bench, plan, server, connections).await?;
                    // The first round warms up.
                    for (phase, sample) in samples.into_iter().enumerate().filter(|_| round > 0) {
                        let row = &mut rows[row + phase];
                        let side = if is_bare {
                            &mut row.bare
                        } else {
                            &mut row.topiq
                        };
                        side.push(sample);
                    }
                }
                row += plan.phases.len();
            }
        }
        bench.report.rows.extend(rows);
    }
    judge(bench);
    Ok(())
}

fn is_wanted(plan: &Plan, wanted: &[String]) -> bool {
    let mut phases = plan.phases.iter();
    phases.any(|(_, name)| is_named(name, wanted))
}

/// Whether a scenario of this name is among the `wanted` ones: all are if none is named.
pub(crate) fn is_named(name: &str, wanted: &[String]) -> bool {
    let name = name.to_lowercase();
    let mut names = wanted.iter();
    wanted.is_empty() || names.any(|wanted| name.contains(&wanted.to_lowercase()))
}

fn empty_rows(plans: &[Plan], connections: usize) -> Vec<Row> {
    plans
        .iter()
        .flat_map(|plan| plan.phases)
        .map(|&(_, scenario)| Row::new(scenario, connections))
        .collect()
}

/// One round of a plan on one server, with a queue of its own.
async fn run(
    bench: &mut Bench,
    plan: &Plan,
    server: &Server,
    connections: usize,
) -> io::Result<Vec<Sample>> {
    let settings = &bench.settings;
    let mut control = Control::open(server).await?;
    let url = control
        .create_queue(server, &bench.names.next(plan.is_fifo))
        .await?;
    let mut crew = Crew::open(server, plan.protocol, connections, settings.message_bytes).await?;
    crew.set_queue(&url);
    let mut span = settings.span();
    if plan.is_filled {
        span = Span::of(settings.operations);
        let takes_ten = plan.phases[0].0 == Operation::ReceiveTen;
        let messages = settings.operations * if takes_ten { BATCH as u64 } else { 1 };
        if !server.is_bare {
            fill(server, &url, messages, settings.message_bytes).await?;
        }
    }
    let mut samples = Vec::with_capacity(plan.phases.len());
    for &(operation, _) in plan.phases {
        samples.push(crew.run(server, operation, span).await?);
    }
    control.delete_queue(&url).await?;
    Ok(samples)
}

fn judge(bench: &mut Bench) {
    let report = &mut bench.report;
    // At most 1.15 times the bare server's time.
    report.against_bare(SEND, Aim::AtLeast(0.87));
    report.compare(
        "Query / JSON, SendMessage",
        SEND_QUERY,
        SEND,
        1.0,
        Aim::AtMost(1.1),
    );
    report.compare(
        "Query / JSON, cycle",
        CYCLE_QUERY,
        CYCLE,
        1.0,
        Aim::AtMost(1.1),
    );
    report.compare(
        "message in a batch of ten / single",
        SEND_BATCH,
        SEND,
        0.1,
        Aim::AtMost(0.2),
    );
    report.compare(
        "ReceiveMessage / SendMessage",
        RECEIVE,
        SEND,
        1.0,
        Aim::AtMost(1.1),
    );
    report.compare(
        "DeleteMessage / SendMessage",
        DELETE,
        SEND,
        1.0,
        Aim::AtMost(1.1),
    );
    report.compare(
        "FIFO cycle / standard cycle",
        CYCLE_FIFO,
        CYCLE,
        1.0,
        Aim::AtMost(1.1),
    );
}

/// Compares topiq with many and with few stored messages: a server for each depth, each in turn.
pub(crate) async fn depths(bench: &mut Bench) -> io::Result<()> {
    let bare = bench.start_bare()?;
    let mut stored = Vec::new();
    for depth in bench.settings.depths.clone() {
        let server = bench.start_topiq()?;
        let name = bench.names.next(false);
        let url = Control::open(&server)
            .await?
            .create_queue(&server, &name)
            .await?;
        fill(&server, &url, depth, bench.settings.message_bytes).await?;
        stored.push((depth, server, url));
    }
    for (operation, name) in [(Operation::Send, SEND), (Operation::Cycle, CYCLE)] {
        for connections in bench.settings.connections.clone() {
            let rows = depth_rows(bench, &bare, &stored, operation, name, connections).await?;
            bench.report.rows.extend(rows);
        }
        let least = depth_name(name, stored[0].0);
        for (depth, ..) in &stored[1..] {
            let much = depth_name(name, *depth);
            let figure = format!("{much} / {} stored", stored[0].0);
            bench
                .report
                .compare(&figure, &much, &least, 1.0, Aim::AtMost(1.05));
        }
    }
    Ok(())
}

async fn depth_rows(
    bench: &Bench,
    bare: &Server,
    stored: &[(u64, Server, String)],
    operation: Operation,
    name: &str,
    connections: usize,
) -> io::Result<Vec<Row>> {
    let mut rows: Vec<Row> = stored
        .iter()
        .map(|(depth, ..)| Row::new(&depth_name(name, *depth), connections))
        .collect();
    for round in 0..=bench.settings.rounds {
        let bare_url = &stored[0].2;
        let bare = load(bench, bare, bare_url, operation, connections).await?;
        for (row, (_, server, url)) in rows.iter_mut().zip(stored) {
            let topiq = load(bench, server, url, operation, connections).await?;
            if operation == Operation::Send {
                Control::open(server)
                    .await?
                    .drain(url, topiq.operations)
                    .await?;
            }
            if round > 0 {
                row.bare.push(bare);
                row.topiq.push(topiq);
            }
        }
    }
    Ok(rows)
}

/// A load on a queue that exists.
pub(crate) async fn load(
    bench: &Bench,
    server: &Server,
    url: &str,
    operation: Operation,
    connections: usize,
) -> io::Result<Sample> {
    let settings = &bench.settings;
    let mut crew = Crew::open(server, Protocol::Json, connections, settings.message_bytes).await?;
    crew.set_queue(url);
    crew.run(server, operation, settings.span()).await
}

fn depth_name(name: &str, depth: u64) -> String {
    format!("{name}, {depth} stored")
}

/// Odd rounds go in reverse, so that no server is always first.
fn in_turn<T>(mut servers: [T; 2], round: usize) -> [T; 2] {
    if round % 2 == 1 {
        servers.reverse();
    }
    servers
}
