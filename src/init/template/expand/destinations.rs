//! Destinations of a function's asynchronous calls: a queue or a topic is generated where `EventInvokeConfig` names none.

use super::serverless::{At, Generated, Owner, text};
use crate::document::{Node, Value};

pub(super) fn expand(owner: &Owner<'_>, root: &Node, generated: &mut Generated) {
    let config = owner.property("EventInvokeConfig").or_else(|| {
        root.get("Globals")?
            .get("Function")?
            .get("EventInvokeConfig")
    });
    let destinations = config.and_then(|config| config.get("DestinationConfig"));
    for outcome in ["OnSuccess", "OnFailure"] {
        let destination = destinations.and_then(|all| all.get(outcome));
        let kind = destination.and_then(|one| text(one.get("Type")?));
        let (Some(destination), Some(kind)) = (destination, kind) else {
            continue;
        };
        let (type_name, word) = match kind {
            "SQS" => ("AWS::SQS::Queue", "Queue"),
            "SNS" => ("AWS::SNS::Topic", "Topic"),
            _ => continue,
        };
        let id = format!("{}EventInvokeConfig{outcome}{word}", owner.id);
        let line = destination.line;
        let condition = match destination.get("Destination") {
            None => owner.condition().map(str::to_owned),
            Some(node) => match lacking(node, line) {
                None => continue,
                Some(lacking) => Some(condition_of(owner, &id, line, lacking, generated)),
            },
        };
        let condition = condition.as_deref();
        generated.resource(id.clone(), line, type_name, condition, Vec::new());
        generated.alias(format!("{}.Destination{word}", owner.id), &id);
    }
}

/// The condition under which `{Fn::If: [name, a, b]}` names no destination, which is one of its branches.
fn lacking(node: &Node, line: usize) -> Option<Node> {
    let at = At(line);
    let Value::List(items) = &node.get("Fn::If")?.value else {
        return None;
    };
    let [name, then, otherwise] = items.as_slice() else {
        return None;
    };
    let is_none = |node: &Node| node.get("Ref").and_then(text) == Some("AWS::NoValue");
    let holds = at.map(vec![("Condition", name.clone())]);
    match (is_none(then), is_none(otherwise)) {
        (true, _) => Some(holds),
        (_, true) => Some(at.map(vec![("Fn::Not", at.list(vec![holds]))])),
        _ => None,
    }
}

/// The name of the condition of a generated resource: there is no destination, and the function exists.
fn condition_of(
    owner: &Owner<'_>,
    id: &str,
    line: usize,
    lacking: Node,
    generated: &mut Generated,
) -> String {
    let at = At(line);
    let name = format!("{id}Condition");
    let condition = match owner.condition() {
        None => lacking,
        Some(exists) => {
            let exists = at.map(vec![("Condition", at.text(exists))]);
            at.map(vec![("Fn::And", at.list(vec![exists, lacking]))])
        }
    };
    generated.condition(name.clone(), line, condition);
    name
}
