//! Access tokens of OAuth's client credentials: one request to the authorization endpoint, tried again for some seconds
//! where it fails in passing.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::connection::Connection;
use crate::budget::{Budget, Purpose};
use crate::clock::{Clock, Timestamp};
use crate::delivery::http::{HttpDeliveries, Judge, Lane, Request};
use crate::delivery::retry_schedule::Backoff;
use crate::delivery::{Delivered, Outcome, RetrySchedule};
use crate::services::events::invocation::{self, HttpRequest};
use crate::services::events::limits;

/// An answer of an authorization endpoint is read up to here.
const ANSWER_BYTES: usize = 64 * 1024;

const JUDGE: Judge = Judge {
    success: &[200..=299],
    retry: &[429..=429, 500..=599],
};

/// After 1, 2, 4 and 8 seconds. AWS's delays are not published.
const SCHEDULE: RetrySchedule = RetrySchedule {
    min_delay: 1,
    max_delay: 8,
    retries: 4,
    immediate: 0,
    pre_backoff: 0,
    post_backoff: 0,
    function: Backoff::Exponential,
};

/// A token, and when another is asked for.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: Arc<str>,
    pub(super) refresh_at: Timestamp,
}

/// Where a connection's tokens come from.
#[derive(Clone, Debug)]
pub(in crate::services::events) struct TokenSource {
    lane: Lane,
    request: Arc<HttpRequest>,
    budget: Arc<Budget>,
    clock: Arc<dyn Clock>,
}

impl TokenSource {
    pub(in crate::services::events) fn new(
        http: &HttpDeliveries,
        request: HttpRequest,
        budget: Arc<Budget>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            lane: http.lane(request.endpoint.clone()),
            request: Arc::new(request),
            budget,
            clock,
        }
    }

    /// Asks for a token, and tells the connection what came of it.
    pub(super) fn ask(&self, connection: &Arc<Connection>, generation: u64) {
        let (connection, clock) = (Arc::downgrade(connection), self.clock.clone());
        let request = self.request.clone();
        let body = request.body.clone();
        let held = self.budget.hold(body.len(), Purpose::Deliveries);
        self.lane.send(Request {
            method: request.method.clone(),
            path_and_query: Some(request.path_and_query.clone()),
            headers: request.headers.clone(),
            held: held.map(Arc::new),
            traced: None,
            body: Box::new(move || body.clone()),
            schedule: Arc::new(SCHEDULE),
            judge: JUDGE,
            time_limit: limits::CALL,
            expires_at: None,
            answer_bytes: ANSWER_BYTES,
            on_done: Box::new(move |outcome| tell(&connection, generation, outcome, clock.now())),
        });
    }
}

fn tell(connection: &Weak<Connection>, generation: u64, outcome: Outcome, now: Timestamp) {
    let Some(connection) = connection.upgrade() else {
        return;
    };
    let token = match outcome {
        Ok(Delivered::Answered(answer)) => read(&answer.body, now),
        Ok(_) => Err("nothing answered".to_owned()),
        Err(undelivered) => Err(undelivered.to_string()),
    };
    let token = token.map_err(|reason| {
        format!("Failed to get an access token from the authorization endpoint: {reason}.")
    });
    if let Err(reason) = &token {
        let connection = connection.identity.to_string();
        tracing::warn!(connection, reason, "a connection is not authorised");
    }
    connection.asked(generation, token, now);
}

/// The token in an answer. Another is asked for a minute before it expires, or when half of its time is over.
fn read(body: &[u8], now: Timestamp) -> Result<Token, String> {
    let answer = invocation::read_token(body).ok_or("its answer has no access_token")?;
    let lifetime = answer.lifetime;
    let margin = Duration::from_mins(1).min(lifetime / 2);
    Ok(Token {
        text: answer.token.into(),
        refresh_at: now + lifetime.saturating_sub(margin),
    })
}
