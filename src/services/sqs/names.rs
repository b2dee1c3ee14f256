//! The names of SQS's members in forms and XML.
//!
//! SQS flattens every list and map. Lists have the singular of their name, batches the name of their entries' type;
//! the same member has the same name in every structure, except for the results of batches.

use crate::wire::names::{MemberName, Shape};
use crate::wire::query_json;

/// A list: `TagKey.1=…`.
const LIST: Shape = Shape::FLATTENED;

/// A map of attributes: `Attribute.1.Name=…&Attribute.1.Value=…`.
const ATTRIBUTES: Shape = Shape::FLATTENED.with_words("Name", "Value");

/// The same, where an empty map is refused: `Attribute=`.
const SET_ATTRIBUTES: Shape = ATTRIBUTES.refusing_empty();

/// A map of tags: `Tag.1.Key=…&Tag.1.Value=…`.
const TAGS: Shape = Shape::FLATTENED.with_words("Key", "Value");

/// The names of the model that SQS had for Query, where its JSON for Query clients still has them.
pub const JSON: query_json::Style = query_json::Style {
    renamed: &[("Messages", "messages"), ("QueueUrls", "queueUrls")],
    former: &[("ListQueuesOutput", &["NextExclusiveStartQueueName"])],
};

/// SQS's [`Names`](crate::wire::names::Names).
pub fn names(structure: &str, member: &'static str) -> MemberName {
    match member {
        "Attributes" if structure == "SetQueueAttributesInput" => {
            MemberName::new("Attribute", &SET_ATTRIBUTES)
        }
        "Attributes" => MemberName::new("Attribute", &ATTRIBUTES),
        "MessageAttributes" => MemberName::new("MessageAttribute", &ATTRIBUTES),
        "MessageSystemAttributes" => MemberName::new("MessageSystemAttribute", &ATTRIBUTES),
        // The service's former model for Query does not rename TagQueue's: clients made from it write `Tags.1.Key`.
        "Tags" => MemberName {
            also: Some("Tags"),
            ..MemberName::new("Tag", &TAGS)
        },
        "tags" => MemberName::new("Tag", &TAGS),

        "AWSAccountIds" => MemberName::new("AWSAccountId", &LIST),
        "Actions" => MemberName::new("ActionName", &LIST),
        "AttributeNames" => MemberName::new("AttributeName", &LIST),
        "BinaryListValues" => MemberName::new("BinaryListValue", &LIST),
        "MessageAttributeNames" => MemberName::new("MessageAttributeName", &LIST),
        // Forms have one list for both of ReceiveMessage's; some clients write the newer one by its own name.
        "MessageSystemAttributeNames" => MemberName {
            also: Some("MessageSystemAttributeName"),
            ..MemberName::new("AttributeName", &LIST)
        },
        "Messages" => MemberName::new("Message", &LIST),
        "QueueUrls" | "queueUrls" => MemberName::new("QueueUrl", &LIST),
        "Results" => MemberName::new("ListMessageMoveTasksResultEntry", &LIST),
        "StringListValues" => MemberName::new("StringListValue", &LIST),
        // Older SDKs write an empty list by the member's own name.
        "TagKeys" => MemberName {
            also: Some("TagKeys"),
            ..MemberName::new("TagKey", &LIST)
        },

        "Entries" => MemberName::new(request_entry(structure), &LIST),
        "Successful" => MemberName::new(result_entry(structure), &LIST),
        "Failed" => MemberName::new("BatchResultErrorEntry", &LIST),

        _ => MemberName::new(member, &LIST),
    }
}

fn request_entry(structure: &str) -> &'static str {
    match structure {
        "SendMessageBatchInput" => "SendMessageBatchRequestEntry",
        "DeleteMessageBatchInput" => "DeleteMessageBatchRequestEntry",
        "ChangeMessageVisibilityBatchInput" => "ChangeMessageVisibilityBatchRequestEntry",
        _ => "Entry",
    }
}

fn result_entry(structure: &str) -> &'static str {
    match structure {
        "SendMessageBatchOutput" => "SendMessageBatchResultEntry",
        "DeleteMessageBatchOutput" => "DeleteMessageBatchResultEntry",
        "ChangeMessageVisibilityBatchOutput" => "ChangeMessageVisibilityBatchResultEntry",
        _ => "Successful",
    }
}
