//! One attempt to deliver one message, and its consequences.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::sync::OwnedSemaphorePermit;

use super::exchange::{Connection, hyper_request};
use super::lane::Shared;
use super::request::{Answer, Request};
use crate::budget::Held;
use crate::clock::Timestamp;
use crate::delivery::{Delivered, Undelivered};
use crate::faults::effect::EndpointFault;
use crate::trace::What;

/// A message that has not been delivered yet.
pub(super) struct Job {
    request: Request,
    /// What it holds of the memory budget itself.
    _held: Held,
    /// How often its lane had been cleared when it was sent.
    pub(super) epoch: u64,
    /// How often it was retried.
    retries: u32,
    first_attempt: Option<Timestamp>,
}

impl Job {
    pub(super) fn new(request: Request, held: Held, epoch: u64) -> Self {
        Self {
            request,
            _held: held,
            epoch,
            retries: 0,
            first_attempt: None,
        }
    }

    /// When it is given up, if it still waits then.
    pub(super) fn expires_at(&self) -> Option<Timestamp> {
        self.request.expires_at
    }

    /// Gives it up: its turn did not come in time.
    pub(super) fn expire(self) {
        (self.request.on_done)(Err(Undelivered::Expired));
    }

    /// The consequence of a failed attempt: the time of the next one, or the end.
    fn after(
        mut self,
        undelivered: Undelivered,
        took: Duration,
        lane: &Shared,
    ) -> Option<(Timestamp, Self)> {
        let now = lane.engine.now();
        let elapsed = now.since(self.first_attempt.unwrap_or(now));
        let delay = self.request.schedule.next_delay(self.retries, elapsed);
        let delay = delay.filter(|_| undelivered.is_retryable());
        self.trace(
            lane,
            took,
            || match &undelivered {
                Undelivered::Status { status, .. } => Ok(*status),
                undelivered => Err(undelivered.to_string().into()),
            },
            delay.map(|delay| now + delay),
        );
        if let Some(delay) = delay {
            self.retries += 1;
            lane.complain(&undelivered, delay);
            return Some((now + delay, self));
        }
        (self.request.on_done)(Err(undelivered));
        None
    }

    /// Records an attempt that took so long.
    fn trace(
        &self,
        lane: &Shared,
        took: Duration,
        outcome: impl FnOnce() -> Result<u16, Box<str>>,
        due_again: Option<Timestamp>,
    ) {
        let Some(traced) = &self.request.traced else {
            return;
        };
        traced
            .traces
            .record(lane.engine.now(), traced.id, || What::Called {
                endpoint: lane.endpoint.to_string().into(),
                attempt: traced.earlier_attempts + self.retries + 1,
                outcome: outcome(),
                took,
                due_again,
            });
    }
}

/// The result of an attempt.
#[derive(Default)]
pub(super) struct Finished {
    /// The message, if it will be retried, and when.
    pub(super) retry: Option<(Timestamp, Job)>,
    /// The connection, if it may serve again.
    pub(super) connection: Option<Connection>,
}

/// Sends the message over `idle` if that still works, otherwise over a new connection.
pub(super) async fn attempt(lane: Arc<Shared>, mut job: Job, idle: Option<Connection>) -> Finished {
    let engine = &lane.engine;
    // Waiting for a connection's permit is not the endpoint's fault: its time begins afterwards.
    let permit = match &idle {
        Some(_) => None,
        None => engine.connections.clone().acquire_owned().await.ok(),
    };
    job.first_attempt.get_or_insert_with(|| engine.now());
    let time_limit = job.request.time_limit;
    let begun = engine.socket_clock.now();
    let deadline = begun + time_limit;
    let mut connection = idle;
    let sent = if let Some(undelivered) = fault(&lane, &job.request) {
        Err(undelivered)
    } else {
        tokio::select! {
            sent = send(&lane, &job.request, &mut connection, permit) => sent,
            () = engine.socket_clock.sleep_until(deadline) => {
                Err(Undelivered::Timeout(time_limit.as_secs()))
            }
        }
    };
    let connection = connection.filter(Connection::is_open);
    let took = engine.socket_clock.now().since(begun);
    let retry = match sent {
        Ok(answer) => {
            job.trace(&lane, took, || Ok(answer.status.as_u16()), None);
            (job.request.on_done)(Ok(Delivered::Answered(Box::new(answer))));
            None
        }
        Err(undelivered) => {
            tracing::debug!(endpoint = %lane.endpoint, retries = job.retries, "A delivery failed: {undelivered}.");
            job.after(undelivered, took, &lane)
        }
    };
    Finished { retry, connection }
}

/// How a request fails on purpose, if it is to: nothing is sent, and nobody waits for a timeout.
fn fault(lane: &Shared, request: &Request) -> Option<Undelivered> {
    let engine = &lane.engine;
    if !engine.faults.are_set() {
        return None;
    }
    let url = lane.endpoint.url(request.path_and_query.as_ref());
    let undelivered = match engine.faults.of_endpoint(engine.now(), &url)? {
        EndpointFault::Timeout => Undelivered::Timeout(request.time_limit.as_secs()),
        EndpointFault::Status(status) => {
            let judged = StatusCode::from_u16(status).map(|status| request.judge.judge(status));
            let refused = judged.ok().and_then(Result::err);
            // Some take redirects for success; here they are meant as failures.
            refused.unwrap_or(Undelivered::Status {
                status,
                is_retryable: false,
            })
        }
    };
    Some(undelivered)
}

/// The other side may just have closed an idle connection, which says nothing about the endpoint: then the request goes
/// over a new one at once, as part of the same attempt.
async fn send(
    lane: &Shared,
    request: &Request,
    connection: &mut Option<Connection>,
    mut permit: Option<OwnedSemaphorePermit>,
) -> Result<Answer, Undelivered> {
    let to_send = hyper_request(&lane.endpoint, request, lane.engine.header_case().await);
    if let Some(mut idle) = connection.take() {
        match idle.exchange(to_send.clone(), request.answer_bytes).await {
            Ok(answer) => {
                *connection = Some(idle);
                return judged(request, answer);
            }
            Err(_) => permit = idle.into_permit(),
        }
    }
    let mut fresh = Connection::open(&lane.engine, &lane.endpoint, permit).await?;
    let answer = fresh.exchange(to_send, request.answer_bytes).await?;
    *connection = Some(fresh);
    judged(request, answer)
}

fn judged(request: &Request, answer: Answer) -> Result<Answer, Undelivered> {
    request.judge.judge(answer.status).map(|()| answer)
}
