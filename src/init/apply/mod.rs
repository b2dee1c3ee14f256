//! Creates the resources of a plan by the services' own operations, so that checks and errors are AWS's.
//!
//! An existing resource is changed where it differs, as a stack's update would, and otherwise left alone: applying a
//! plan twice changes nothing. Resources that a plan does not name stay as they are.
//!
//! In reading order: [`apply`] and the parts that all resources share; `queue`, `topic` and `subscription`.

mod queue;
mod subscription;
mod topic;

use serde_json::{Map, Value};

use super::error::InitError;
use super::invoke::Invoke;
use super::plan::{Attribute, Context, Plan, Resource, Wanted};
use crate::aws::Caller;
use subscription::Subscriber;

const SQS: &str = "sqs";
const SNS: &str = "sns";

/// Creates everything, in the plan's order.
pub(super) async fn apply(
    services: &impl Invoke,
    context: &Context,
    plan: &Plan,
) -> Result<(), InitError> {
    for resource in &plan.resources {
        let making = Making {
            services,
            context,
            resource,
        };
        making.make().await?;
    }
    Ok(())
}

/// One resource, and the means to create it.
struct Making<'a, S> {
    services: &'a S,
    context: &'a Context,
    resource: &'a Resource,
}

impl<S: Invoke> Making<'_, S> {
    async fn make(&self) -> Result<(), InitError> {
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
                let subscriber = Subscriber {
                    topic_arn,
                    protocol,
                    endpoint,
                };
                self.subscription(&subscriber, attributes).await
            }
        }
    }

    /// Runs an operation; a refusal names the attribute that it is about, one of `attributes`.
    async fn call(
        &self,
        service: &'static str,
        operation: &str,
        input: &Value,
        attributes: &[Attribute],
    ) -> Result<Value, InitError> {
        let output = self.invoke(service, operation, input).await;
        output.map_err(|sentence| self.refused(attributes, sentence))
    }

    /// Runs an operation that is about one attribute.
    async fn set(
        &self,
        operation: &str,
        input: &Value,
        attribute: &Attribute,
    ) -> Result<(), InitError> {
        match self.invoke(SNS, operation, input).await {
            Ok(_) => Ok(()),
            Err(sentence) => Err(InitError::refused(self.resource, Some(attribute), sentence)),
        }
    }

    async fn invoke(
        &self,
        service: &'static str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, String> {
        let caller = Caller {
            account: self.context.home.account,
            region: self.context.home.region,
            action: operation,
            is_signed: true,
            endpoint: &self.context.endpoint,
            trace_header: None,
            path: None,
        };
        self.services
            .invoke(service, operation, caller, input)
            .await
    }

    fn refused(&self, attributes: &[Attribute], sentence: String) -> InitError {
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

/// Whether the attribute has this value already: JSON documents are compared as such.
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

#[cfg(test)]
mod tests;
