//! Topics: created, or updated.

use serde_json::{Map, Value, json};

use super::{Making, SNS, attributes_of, is_same, object};
use crate::init::error::InitError;
use crate::init::invoke::Invoke;
use crate::init::plan::Attribute;
use crate::services::sns::inspect::DATA_PROTECTION_POLICY;

/// An attribute that only `CreateTopic` takes: a topic cannot become FIFO later.
const KIND: &str = "FifoTopic";

impl<S: Invoke> Making<'_, S> {
    pub(super) async fn topic(
        &self,
        name: &str,
        attributes: &[Attribute],
        tags: &[(String, String)],
    ) -> Result<(), InitError> {
        let arn = self.context.arn("sns", name);
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
            return self.call(SNS, "TagResource", &input, &[]).await.map(drop);
        }
        let mut asked = object(attributes);
        let policy = asked.shift_remove(DATA_PROTECTION_POLICY);
        let input = json!({
            "Name": name,
            "Attributes": asked,
            "Tags": tags,
            "DataProtectionPolicy": policy,
        });
        self.call(SNS, "CreateTopic", &input, attributes)
            .await
            .map(drop)
    }

    pub(super) async fn topic_of(&self, arn: &str) -> Option<Map<String, Value>> {
        let input = json!({ "TopicArn": arn });
        let output = self.invoke(SNS, "GetTopicAttributes", &input).await;
        attributes_of(output.ok()?)
    }

    pub(super) async fn topic_attributes(
        &self,
        arn: &str,
        attributes: &[Attribute],
    ) -> Result<(), InitError> {
        let present = self.topic_of(arn).await.unwrap_or_default();
        for attribute in attributes {
            if attribute.name == DATA_PROTECTION_POLICY {
                let input = json!({ "ResourceArn": arn, "DataProtectionPolicy": attribute.value });
                self.set("PutDataProtectionPolicy", &input, attribute)
                    .await?;
            } else if !is_same(&present, attribute) && attribute.name != KIND {
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
}
