//! `AWS::SNS::Topic`, with the subscriptions that are written in it.

use super::error::Fault;
use super::evaluate::Evaluator;
use super::names;
use super::properties::{Form, Properties, Schema, form, wants};
use super::resources::Declared;
use crate::document::Node;
use crate::init::plan::{Attribute, Wanted};
use crate::services::sns::inspect::LOGGED;

pub(super) const SCHEMA: Schema<'static> = Schema {
    attributes: &[
        ("ArchivePolicy", Form::Json),
        ("ContentBasedDeduplication", Form::Boolean),
        ("DataProtectionPolicy", Form::Json),
        ("DisplayName", Form::Text),
        ("FifoThroughputScope", Form::Text),
        ("FifoTopic", Form::Boolean),
        ("KmsMasterKeyId", Form::Text),
        ("MaximumMessageSize", Form::Integer),
        ("SignatureVersion", Form::Text),
        ("TracingConfig", Form::Text),
    ],
    others: &["DeliveryStatusLogging", "Subscription", "Tags", "TopicName"],
};

const LOGGING: Schema<'static> = Schema {
    attributes: &[
        ("FailureFeedbackRoleArn", Form::Text),
        ("SuccessFeedbackRoleArn", Form::Text),
        ("SuccessFeedbackSampleRate", Form::Text),
    ],
    others: &["Protocol"],
};

const SUBSCRIPTION: Schema<'static> = Schema::of(&["Endpoint", "Protocol"]);

pub(super) fn wanted(
    evaluator: &Evaluator<'_, '_>,
    index: usize,
    mut properties: Properties,
) -> Result<Vec<(usize, Wanted)>, Fault> {
    let mut attributes = properties.attributes(SCHEMA)?;
    // SNS takes false too, but in a template it means the same as no value.
    attributes.retain(|attribute| {
        (attribute.name.as_str(), attribute.value.as_str()) != ("FifoTopic", "false")
    });
    attributes.extend(
        properties
            .each("DeliveryStatusLogging", logging)?
            .into_iter()
            .flatten(),
    );
    let tags = properties.tags()?;
    let name = evaluator.template.name_of(index)?;
    let arn = evaluator.template.context.arn("sns", &name);
    let subscriptions = properties.each("Subscription", |node| subscription(&arn, node))?;
    let mut wanted = vec![(
        properties.line(),
        Wanted::Topic {
            name,
            attributes,
            tags,
        },
    )];
    wanted.extend(subscriptions);
    Ok(wanted)
}

pub(super) fn name(
    evaluator: &Evaluator<'_, '_>,
    declared: &Declared<'_>,
) -> Result<String, Fault> {
    evaluator.name(declared, "TopicName", "FifoTopic", names::TOPIC_NAME_LENGTH)
}

/// The three attributes of a protocol; their names begin with it.
fn logging(node: Node) -> Result<Vec<Attribute>, Fault> {
    let mut properties = Properties::of(node, LOGGING, "a logging configuration")?;
    let protocol = properties.required("Protocol")?;
    let named = form(&protocol, Form::Text)?;
    let Some((prefix, _)) = LOGGED.iter().find(|(_, logged)| *logged == named) else {
        let protocols = "http/s, sqs, lambda, firehose or application";
        return Err(wants(&protocol, protocols).within("Protocol"));
    };
    let mut attributes = properties.attributes(LOGGING)?;
    for attribute in &mut attributes {
        attribute.name.insert_str(0, prefix);
    }
    Ok(attributes)
}

fn subscription(topic_arn: &str, node: Node) -> Result<(usize, Wanted), Fault> {
    let mut properties = Properties::of(node, SUBSCRIPTION, "a subscription within a topic")?;
    let wanted = Wanted::Subscription {
        topic_arn: topic_arn.to_owned(),
        protocol: properties.text("Protocol")?,
        endpoint: properties.text("Endpoint")?,
        attributes: Vec::new(),
    };
    Ok((properties.line(), wanted))
}
