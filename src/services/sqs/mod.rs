//! Amazon SQS.
//!
//! In reading order: `operations` holds one file per AWS action and their list; `queues` finds a queue,
//! `hosted_queue` holds one with all its parts; [`queue`] is the core, pure and synchronous; `waiting` is the thin
//! layer of long polls over it. [`attributes`], `redrive_policy` and `policy` are a queue's settings, `message_input`
//! and `message_attributes` the input of its senders, `destination` that of other services, `receipt_handle` and
//! `digest` parts of the answers; `move_tasks` moves messages back from a dead-letter queue; `struck` is what faults do to messages. [`limits`] has every
//! number, [`error`] every error, [`names`] the Query names, [`inspect`] the views of exports and topiq's own API.

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
mod struck;
pub(crate) mod waiting;

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::agenda::Agenda;
use destination::QueueTargets;
use hosted_queue::HostedQueue;
use queues::{Address, Queues};
use waiting::DeadLetters;

pub use error::Error;

use crate::aws::{AccountId, Region};
use crate::clock::{Clock, Timestamp};
use crate::faults::Faults;
use crate::ids::Ids;
use crate::routes::Route;
use crate::services::resource::Resource;
use crate::services::{Environment, Service, Settings};
use crate::trace::whereabouts::Witness;
use crate::trace::{Traces, What};
use crate::wire::{
    AwsJson, AwsQuery, Call, ErrorInfo, Hosts, JsonVersion, Protocols, ServiceModel, Speaks, xml,
};

/// Actions that AWS does not serve at a queue's own URL (recorded).
const NOT_AT_A_QUEUE: [&str; 2] = ["CreateQueue", "ListQueues"];

/// The service: all queues, and their shared parts.
#[derive(Debug)]
pub struct Sqs {
    queues: Arc<Queues>,
    /// The queues as other services deliver to them: held here for the service's lifetime.
    _targets: Arc<QueueTargets>,
    agenda: Arc<Agenda>,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
    faults: Arc<Faults>,
    traces: Arc<Traces>,
    settings: Settings,
}

impl Speaks for Sqs {
    const MODEL: &'static ServiceModel = &ServiceModel {
        name: "sqs",
        signing_name: "sqs",
        hosts: Hosts {
            prefix: "sqs",
            legacy_suffix: Some("queue"),
        },
        owns_path: queues::is_path,
        links: &[],
        protocols: Protocols {
            json: Some(AwsJson {
                version: JsonVersion::V1_0,
                target_prefix: "AmazonSQS",
                is_query_compatible: true,
            }),
            query: Some(AwsQuery {
                version: "2012-11-05",
                xml: xml::Style {
                    namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
                    declaration: true,
                    pretty: false,
                    detail: true,
                },
                json: names::JSON,
                names: names::names,
            }),
            cbor: false,
            rest_json: None,
        },
        operations: Self::OPERATIONS,
    };
}

impl Service for Sqs {
    fn new(environment: &Environment) -> Self {
        let queues = Arc::<Queues>::default();
        let (ids, faults) = (environment.ids.clone(), environment.faults.clone());
        let targets = QueueTargets::new(queues.clone(), ids, faults);
        let targets = Arc::new(targets);
        let registered = Arc::<QueueTargets>::downgrade(&targets);
        environment.deliveries.targets.register("sqs", registered);
        Self {
            queues,
            _targets: targets,
            agenda: environment.agenda.clone(),
            clock: environment.agenda.clock().clone(),
            ids: environment.ids.clone(),
            faults: environment.faults.clone(),
            traces: environment.traces.clone(),
            settings: environment.settings.clone(),
        }
    }

    fn register(self: &Arc<Self>, environment: &Environment) {
        let queues: Arc<dyn Witness> = self.queues.clone();
        environment.traces.register(Arc::downgrade(&queues));
    }

    fn serves(call: &Call<'_>) -> bool {
        !NOT_AT_A_QUEUE.contains(&&*call.operation)
            || call.caller().path.and_then(Address::of_path).is_none()
    }

    fn known_errors() -> Vec<ErrorInfo> {
        Error::known()
    }

    fn namespaces(&self) -> Vec<(AccountId, Region)> {
        self.queues.namespaces()
    }

    fn held(&self, account: AccountId, region: Region) -> Vec<Resource> {
        inspect::held(self, account, region)
    }

    fn forget(&self, account: AccountId) {
        for queue in self.queues.take(account) {
            self.end(&queue);
        }
    }

    fn routes() -> Vec<Route<Self>> {
        inspect::routes()
    }

    fn stop_waiting(&self) {
        for queue in self.queues.all() {
            queue.waiting.stop_waiting();
        }
    }
}

impl Sqs {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The queues whose dead-letter queue this one is, ordered by name, after the one named `last`. Looks at every queue
    /// that it passes.
    fn sources_of<'s>(
        &'s self,
        target: &HostedQueue,
        last: Option<&str>,
    ) -> impl Iterator<Item = (Arc<str>, Arc<HostedQueue>)> + use<'s> {
        let queues = self
            .queues
            .after(target.name.account, target.name.region, last);
        let arn = target.arn.clone();
        queues.filter(move |(_, source)| {
            let attributes = source.attributes();
            attributes
                .redrive_policy
                .as_ref()
                .is_some_and(|policy| policy.dead_letter_target_arn == arn)
        })
    }

    /// The queue is no longer there, nor are its messages.
    fn end(&self, queue: &HostedQueue) {
        queue.waiting.delete();
        self.traces.note(self.now(), || What::QueueDeleted {
            queue: Arc::clone(&queue.arn),
        });
    }

    fn dead_letters(&self) -> Weak<dyn DeadLetters> {
        let queues: Arc<dyn DeadLetters> = self.queues.clone();
        Arc::downgrade(&queues)
    }

    /// Whether one of AWS's waits, which began at `since`, still lasts.
    fn must_wait(&self, since: Option<Timestamp>, now: Timestamp) -> bool {
        let wait = Duration::from_secs(limits::STRICT_WAIT_SECONDS);
        self.settings.strict_timing && since.is_some_and(|since| now < since + wait)
    }
}
