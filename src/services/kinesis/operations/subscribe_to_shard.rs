//! `SubscribeToShard`: pushes a shard's records to a consumer as they come.

use std::task::{Context, Poll};

use serde::{Deserialize, Serialize};

use super::consumers::{consumer_of, is_creating};
use super::described::{ChildShard, ShownRecord, millis};
use super::starting::{Starting, TYPES};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::kinesis::constraints::{CONSUMERS, NAMES, SEQUENCES, validation};
use crate::services::kinesis::error::{Error, Under};
use crate::services::kinesis::resource::no_consumer;
use crate::services::kinesis::subscription::{Pushed, Reading, Subscription};
use crate::services::kinesis::{Kinesis, ShardId};
use crate::wire::{ErrorInfo, Events, Moment};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SubscribeToShardInput {
    #[serde(rename = "ConsumerARN")]
    consumer_arn: Option<String>,
    shard_id: Option<String>,
    starting_position: Option<StartingPosition>,
    dry_run: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StartingPosition {
    #[serde(rename = "Type")]
    kind: Option<String>,
    sequence_number: Option<String>,
    timestamp: Option<Moment>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::services::kinesis) struct SubscribeToShardEvent {
    records: Vec<ShownRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    continuation_sequence_number: Option<String>,
    millis_behind_latest: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    child_shards: Option<Vec<ChildShard>>,
}

impl From<Pushed> for SubscribeToShardEvent {
    fn from(pushed: Pushed) -> Self {
        Self {
            records: pushed.records.into_iter().map(ShownRecord::from).collect(),
            continuation_sequence_number: pushed.last.map(|last| last.to_string()),
            millis_behind_latest: millis(pushed.behind),
            child_shards: pushed.children,
        }
    }
}

impl Events for Subscription {
    type Event = SubscribeToShardEvent;

    const NAME: &'static str = "SubscribeToShardEvent";

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Self::Event, ErrorInfo>>> {
        let pushed = Subscription::poll_next(self, cx);
        pushed.map(|pushed| {
            let pushed = pushed?;
            Some(pushed.map(Self::Event::from).map_err(|error| error.info()))
        })
    }
}

impl SubscribeToShardInput {
    /// Where it begins, as far as the model has a say.
    fn starting(&self, validation: &mut Validation) -> Starting<'_> {
        let Some(position) = &self.starting_position else {
            validation.refuse_null("startingPosition");
            return Starting::default();
        };
        let kind = position.kind.as_deref();
        let kind = validation.required_text("startingPosition.type", kind, &TYPES);
        let sequence = position.sequence_number.as_deref();
        validation.check("startingPosition.sequenceNumber", sequence, &SEQUENCES);
        Starting {
            action: "SubscribeToShard",
            member: "SequenceNumber",
            kind,
            sequence,
            moment: position.timestamp,
        }
    }
}

pub(super) fn call(
    kinesis: &Kinesis,
    _caller: &Caller<'_>,
    input: SubscribeToShardInput,
) -> Result<Subscription, Error> {
    let mut validation = validation();
    let arn = input.consumer_arn.as_deref();
    let arn = validation.required_text("consumerARN", arn, &CONSUMERS);
    let shard = validation.required_text("shardId", input.shard_id.as_deref(), &NAMES);
    let starting = input.starting(&mut validation);
    validation.finish()?;
    let now = kinesis.now();
    let (name, consumer) = consumer_of(arn)?;
    let stream = kinesis.streams.get(now, &name);
    let stream = stream.ok_or_else(|| Error::no_stream(&name))?;
    let mut state = stream.lock();
    let found = state.consumers.get(consumer).filter(|it| it.arn == arn);
    let found = found.ok_or_else(|| no_consumer(consumer, &name))?;
    if is_creating(kinesis, now, found) {
        let stream = Under(&name);
        return Err(Error::InUse(format!(
            "Consumer {consumer}, {stream} not ACTIVE, instead in state CREATING"
        )));
    }
    let ShardId(number) = stream.shard_id(shard)?;
    let nothing = || Error::nothing_to_read(ShardId(number), &name);
    let found = state.stream.shard(now, number).ok_or_else(nothing)?;
    let start = starting.start(now, &name, found)?;
    let index = state.stream.index(now, number, start).ok_or_else(nothing)?;
    if state.subscriptions.is_undisturbed(now, number, consumer) {
        return Err(Error::subscribed(arn, ShardId(number)));
    }
    if input.dry_run == Some(true) {
        return Err(Error::DryRun);
    }
    let reading = Reading {
        consumer: consumer.to_owned(),
        arn: arn.to_owned(),
        shard: number,
        index,
    };
    let (agenda, is_closed) = (&kinesis.agenda, &kinesis.is_closed);
    Subscription::begin(now, &stream, &mut state, reading, agenda, is_closed).ok_or_else(nothing)
}
