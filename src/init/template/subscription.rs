//! `AWS::SNS::Subscription`.

use super::error::Fault;
use super::properties::{Form, Properties, Schema};
use crate::init::plan::Wanted;

/// `Region` is the topic's, with which AWS finds it; the topic's ARN has it too.
pub(super) const SCHEMA: Schema<'static> = Schema {
    attributes: &[
        ("DeliveryPolicy", Form::Json),
        ("FilterPolicy", Form::Json),
        ("FilterPolicyScope", Form::Text),
        ("RawMessageDelivery", Form::Boolean),
        ("RedrivePolicy", Form::Json),
        ("ReplayPolicy", Form::Json),
        ("SubscriptionRoleArn", Form::Text),
    ],
    others: &["Endpoint", "Protocol", "Region", "TopicArn"],
};

pub(super) fn wanted(mut properties: Properties) -> Result<Vec<(usize, Wanted)>, Fault> {
    let wanted = Wanted::Subscription {
        topic_arn: properties.text("TopicArn")?,
        protocol: properties.text("Protocol")?,
        endpoint: properties.text("Endpoint")?,
        attributes: properties.attributes(SCHEMA)?,
    };
    Ok(vec![(properties.line(), wanted)])
}
