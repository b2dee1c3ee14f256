//! Makes what a plan says, through the services' own operations: so its checks and errors are AWS's.
//!
//! What is there already is changed where it differs, as a stack's update would, and otherwise left alone: doing all of
//! it twice changes nothing. What a plan does not name stays as it is.

use serde_json::{Map, Value, json};

use super::error::InitError;
use super::plan::{Attribute, Plan, Resource, Wanted};
use crate::aws::Caller;
use crate::services::Services;
use crate::wire::ServiceModel;
use crate::{sns, sqs};

/// What decides a queue's or topic's kind when it is made, and cannot be set.
const KINDS: [&str; 2] = ["FifoQueue", "FifoTopic"];

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
                let present = self
                    .services
                    .sns()
                    .subscription_arn(topic_arn, protocol, endpoint);
                match present {
                    Some(arn) => self.subscription_attributes(&arn, attributes).await,
                    None => {
                        let input = json!({
                            "TopicArn": topic_arn,
                            "Protocol": protocol,
                            "Endpoint": endpoint,
                            "Attributes": object(attributes),
                        });
                        self.sns("Subscribe", &input, attributes).await.map(drop)
                    }
                }
            }
        }
    }

    async fn queue(
        self,
        name: &str,
        attributes: &[Attribute],
        tags: &[(String, String)],
    ) -> Result<(), InitError> {
        let is_there = self
            .invoke(&sqs::MODEL, "GetQueueUrl", &json!({ "QueueName": name }))
            .await
            .is_ok();
        if is_there {
            self.queue_attributes(name, attributes).await?;
            return self.tag_queue(name, tags).await;
        }
        let tags: Map<String, Value> = pairs(tags).collect();
        let input = json!({ "QueueName": name, "Attributes": object(attributes), "tags": tags });
        self.sqs("CreateQueue", &input, attributes).await.map(drop)
    }

    /// Sets what differs. Whether it does is for the service to say: `CreateQueue` takes a queue that is there if the
    /// attributes of the request are its own.
    async fn queue_attributes(self, name: &str, attributes: &[Attribute]) -> Result<(), InitError> {
        let mut asked = object(attributes);
        if has_suffix(name) {
            asked.insert("FifoQueue".to_owned(), "true".into());
        }
        let input = json!({ "QueueName": name, "Attributes": asked });
        let is_same = self
            .invoke(&sqs::MODEL, "CreateQueue", &input)
            .await
            .is_ok();
        if is_same {
            return Ok(());
        }
        let input = json!({ "QueueUrl": self.queue_url(name), "Attributes": object(attributes) });
        self.sqs("SetQueueAttributes", &input, attributes)
            .await
            .map(drop)
    }

    async fn tag_queue(self, name: &str, tags: &[(String, String)]) -> Result<(), InitError> {
        let tags: Map<String, Value> = pairs(tags).collect();
        if tags.is_empty() {
            return Ok(());
        }
        let input = json!({ "QueueUrl": self.queue_url(name), "Tags": tags });
        self.sqs("TagQueue", &input, &[]).await.map(drop)
    }

    async fn topic(
        self,
        name: &str,
        attributes: &[Attribute],
        tags: &[(String, String)],
    ) -> Result<(), InitError> {
        let Caller {
            account, region, ..
        } = self.caller;
        let arn = format!("arn:{}:sns:{region}:{account}:{name}", region.partition());
        let tags: Vec<Value> = tags
            .iter()
            .map(|(key, value)| json!({ "Key": key, "Value": value }))
            .collect();
        if self.topic_of(&arn).await.is_some() {
            self.topic_attributes(&arn, attributes).await?;
            if tags.is_empty() {
                return Ok(());
            }
            let input = json!({ "ResourceArn": arn, "Tags": tags });
            return self.sns("TagResource", &input, &[]).await.map(drop);
        }
        let mut asked = object(attributes);
        let policy = asked.shift_remove(DATA_PROTECTION_POLICY);
        let input = json!({
            "Name": name,
            "Attributes": asked,
            "Tags": tags,
            "DataProtectionPolicy": policy,
        });
        self.sns("CreateTopic", &input, attributes).await.map(drop)
    }

    async fn topic_of(self, arn: &str) -> Option<Map<String, Value>> {
        let input = json!({ "TopicArn": arn });
        let output = self.invoke(&sns::MODEL, "GetTopicAttributes", &input).await;
        attributes_of(output.ok()?)
    }

    async fn topic_attributes(self, arn: &str, attributes: &[Attribute]) -> Result<(), InitError> {
        let present = self.topic_of(arn).await.unwrap_or_default();
        for attribute in attributes {
            if attribute.name == DATA_PROTECTION_POLICY {
                let input = json!({ "ResourceArn": arn, "DataProtectionPolicy": attribute.value });
                self.set("PutDataProtectionPolicy", &input, attribute)
                    .await?;
            } else if !is_same(&present, attribute) && !is_kind(attribute) {
                let input = json!({
                    "TopicArn": arn,
                    "AttributeName": attribute.name,
                    "AttributeValue": attribute.value,
                });
                self.set("SetTopicAttributes", &input, attribute).await?;
            }
        }
        Ok(())
    }

    async fn subscription_attributes(
        self,
        arn: &str,
        attributes: &[Attribute],
    ) -> Result<(), InitError> {
        let input = json!({ "SubscriptionArn": arn });
        let output = self
            .invoke(&sns::MODEL, "GetSubscriptionAttributes", &input)
            .await;
        let present = output.ok().and_then(attributes_of).unwrap_or_default();
        for attribute in changes(&present, attributes) {
            let input = json!({
                "SubscriptionArn": arn,
                "AttributeName": attribute.name,
                "AttributeValue": attribute.value,
            });
            self.set("SetSubscriptionAttributes", &input, &attribute)
                .await?;
        }
        Ok(())
    }

    async fn sqs(
        self,
        operation: &str,
        input: &Value,
        attributes: &[Attribute],
    ) -> Result<Value, InitError> {
        let output = self.invoke(&sqs::MODEL, operation, input).await;
        output.map_err(|sentence| self.refused(attributes, sentence))
    }

    async fn sns(
        self,
        operation: &str,
        input: &Value,
        attributes: &[Attribute],
    ) -> Result<Value, InitError> {
        let output = self.invoke(&sns::MODEL, operation, input).await;
        output.map_err(|sentence| self.refused(attributes, sentence))
    }

    /// An operation of SNS that is about one attribute.
    async fn set(
        self,
        operation: &str,
        input: &Value,
        attribute: &Attribute,
    ) -> Result<(), InitError> {
        match self.invoke(&sns::MODEL, operation, input).await {
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

    fn queue_url(self, name: &str) -> String {
        let Caller {
            endpoint, account, ..
        } = self.caller;
        format!("{endpoint}/{account}/{name}")
    }

    fn refused(self, attributes: &[Attribute], sentence: String) -> InitError {
        InitError::refused(self.resource, subject(attributes, &sentence), sentence)
    }
}

/// No attribute of AWS's API, but a member of `CreateTopic`; in a plan it stands among the attributes.
const DATA_PROTECTION_POLICY: &str = "DataProtectionPolicy";

/// The attribute that AWS's sentence is about: the first that it names.
fn subject<'a>(attributes: &'a [Attribute], sentence: &str) -> Option<&'a Attribute> {
    let words = sentence.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .into_iter()
        .find_map(|word| attributes.iter().find(|attribute| attribute.name == word))
}

