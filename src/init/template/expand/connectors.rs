//! Connectors: the policy by which a topic or a rule may write to a queue or a topic. What connectors allow functions and
//! others is their roles' matter, and topiq has no roles.

use super::serverless::{Allowed, At, Generated, Owner, Resources, text};
use crate::document::{Node, Value};

/// A resource `AWS::Serverless::Connector`.
pub(super) fn expand(owner: &Owner<'_>, resources: &Resources<'_>, generated: &mut Generated) {
    let (Some(source), Some(destination)) =
        (owner.property("Source"), owner.property("Destination"))
    else {
        return;
    };
    if !writes(owner.property("Permissions")) {
        return;
    }
    if let Some(source) = End::of(source, resources, owner.line) {
        let condition = owner.condition();
        connect(
            owner.id,
            condition,
            &source,
            destination,
            resources,
            generated,
        );
    }
}

/// The attribute `Connectors` of a resource, which is their source.
pub(super) fn expand_embedded(
    owner: &Owner<'_>,
    resources: &Resources<'_>,
    generated: &mut Generated,
) {
    let connectors = owner.node.get("Connectors").map(Node::entries);
    for (key, connector) in connectors.unwrap_or_default() {
        let property = |name: &str| connector.get("Properties")?.get(name);
        let Some(destination) = property("Destination") else {
            continue;
        };
        let source = End::declared(owner.id, resources, key.line);
        if let Some(source) = source
            && writes(property("Permissions"))
        {
            let id = format!("{}{}", owner.id, key.text);
            let condition = owner.condition();
            connect(&id, condition, &source, destination, resources, generated);
        }
    }
}

fn writes(permissions: Option<&Node>) -> bool {
    match permissions.map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().any(|item| text(item) == Some("Write")),
        _ => false,
    }
}

/// One end of a connector.
struct End {
    type_name: String,
    arn: Node,
    /// The value of `Ref`: a queue's URL, a topic's ARN.
    reference: Node,
}

impl End {
    /// `{Id: Orders}`, or a type with the values that a policy needs.
    fn of(node: &Node, resources: &Resources<'_>, line: usize) -> Option<Self> {
        if let Some(id) = node.get("Id").and_then(text) {
            return Self::declared(id, resources, line);
        }
        let arn = node.get("Arn")?;
        Some(Self {
            type_name: text(node.get("Type")?)?.to_owned(),
            arn: arn.clone(),
            reference: node.get("QueueUrl").unwrap_or(arn).clone(),
        })
    }

    fn declared(id: &str, resources: &Resources<'_>, line: usize) -> Option<Self> {
        let at = At(line);
        let type_name = text(resources.get(id)?.get("Type")?)?.to_owned();
        let arn = match type_name.as_str() {
            "AWS::SNS::Topic" => at.reference(id),
            _ => at.arn(id),
        };
        Some(Self {
            type_name,
            arn,
            reference: at.reference(id),
        })
    }
}

fn connect(
    id: &str,
    condition: Option<&str>,
    source: &End,
    destination: &Node,
    resources: &Resources<'_>,
    generated: &mut Generated,
) {
    let (ends, is_list) = match &destination.value {
        Value::List(items) => (items.as_slice(), true),
        _ => (std::slice::from_ref(destination), false),
    };
    let principal = match source.type_name.as_str() {
        "AWS::SNS::Topic" => "sns.amazonaws.com",
        "AWS::Events::Rule" => "events.amazonaws.com",
        _ => return,
    };
    for (index, end) in ends.iter().enumerate() {
        let line = end.line;
        let at = At(line);
        let Some(end) = End::of(end, resources, line) else {
            continue;
        };
        let (kind, action, named) = match end.type_name.as_str() {
            "AWS::SQS::Queue" => ("QueuePolicy", "sqs:SendMessage", "Queues"),
            // A topic does not publish to topics.
            "AWS::SNS::Topic" if principal != "sns.amazonaws.com" => {
                ("TopicPolicy", "sns:Publish", "Topics")
            }
            _ => continue,
        };
        let place = if is_list {
            format!("WithDestination{}", index + 1)
        } else {
            String::new()
        };
        let allowed = Allowed {
            action,
            principal: at.service(principal),
            resource: end.arn,
            source: source.arn.clone(),
        };
        let properties = vec![
            (named, at.list(vec![end.reference])),
            ("PolicyDocument", at.policy(allowed)),
        ];
        let (service, id) = (
            if kind == "QueuePolicy" { "SQS" } else { "SNS" },
            format!("{id}{place}{kind}"),
        );
        let type_name = format!("AWS::{service}::{kind}");
        generated.resource(id, line, &type_name, condition, properties);
    }
}
