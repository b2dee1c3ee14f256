//! `/_topiq/sqs/queues`: the queues of an account, with how many messages each holds in which state.

use std::sync::Arc;

use http::Method;
use serde::Serialize;

use crate::clock::Timestamp;
use crate::routes::{Json, Listed, Listing, Member, Route, Schema, now};
use crate::services::sqs::Sqs;
use crate::services::sqs::hosted_queue::HostedQueue;
use crate::services::sqs::queue::Kind;
use crate::services::sqs::queue::input::Count;
use crate::wire::DateTime;

pub(super) fn route() -> Route<Sqs> {
    Route::new(
        Method::GET,
        "/_topiq/sqs/queues",
        "Lists queues by name, with how many messages each holds in which state.",
        |sqs: &Sqs, wanted: Listing| now(Ok(list(sqs, &wanted))),
    )
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Queue {
    name: String,
    arn: Arc<str>,
    fifo: bool,
    created_at: DateTime,
    /// Messages that nothing hides.
    ready: usize,
    delayed: usize,
    in_flight: usize,
    /// Receives that wait for a message.
    waiting_receives: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    dead_letter_target_arn: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_receive_count: Option<u32>,
}

impl Json for Queue {
    const SCHEMA: Schema = Schema::Object(&[
        Member::always("Name", Schema::Text),
        Member::always("Arn", Schema::Text),
        Member::always("Fifo", Schema::Boolean),
        Member::always("CreatedAt", Schema::Moment),
        Member::always("Ready", Schema::Number),
        Member::always("Delayed", Schema::Number),
        Member::always("InFlight", Schema::Number),
        Member::always("WaitingReceives", Schema::Number),
        Member::sometimes("DeadLetterTargetArn", Schema::Text),
        Member::sometimes("MaxReceiveCount", Schema::Number),
    ]);
}

fn list(sqs: &Sqs, wanted: &Listing) -> Listed<Queue> {
    let queues = sqs
        .queues
        .after(wanted.account, wanted.region, wanted.after.as_deref());
    let now = sqs.now();
    wanted.part(queues, |(name, _)| name, |(_, queue)| show(&queue, now))
}

/// Nothing of a queue that has just been deleted.
fn show(queue: &HostedQueue, now: Timestamp) -> Option<Queue> {
    let counts = queue.waiting.apply(now, Count)?;
    let attributes = queue.attributes();
    let redrive = attributes.redrive_policy.as_ref();
    Some(Queue {
        name: queue.name.name.to_string(),
        arn: queue.arn.clone(),
        fifo: attributes.kind == Kind::Fifo,
        created_at: DateTime(queue.created_at),
        ready: counts.visible,
        delayed: counts.delayed,
        in_flight: counts.in_flight,
        waiting_receives: queue.waiting.waiters(),
        dead_letter_target_arn: redrive.map(|policy| policy.dead_letter_target_arn.clone()),
        max_receive_count: redrive.map(|policy| policy.max_receive_count),
    })
}
