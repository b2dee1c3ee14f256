//! Publishes: the cost of a message on its way from a topic to one queue, to many, past filters and in envelopes, and
//! the cost of receiving an envelope, which is written and signed only then.
//!
//! Each round goes through all plans. The queues are purged in between, so that no plan finds another's messages.

use std::io;

use crate::Bench;
use crate::control::Control;
use crate::load::{Crew, Operation, Sample, Span};
use crate::report::{Aim, Row, median};
use crate::requests::{BATCH, Protocol};
use crate::scenarios::is_named;
use crate::server::Server;

/// The messages' value of the filtered attribute.
const STORE: &str = "store-0";

/// The most subscribers of a FIFO topic, and the most filter policies of a topic (SNS quotas).
const FIFO_QUEUES: usize = 100;
const POLICIES: usize = 200;

/// Messages that a round delivers, approximately, which bounds its memory.
const DELIVERIES: u64 = 40_000;

/// A topic, its subscribers, and the way of its messages to them.
#[derive(Clone, Copy, Debug)]
struct Plan {
    name: &'static str,
    operation: Operation,
    queues: usize,
    is_fifo: bool,
    is_raw: bool,
    filters: Filters,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filters {
    None,
    /// A policy for each queue; those of every second queue accept messages.
    Half,
    /// A policy for each queue, each for a different value: one queue gets a message.
    Own,
}

const SEND: &str = "SendMessage, Query";
const RAW_1: &str = "Publish, raw to 1 queue";
const RAW_100: &str = "Publish, raw to 100 queues";
const ENVELOPED_1: &str = "Publish, enveloped to 1 queue";
const ENVELOPED_100: &str = "Publish, enveloped to 100 queues";
const HALF_100: &str = "Publish, raw to half of 100 queues";
const ONE_POLICY: &str = "Publish, 1 policy";
const MANY_POLICIES: &str = "Publish, 200 policies, 1 matches";
const BATCH_1: &str = "PublishBatch(10), raw to 1 queue";
const BATCH_100: &str = "PublishBatch(10), raw to 100 queues";
const FIFO_1: &str = "Publish, FIFO, raw to 1 queue";
const FIFO_100: &str = "Publish, FIFO, raw to 100 queues";
const FIFO_ENVELOPED_100: &str = "Publish, FIFO, enveloped to 100 queues";

const RECEIVES: [&str; 3] = [
    "ReceiveMessage(10), raw",
    "ReceiveMessage(10), envelopes",
    "ReceiveMessage(10), envelopes signed before",
];

const PLANS: &[Plan] = &[
    Plan::raw(RAW_1, 1),
    Plan::raw("Publish, raw to 10 queues", 10),
    Plan::raw(RAW_100, 100),
    Plan::raw("Publish, raw to 1,000 queues", 1_000),
    Plan::raw(ENVELOPED_1, 1).enveloped(),
    Plan::raw("Publish, enveloped to 10 queues", 10).enveloped(),
    Plan::raw(ENVELOPED_100, 100).enveloped(),
    Plan::raw("Publish, enveloped to 1,000 queues", 1_000).enveloped(),
    Plan::raw("Publish, raw to half of 10 queues", 10).filtered(Filters::Half),
    Plan::raw(HALF_100, 100).filtered(Filters::Half),
    Plan::raw(ONE_POLICY, 1).filtered(Filters::Own),
    Plan::raw(MANY_POLICIES, POLICIES).filtered(Filters::Own),
    Plan::raw(BATCH_1, 1).batch(),
    Plan::raw(BATCH_100, 100).batch(),
    Plan::raw(FIFO_1, 1).fifo(),
    Plan::raw(FIFO_100, FIFO_QUEUES).fifo(),
    Plan::raw(FIFO_ENVELOPED_100, FIFO_QUEUES)
        .fifo()
        .enveloped(),
];

impl Plan {
    const fn raw(name: &'static str, queues: usize) -> Self {
        Self {
            name,
            operation: Operation::Publish,
            queues,
            is_fifo: false,
            is_raw: true,
            filters: Filters::None,
        }
    }

    const fn enveloped(self) -> Self {
        Self {
            is_raw: false,
            ..self
        }
    }

    const fn filtered(self, filters: Filters) -> Self {
        Self { filters, ..self }
    }

    const fn batch(self) -> Self {
        Self {
            operation: Operation::PublishBatch,
            ..self
        }
    }

    const fn fifo(self) -> Self {
        Self {
            is_fifo: true,
            ..self
        }
    }

