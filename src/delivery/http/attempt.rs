//! One attempt to deliver one message, and what follows from how it ends.

use std::sync::Arc;

use http::StatusCode;
use tokio::sync::OwnedSemaphorePermit;

use super::exchange::{Connection, request};
use super::lane::Shared;
use super::limits;
use super::post::{Failure, Post};
use crate::clock::Timestamp;

/// A message that is not delivered yet.
pub(super) struct Job {
    post: Post,
    /// How often it was tried again.
    retries: u32,
    first_attempt: Option<Timestamp>,
}

impl Job {
    pub(super) fn new(post: Post) -> Self {
        Self {
            post,
            retries: 0,
            first_attempt: None,
        }
    }

    /// What follows from a failed attempt: the moment of the next one, or the end.
    fn after(mut self, failure: Failure, lane: &Shared) -> Option<(Timestamp, Self)> {
        let now = lane.engine.now();
        let elapsed = now.since(self.first_attempt.unwrap_or(now));
        let delay = self.post.schedule.next_delay(self.retries, elapsed);
        if let Some(delay) = delay.filter(|_| !failure.is_final()) {
            self.retries += 1;
            return Some((now + delay, self));
        }
        lane.complain(&failure);
        (self.post.on_failure)(failure);
        None
    }
}

/// What an attempt leaves behind.
#[derive(Default)]
pub(super) struct Finished {
    /// The message, if it is to be tried again, and when.
    pub(super) retry: Option<(Timestamp, Job)>,
    /// The connection, if it may serve again.
    pub(super) connection: Option<Connection>,
}

/// Sends the message over `idle` if that still works, else over a connection of its own.
pub(super) async fn attempt(lane: Arc<Shared>, mut job: Job, idle: Option<Connection>) -> Finished {
    let engine = &lane.engine;
    // Waiting for a connection's permit is not the endpoint's fault: its time begins afterwards.
    let permit = match &idle {
        Some(_) => None,
        None => engine.connections.clone().acquire_owned().await.ok(),
    };
    job.first_attempt.get_or_insert_with(|| engine.now());
    let deadline = engine.socket_clock.now() + limits::ATTEMPT;
    let mut connection = idle;
    let sent = tokio::select! {
        sent = send(&lane, &job.post, &mut connection, permit) => sent,
        () = engine.socket_clock.sleep_until(deadline) => Err(Failure::Timeout),
    };
    let connection = connection.filter(Connection::is_open);
    let Err(failure) = sent else {
        return Finished {
            retry: None,
            connection,
        };
    };
    tracing::debug!(endpoint = %lane.endpoint, retries = job.retries, "A delivery failed: {failure}.");
    let retry = job.after(failure, &lane);
    Finished { retry, connection }
}

/// A connection that was idle may just have been closed by the other side, which says nothing of the endpoint: then
/// the request goes over a new one at once, as part of the same attempt.
async fn send(
    lane: &Shared,
    post: &Post,
    connection: &mut Option<Connection>,
    mut permit: Option<OwnedSemaphorePermit>,
) -> Result<(), Failure> {
    let request = request(&lane.endpoint, post, lane.engine.header_case().await);
    if let Some(mut idle) = connection.take() {
        match idle.exchange(request.clone()).await {
            Ok(status) => {
                *connection = Some(idle);
                return judge(status);
            }
            Err(_) => permit = idle.into_permit(),
        }
    }
    let mut fresh = Connection::open(&lane.engine, &lane.endpoint, permit).await?;
    let status = fresh.exchange(request).await?;
    *connection = Some(fresh);
    judge(status)
}

fn judge(status: StatusCode) -> Result<(), Failure> {
    if status.is_success() {
        Ok(())
    } else {
        Err(Failure::Status(status.as_u16()))
    }
}
