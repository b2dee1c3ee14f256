//! `Publish`: a message to a topic, to a platform endpoint or to a phone number.

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::ids::MessageId;
use crate::services::sns::Sns;
use crate::services::sns::delivery::direct;
use crate::services::sns::error::Error;
use crate::services::sns::limits;
use crate::services::sns::message::Message;
use crate::services::sns::message_attributes::AttributeMap;
use crate::services::sns::message_input::MessageInput;
use crate::wire::Text;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PublishInput<'a> {
    #[serde(borrow)]
    topic_arn: Option<Text<'a>>,
    target_arn: Option<Text<'a>>,
    phone_number: Option<Text<'a>>,
    message: Option<Text<'a>>,
    subject: Option<Text<'a>>,
    message_structure: Option<Text<'a>>,
    message_attributes: Option<AttributeMap<'a>>,
    message_deduplication_id: Option<Text<'a>>,
    message_group_id: Option<Text<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PublishOutput {
    message_id: MessageId,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence_number: Option<String>,
}

pub(super) async fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: &PublishInput<'_>,
) -> Result<PublishOutput, Error> {
    let message = MessageInput {
        message: input.message.as_deref(),
        subject: input.subject.as_deref(),
        structure: input.message_structure.as_deref(),
        attributes: input.message_attributes.as_ref(),
        group_id: input.message_group_id.as_deref(),
        deduplication_id: input.message_deduplication_id.as_deref(),
    };
    let mut validation = Validation::default();
    message.validate("", &mut validation);
    validation.finish()?;
    match (&input.topic_arn, &input.target_arn, &input.phone_number) {
        (Some(arn), ..) => to_topic(sns, caller, "TopicArn", arn, &message).await,
        (None, Some(arn), _) if direct::is_of_mobile_push(arn) => {
            let target = sns.endpoint_target(caller, arn)?;
            let contents = message.check_for_endpoint(&target)?;
            let message = sns.direct_message(caller, contents);
            sns.publish_to_endpoint(caller, &target, &message);
            Ok(answer(&message))
        }
        (None, Some(arn), _) => to_topic(sns, caller, "TargetArn", arn, &message).await,
        (None, None, Some(number)) => {
            let target = sns.phone_target(number)?;
            let contents = message.check(limits::MESSAGE_SIZE)?;
            let message = sns.direct_message(caller, contents);
            sns.publish_to_phone(caller, &target, &message);
            Ok(answer(&message))
        }
        (None, None, None) => Err(Error::invalid_because(
            "TopicArn or TargetArn",
            "no value for required parameter",
        )),
    }
}

async fn to_topic(
    sns: &Sns,
    caller: &Caller<'_>,
    parameter: &'static str,
    arn: &str,
    message: &MessageInput<'_>,
) -> Result<PublishOutput, Error> {
    let topic = sns.topic_of(caller, parameter, arn)?;
    let attributes = topic.attributes();
    let contents = message.check(attributes.message_size())?;
    let ids = message.check_ids(&attributes)?;
    let published = sns
        .publish(caller, &topic, &attributes, contents, ids)
        .await?;
    Ok(PublishOutput {
        message_id: published.id,
        sequence_number: published.sequence_number.map(|number| number.to_string()),
    })
}

fn answer(message: &Message) -> PublishOutput {
    PublishOutput {
        message_id: message.id,
        sequence_number: None,
    }
}