    /// The value that the policy of the queue with this number requires.
    fn store(&self, queue: usize) -> Option<String> {
        match self.filters {
            Filters::None => None,
            Filters::Half => Some(format!("store-{}", queue % 2)),
            Filters::Own => Some(format!("store-{queue}")),
        }
    }

    /// How many messages a request delivers to queues.
    fn deliveries(&self) -> usize {
        let queues = match self.filters {
            Filters::None => self.queues,
            Filters::Half => self.queues.div_ceil(2),
            Filters::Own => 1,
        };
        match self.operation {
            Operation::PublishBatch => queues * BATCH,
            _ => queues,
        }
    }
}

/// A server with its queues, and the ARNs of the plans' topics.
#[derive(Debug)]
struct Stage {
    server: Server,
    control: Control,
    standard: Vec<String>,
    fifo: Vec<String>,
    topics: Vec<String>,
}

/// Runs the plans that `wanted` names (all if it names none) and compares them with their aims.
pub(crate) async fn publish(bench: &mut Bench, wanted: &[String]) -> io::Result<()> {
    let plans: Vec<Plan> = PLANS
        .iter()
        .filter(|plan| is_named(plan.name, wanted))
        .map(|plan| Plan {
            queues: plan.queues.min(bench.settings.queues),
            ..*plan
        })
        .collect();
    if !plans.is_empty() {
        publishes(bench, &plans).await?;
    }
    if RECEIVES.iter().any(|name| is_named(name, wanted)) {
        receives(bench).await?;
    }
    Ok(())
}

async fn publishes(bench: &mut Bench, plans: &[Plan]) -> io::Result<()> {
    // Its own work shows best where the server rarely sleeps.
    let connections = bench.settings.connections.last().copied().unwrap_or(1);
    let mut topiq = Stage::open(bench, plans).await?;
    let bare = bench.start_bare()?;
    let names = plans.iter().map(|plan| plan.name);
    let mut rows: Vec<Row> = [SEND]
        .into_iter()
        .chain(names)
        .map(|name| Row::new(name, connections))
        .collect();
    for round in 0..=bench.settings.rounds {
        for (number, row) in rows.iter_mut().enumerate() {
            let plan = number.checked_sub(1).map(|number| (number, &plans[number]));
            let bare_sample = load(bench, &bare, &topiq, plan, connections).await?;
            let topiq_sample = load(bench, &topiq.server, &topiq, plan, connections).await?;
            topiq.purge(plan.map(|(_, plan)| plan)).await?;
            // The first round warms up.
            if round > 0 {
                row.bare.push(bare_sample);
                row.topiq.push(topiq_sample);
            }
        }
    }
    bench.report.rows.extend(rows);
    judge(bench, plans);
    Ok(())
}

impl Stage {
    async fn open(bench: &mut Bench, plans: &[Plan]) -> io::Result<Self> {
        let server = bench.start_topiq()?;
        let mut control = Control::open(&server).await?;
        let most = bench.settings.queues;
        let (mut standard, mut fifo, mut topics) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..most {
            let name = bench.names.next(false);
            standard.push(control.create_queue(&server, &name).await?);
        }
        for _ in 0..most.min(FIFO_QUEUES) {
            let name = bench.names.next(true);
            fifo.push(control.create_queue(&server, &name).await?);
        }
        for plan in plans {
            let topic = control
                .create_topic(&bench.names.next(plan.is_fifo))
                .await?;
            let queues = if plan.is_fifo { &fifo } else { &standard };
            for (number, queue) in queues[..plan.queues].iter().enumerate() {
                let store = plan.store(number);
                control
                    .subscribe(&topic, queue, plan.is_raw, store.as_deref())
                    .await?;
            }
            topics.push(topic);
        }
        Ok(Self {
            server,
            control,
            standard,
            fifo,
            topics,
        })
    }

