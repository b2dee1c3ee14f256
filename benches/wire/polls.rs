//! Long polls: the cost of holding thousands, their effect on other requests, and how soon a message reaches a waiting
//! one.

use std::io;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::Bench;
use crate::client::Connection;
use crate::control::Control;
use crate::load::{Operation, micros, percentile};
use crate::report::{Aim, Row};
use crate::requests::{self, Protocol, Requests};
use crate::scenarios::load;
use crate::server::Server;
use crate::time::{Moment, pause};

/// The longest that SQS waits.
const WAIT_SECONDS: u32 = 20;

/// Requests that are opened before the server is left to catch up: fewer than a listener's backlog.
const OPENED_AT_ONCE: usize = 250;

/// Runs all measurements.
pub(crate) async fn polls(bench: &mut Bench) -> io::Result<()> {
    delivery(bench).await?;
    for count in bench.settings.polls.clone() {
        connections_of_bare(bench, count).await?;
        held(bench, count).await?;
    }
    Ok(())
}

/// How old polls may be when the next measurement begins: young enough to wait until it has ended.
const YOUNG: Duration = Duration::from_secs(8);

/// Waiting polls, each on its own connection; each ends with its answer.
#[derive(Debug)]
pub(crate) struct Held {
    waiting: JoinSet<io::Result<usize>>,
    opened: Moment,
}

impl Held {
    pub(crate) async fn open(server: &Server, url: &str, count: usize) -> io::Result<Self> {
        let mut waiting = JoinSet::new();
        let opened = Moment::now();
        for number in 0..count {
            let mut requests = Requests::new(server.address, Protocol::Json, 0, number);
            requests.set_queue(url);
            let mut connection = Connection::open(server.address).await?;
            connection.send(requests.receive(1, WAIT_SECONDS)).await?;
            waiting.spawn(async move {
                let answer = connection.answer().await?;
                Ok(requests::receipt_handles(answer).len())
            });
            if number % OPENED_AT_ONCE == 0 {
                server.settle().await;
            }
        }
        server.settle().await;
        Ok(Self { waiting, opened })
    }

    /// Drops polls that would end soon, and opens as many new ones.
    async fn renew(&mut self, server: &Server, url: &str) -> io::Result<()> {
        if self.opened.elapsed() < YOUNG {
            return Ok(());
        }
        self.check_waiting()?;
        let count = self.waiting.len();
        self.waiting.shutdown().await;
        server.settle().await;
        *self = Self::open(server, url, count).await?;
        Ok(())
    }

    /// Fails if a poll has ended without a message: the measurement then has fewer of them.
    fn check_waiting(&mut self) -> io::Result<()> {
        match self.answered()? {
            (0, _) => Ok(()),
            (early, _) => Err(io::Error::other(format!(
                "{early} polls ended before their message"
            ))),
        }
    }

    /// Takes the answers that have arrived; returns how many, and how many messages they had.
    fn answered(&mut self) -> io::Result<(usize, usize)> {
        let (mut answers, mut messages) = (0, 0);
        while let Some(answer) = self.waiting.try_join_next() {
            answers += 1;
            messages += answer.map_err(io::Error::other)??;
        }
        Ok((answers, messages))
    }
}

/// `count` polls on one queue of a server, and their cost.
async fn held(bench: &mut Bench, count: usize) -> io::Result<()> {
    let (bare, free, holding) = (
        bench.start_bare()?,
        bench.start_topiq()?,
        bench.start_topiq()?,
    );
    let waited_on = new_queue(bench, &holding).await?;
    let busy = new_queue(bench, &holding).await?;
    let busy_of_free = new_queue(bench, &free).await?;
    load(bench, &holding, &busy, Operation::Cycle, 1).await?;

    let memory_before = holding.memory().unwrap_or_default();
    let mut held = Held::open(&holding, &waited_on, count).await?;
    let memory = holding.memory().unwrap_or_default();
    let per_poll = memory.resident.saturating_sub(memory_before.resident) as f64 / count as f64;
    bench.report.figure(
        format!("memory per held poll, {count} held"),
        per_poll,
        "bytes",
        Some(Aim::AtMost(20.0 * 1024.0)),
    );

    held.renew(&holding, &waited_on).await?;
    let idle = idle_cpu(bench, &holding).await;
    bench
        .report
        .figure(format!("idle CPU, {count} polls held"), idle, "ms/s", None);

    let scenario = format!("SendMessage, {count} polls held");
    let free_scenario = format!("SendMessage, none of {count} polls held");
    for connections in bench
        .settings
        .connections
        .iter()
        .copied()
        .take(2)
        .collect::<Vec<_>>()
    {
        let mut with = Row::new(&scenario, connections);
        let mut without = Row::new(&free_scenario, connections);
        for _ in 0..bench.settings.rounds {
            held.renew(&holding, &waited_on).await?;
            let sample = load(bench, &bare, &busy, Operation::Send, connections).await?;
            with.bare.push(sample);
            without.bare.push(sample);
            without
                .topiq
                .push(load(bench, &free, &busy_of_free, Operation::Send, connections).await?);
            with.topiq
                .push(load(bench, &holding, &busy, Operation::Send, connections).await?);
        }
        bench.report.rows.extend([without, with]);
    }
    let figure = format!("another request's CPU, {count} polls held / none");
    bench
        .report
        .compare(&figure, &scenario, &free_scenario, 1.0, Aim::AtMost(1.05));
    wakes_one_each(bench, &holding, &waited_on, &mut held, count).await
}

