//! Delivery to HTTP and HTTPS endpoints: requests, their retries, and the addresses that they may reach.
//!
//! A sender to an endpoint, such as a subscription, has a [`Lane`] to it, which takes each message as a [`Request`]. In
//! reading order: [`request`] is a request and the judge of its answer; `lane` queues and schedules, with its
//! `throttle`; `attempt` is one try; `exchange` is a connection and one request over it, `header_case` a detail of
//! that; `connect` and `tls` open it to an [`endpoint`] that [`egress`] permits; `limits` has the numbers.
//!
//! There are two clocks. Deliveries, retries and turns under a throttle belong to the service and follow the
//! [`Agenda`], so that a manual clock shows each retry at its time. The waits for a connection and an answer, and the
//! life of an idle connection, are between this machine and another: they follow the sockets' clock, which is the
//! machine's. A manual clock that jumps ahead must not time out an endpoint that is about to answer.
//!
//! What always holds: handing a request to a lane never waits; a lane that has nothing to do has no task; every task
//! belongs to the engine or to one of its tasks, and ends with it; from the time at which an attempt is due until its
//! outcome is on the agenda or reported, its lane is [`Busy`](crate::agenda::Busy).

mod attempt;
mod connect;
pub mod egress;
pub mod endpoint;
mod exchange;
mod header_case;
mod lane;
mod limits;
pub mod request;
#[cfg(test)]
mod tests;
mod throttle;
mod tls;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use http::Extensions;
use parking_lot::Mutex;
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::JoinSet;

pub use egress::Egress;
pub use endpoint::Endpoint;
pub use lane::{Counts, Lane};
pub use request::{Answer, Judge, Request};
pub use tls::Trust;

use crate::agenda::Agenda;
use crate::budget::{Budget, Held, Purpose};
use crate::clock::{Clock, Timestamp};
use crate::faults::Faults;

/// How far deliveries reach, and how many resources they may use.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which addresses may be connected to.
    pub egress: Egress,
    /// Which certificate authorities are accepted for HTTPS endpoints.
    pub trust: Trust,
    /// How many connections there may be at once, to all endpoints together. Further attempts wait.
    pub connections: usize,
    /// How many messages may be in one lane, whether they wait, are being sent or will be retried. Further messages
    /// fail.
    pub lane_bound: usize,
    /// How many attempts of one lane may run at once.
    pub lane_concurrency: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            egress: Egress::default(),
            trust: Trust::default(),
            connections: 256,
            lane_bound: 10_000,
            lane_concurrency: 8,
        }
    }
}

/// All deliveries to HTTP endpoints. Dropping it ends them, [`HttpDeliveries::stop`] also waits until they have.
#[derive(Debug)]
pub struct HttpDeliveries {
    engine: Arc<Engine>,
    /// The tasks of lanes, each of which owns its attempts. `None` after the stop: then no task starts any more.
    tasks: Arc<Mutex<Option<JoinSet<()>>>>,
}

impl HttpDeliveries {
    /// Deliveries that follow `agenda`, with a separate clock for sockets: the machine's, except in tests. What waits
    /// counts against `budget`, and `faults` fail what they match. No task runs until the first request.
    pub(crate) fn new(
        agenda: Arc<Agenda>,
        socket_clock: Arc<dyn Clock>,
        budget: Arc<Budget>,
        faults: Arc<Faults>,
        settings: Settings,
    ) -> Self {
        let tasks = Arc::new(Mutex::new(Some(JoinSet::new())));
        let engine = Engine {
            agenda,
            socket_clock,
            tls: tls::Tls::new(settings.trust.clone()),
            connections: Arc::new(Semaphore::new(settings.connections)),
            header_case: OnceCell::new(),
            tasks: Arc::downgrade(&tasks),
            budget,
            faults,
            settings,
        };
        Self {
            engine: Arc::new(engine),
            tasks,
        }
    }

    /// A lane of its own to `endpoint`.
    pub fn lane(&self, endpoint: Endpoint) -> Lane {
        Lane::new(self.engine.clone(), endpoint)
    }

    /// Holds `bytes` of the budget for a message that requests share, if there is room.
    pub fn hold(&self, bytes: usize) -> Option<Arc<Held>> {
        let held = self.engine.budget.hold(bytes, Purpose::Deliveries);
        held.map(Arc::new)
    }

    /// Ends all attempts and drops all waiting messages. Messages sent afterwards are dropped too.
    pub async fn stop(&self) {
        let tasks = self.tasks.lock().take();
        if let Some(mut tasks) = tasks {
            tasks.shutdown().await;
        }
    }
}

/// The state that lanes share.
struct Engine {
    agenda: Arc<Agenda>,
    socket_clock: Arc<dyn Clock>,
    budget: Arc<Budget>,
    faults: Arc<Faults>,
    settings: Settings,
    connections: Arc<Semaphore>,
    tls: tls::Tls,
    header_case: OnceCell<Extensions>,
    /// Weak, because the tasks hold the engine.
    tasks: std::sync::Weak<Mutex<Option<JoinSet<()>>>>,
}

impl Engine {
    /// Runs `task`; false after the stop.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> bool {
        let Some(tasks) = self.tasks.upgrade() else {
            return false;
        };
        let mut tasks = tasks.lock();
        let Some(tasks) = tasks.as_mut() else {
            return false;
        };
        // Finished tasks are removed here, so that they do not accumulate.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
        true
    }

    /// The time by the services' clock.
    fn now(&self) -> Timestamp {
        self.agenda.clock().now()
    }

    async fn header_case(&self) -> &Extensions {
        self.header_case
            .get_or_init(header_case::sns_header_case)
            .await
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