    /// Empties the queues that a plan has filled.
    async fn purge(&mut self, plan: Option<&Plan>) -> io::Result<()> {
        let queues = match plan {
            Some(plan) if plan.is_fifo => &self.fifo[..plan.queues],
            Some(plan) => &self.standard[..plan.queues],
            None => &self.standard[..1],
        };
        for queue in queues {
            self.control.purge_queue(queue).await?;
        }
        Ok(())
    }
}

/// One round of a plan on one server; without a plan, of sends to a queue.
async fn load(
    bench: &Bench,
    server: &Server,
    stage: &Stage,
    plan: Option<(usize, &Plan)>,
    connections: usize,
) -> io::Result<Sample> {
    let settings = &bench.settings;
    let mut crew = Crew::open(server, Protocol::Query, connections, settings.message_bytes).await?;
    let Some((number, plan)) = plan else {
        crew.set_queue(&stage.standard[0]);
        return crew.run(server, Operation::Send, settings.span()).await;
    };
    let store = (plan.filters != Filters::None).then_some(STORE);
    crew.set_topic(&stage.topics[number], store);
    let most = DELIVERIES / plan.deliveries() as u64;
    let span = Span {
        operations: settings.operations.min(most),
        ..settings.span()
    };
    crew.run(server, plan.operation, span).await
}

fn judge(bench: &mut Bench, plans: &[Plan]) {
    let report = &mut bench.report;
    for plan in plans {
        let row = report.rows.iter().find(|row| row.scenario == plan.name);
        let cpu = row
            .into_iter()
            .flat_map(|row| &row.topiq)
            .filter_map(|sample| sample.cpu);
        let micros = median(&mut cpu.collect::<Vec<_>>());
        let aim = (plan.name == RAW_100).then_some(Aim::AtLeast(1_000_000.0));
        let name = format!("{}: delivered messages", plan.name);
        let rate = plan.deliveries() as f64 * 1e6 / micros;
        report.figure(name, rate, "per CPU second", aim);
    }
    for (name, scenario, base, scale, aim) in [
        ("raw publish to 1 / SendMessage", RAW_1, SEND, 1.0, 1.1),
        (
            "enveloped publish to 1 / SendMessage",
            ENVELOPED_1,
            SEND,
            1.0,
            1.5,
        ),
        // Inverted: an envelope is delivered at four fifths of the rate at least.
        ("enveloped / raw, to 100", ENVELOPED_100, RAW_100, 1.0, 1.25),
        (
            "FIFO, enveloped / raw, to 100",
            FIFO_ENVELOPED_100,
            FIFO_100,
            1.0,
            1.25,
        ),
        ("half of 100 / all of 100", HALF_100, RAW_100, 1.0, 1.0),
        (
            "200 policies / 1 policy",
            MANY_POLICIES,
            ONE_POLICY,
            1.0,
            3.0,
        ),
        (
            "message in a batch of ten / single, to 1",
            BATCH_1,
            RAW_1,
            0.1,
            0.3,
        ),
        (
            "message in a batch of ten / single, to 100",
            BATCH_100,
            RAW_100,
            0.1,
            1.0,
        ),
        ("FIFO publish / standard, to 1", FIFO_1, RAW_1, 1.0, 1.5),
        (
            "FIFO publish / standard, to 100",
            FIFO_100,
            RAW_100,
            1.0,
            2.5,
        ),
    ] {
        report.compare(name, scenario, base, scale, Aim::AtMost(aim));
    }
}

/// The cost of receiving: messages as published, envelopes that are written and signed for it, and envelopes that were
/// already signed for another queue's receiver. By tens, as most receivers do.
async fn receives(bench: &mut Bench) -> io::Result<()> {
    let server = bench.start_topiq()?;
    let mut control = Control::open(&server).await?;
    let topic = control.create_topic(&bench.names.next(false)).await?;
    let mut queues = Vec::new();
    for is_raw in [true, false, false] {
        let name = bench.names.next(false);
        let queue = control.create_queue(&server, &name).await?;
        control.subscribe(&topic, &queue, is_raw, None).await?;
        queues.push(queue);
    }
    let settings = &bench.settings;
    let receives = Span::of((settings.operations / 40).max(1));
    let publishes = Span::of(receives.operations);
    let mut crew = Crew::open(&server, Protocol::Query, 1, settings.message_bytes).await?;
    crew.set_topic(&topic, None);
    let mut samples = [const { Vec::new() }; 3];
    for round in 0..=settings.rounds {
        crew.run(&server, Operation::PublishBatch, publishes)
            .await?;
        for (queue, samples) in queues.iter().zip(&mut samples) {
            crew.set_queue(queue);
            let sample = crew.run(&server, Operation::ReceiveTen, receives).await?;
            // The first round warms up, and creates the key.
            samples.extend(sample.cpu.filter(|_| round > 0));
        }
        for queue in &queues {
            control.purge_queue(queue).await?;
        }
    }
    for (name, mut samples) in RECEIVES.into_iter().zip(samples) {
        let micros = median(&mut samples) / BATCH as f64;
        let name = format!("{name}: CPU per message");
        bench.report.figure(name, micros, "µs", None);
    }
    Ok(())
}
