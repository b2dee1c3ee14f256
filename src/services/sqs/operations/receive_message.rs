//! `ReceiveMessage`: receives up to ten messages from a queue, now or as soon as there is one.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use super::pairs::Pairs;
use super::sequence::Sequence;
use crate::aws::Caller;
use crate::aws::message::{Attribute, Sender};
use crate::ids::MessageId;
use crate::services::sqs::Sqs;
use crate::services::sqs::attributes::QueueAttributes;
use crate::services::sqs::digest::Digest;
use crate::services::sqs::error::Error;
use crate::services::sqs::hosted_queue::HostedQueue;
use crate::services::sqs::limits;
use crate::services::sqs::message_attributes::{Filter, ShownAttribute};
use crate::services::sqs::message_input::check_token;
use crate::services::sqs::queue::input::Receive;
use crate::services::sqs::queue::{Delivery, Kind};
use crate::trace::What;
use crate::wire::{Plain, Text};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReceiveMessageInput<'a> {
    #[serde(borrow)]
    queue_url: Option<Text<'a>>,
    attribute_names: Option<Vec<Text<'a>>>,
    message_system_attribute_names: Option<Vec<Text<'a>>>,
    message_attribute_names: Option<Vec<Text<'a>>>,
    max_number_of_messages: Option<i32>,
    visibility_timeout: Option<i32>,
    wait_time_seconds: Option<i32>,
    receive_request_attempt_id: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ReceiveMessageOutput {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messages: Vec<Message>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Message {
    message_id: MessageId,
    receipt_handle: Plain,
    #[serde(rename = "MD5OfBody")]
    md5_of_body: Digest,
    body: Body,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Pairs<&'static str, SystemValue>>,
    #[serde(
        rename = "MD5OfMessageAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    md5_of_message_attributes: Option<Digest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_attributes: Option<Pairs<String, ShownAttribute>>,
}

/// A body as it is stored: shared, never copied before it is written.
#[derive(Debug)]
struct Body(Arc<str>);

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The value of a system attribute: always text on the wire.
#[derive(Debug)]
enum SystemValue {
    Number(u64),
    Text(Arc<str>),
    Sequence(Sequence),
    Sender(Sender),
}

impl Serialize for SystemValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.collect_str(number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Sequence(sequence) => sequence.serialize(serializer),
            Self::Sender(Sender::User(account)) => serializer.serialize_str(&account.user_id()),
            Self::Sender(Sender::Service(id)) => serializer.serialize_str(id),
        }
    }
}

pub(super) async fn call(
    sqs: &Sqs,
    caller: &Caller<'_>,
    input: &ReceiveMessageInput<'_>,
) -> Result<ReceiveMessageOutput, Error> {
    let queue = sqs.queue(caller, input.queue_url.as_deref())?;
    let attributes = queue.attributes();
    let request = input.check(&attributes)?;
    let request = sqs.out_of_order(caller, &queue, request);
    let timeout = request.visibility_timeout;
    let timeout = timeout.unwrap_or(attributes.visibility_timeout);
    let wait = input.wait(&attributes)?;
    let deadline = (wait > Duration::ZERO).then(|| sqs.now() + wait);
    let deliveries = queue.receive(&*sqs.clock, request, deadline).await?;
    trace(sqs, caller, &queue, &deliveries);
    sqs.lose_visibility(caller, &queue, timeout, &deliveries);
    let shown = input.shown();
    let messages = deliveries
        .into_iter()
        .map(|delivery| shown.message(&queue, delivery))
        .collect();
    Ok(ReceiveMessageOutput { messages })
}

fn trace(sqs: &Sqs, caller: &Caller<'_>, queue: &HostedQueue, deliveries: &[Delivery]) {
    if !sqs.traces.are_on() || deliveries.is_empty() {
        return;
    }
    let by = sqs.traces.by(caller);
    for delivery in deliveries {
        let at = delivery.received_at;
        sqs.traces.record(at, delivery.id, || What::Received {
            queue: Arc::clone(&queue.arn),
            count: delivery.receive_count,
            hidden_until: delivery.hidden_until.unwrap_or(at),
            by: by.clone(),
        });
    }
}

