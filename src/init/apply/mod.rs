//! Makes what a plan says, through the services' own operations: so its checks and errors are AWS's.
//!
//! What is there already is changed where it differs, as a stack's update would, and otherwise left alone: doing all of
//! it twice changes nothing. What a plan does not name stays as it is.
//!
//! In reading order: [`apply`] and what all resources share; `queue`, `topic` and `subscription`.

mod queue;
mod subscription;
mod topic;

use serde_json::{Map, Value};

use super::error::InitError;
use super::plan::{Attribute, Plan, Resource, Wanted};
use crate::aws::Caller;
use crate::services::Services;
use crate::services::sns::Sns;
use crate::services::sqs::Sqs;
use crate::wire::{ServiceModel, Speaks};
use subscription::Whom;

/// Makes everything, in the plan's order.
pub(crate) async fn apply(
    services: &Services,
    caller: Caller<'_>,
    plan: &Plan,
) -> Result<(), InitError> {
    for resource in &plan.resources {
        let making = Making {
            services,
            caller,
            resource,
        };
        making.make().await?;
    }
    Ok(())
}

/// The making of one resource.
#[derive(Clone, Copy)]
struct Making<'a> {
    services: &'a Services,
    caller: Caller<'a>,
    resource: &'a Resource,
}

impl Making<'_> {
    async fn make(self) -> Result<(), InitError> {
        match &self.resource.wanted {
            Wanted::Queue {
                name,
                attributes,
                tags,
            } => self.queue(name, attributes, tags).await,
            Wanted::QueueAttributes { name, attributes } => {
                self.queue_attributes(name, attributes).await
            }
            Wanted::Topic {
                name,
                attributes,
                tags,
            } => self.topic(name, attributes, tags).await,
            Wanted::TopicAttributes { arn, attributes } => {
                self.topic_attributes(arn, attributes).await
            }
            Wanted::Subscription {
                topic_arn,
                protocol,
                endpoint,
                attributes,
            } => {
                let whom = Whom {
                    topic_arn,
                    protocol,
                    endpoint,
                };
                self.subscription(&whom, attributes).await
            }
        }
    }

    async fn sqs(
        self,
        operation: &str,
        input: &Value,
        attributes: &[Attribute],
    ) -> Result<Value, InitError> {
        let output = self.invoke(Sqs::MODEL, operation, input).await;
        output.map_err(|sentence| self.refused(attributes, sentence))
    }

    async fn sns(
        self,
        operation: &str,
        input: &Value,
        attributes: &[Attribute],
    ) -> Result<Value, InitError> {
        let output = self.invoke(Sns::MODEL, operation, input).await;
        output.map_err(|sentence| self.refused(attributes, sentence))
    }

    /// An operation of SNS that is about one attribute.
    async fn set(
        self,
        operation: &str,
        input: &Value,
        attribute: &Attribute,
    ) -> Result<(), InitError> {
        match self.invoke(Sns::MODEL, operation, input).await {
            Ok(_) => Ok(()),
            Err(sentence) => Err(InitError::refused(self.resource, Some(attribute), sentence)),
        }
    }

    async fn invoke(
        self,
        service: &'static ServiceModel,
        operation: &str,
        input: &Value,
    ) -> Result<Value, String> {
        let caller = Caller {
            action: operation,
            ..self.caller
        };
        self.services
            .invoke(service, operation, caller, input)
            .await
    }

    fn refused(self, attributes: &[Attribute], sentence: String) -> InitError {
        InitError::refused(self.resource, subject(attributes, &sentence), sentence)
    }
}

/// The attribute that AWS's sentence is about: the first that it names.
fn subject<'a>(attributes: &'a [Attribute], sentence: &str) -> Option<&'a Attribute> {
    let words = sentence.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .into_iter()
        .find_map(|word| attributes.iter().find(|attribute| attribute.name == word))
}

/// Whether the attribute has this value already, however it is written.
fn is_same(present: &Map<String, Value>, attribute: &Attribute) -> bool {
    let Some(present) = present.get(&attribute.name).and_then(Value::as_str) else {
        return attribute.value.is_empty();
    };
    let document = |text: &str| {
        let value = serde_json::from_str::<Value>(text).ok()?;
        value.is_object().then_some(value)
    };
    present == attribute.value
        || document(present).is_some_and(|one| document(&attribute.value) == Some(one))
}

fn object(attributes: &[Attribute]) -> Map<String, Value> {
    let pair = |attribute: &Attribute| (attribute.name.clone(), attribute.value.clone().into());
    attributes.iter().map(pair).collect()
}

/// The member `Attributes` of an answer.
fn attributes_of(mut output: Value) -> Option<Map<String, Value>> {
    match output["Attributes"].take() {
        Value::Object(attributes) => Some(attributes),
        _ => None,
    }
}