/// What to set of a subscription, in an order in which it can be set.
fn changes(present: &Map<String, Value>, attributes: &[Attribute]) -> Vec<Attribute> {
    let differs = |attribute: &&Attribute| !is_same(present, attribute);
    let mut changes: Vec<_> = attributes.iter().filter(differs).cloned().collect();
    let policy = attributes.iter().find(|one| one.name == "FilterPolicy");
    let scope = changes
        .iter()
        .position(|one| one.name == "FilterPolicyScope");
    // A policy may be good in one scope only, and they are set one after the other: without a policy any scope is.
    if let (Some(policy), Some(scope)) = (policy, scope) {
        let scope = changes.remove(scope);
        changes.retain(|one| one.name != policy.name);
        let removal = Attribute {
            value: String::new(),
            ..policy.clone()
        };
        changes.extend([removal, scope, policy.clone()]);
    }
    changes
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

fn is_kind(attribute: &Attribute) -> bool {
    KINDS.contains(&attribute.name.as_str())
}

/// AWS's suffix of everything that keeps order.
fn has_suffix(name: &str) -> bool {
    name.strip_suffix(".fifo").is_some()
}

fn object(attributes: &[Attribute]) -> Map<String, Value> {
    let pair = |attribute: &Attribute| (attribute.name.clone(), attribute.value.clone().into());
    attributes.iter().map(pair).collect()
}

fn pairs(tags: &[(String, String)]) -> impl Iterator<Item = (String, Value)> {
    tags.iter()
        .map(|(key, value)| (key.clone(), value.clone().into()))
}

/// The member `Attributes` of an answer.
fn attributes_of(mut output: Value) -> Option<Map<String, Value>> {
    match output["Attributes"].take() {
        Value::Object(attributes) => Some(attributes),
        _ => None,
    }
}
