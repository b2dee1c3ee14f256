//! One request to one endpoint, and the judge of its answer.

use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, Method, StatusCode};

use crate::budget::Held;
use crate::clock::Timestamp;
use crate::delivery::{Outcome, RetrySchedule, Undelivered};
use crate::trace::Traced;

/// One request to send.
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Path and query, where they differ from the endpoint's.
    pub path_and_query: Option<PathAndQuery>,
    /// Its headers, sent literally. `Host` is added; where these headers have none, `Connection`, and `Authorization` if
    /// the endpoint's URL has credentials. After `Connection: close` the connection is closed.
    pub headers: HeaderMap,
    /// What its message holds of the memory budget, shared with the message's other requests; nothing if there was no room
    /// for it. Then it fails at once, as [`Undelivered::OverBudget`].
    pub held: Option<Arc<Held>>,
    /// The message that it delivers, if its steps are recorded.
    pub(crate) traced: Option<Traced>,
    /// Makes the body. It is called once per attempt, when the attempt begins: no body is written, signed or kept in
    /// memory for a request that only waits.
    pub body: Box<dyn Fn() -> Bytes + Send + Sync>,
    /// When to retry.
    pub schedule: Arc<RetrySchedule>,
    /// The meaning of the answer's status.
    pub judge: Judge,
    /// How long an attempt may take, from connecting to the answer's end.
    pub time_limit: Duration,
    /// When it is given up without an attempt, if it still waits for its turn then.
    pub expires_at: Option<Timestamp>,
    /// How many bytes of the answer's body are returned. The rest is dropped.
    pub answer_bytes: usize,
    /// Called once, when the request is delivered or given up. It must not block. It is not called if the server's end
    /// interrupts the request.
    pub on_done: Box<dyn FnOnce(Outcome) + Send + Sync>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

/// The meaning of statuses. Those in neither list are final: no further attempt is made.
#[derive(Clone, Copy, Debug)]
pub struct Judge {
    /// Delivered.
    pub success: &'static [RangeInclusive<u16>],
    /// To be retried.
    pub retry: &'static [RangeInclusive<u16>],
}

/// An endpoint's answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// The beginning of its body, as much as the request asked for.
    pub body: Bytes,
}

impl Judge {
    pub(super) fn judge(&self, status: StatusCode) -> Result<(), Undelivered> {
        let status = status.as_u16();
        let is_in = |ranges: &[RangeInclusive<u16>]| ranges.iter().any(|it| it.contains(&status));
        if is_in(self.success) {
            return Ok(());
        }
        Err(Undelivered::Status {
            status,
            is_retryable: is_in(self.retry),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_mean_what_the_lists_say_and_others_are_final() {
        let judge = Judge {
            success: &[200..=299, 304..=304],
            retry: &[429..=429, 500..=599],
        };
        let judged = |status| {
            let judged = judge.judge(StatusCode::from_u16(status).expect("a status"));
            judged.map_err(|undelivered| undelivered.is_retryable())
        };
        assert_eq!([200, 299, 304].map(judged), [Ok(()); 3]);
        assert_eq!([429, 500, 599].map(judged), [Err(true); 3]);
        assert_eq!([199, 300, 400, 428, 600].map(judged), [Err(false); 5]);
    }
}
