//! One queue with all its parts: its name, attributes and tags, and its core with the waiting receives.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::{Mutex, RwLock};

use super::attributes::QueueAttributes;
use super::error::Error;
use super::move_tasks::MoveTask;
use super::queue::input::{self, Receive};
use super::queue::{Counts, Delivery, Kind, Receipt, ReceiveRefused};
use super::receipt_handle::{HandleRefused, ReceiptHandles};
use super::waiting::{ReceiveFailed, WaitingQueue};
use crate::aws::{AccountId, Region};
use crate::clock::{Clock, Timestamp};
use crate::services::Settings;

/// A queue's account, region and name, which make up its URL and its ARN.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct QueueName {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) name: Box<str>,
}

impl QueueName {
    pub(crate) fn arn(&self) -> String {
        let Self {
            account,
            region,
            name,
        } = self;
        format!("arn:{}:sqs:{region}:{account}:{name}", region.partition())
    }

    /// The URL at which a caller reaches the queue.
    pub(crate) fn url(&self, endpoint: &str) -> String {
        format!("{endpoint}/{}/{}", self.account, self.name)
    }
}

/// A queue as the service holds it.
#[derive(Debug)]
pub(crate) struct HostedQueue {
    pub(crate) name: QueueName,
    pub(crate) arn: Arc<str>,
    pub(crate) created_at: Timestamp,
    pub(crate) handles: ReceiptHandles,
    /// The core, and the receives that wait for its messages.
    pub(crate) waiting: Arc<WaitingQueue>,
    described: RwLock<Described>,
    /// `MaximumMessageSize`, apart from the other attributes so that frequent deliveries read it without a lock.
    maximum_message_size: AtomicU32,
    /// When it was last purged: read with strict timing only.
    pub(crate) purged_at: Mutex<Option<Timestamp>>,
    /// Its counts at some moment: kept while a fault shows old ones.
    pub(super) noted_counts: Mutex<Option<(Timestamp, Counts)>>,
    /// The tasks that move messages away from here, newest first.
    pub(crate) move_tasks: Mutex<VecDeque<Arc<MoveTask>>>,
}

/// The parts of a queue that callers set.
#[derive(Debug)]
struct Described {
    attributes: Arc<QueueAttributes>,
    modified_at: Timestamp,
    tags: BTreeMap<String, String>,
}

impl HostedQueue {
    pub(crate) fn new(
        name: QueueName,
        created_at: Timestamp,
        incarnation: u64,
        waiting: Arc<WaitingQueue>,
        attributes: QueueAttributes,
        tags: BTreeMap<String, String>,
    ) -> Self {
        let arn = name.arn();
        Self {
            name,
            created_at,
            handles: ReceiptHandles::new(&arn, incarnation),
            arn: arn.into(),
            waiting,
            maximum_message_size: attributes.maximum_message_size.into(),
            described: RwLock::new(Described {
                attributes: Arc::new(attributes),
                modified_at: created_at,
                tags,
            }),
            purged_at: Mutex::new(None),
            noted_counts: Mutex::new(None),
            move_tasks: Mutex::new(VecDeque::new()),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.described.read().attributes.kind
    }

    pub(crate) fn attributes(&self) -> Arc<QueueAttributes> {
        self.described.read().attributes.clone()
    }

    pub(crate) fn maximum_message_size(&self) -> u32 {
        self.maximum_message_size.load(Ordering::Relaxed)
    }

    pub(crate) fn modified_at(&self) -> Timestamp {
        self.described.read().modified_at
    }

    /// Changes the attributes, all or none; the core follows them from then on.
    pub(crate) fn change_attributes(
        &self,
        now: Timestamp,
        service: &Settings,
        change: impl FnOnce(&QueueAttributes) -> Result<QueueAttributes, Error>,
    ) -> Result<(), Error> {
        let mut described = self.described.write();
        let changed = change(&described.attributes)?;
        let settings = changed.settings(service);
        self.waiting
            .apply(now, input::SetSettings(settings))
            .ok_or(Error::QueueDoesNotExist)?;
        self.maximum_message_size
            .store(changed.maximum_message_size, Ordering::Relaxed);
        described.attributes = Arc::new(changed);
        described.modified_at = now;
        Ok(())
    }

    pub(crate) fn tags(&self) -> BTreeMap<String, String> {
        self.described.read().tags.clone()
    }

    pub(crate) fn change_tags<R>(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, String>) -> R,
    ) -> R {
        change(&mut self.described.write().tags)
    }

    /// Receives now, or waits until `deadline` if there is one.
    pub(crate) async fn receive(
        &self,
        clock: &dyn Clock,
        request: Receive,
        deadline: Option<Timestamp>,
    ) -> Result<Vec<Delivery>, Error> {
        let attempt = request.attempt_id.clone();
        let received = match deadline {
            Some(deadline) => self.waiting.receive_until(clock, request, deadline).await,
            None => self.waiting.receive_now(clock.now(), &request),
        };
        received.map_err(|failed| match failed {
            ReceiveFailed::QueueGone => Error::QueueDoesNotExist,
            ReceiveFailed::Refused(ReceiveRefused::OverLimit) => {
                Error::TooManyInFlight(self.waiting.look(|core| core.settings().in_flight_limit))
            }
            ReceiveFailed::Refused(ReceiveRefused::AttemptNotRetryable) => Error::invalid(
                attempt.as_deref().unwrap_or_default(),
                "ReceiveRequestAttemptId",
                "The receiveRequestAttemptId is not valid anymore since the receive call is not retryable.",
            ),
        })
    }

    /// The receipt that a handle stands for.
    pub(crate) fn receipt(&self, handle: Option<&str>) -> Result<Receipt, Error> {
        let handle = handle.filter(|handle| !handle.is_empty());
        let handle = handle.ok_or_else(|| Error::missing("ReceiptHandle"))?;
        self.handles
            .decode(handle)
            .map_err(|refused| match refused {
                HandleRefused::Malformed => Error::ReceiptHandleIsInvalid(handle.to_owned()),
                HandleRefused::OfAnotherQueue => {
                    Error::ReceiptHandleOfAnotherQueue(handle.to_owned())
                }
            })
    }
}
