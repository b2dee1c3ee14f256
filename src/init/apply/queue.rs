//! Queues: created, or updated.

use serde_json::{Map, Value, json};

use super::{Making, SQS, object};
use crate::aws::is_fifo_name;
use crate::init::error::InitError;
use crate::init::invoke::Invoke;
use crate::init::plan::Attribute;

impl<S: Invoke> Making<'_, S> {
    pub(super) async fn queue(
        &self,
        name: &str,
        attributes: &[Attribute],
        tags: &[(String, String)],
    ) -> Result<(), InitError> {
        if self.has_queue(name).await {
            self.queue_attributes(name, attributes).await?;
            return self.tag_queue(name, tags).await;
        }
        let tags: Map<String, Value> = object_of(tags);
        let input = json!({ "QueueName": name, "Attributes": object(attributes), "tags": tags });
        self.call(SQS, "CreateQueue", &input, attributes)
            .await
            .map(drop)
    }

    /// Sets the attributes that differ.
    pub(super) async fn queue_attributes(
        &self,
        name: &str,
        attributes: &[Attribute],
    ) -> Result<(), InitError> {
        if self.has_queue(name).await && self.is_as_asked(name, attributes).await {
            return Ok(());
        }
        let input =
            json!({ "QueueUrl": self.context.queue_url(name), "Attributes": object(attributes) });
        self.call(SQS, "SetQueueAttributes", &input, attributes)
            .await
            .map(drop)
    }

    /// Whether an existing queue has these attributes. The service decides: `CreateQueue` finds a queue if the
    /// request's attributes equal its own.
    async fn is_as_asked(&self, name: &str, attributes: &[Attribute]) -> bool {
        let mut asked = object(attributes);
        if is_fifo_name(name) {
            asked.insert("FifoQueue".to_owned(), "true".into());
        }
        let input = json!({ "QueueName": name, "Attributes": asked });
        let found = self.invoke(SQS, "CreateQueue", &input).await;
        found.is_ok()
    }

    async fn has_queue(&self, name: &str) -> bool {
        let input = json!({ "QueueName": name });
        let found = self.invoke(SQS, "GetQueueUrl", &input).await;
        found.is_ok()
    }

    async fn tag_queue(&self, name: &str, tags: &[(String, String)]) -> Result<(), InitError> {
        let tags: Map<String, Value> = object_of(tags);
        if tags.is_empty() {
            return Ok(());
        }
        let input = json!({ "QueueUrl": self.context.queue_url(name), "Tags": tags });
        self.call(SQS, "TagQueue", &input, &[]).await.map(drop)
    }
}

fn object_of(tags: &[(String, String)]) -> Map<String, Value> {
    let pairs = tags.iter();
    pairs
        .map(|(key, value)| (key.clone(), value.clone().into()))
        .collect()
}
