//! Queues: made, or told what is new.

use serde_json::{Map, Value, json};

use super::{Making, object};
use crate::aws::{Caller, is_fifo_name};
use crate::init::error::InitError;
use crate::init::plan::Attribute;
use crate::services::sqs::{Sqs, hosted_queue::QueueName};
use crate::wire::Speaks;

impl Making<'_> {
    pub(super) async fn queue(
        self,
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
        self.sqs("CreateQueue", &input, attributes).await.map(drop)
    }

    /// Sets what differs.
    pub(super) async fn queue_attributes(
        self,
        name: &str,
        attributes: &[Attribute],
    ) -> Result<(), InitError> {
        if self.has_queue(name).await && self.is_as_asked(name, attributes).await {
            return Ok(());
        }
        let input = json!({ "QueueUrl": self.queue_url(name), "Attributes": object(attributes) });
        self.sqs("SetQueueAttributes", &input, attributes)
            .await
            .map(drop)
    }

    /// Whether a queue that is there has these attributes. That is for the service to say: `CreateQueue` finds a queue if
    /// the attributes of the request are its own.
    async fn is_as_asked(self, name: &str, attributes: &[Attribute]) -> bool {
        let mut asked = object(attributes);
        if is_fifo_name(name) {
            asked.insert("FifoQueue".to_owned(), "true".into());
        }
        let input = json!({ "QueueName": name, "Attributes": asked });
        let found = self.invoke(Sqs::MODEL, "CreateQueue", &input).await;
        found.is_ok()
    }

    async fn has_queue(self, name: &str) -> bool {
        let input = json!({ "QueueName": name });
        let found = self.invoke(Sqs::MODEL, "GetQueueUrl", &input).await;
        found.is_ok()
    }

    async fn tag_queue(self, name: &str, tags: &[(String, String)]) -> Result<(), InitError> {
        let tags: Map<String, Value> = object_of(tags);
        if tags.is_empty() {
            return Ok(());
        }
        let input = json!({ "QueueUrl": self.queue_url(name), "Tags": tags });
        self.sqs("TagQueue", &input, &[]).await.map(drop)
    }

    fn queue_url(self, name: &str) -> String {
        let Caller {
            endpoint,
            account,
            region,
            ..
        } = self.caller;
        let name = QueueName {
            account,
            region,
            name: name.into(),
        };
        name.url(endpoint)
    }
}

fn object_of(tags: &[(String, String)]) -> Map<String, Value> {
    let pairs = tags.iter();
    pairs
        .map(|(key, value)| (key.clone(), value.clone().into()))
        .collect()
}
