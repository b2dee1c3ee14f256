//! Deliveries to receivers on this machine, under a manual clock.

mod deliveries;
mod lanes;
mod reach;
mod receiver;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use tokio::sync::mpsc;

use super::{Counts, Endpoint, HttpDeliveries, Judge, Lane, Request, Settings};
use crate::agenda::Agenda;
use crate::budget::Budget;
use crate::clock::{Clock, ManualClock, Timestamp};
use crate::delivery::RetrySchedule;

const START: Timestamp = Timestamp::from_secs(1_000_000);

/// Deliveries under a manual clock, and those that failed for good.
struct Bench {
    /// The services' clock and the sockets'.
    clock: ManualClock,
    agenda: Arc<Agenda>,
    budget: Arc<Budget>,
    deliveries: HttpDeliveries,
    tell_failure: mpsc::UnboundedSender<String>,
    failures: mpsc::UnboundedReceiver<String>,
}

impl Bench {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        Self::with_budget(Budget::default(), settings)
    }

    fn with_budget(budget: Budget, settings: Settings) -> Self {
        let budget = Arc::new(budget);
        let clock = ManualClock::new(START);
        let agenda = Arc::new(Agenda::new(Arc::new(clock.clone())));
        let (tell_failure, failures) = mpsc::unbounded_channel();
        Self {
            deliveries: HttpDeliveries::new(
                agenda.clone(),
                Arc::new(clock.clone()),
                budget.clone(),
                Arc::default(),
                settings,
            ),
            budget,
            clock,
            agenda,
            tell_failure,
            failures,
        }
    }

    fn lane(&self, url: &str) -> Lane {
        self.deliveries.lane(Endpoint::parse(url).unwrap())
    }

    fn request(&self, body: &str) -> Request {
        let (body, tell) = (body.to_owned(), self.tell_failure.clone());
        let name = body.clone();
        let header = |name, value| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        Request {
            method: Method::POST,
            path_and_query: None,
            headers: HeaderMap::from_iter([
                header("x-amz-sns-message-type", "Notification"),
                header("x-amz-sns-message-id", "id"),
                header("content-type", "text/plain; charset=UTF-8"),
                header("user-agent", "Amazon Simple Notification Service Agent"),
                header("accept-encoding", "gzip,deflate"),
            ]),
            held: self.deliveries.hold(body.len()),
            traced: None,
            body: Box::new(move || Bytes::from(body.clone())),
            schedule: Arc::new(RetrySchedule::default()),
            judge: Judge {
                success: &[200..=299],
                retry: &[429..=429, 500..=599],
            },
            time_limit: Duration::from_secs(15),
            expires_at: None,
            answer_bytes: 0,
            on_done: Box::new(move |outcome| {
                if let Err(undelivered) = outcome {
                    let _ = tell.send(format!("{name}: {undelivered}"));
                }
            }),
        }
    }

    /// The next message that failed for good, when it does.
    async fn failure(&mut self) -> String {
        self.failures.recv().await.unwrap()
    }

    async fn advance(&self, millis: u64) {
        tokio::select! {
            biased;
            () = self.agenda.run() => unreachable!("it never returns"),
            () = self.clock.advance(Duration::from_millis(millis)) => {}
        }
    }

    fn elapsed(&self) -> Duration {
        self.clock.now().since(START)
    }
}

/// Lets other tasks run until `is_so`.
async fn until(mut is_so: impl FnMut() -> bool) {
    for _ in 0..5_000_000 {
        if is_so() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("what was waited for does not happen");
}

/// Lets other tasks run until the lane's counts are these.
async fn until_counts(lane: &Lane, waiting: usize, in_flight: usize, retrying: usize) {
    let expected = |counts: Counts| {
        (counts.waiting, counts.in_flight, counts.retrying) == (waiting, in_flight, retrying)
    };
    until(|| expected(lane.counts())).await;
}