/// Sends a few messages to a queue with many waiting polls: as many polls must end, each with a message.
async fn wakes_one_each(
    bench: &mut Bench,
    server: &Server,
    url: &str,
    held: &mut Held,
    count: usize,
) -> io::Result<()> {
    held.renew(server, url).await?;
    held.check_waiting()?;
    let mut connection = Connection::open(server.address).await?;
    let mut requests = Requests::new(server.address, Protocol::Json, 100, 0);
    requests.set_queue(url);
    let sent = count.min(20);
    server.settle().await;
    let cpu_before = server.cpu_time();
    for _ in 0..sent {
        connection.call(requests.send()).await?;
    }
    pause(Duration::from_millis(200)).await;
    let cpu = server.cpu_since(cpu_before).map(micros);
    let (answers, messages) = held.answered()?;
    let report = &mut bench.report;
    let name = format!("polls ended by {sent} messages, {count} held");
    let aim = Aim::Exactly(sent as f64);
    report.figure(name, answers as f64, "polls", Some(aim));
    let name = format!("messages in their answers, {count} held");
    report.figure(name, messages as f64, "messages", Some(aim));
    if let Some(cpu) = cpu {
        let name = format!("send and its delivery, {count} held");
        report.figure(name, cpu / sent as f64, "CPU µs", None);
    }
    Ok(())
}

/// The times from the start of a send to its own answer, and to the answer of a waiting poll.
async fn delivery(bench: &mut Bench) -> io::Result<()> {
    let server = bench.start_topiq()?;
    let url = new_queue(bench, &server).await?;
    let mut requests = Requests::new(server.address, Protocol::Json, 100, 0);
    requests.set_queue(&url);
    let mut poller = Connection::open(server.address).await?;
    let mut sender = Connection::open(server.address).await?;
    let (mut plain, mut answered, mut delivered) = (Vec::new(), Vec::new(), Vec::new());
    let times = bench.settings.operations.min(500);
    for _ in 0..times {
        // The same pause before both, so that the server is asleep at the start of both.
        pause(Duration::from_millis(1)).await;
        let began = Moment::now();
        sender.call(requests.send()).await?;
        plain.push(began.elapsed());
        let handles = requests::receipt_handles(sender.call(requests.receive(1, 0)).await?);
        delete(&mut sender, &mut requests, &handles).await?;

        poller.send(requests.receive(1, WAIT_SECONDS)).await?;
        pause(Duration::from_millis(1)).await;
        let began = Moment::now();
        let request = requests.send().to_vec();
        let (sent, received) = tokio::join!(
            async {
                sender.call(&request).await?;
                io::Result::Ok(began.elapsed())
            },
            async {
                let handles = requests::receipt_handles(poller.answer().await?);
                io::Result::Ok((began.elapsed(), handles))
            }
        );
        let (elapsed, handles) = received?;
        answered.push(sent?);
        delivered.push(elapsed);
        delete(&mut sender, &mut requests, &handles).await?;
    }
    let report = &mut bench.report;
    let mut middle = |name: &str, times: &mut Vec<Duration>| {
        times.sort_unstable();
        let middle = percentile(times, 50);
        report.figure(name, middle, "µs", None);
        middle
    };
    let send = middle("send with no poll, p50", &mut plain);
    middle(
        "send to a waiting poll, p50 of its own answer",
        &mut answered,
    );
    let delivery = middle(
        "send to a waiting poll, p50 of the delivery",
        &mut delivered,
    );
    report.figure(
        "delivery to a waiting poll / send",
        delivery / send,
        "×",
        Some(Aim::AtMost(1.5)),
    );
    Ok(())
}

async fn delete(
    connection: &mut Connection,
    requests: &mut Requests,
    handles: &[String],
) -> io::Result<()> {
    let [handle] = handles else {
        return Err(io::Error::other("a message was lost or came twice"));
    };
    connection.call(requests.delete(handle)).await.map(|_| ())
}

/// The cost of connections without polls: the bare server's memory for as many open and idle ones.
async fn connections_of_bare(bench: &mut Bench, count: usize) -> io::Result<()> {
    let server = bench.start_bare()?;
    Control::open(&server).await?.ask().await?;
    let before = server.memory().unwrap_or_default();
    let mut open = Vec::with_capacity(count);
    for _ in 0..count {
        let mut control = Control::open(&server).await?;
        control.ask().await?;
        open.push(control);
    }
    let memory = server.memory().unwrap_or_default();
    let each = memory.resident.saturating_sub(before.resident) as f64 / count as f64;
    let name = format!("bare server's memory per idle connection, {count} open");
    bench.report.figure(name, each, "bytes", None);
    Ok(())
}

/// Milliseconds of processor time per second of doing nothing.
pub(crate) async fn idle_cpu(bench: &Bench, server: &Server) -> f64 {
    server.settle().await;
    let before = server.cpu_time();
    pause(bench.settings.idle).await;
    let cpu = server.cpu_since(before).unwrap_or_default();
    cpu.as_secs_f64() * 1e3 / bench.settings.idle.as_secs_f64()
}

pub(crate) async fn new_queue(bench: &mut Bench, server: &Server) -> io::Result<String> {
    let name = bench.names.next(false);
    Control::open(server)
        .await?
        .create_queue(server, &name)
        .await
}
