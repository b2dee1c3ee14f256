//! Events: the cost of `PutEvents` on its way to one queue and to many, past rules that do not match.
//!
//! Each round goes through all plans, and through a send and a publish, with which they are compared. The queues are
//! purged in between, so that no plan finds another's messages.

use std::io;

use serde_json::{Value, json};

use crate::Bench;
use crate::control::Control;
use crate::load::{Crew, Operation, Sample, Span};
use crate::report::{Aim, Row};
use crate::requests::{BATCH, Protocol};
use crate::scenarios::is_named;
use crate::server::Server;

const SEND: &str = "SendMessage, beside events";
const RAW_100: &str = "Publish, raw to 100 queues, beside events";
const ONE: &str = "PutEvents, 1 rule";
const TEN: &str = "PutEvents(10), 1 rule";
const ALL_100: &str = "PutEvents, 100 rules, all match";
const VALUES: &str = "PutEvents, 10,000 rules by value, 1 matches";
const KINDS: &str = "PutEvents, 10,000 rules of other kinds, 1 matches";

/// Messages that a round delivers, approximately, which bounds its memory.
const DELIVERIES: u64 = 40_000;

/// The queues of the plans that fan out.
const QUEUES: usize = 100;

/// What is sent to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plan {
    Send,
    Publish,
    One,
    Ten,
    All,
    Values,
    Kinds,
}

const PLANS: [(&str, Plan); 7] = [
    (SEND, Plan::Send),
    (RAW_100, Plan::Publish),
    (ONE, Plan::One),
    (TEN, Plan::Ten),
    (ALL_100, Plan::All),
    (VALUES, Plan::Values),
    (KINDS, Plan::Kinds),
];

impl Plan {
    fn operation(self) -> Operation {
        match self {
            Self::Send => Operation::Send,
            Self::Publish => Operation::Publish,
            Self::Ten => Operation::PutTenEvents,
            Self::One | Self::All | Self::Values | Self::Kinds => Operation::PutEvents,
        }
    }

    fn bus(self) -> &'static str {
        match self {
            Self::Send | Self::Publish => "",
            Self::One | Self::Ten => "one",
            Self::All => "all",
            Self::Values => "values",
            Self::Kinds => "kinds",
        }
    }

    fn deliveries(self, queues: usize) -> u64 {
        let deliveries = match self {
            Self::Publish | Self::All => queues,
            Self::Ten => BATCH,
            Self::Send | Self::One | Self::Values | Self::Kinds => 1,
        };
        deliveries as u64
    }

    /// The pattern of a bus's rule with this number, and the queue that it delivers to if it matches.
    fn rule(self, number: usize) -> (Value, Option<usize>) {
        let source = json!(["shop.orders"]);
        let detail = match self {
            Self::All => return (json!({"source": source}), Some(number)),
            Self::One | Self::Ten => json!({"state": ["placed"]}),
            Self::Kinds => kind(number),
            _ if number == MATCHING => json!({"customer": ["customer-00042-eu"]}),
            // Beyond the number of the event's customer.
            _ => json!({"customer": [format!("customer-{:05}-eu", number + 1000)]}),
        };
        let pattern = json!({"source": source, "detail": detail});
        let is_met = number == MATCHING || matches!(self, Self::One | Self::Ten);
        (pattern, is_met.then_some(0))
    }

    fn rules(self, most: usize, queues: usize) -> usize {
        match self {
            Self::Values | Self::Kinds => most,
            Self::All => queues,
            Self::Send | Self::Publish | Self::One | Self::Ten => 1,
        }
    }
}

/// The number of the rule that lets the event through.
const MATCHING: usize = 36;

/// Conditions that no value is equal to, by turns. Only one lets the event through.
fn kind(number: usize) -> Value {
    if number == MATCHING {
        return json!({"customer": [{"prefix": "customer-00042"}]});
    }
    // Beyond the number of the event's customer.
    let number = number + 1000;
    match number % 6 {
        0 => json!({"customer": [{"prefix": format!("customer-{number:05}")}]}),
        1 => json!({"customer": [{"suffix": format!("-{number:05}")}]}),
        2 => json!({"customer": [{"wildcard": format!("customer-*{number:05}*")}]}),
        3 => json!({"amount": [{"numeric": [">=", number * 100, "<", number * 100 + 100]}]}),
        4 => json!({"state": [{"anything-but": [format!("state-{number}"), "placed"]}]}),
        _ => json!({"state": [{"anything-but": {"prefix": ["pl", format!("x{number}")]}}]}),
    }
}

