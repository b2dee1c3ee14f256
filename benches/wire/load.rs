//! Load: a number of connections that repeat one operation, and its cost to the server.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;
use tokio::task::JoinSet;

use crate::client::Connection;
use crate::event_requests::{self, EventRequests};
use crate::requests::{self, BATCH, HANDLE_LENGTH, Protocol, Requests};
use crate::server::Server;
use crate::time::{Moment, pause};
use crate::topic_requests::TopicRequests;

/// The operation that a connection repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Send,
    /// Ten messages in a `SendMessageBatch`.
    SendBatch,
    /// One message, whose receipt handle is kept for `Delete`.
    Receive,
    /// Up to ten messages, whose receipt handles are kept for `DeleteBatch`.
    ReceiveTen,
    Delete,
    DeleteBatch,
    /// Send, receive and delete one message: three requests.
    Cycle,
    /// One message to a topic.
    Publish,
    /// Ten messages in a `PublishBatch`.
    PublishBatch,
    /// One event to a bus.
    PutEvents,
    /// Ten events in a `PutEvents`.
    PutTenEvents,
}

/// The end of a load: after a time, or after a number of operations.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) time: Duration,
    pub(crate) operations: u64,
}

impl Span {
    /// Until `operations` are done, however long that takes.
    pub(crate) const fn of(operations: u64) -> Self {
        Self {
            time: Duration::MAX,
            operations,
        }
    }
}

/// The result of a load. Times are in microseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Sample {
    pub(crate) operations: u64,
    /// The server's processor time per operation.
    pub(crate) cpu: Option<f64>,
    /// Operations per second.
    pub(crate) rate: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Open connections to one server, which repeat operations.
#[derive(Debug)]
pub(crate) struct Crew {
    workers: Vec<Worker>,
}

impl Crew {
    /// Opens `connections` to `server`, for requests in `protocol` with messages of `message_bytes`.
    pub(crate) async fn open(
        server: &Server,
        protocol: Protocol,
        connections: usize,
        message_bytes: usize,
    ) -> io::Result<Self> {
        let mut workers = Vec::with_capacity(connections);
        for number in 0..connections {
            workers.push(Worker {
                connection: Connection::open(server.address).await?,
                requests: Requests::new(server.address, protocol, message_bytes, number),
                topic_requests: TopicRequests::new(server.address, message_bytes),
                event_requests: EventRequests::new(server.address, message_bytes),
                handles: Vec::new(),
                is_bare: server.is_bare,
                latencies: Vec::new(),
            });
        }
        Ok(Self { workers })
    }

    pub(crate) fn set_queue(&mut self, url: &str) {
        for worker in &mut self.workers {
            worker.requests.set_queue(url);
            worker.handles.clear();
        }
    }

    /// Directs publishes to a topic; its messages have `store` as the filtered attribute.
    pub(crate) fn set_topic(&mut self, arn: &str, store: Option<&str>) {
        for worker in &mut self.workers {
            worker.topic_requests.set_topic(arn, store);
        }
    }

    /// Directs events to a bus.
    pub(crate) fn set_bus(&mut self, bus: &str) {
        for worker in &mut self.workers {
            worker.event_requests.set_bus(bus);
        }
    }

    /// Repeats `operation` on all connections for `span`.
    pub(crate) async fn run(
        &mut self,
        server: &Server,
        operation: Operation,
        span: Span,
    ) -> io::Result<Sample> {
        let left = Arc::new(AtomicU64::new(span.operations));
        server.settle().await;
        let cpu_before = server.cpu_time();
        let started = Moment::now();
        let mut running = JoinSet::new();
        for mut worker in self.workers.drain(..) {
            let left = Arc::clone(&left);
            running.spawn(async move {
                worker.latencies.clear();
                while started.elapsed() < span.time && worker.has_work(operation) && take_one(&left)
                {
                    let began = Moment::now();
                    worker.step(operation).await?;
                    worker.latencies.push(began.elapsed());
                }
                io::Result::Ok(worker)
            });
        }
        while let Some(worker) = running.join_next().await {
            self.workers.push(worker.map_err(io::Error::other)??);
        }
        let elapsed = started.elapsed();
        // The kernel adds a thread's time to its account when the thread goes to sleep.
        pause(Duration::from_millis(2)).await;
        let cpu = server.cpu_since(cpu_before);
        Ok(self.sample(elapsed, cpu))
    }

