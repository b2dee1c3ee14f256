//! Amazon SQS.
//!
//! In reading order: [`operations`] holds one file per AWS action and their list; `queues` is how a queue is found,
//! `hosted_queue` what belongs to one; [`queue`] is the core, pure and synchronous; `waiting` is the thin
//! layer of long polls over it. [`attributes`], `redrive_policy` and `policy` are what callers say of a queue,
//! `message_input`
//! and `message_attributes` what they send, `destination` how other services do, `receipt_handle` and `digest` what they get; `move_tasks`
//! brings dead letters back. [`limits`] has every number, [`error`] every error, [`names`] the Query names,
//! [`inspect`] what exports see.

pub mod attributes;
mod destination;
mod digest;
pub mod error;
pub(crate) mod hosted_queue;
pub mod inspect;
pub mod limits;
mod message_attributes;
mod message_input;
pub(crate) mod move_tasks;
pub mod names;
mod operations;
mod permission;
mod policy;
pub mod queue;
pub(crate) mod queues;
mod receipt_handle;
pub(crate) mod redrive_policy;
pub(crate) mod waiting;

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::agenda::Agenda;
use destination::QueueTargets;
use hosted_queue::HostedQueue;
use queues::Queues;
use waiting::DeadLetters;

pub use error::Error;

use crate::aws::Caller;
use crate::clock::{Clock, Timestamp};
use crate::delivery::TargetService;
use crate::ids::Ids;
use crate::wire::call::JSON_1_0;
use crate::wire::{ServiceModel, xml};

/// What the wire must know of SQS.
pub static MODEL: ServiceModel = ServiceModel {
    name: "sqs",
    target_prefix: Some("AmazonSQS"),
    json_content_type: JSON_1_0,
    version: "2012-11-05",
    xml: xml::Style {
        namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
        declaration: true,
        pretty: false,
        detail: true,
    },
    names: names::names,
    operations: Sqs::OPERATIONS,
};

/// How this SQS differs from AWS's, where its user says so.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Whether AWS's 60-second waits hold: between two purges, and before a deleted queue's name is free again.
    pub is_timing_strict: bool,
    /// How many messages of a queue may be in flight.
    pub in_flight_limit: usize,
    /// Whether queues' access policies are obeyed.
    pub is_enforcing: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            is_timing_strict: false,
            in_flight_limit: limits::IN_FLIGHT,
            is_enforcing: false,
        }
    }
}

/// The service: all queues, and what they share.
#[derive(Debug)]
pub struct Sqs {
    queues: Arc<Queues>,
    targets: Arc<QueueTargets>,
    agenda: Arc<Agenda>,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    options: Options,
}

impl Sqs {
    /// A service without queues.
    pub fn new(clock: Arc<dyn Clock>, ids: Arc<Ids>, options: Options) -> Self {
        let queues = Arc::<Queues>::default();
        Self {
            targets: Arc::new(QueueTargets::new(queues.clone(), ids.clone())),
            queues,
            agenda: Arc::default(),
            clock,
            ids,
            options,
        }
    }

    /// The queues, as targets of other services' deliveries.
    pub(crate) fn targets(&self) -> Weak<dyn TargetService> {
        let targets: Arc<dyn TargetService> = self.targets.clone();
        Arc::downgrade(&targets)
    }

    /// Wakes what falls due without a call, for ever: whoever owns the service runs this beside it.
    pub async fn run(&self) {
        self.agenda.run(&*self.clock).await;
    }

    /// Answers those who wait with nothing, so that the server can stop.
    pub fn stop_waiting(&self) {
        for queue in self.queues.all() {
            queue.waiting.stop_waiting();
        }
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn queue(&self, caller: &Caller<'_>, url: Option<&str>) -> Result<Arc<HostedQueue>, Error> {
        let queue = self.queues.named(caller, url)?;
        if self.options.is_enforcing {
            permission::check(caller, &queue)?;
        }
        Ok(queue)
    }

    /// The queues whose dead-letter queue this one is, ordered by name.
    fn sources_of(&self, target: &HostedQueue) -> impl Iterator<Item = Arc<HostedQueue>> + use<> {
        let namespace = self
            .queues
            .namespace(target.name.account, target.name.region);
        let arn = target.arn.clone();
        namespace.all().into_iter().filter(move |source| {
            let attributes = source.attributes();
            attributes
                .redrive_policy
                .as_ref()
                .is_some_and(|policy| policy.dead_letter_target_arn == arn)
        })
    }

    fn dead_letters(&self) -> Weak<dyn DeadLetters> {
        let queues: Arc<dyn DeadLetters> = self.queues.clone();
        Arc::downgrade(&queues)
    }

    /// Whether one of AWS's waits, which began at `since`, is still on.
    fn must_wait(&self, since: Option<Timestamp>, now: Timestamp) -> bool {
        let wait = Duration::from_secs(limits::STRICT_WAIT_SECONDS);
        self.options.is_timing_strict && since.is_some_and(|since| now < since + wait)
    }
}
