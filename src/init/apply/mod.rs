//! Creates the resources of a plan by the services' own operations, so that checks and errors are AWS's.
//!
//! An existing resource is changed where it differs, as a stack's update would, and otherwise left alone: applying a
//! plan twice changes nothing. Resources that a plan does not name stay as they are.
//!
//! In reading order: [`apply`] and the parts that all resources share; `queue`, `topic` and `subscription`; `call` makes all
//! others.

mod call;
mod queue;
mod subscription;
mod topic;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::error::InitError;
use super::invoke::Invoke;
use super::plan::{Attribute, Context, Plan, Resource, Wanted};
use crate::aws::Caller;
use crate::services::Refused;
use call::Told;
use subscription::Subscriber;

const SQS: &str = "sqs";
const SNS: &str = "sns";

/// How many refusals are told at most.
const MAX_ERRORS: usize = 50;

/// Creates everything, in the plan's order. An error is of all resources that are refused, except for those that need
/// one of these.
pub(super) async fn apply(
    services: &impl Invoke,
    context: &Context,
    plan: &Plan,
) -> Result<(), InitError> {
    let mut errors = Vec::new();
    let mut refused: Vec<String> = Vec::new();
    let mut told = Told::default();
    for resource in &plan.resources {
        // A stop while thousands of resources are made is not to wait for the last.
        tokio::task::yield_now().await;
        if needs_any(resource, &refused, context) {
            continue;
        }
        let making = Making {
            services,
            context,
            resource,
            invented: &plan.invented,
            told: &told,
        };
        match making.make().await {
            Ok(further) => told.extend(further),
            Err(error) => {
                errors.push(error);
                refused.extend(arn(resource, context));
            }
        }
        if errors.len() >= MAX_ERRORS {
            break;
        }
    }
    InitError::unless_none(errors)
}

/// The ARN of a resource to create, if it has one.
fn arn(resource: &Resource, context: &Context) -> Option<String> {
    match &resource.wanted {
        Wanted::Queue { name, .. } => Some(context.arn(SQS, name)),
        Wanted::Topic { name, .. } => Some(context.arn(SNS, name)),
        Wanted::Call(call) => call.made.as_ref().map(|made| made.arn.clone()),
        _ => None,
    }
}

/// Whether a resource is about one of those that were refused, or refers to it.
fn needs_any(resource: &Resource, refused: &[String], context: &Context) -> bool {
    if refused.is_empty() {
        return false;
    }
    let subject = match &resource.wanted {
        Wanted::QueueAttributes { name, .. } => Some(context.arn(SQS, name)),
        _ => None,
    };
    let texts: Vec<&str> = texts(&resource.wanted).chain(subject.as_deref()).collect();
    let mentions = |arn: &String| texts.iter().any(|text| text.contains(arn.as_str()));
    refused.iter().any(mentions)
}

/// The values of a resource that may refer to others.
fn texts(wanted: &Wanted) -> impl Iterator<Item = &str> {
    let (own, attributes): ([&str; 2], &[Attribute]) = match wanted {
        Wanted::Queue { attributes, .. }
        | Wanted::QueueAttributes { attributes, .. }
        | Wanted::Topic { attributes, .. } => (["", ""], attributes),
        Wanted::TopicAttributes { arn, attributes } => ([arn, ""], attributes),
        Wanted::Subscription {
            topic_arn,
            endpoint,
            attributes,
            ..
        } => ([topic_arn, endpoint], attributes),
        Wanted::Call(call) => ([&call.make.input, ""], &[]),
        Wanted::BusStatement { bus, statement } => ([bus, statement], &[]),
    };
    let values = attributes.iter().map(|attribute| attribute.value.as_str());
    own.into_iter().chain(values)
}

/// One resource, and the means to create it.
struct Making<'a, S> {
    services: &'a S,
    context: &'a Context,
    resource: &'a Resource,
    /// Values of resources that are not served, with their origins.
    invented: &'a BTreeMap<String, String>,
    told: &'a Told,
}

impl<S: Invoke> Making<'_, S> {
    /// Makes it. The result is what the service told of it.
    async fn make(&self) -> Result<Told, InitError> {
        let made = match &self.resource.wanted {
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
            Wanted::Call(call) => return self.called(call).await,
            Wanted::BusStatement { bus, statement } => self.bus_statement(bus, statement).await,
        };
        made.map(|()| Told::default())
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
            Err(sentence) => Err(self.refused_for(Some(attribute), sentence)),
        }
    }

    /// Runs an operation; an error is AWS's sentence.
    async fn invoke(
        &self,
        service: &'static str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, String> {
        let output = self.asked(service, operation, input).await;
        output.map_err(|refused| refused.sentence)
    }

    async fn asked(
        &self,
        service: &'static str,
        operation: &str,
        input: &Value,
    ) -> Result<Value, Refused> {
        let caller = Caller::within(
            self.context.home.account,
            self.context.home.region,
            operation,
            &self.context.endpoint,
        );
        self.services
            .invoke(service, operation, caller, input)
            .await
    }

    fn refused(&self, attributes: &[Attribute], sentence: String) -> InitError {
        self.refused_for(subject(attributes, &sentence), sentence)
    }

    /// A refusal, with the origin of the refused value if it is an invented one.
    fn refused_for(&self, attribute: Option<&Attribute>, mut sentence: String) -> InitError {
        let values: Vec<&str> = match attribute {
            Some(attribute) => vec![&attribute.value],
            None => texts(&self.resource.wanted).collect(),
        };
        let is_in_any = |value: &str| values.iter().any(|text| text.contains(value));
        let mut invented = self.invented.iter();
        if let Some((_, origin)) = invented.find(|(value, _)| is_in_any(value)) {
            // AWS's sentences end with a full stop.
            sentence.truncate(sentence.trim_end_matches('.').len());
            sentence.push_str("; its value comes from ");
            sentence.push_str(origin);
        }
        InitError::refused(self.resource, attribute, sentence)
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