    fn sample(&self, elapsed: Duration, cpu: Option<Duration>) -> Sample {
        let mut latencies: Vec<Duration> = self
            .workers
            .iter()
            .flat_map(|worker| worker.latencies.iter().copied())
            .collect();
        latencies.sort_unstable();
        let count = latencies.len().max(1) as f64;
        Sample {
            operations: latencies.len() as u64,
            cpu: cpu.map(|cpu| micros(cpu) / count),
            rate: latencies.len() as f64 / elapsed.as_secs_f64(),
            p50: percentile(&latencies, 50),
            p99: percentile(&latencies, 99),
        }
    }
}

#[derive(Debug)]
struct Worker {
    connection: Connection,
    requests: Requests,
    topic_requests: TopicRequests,
    event_requests: EventRequests,
    /// The handles of messages that were received and not yet deleted, by the receive that returned them.
    handles: Vec<Vec<String>>,
    is_bare: bool,
    latencies: Vec<Duration>,
}

impl Worker {
    fn has_work(&self, operation: Operation) -> bool {
        let is_delete = matches!(operation, Operation::Delete | Operation::DeleteBatch);
        !is_delete || !self.handles.is_empty()
    }

    async fn step(&mut self, operation: Operation) -> io::Result<()> {
        match operation {
            Operation::Send => {
                self.connection.call(self.requests.send()).await?;
            }
            Operation::SendBatch => {
                let answer = self.connection.call(self.requests.send_batch()).await?;
                refuse_failures(answer)?;
            }
            Operation::Publish => {
                self.connection.call(self.topic_requests.publish()).await?;
            }
            Operation::PublishBatch => {
                let request = self.topic_requests.publish_batch();
                refuse_failures(self.connection.call(request).await?)?;
            }
            Operation::PutEvents => {
                let request = self.event_requests.put_events();
                let answer = self.connection.call(request).await?;
                refuse_failed_events(self.is_bare, answer)?;
            }
            Operation::PutTenEvents => {
                let request = self.event_requests.put_ten_events();
                let answer = self.connection.call(request).await?;
                refuse_failed_events(self.is_bare, answer)?;
            }
            Operation::Receive => self.receive(1).await?,
            Operation::ReceiveTen => self.receive(BATCH).await?,
            Operation::Delete => {
                let handles = self.handles.pop().unwrap_or_default();
                let request = self.requests.delete(&handles[0]);
                self.connection.call(request).await?;
            }
            Operation::DeleteBatch => {
                let handles = self.handles.pop().unwrap_or_default();
                let request = self.requests.delete_batch(&handles);
                refuse_failures(self.connection.call(request).await?)?;
            }
            Operation::Cycle => {
                self.connection.call(self.requests.send()).await?;
                self.receive(1).await?;
                let handles = self.handles.pop().unwrap_or_default();
                let request = self.requests.delete(&handles[0]);
                self.connection.call(request).await?;
            }
        }
        Ok(())
    }

    async fn receive(&mut self, max: usize) -> io::Result<()> {
        let request = self.requests.receive(max, 0);
        let answer = self.connection.call(request).await?;
        let mut handles = requests::receipt_handles(answer);
        if self.is_bare {
            handles.resize(max, "A".repeat(HANDLE_LENGTH));
        }
        match handles.first().map(String::len) {
            Some(HANDLE_LENGTH) => {}
            Some(length) => {
                // Otherwise the bare server would get longer or shorter requests, and the ratios would be wrong.
                let problem = format!("receipt handles have {length} bytes, not {HANDLE_LENGTH}");
                return Err(io::Error::other(problem));
            }
            None => return Err(io::Error::other("a receive found no message")),
        }
        self.handles.push(handles);
        Ok(())
    }
}

fn refuse_failures(answer: &[u8]) -> io::Result<()> {
    if requests::has_failed_entries(answer) {
        let answer = String::from_utf8_lossy(answer);
        return Err(io::Error::other(format!(
            "a batch's entry failed: {answer}"
        )));
    }
    Ok(())
}

/// The bare server's answers do not tell.
fn refuse_failed_events(is_bare: bool, answer: &[u8]) -> io::Result<()> {
    if !is_bare && event_requests::has_failed_entries(answer) {
        let answer = String::from_utf8_lossy(answer);
        return Err(io::Error::other(format!("an event failed: {answer}")));
    }
    Ok(())
}

fn take_one(left: &AtomicU64) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(1)
    })
    .is_ok()
}

/// The smallest of the sorted `latencies` that `percent` of them do not exceed, in microseconds.
pub(crate) fn percentile(latencies: &[Duration], percent: usize) -> f64 {
    let place = (latencies.len() * percent).div_ceil(100).max(1) - 1;
    latencies.get(place).copied().map_or(0.0, micros)
}

pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
