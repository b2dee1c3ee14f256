//! Kinesis as topiq's own API and exports see it, beside AWS's API.

use super::Kinesis;
use super::hosted_stream::{HostedStream, Mode};
use super::limits::RETENTION;
use crate::aws::{AccountId, Region};
use crate::services::resource::Resource;

/// CloudFormation's type of a stream.
pub const STREAM: &str = "AWS::Kinesis::Stream";

/// The streams of an account in a region, ordered by name.
pub(super) fn held(kinesis: &Kinesis, account: AccountId, region: Region) -> Vec<Resource> {
    let streams = kinesis.streams.after(kinesis.now(), account, region, None);
    streams.map(|stream| resource(&stream)).collect()
}

/// A stream, with the properties of a template that differ from a new stream's.
fn resource(stream: &HostedStream) -> Resource {
    let state = stream.lock();
    let is_provisioned = state.mode == Mode::Provisioned;
    let shards = is_provisioned.then(|| state.stream.open_shards().to_string());
    let hours = Some(state.retention_hours()).filter(|hours| *hours != RETENTION);
    let properties = [
        ("ShardCount", shards),
        ("RetentionPeriodHours", hours.map(|hours| hours.to_string())),
    ];
    let attributes = properties
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    Resource {
        kind: STREAM,
        name: stream.name.name.to_string(),
        arn: stream.arn.clone(),
        attributes: attributes.collect(),
        tags: state.tags.clone(),
    }
}
