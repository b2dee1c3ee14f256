//! `CreateStream`: creates a stream.

use serde::Deserialize;

use super::tags;
use super::update_stream_record_distribution_strategy::auto_is_on_demand;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::Rule;
use crate::services::kinesis::Kinesis;
use crate::services::kinesis::constraints::{NAMES, NATURAL, POSITIVE, RECORD_SIZES, validation};
use crate::services::kinesis::error::{Error, Under};
use crate::services::kinesis::hosted_stream::{Mode, State, Strategy, Transition, retention};
use crate::services::kinesis::limits;
use crate::services::kinesis::name::StreamName;
use crate::services::kinesis::stream::Stream;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateStreamInput {
    stream_name: Option<String>,
    shard_count: Option<i32>,
    stream_mode_details: Option<ModeInput>,
    tags: Option<Tags>,
    warm_throughput_mi_bps: Option<i32>,
    max_record_size_in_ki_b: Option<i32>,
    record_distribution_strategy: Option<String>,
}

/// How a stream's capacity is to be set.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ModeInput {
    pub(super) stream_mode: Option<String>,
}

pub(super) static MODES: [Rule; 1] = [Rule::OneOf(&Mode::WORDS)];
pub(super) static STRATEGIES: [Rule; 1] = [Rule::OneOf(&Strategy::WORDS)];

pub(super) fn call(
    kinesis: &Kinesis,
    caller: &Caller<'_>,
    input: CreateStreamInput,
) -> Result<(), Error> {
    let mut validation = validation();
    validation.check("shardCount", input.shard_count, &POSITIVE);
    let name = validation.required_text("streamName", input.stream_name.as_deref(), &NAMES);
    let mode = input.stream_mode_details.as_ref();
    let mode = mode.map(|details| {
        let mode = details.stream_mode.as_deref();
        validation.required_text("streamModeDetails.streamMode", mode, &MODES)
    });
    tags::validate(&mut validation, input.tags.as_ref());
    validation.check(
        "warmThroughputMiBps",
        input.warm_throughput_mi_bps,
        &NATURAL,
    );
    validation.check(
        "maxRecordSizeInKiB",
        input.max_record_size_in_ki_b,
        &RECORD_SIZES,
    );
    let strategy = input.record_distribution_strategy.as_deref();
    validation.check("recordDistributionStrategy", strategy, &STRATEGIES);
    validation.finish()?;
    let count = input
        .shard_count
        .and_then(|count| u32::try_from(count).ok());
    let mode = match (mode, count) {
        (Some(mode), _) => Mode::parse(mode),
        (None, Some(_)) => Mode::Provisioned,
        (None, None) => Mode::OnDemand,
    };
    let strategy = strategy.map_or(Strategy::PartitionKey, Strategy::parse);
    if mode == Mode::Provisioned && strategy == Strategy::Auto {
        return Err(auto_is_on_demand());
    }
    let shards = match mode {
        Mode::OnDemand => limits::ON_DEMAND_SHARDS,
        Mode::Provisioned => count.ok_or_else(|| {
            Error::invalid("ShardCount must be specified for streams in PROVISIONED mode.")
        })?,
    };
    let tags = input.tags.unwrap_or_default();
    tags::check(&tags)?;
    let name = StreamName::owned(caller, name);
    let now = kinesis.now();
    if kinesis.streams.get(now, &name).is_some() {
        return Err(exists(&name));
    }
    let _adding = kinesis.adding.lock();
    kinesis.check_shard_limit(now, &name, shards as usize)?;
    let mut state = State::new(Stream::new(now, shards, retention()), mode, &kinesis.agenda);
    state.strategy = strategy;
    state.tags = tags;
    state.warm_throughput = input.warm_throughput_mi_bps;
    if let Some(size) = input.max_record_size_in_ki_b {
        state.record_kib = u32::try_from(size).unwrap_or(limits::RECORD_KIB);
    }
    state.pass(Transition::Creating, kinesis.transition_end(now));
    let incarnation = kinesis.ids.number();
    if kinesis.streams.add(now, &name, incarnation, state) {
        Ok(())
    } else {
        Err(exists(&name))
    }
}

fn exists(name: &StreamName) -> Error {
    Error::InUse(format!("{} already exists.", Under(name)))
}