impl ReceiveMessageInput<'_> {
    fn check(&self, attributes: &QueueAttributes) -> Result<Receive, Error> {
        let max_messages = match self.max_number_of_messages {
            None => 1,
            Some(number) => usize::try_from(number)
                .ok()
                .filter(|number| (1..=limits::BATCH_ENTRIES).contains(number))
                .ok_or_else(|| {
                    let reason = "Must be between 1 and 10, if provided.";
                    Error::invalid(number, "MaxNumberOfMessages", reason)
                })?,
        };
        let visibility_timeout = match self.visibility_timeout {
            None => None,
            Some(seconds) => Some(
                u32::try_from(seconds)
                    .ok()
                    .filter(|seconds| limits::VISIBILITY_TIMEOUT.contains(seconds))
                    .ok_or_else(|| {
                        let reason = "Must be >= 0 and <= 43200, if provided.";
                        Error::invalid(seconds, "VisibilityTimeout", reason)
                    })?,
            ),
        };
        let attempt_id = match self.receive_request_attempt_id.as_deref() {
            // Standard queues ignore it.
            Some(id) if attributes.kind == Kind::Fifo => {
                check_token(id, "ReceiveRequestAttemptId")?;
                Some(id.into())
            }
            _ => None,
        };
        Ok(Receive {
            max_messages,
            visibility_timeout,
            attempt_id,
            target_exists: None,
            passed_over: 0,
        })
    }

    /// How long to wait: the call's wait time, even if it is zero, else the queue's.
    fn wait(&self, attributes: &QueueAttributes) -> Result<Duration, Error> {
        let seconds = match self.wait_time_seconds {
            None => attributes.receive_message_wait_time_seconds,
            Some(seconds) => u32::try_from(seconds)
                .ok()
                .filter(|seconds| limits::WAIT_TIME_SECONDS.contains(seconds))
                .ok_or_else(|| {
                    let reason = "Must be >= 0 and <= 20, if provided.";
                    Error::invalid(seconds, "WaitTimeSeconds", reason)
                })?,
        };
        Ok(Duration::from_secs(seconds.into()))
    }

    fn shown(&self) -> Shown<'_> {
        let system = self
            .attribute_names
            .iter()
            .chain(&self.message_system_attribute_names);
        let texts = |names: &'_ Option<Vec<Text<'_>>>| {
            names.as_ref().is_some_and(|names| !names.is_empty())
        };
        Shown {
            system: system.flatten().map(|name| &**name).collect(),
            attributes: texts(&self.message_attribute_names).then(|| {
                Filter::new(
                    self.message_attribute_names
                        .iter()
                        .flatten()
                        .map(|name| &**name),
                )
            }),
        }
    }
}

/// The attributes of messages that a receiver asked for.
struct Shown<'a> {
    system: Vec<&'a str>,
    attributes: Option<Filter<'a>>,
}

impl Shown<'_> {
    fn message(&self, queue: &HostedQueue, delivery: Delivery) -> Message {
        let selected = match (&self.attributes, &delivery.attributes) {
            (Some(filter), Some(attributes)) => filter.select(attributes).map(shown_attributes),
            _ => None,
        };
        let (message_attributes, md5) = selected.unzip();
        let (body, body_md5) = delivery.body.read();
        Message {
            message_id: delivery.id,
            receipt_handle: Plain(queue.handles.encode(delivery.receipt)),
            md5_of_body: Digest(body_md5),
            attributes: self.system_attributes(&delivery),
            body: Body(body),
            md5_of_message_attributes: md5,
            message_attributes,
        }
    }

    /// The message's system attributes among those asked for; absent if there are none.
    fn system_attributes(&self, delivery: &Delivery) -> Option<Pairs<&'static str, SystemValue>> {
        // Most receivers ask for none: nothing is allocated for them.
        if self.system.is_empty() {
            return None;
        }
        let text = |text: &Option<Arc<str>>| text.clone().map(SystemValue::Text);
        let number = |number: u64| Some(SystemValue::Number(number));
        let all = [
            (
                "ApproximateFirstReceiveTimestamp",
                number(delivery.first_received_at.as_millis()),
            ),
            (
                "ApproximateReceiveCount",
                number(delivery.receive_count.into()),
            ),
            ("AWSTraceHeader", text(&delivery.trace_header)),
            (
                "DeadLetterQueueSourceArn",
                text(&delivery.dead_letter_source),
            ),
            ("MessageDeduplicationId", text(&delivery.deduplication_id)),
            ("MessageGroupId", text(&delivery.group_id)),
            ("SenderId", Some(SystemValue::Sender(delivery.sender))),
            ("SentTimestamp", number(delivery.sent_at.as_millis())),
            (
                "SequenceNumber",
                delivery
                    .sequence_number
                    .map(|number| SystemValue::Sequence(Sequence(number))),
            ),
        ];
        let is_asked = |name: &str| {
            self.system
                .iter()
                .any(|asked| *asked == name || *asked == "All")
        };
        let asked = all.into_iter().filter(|(name, _)| is_asked(name));
        let asked: Vec<_> = asked
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        (!asked.is_empty()).then_some(Pairs(asked))
    }
}

fn shown_attributes(
    (attributes, md5): (Vec<&Attribute>, Digest),
) -> (Pairs<String, ShownAttribute>, Digest) {
    let shown = attributes
        .into_iter()
        .map(|attribute| (attribute.name.to_string(), attribute.into()));
    (Pairs(shown.collect()), md5)
}
