//! `AWS::Kinesis`.

use super::members::{Members, Shape, member};
use super::{Actions, MadeBy, Naming, Reference, Told, Type, as_member, plain, same};
use crate::document::{Node, Value};
use crate::init::plan::Call;
use crate::init::template::error::Fault;
use crate::init::template::properties::Properties;

const SERVICE: &str = "kinesis";

pub(super) static TYPES: [Type; 1] = [Type {
    name: "AWS::Kinesis::Stream",
    service: SERVICE,
    naming: Naming::Property("Name", "StreamName", 128),
    arn: "stream/{n}",
    reference: Reference::Name,
    attributes: &[("Arn", Told::ArnWith(""))],
    properties: &[
        same("ShardCount", Shape::Integer),
        same("StreamModeDetails", Shape::Structure),
        same("MaxRecordSizeInKiB", Shape::Integer),
        same("RecordDistributionStrategy", Shape::Text),
        same("WarmThroughputMiBps", Shape::Integer),
        as_member("Tags", "Tags", Shape::Tags),
    ],
    others: &[
        ("RetentionPeriodHours", Shape::Integer),
        ("StreamEncryption", Shape::Structure),
        ("DesiredShardLevelMetrics", Shape::Structure),
    ],
    left_out: &[],
    actions: Actions {
        make: "CreateStream",
        change: None,
        find: Some(("DescribeStreamSummary", &["StreamName"])),
        tag: Some(["TagResource", "ResourceARN", "Tags", "Tags"]),
    },
    also: Some(settings),
}];

/// What only calls for a stream that is there can set.
fn settings(made: &MadeBy<'_>, properties: &mut Properties) -> Result<Vec<Call>, Fault> {
    let calls = [
        (
            "RetentionPeriodHours",
            Shape::Integer,
            "IncreaseStreamRetentionPeriod",
        ),
        (
            "StreamEncryption",
            Shape::Structure,
            "StartStreamEncryption",
        ),
        (
            "DesiredShardLevelMetrics",
            Shape::Structure,
            "EnableEnhancedMonitoring",
        ),
    ];
    let mut wanted = Vec::new();
    for (property, shape, action) in calls {
        let Some(node) = properties.take(property) else {
            continue;
        };
        let node = member(node, shape).map_err(|fault| fault.within(property))?;
        let mut members = Members::default();
        members.text("StreamName", &made.identity.name);
        put(&mut members, property, node);
        wanted.push(plain(SERVICE, action, &members));
    }
    Ok(wanted)
}

/// Puts a property's value where its call takes it.
fn put(members: &mut Members, property: &str, node: Node) {
    match (property, node.value) {
        ("DesiredShardLevelMetrics", value) => {
            let line = node.line;
            members.put("ShardLevelMetrics", Node { line, value });
        }
        // The structure's members are the call's.
        ("StreamEncryption", Value::Map(entries)) => {
            for (key, value) in entries {
                members.put(&key.text, value);
            }
        }
        (property, value) => {
            let line = node.line;
            members.put(property, Node { line, value });
        }
    }
}
