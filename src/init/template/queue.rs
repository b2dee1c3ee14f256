//! `AWS::SQS::Queue`.

use super::error::Fault;
use super::evaluate::Evaluator;
use super::names;
use super::properties::{Form, Properties, Schema, form};
use super::resources::Declared;
use crate::init::plan::Wanted;

pub(super) const SCHEMA: Schema = Schema {
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
    let mut attributes = properties.attributes(SCHEMA)?;
    // SQS takes the attribute only where it is true; a template may say that it is not.
    attributes.retain(|attribute| {
        (attribute.name.as_str(), attribute.value.as_str()) != ("FifoQueue", "false")
    });
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

impl Evaluator<'_, '_> {
    /// The name that the property gives, or one that is made.
    pub(super) fn name(
        &self,
        declared: &Declared<'_>,
        property: &str,
        fifo: &str,
        max_length: usize,
    ) -> Result<String, Fault> {
        if let Some(name) = self.property(declared, property, Form::Text)? {
            return Ok(name);
        }
        let is_fifo = self
            .property(declared, fifo, Form::Boolean)?
            .is_some_and(|value| value == "true");
        let suffix = if is_fifo { ".fifo" } else { "" };
        Ok(names::made(
            &self.template.stack,
            declared.id,
            suffix,
            max_length,
        ))
    }

    fn property(
        &self,
        declared: &Declared<'_>,
        name: &str,
        wanted: Form,
    ) -> Result<Option<String>, Fault> {
        let Some(node) = declared.property(name) else {
            return Ok(None);
        };
        let value = self.value(node).map_err(|fault| fault.within(name))?;
        value
            .map(|node| form(&node, wanted))
            .transpose()
            .map_err(|fault| fault.within(name))
    }
}
