//! Topics: made, or told what is new.

use serde_json::{Map, Value, json};

use super::{Making, attributes_of, is_same, object};
use crate::aws::Caller;
use crate::init::attributes::DATA_PROTECTION_POLICY;
use crate::init::error::InitError;
use crate::init::plan::Attribute;
use crate::services::sns::{Sns, topics::TopicName};
use crate::wire::Speaks;

/// What a topic is from the start, and cannot become.
const KIND: &str = "FifoTopic";

impl Making<'_> {
    pub(super) async fn topic(
        self,
        name: &str,
        attributes: &[Attribute],
        tags: &[(String, String)],
    ) -> Result<(), InitError> {
        let Caller {
            account, region, ..
        } = self.caller;
        let arn = TopicName {
            account,
            region,
            name: name.into(),
        }
        .arn();
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
        let output = self.invoke(Sns::MODEL, "GetTopicAttributes", &input).await;
        attributes_of(output.ok()?)
    }

    pub(super) async fn topic_attributes(
        self,
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