/// Runs the plans that `wanted` names (all if it names none) and compares them with their aims.
pub(crate) async fn events(bench: &mut Bench, wanted: &[String]) -> io::Result<()> {
    if !PLANS.iter().any(|(name, _)| is_named(name, wanted)) {
        return Ok(());
    }
    // Its own work shows best where the server rarely sleeps.
    let connections = bench.settings.connections.last().copied().unwrap_or(1);
    let mut topiq = Stage::open(bench).await?;
    let bare = bench.start_bare()?;
    let mut rows: Vec<Row> = PLANS
        .iter()
        .map(|(name, _)| Row::new(name, connections))
        .collect();
    for round in 0..=bench.settings.rounds {
        for (row, (_, plan)) in rows.iter_mut().zip(PLANS) {
            let bare_sample = load(bench, &bare, &topiq, plan, connections).await?;
            let topiq_sample = load(bench, &topiq.server, &topiq, plan, connections).await?;
            topiq.purge().await?;
            // The first round warms up.
            if round > 0 {
                row.bare.push(bare_sample);
                row.topiq.push(topiq_sample);
            }
        }
    }
    bench.report.rows.extend(rows);
    for (name, scenario, base, scale, aim) in [
        ("PutEvents to 1 queue / SendMessage", ONE, SEND, 1.0, 1.5),
        ("event in ten / single", TEN, ONE, 0.1, 0.25),
        // Inverted: events are delivered at four fifths of the rate at least.
        (
            "100 rules that match / raw, to 100",
            ALL_100,
            RAW_100,
            1.0,
            1.25,
        ),
        ("10,000 rules by value / 1 rule", VALUES, ONE, 1.0, 1.5),
        ("10,000 rules of other kinds / 1 rule", KINDS, ONE, 1.0, 5.0),
    ] {
        bench
            .report
            .compare(name, scenario, base, scale, Aim::AtMost(aim));
    }
    Ok(())
}

/// A server with queues, a topic with all of them, and the plans' buses.
#[derive(Debug)]
struct Stage {
    server: Server,
    control: Control,
    queues: Vec<String>,
    topic: String,
}

impl Stage {
    async fn open(bench: &mut Bench) -> io::Result<Self> {
        let server = bench.start_topiq()?;
        let mut control = Control::open(&server).await?;
        let topic = control.create_topic(&bench.names.next(false)).await?;
        let mut queues = Vec::new();
        for _ in 0..QUEUES.min(bench.settings.queues) {
            let name = bench.names.next(false);
            let queue = control.create_queue(&server, &name).await?;
            control.subscribe(&topic, &queue, true, None).await?;
            queues.push(queue);
        }
        let mut stage = Self {
            server,
            control,
            queues,
            topic,
        };
        for plan in [Plan::One, Plan::All, Plan::Values, Plan::Kinds] {
            stage.add_bus(plan, bench.settings.rules).await?;
        }
        Ok(stage)
    }

    async fn add_bus(&mut self, plan: Plan, most: usize) -> io::Result<()> {
        let bus = plan.bus();
        self.control
            .events("CreateEventBus", &json!({"Name": bus}))
            .await?;
        for number in 0..plan.rules(most, self.queues.len()) {
            let (pattern, queue) = plan.rule(number);
            self.add_rule(bus, number, &pattern, queue).await?;
        }
        Ok(())
    }

    async fn add_rule(
        &mut self,
        bus: &str,
        number: usize,
        pattern: &Value,
        queue: Option<usize>,
    ) -> io::Result<()> {
        let rule = format!("rule-{number:05}");
        let input = json!({"Name": rule, "EventBusName": bus, "EventPattern": pattern.to_string()});
        self.control.events("PutRule", &input).await?;
        let Some(queue) = queue else { return Ok(()) };
        let name = self.queues[queue].rsplit('/').next().unwrap_or_default();
        let arn = format!("arn:aws:sqs:us-east-1:000000000000:{name}");
        let targets = json!([{"Id": "queue", "Arn": arn}]);
        let input = json!({"Rule": rule, "EventBusName": bus, "Targets": targets});
        self.control.events("PutTargets", &input).await
    }

    async fn purge(&mut self) -> io::Result<()> {
        for queue in &self.queues {
            self.control.purge_queue(queue).await?;
        }
        Ok(())
    }
}

/// One round of a plan on one server.
async fn load(
    bench: &Bench,
    server: &Server,
    stage: &Stage,
    plan: Plan,
    connections: usize,
) -> io::Result<Sample> {
    let settings = &bench.settings;
    let protocol = match plan {
        Plan::Publish => Protocol::Query,
        _ => Protocol::Json,
    };
    let mut crew = Crew::open(server, protocol, connections, settings.message_bytes).await?;
    crew.set_queue(&stage.queues[0]);
    crew.set_topic(&stage.topic, None);
    crew.set_bus(plan.bus());
    let most = DELIVERIES / plan.deliveries(stage.queues.len());
    let span = Span {
        operations: settings.operations.min(most),
        ..settings.span()
    };
    crew.run(server, plan.operation(), span).await
}
