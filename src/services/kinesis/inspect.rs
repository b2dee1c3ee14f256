//! Kinesis as topiq's own API and exports see it, beside AWS's API.

use std::collections::BTreeMap;

use serde_json::json;

use super::Kinesis;
use super::hosted_stream::{HostedStream, Mode, State, Strategy};
use super::limits::{RECORD_KIB, RETENTION};
use super::name::StreamName;
use crate::aws::{AccountId, Region};
use crate::services::resource::{self, Resource, present};

/// CloudFormation's type of a stream.
pub const STREAM: &str = "AWS::Kinesis::Stream";

/// The same of a stream's policy, whose name is the stream's, and of its consumers.
const POLICY: &str = "AWS::Kinesis::ResourcePolicy";
const CONSUMER: &str = "AWS::Kinesis::StreamConsumer";

impl Kinesis {
    /// Ends what a stream is on the way to, except for its deletion: who makes streams before the server serves does not
    /// wait for them.
    pub(crate) fn settle(&self, account: AccountId, region: Region, name: &str) {
        let name = StreamName {
            account,
            region,
            name: name.into(),
        };
        if let Some(stream) = self.streams.get(self.now(), &name) {
            stream.lock().settle();
        }
    }
}

/// The streams of an account in a region, ordered by name, each followed by what belongs to it.
pub(super) fn held(kinesis: &Kinesis, account: AccountId, region: Region) -> Vec<Resource> {
    let streams = kinesis.streams.after(kinesis.now(), account, region, None);
    streams.flat_map(|stream| resources(&stream)).collect()
}

/// A stream, with what belongs to it.
fn resources(stream: &HostedStream) -> Vec<Resource> {
    let state = stream.lock();
    let of = |kind, name: &str, arn: &str| Resource {
        kind,
        name: name.to_owned(),
        arn: arn.to_owned(),
        attributes: Vec::new(),
        properties: Vec::new(),
        tags: BTreeMap::new(),
    };
    let name = &*stream.name.name;
    let mut resources = vec![Resource {
        properties: properties(&state),
        tags: state.tags.clone(),
        ..of(STREAM, name, &stream.arn)
    }];
    resources.extend(state.policy.as_ref().map(|_| of(POLICY, name, &stream.arn)));
    let consumers = state.consumers.keys();
    resources.extend(consumers.map(|consumer| of(CONSUMER, consumer, &stream.arn)));
    resources
}

/// The properties of a template that differ from a new stream's.
fn properties(state: &State) -> Vec<(&'static str, String)> {
    let is_provisioned = state.mode == Mode::Provisioned;
    let mode = (!is_provisioned).then(|| json!({ "StreamMode": state.mode.as_str() }));
    let key = state.key.as_ref();
    let key = key.map(|key| json!({ "EncryptionType": "KMS", "KeyId": key }));
    let hours = state.retention_hours();
    let size = state.record_kib;
    let strategy = Some(state.strategy).filter(|strategy| *strategy != Strategy::PartitionKey);
    present([
        (
            "DesiredShardLevelMetrics",
            (!state.metrics.is_empty()).then(|| resource::json(&state.metrics)),
        ),
        (
            "MaxRecordSizeInKiB",
            (size != RECORD_KIB).then(|| size.to_string()),
        ),
        (
            "RecordDistributionStrategy",
            strategy.map(|strategy| resource::json(strategy.as_str())),
        ),
        (
            "RetentionPeriodHours",
            (hours != RETENTION).then(|| hours.to_string()),
        ),
        (
            "ShardCount",
            is_provisioned.then(|| state.stream.open_shards().to_string()),
        ),
        ("StreamEncryption", key.map(|key| key.to_string())),
        ("StreamModeDetails", mode.map(|mode| mode.to_string())),
        (
            "WarmThroughputMiBps",
            state
                .warm_throughput
                .map(|throughput| throughput.to_string()),
        ),
    ])
}
