//! `AWS::SQS::Queue`.

use super::error::Fault;
use super::evaluate::Evaluator;
use super::names;
use super::properties::{Form, Properties, Schema};
use super::resources::Declared;
use crate::init::plan::Wanted;

pub(super) const SCHEMA: Schema<'static> = Schema {
    attributes: &[
        ("ContentBasedDeduplication", Form::Boolean),
        ("DeduplicationScope", Form::Text),
        ("DelaySeconds", Form::Integer),
        ("FifoQueue", Form::Boolean),
        ("FifoThroughputLimit", Form::Text),
        ("KmsDataKeyReusePeriodSeconds", Form::Integer),
        ("KmsMasterKeyId", Form::Text),
        ("MaximumMessageSize", Form::Integer),
        ("MessageRetentionPeriod", Form::Integer),
        ("ReceiveMessageWaitTimeSeconds", Form::Integer),
        ("RedriveAllowPolicy", Form::Json),
        ("RedrivePolicy", Form::Json),
        ("SqsManagedSseEnabled", Form::Boolean),
        ("VisibilityTimeout", Form::Integer),
    ],
    others: &["QueueName", "Tags"],
};

pub(super) fn wanted(
    evaluator: &Evaluator<'_, '_>,
    index: usize,
    mut properties: Properties,
) -> Result<Vec<(usize, Wanted)>, Fault> {
    let attributes = properties.attributes(SCHEMA)?;
    let tags = properties.tags()?;
    let name = evaluator.template.name_of(index)?;
    Ok(vec![(
        properties.line(),
        Wanted::Queue {
            name,
            attributes,
            tags,
        },
    )])
}

pub(super) fn name(
    evaluator: &Evaluator<'_, '_>,
    declared: &Declared<'_>,
) -> Result<String, Fault> {
    evaluator.name(declared, "QueueName", "FifoQueue", names::QUEUE_NAME_LENGTH)
}
