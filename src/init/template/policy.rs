//! Policies: `AWS::SQS::QueuePolicy`, `AWS::SNS::TopicPolicy`, the two inline ones, `AWS::Events::EventBusPolicy` and
//! `AWS::EventSchemas::RegistryPolicy`.

use super::error::Fault;
use super::evaluate::Evaluator;
use super::properties::{Form, Properties, Schema, form, wants};
use super::source::Template;
use super::types;
use super::types::members::{Members, Shape, member};
use crate::document::{Key, Node, Value, to_json};
use crate::init::plan::{Attribute, Wanted};

pub(super) fn of_queues(
    evaluator: &Evaluator<'_, '_>,
    mut properties: Properties,
) -> Result<Vec<(usize, Wanted)>, Fault> {
    let policy = policy(&mut properties)?;
    let line = properties.line();
    properties.check_present("Queues")?;
    properties.each("Queues", |node| {
        Ok((line, queue_attributes(evaluator.template, &node, &policy)?))
    })
}

pub(super) fn of_queue(
    evaluator: &Evaluator<'_, '_>,
    mut properties: Properties,
) -> Result<Vec<(usize, Wanted)>, Fault> {
    let policy = policy(&mut properties)?;
    let queue = properties.required("Queue")?;
    let wanted = queue_attributes(evaluator.template, &queue, &policy)
        .map_err(|fault| fault.within("Queue"))?;
    Ok(vec![(properties.line(), wanted)])
}

pub(super) fn of_topics(mut properties: Properties) -> Result<Vec<(usize, Wanted)>, Fault> {
    let policy = policy(&mut properties)?;
    let line = properties.line();
    properties.check_present("Topics")?;
    properties.each("Topics", |node| {
        Ok((line, topic_attributes(form(&node, Form::Text)?, &policy)))
    })
}

pub(super) fn of_topic(mut properties: Properties) -> Result<Vec<(usize, Wanted)>, Fault> {
    let policy = policy(&mut properties)?;
    let arn = properties.text("TopicArn")?;
    Ok(vec![(properties.line(), topic_attributes(arn, &policy))])
}

/// The properties of a bus's policy: a statement, or the parts of one.
pub(super) const OF_BUS: Schema<'static> = Schema::of(&[
    "EventBusName",
    "StatementId",
    "Statement",
    "Action",
    "Principal",
    "Condition",
]);

pub(super) fn of_bus(mut properties: Properties) -> Result<Vec<(usize, Wanted)>, Fault> {
    let line = properties.line();
    let id = properties.text("StatementId")?;
    let Some(statement) = properties.take("Statement") else {
        let mut members = Members::default();
        members.text("StatementId", &id);
        for (name, shape) in [
            ("EventBusName", Shape::Text),
            ("Action", Shape::Text),
            ("Principal", Shape::Text),
            ("Condition", Shape::Structure),
        ] {
            if let Some(node) = properties.take(name) {
                let member = member(node, shape).map_err(|fault| fault.within(name))?;
                members.put(name, member);
            }
        }
        let call = types::plain("events", "PutPermission", &members);
        return Ok(vec![(line, Wanted::Call(Box::new(call)))]);
    };
    let bus = properties.take("EventBusName");
    let bus = bus.map(|node| form(&node, Form::Text)).transpose()?;
    let mut statement = in_texts(statement);
    let Value::Map(entries) = &mut statement.value else {
        return Err(wants(&statement, "a mapping").within("Statement"));
    };
    let sid = Key {
        line,
        text: "Sid".to_owned(),
    };
    entries.retain(|(key, _)| key.text != sid.text);
    let id = Node {
        line,
        value: Value::Text(id),
    };
    entries.insert(0, (sid, id));
    let wanted = Wanted::BusStatement {
        bus: bus.unwrap_or_else(|| "default".to_owned()),
        statement: to_json(&statement),
    };
    Ok(vec![(line, wanted)])
}

/// The properties of a registry's policy.
pub(in crate::init) const OF_REGISTRY: Schema<'static> =
    Schema::of(&["Policy", "RegistryName", "RevisionId"]);

pub(in crate::init) fn of_registry(
    mut properties: Properties,
) -> Result<Vec<(usize, Wanted)>, Fault> {
    let mut members = Members::default();
    members.text("RegistryName", &properties.text("RegistryName")?);
    let policy = in_texts(properties.required("Policy")?);
    let policy = form(&policy, Form::Json).map_err(|fault| fault.within("Policy"))?;
    members.text("Policy", &policy);
    if let Some(revision) = properties.take("RevisionId") {
        let revision = form(&revision, Form::Text).map_err(|fault| fault.within("RevisionId"))?;
        members.text("RevisionId", &revision);
    }
    let call = types::plain("schemas", "PutResourcePolicy", &members);
    Ok(vec![(properties.line(), Wanted::Call(Box::new(call)))])
}

fn policy(properties: &mut Properties) -> Result<Attribute, Fault> {
    let node = properties.required("PolicyDocument")?;
    let node = in_texts(node);
    let value = form(&node, Form::Json).map_err(|fault| fault.within("PolicyDocument"))?;
    Ok(Attribute {
        name: "Policy".to_owned(),
        value,
        line: node.line,
    })
}

/// In policies all scalars are texts: an account may be written as a number.
fn in_texts(mut node: Node) -> Node {
    node.value = match node.value {
        Value::Number(text) => Value::Text(text),
        Value::Bool(is_true) => Value::Text(is_true.to_string()),
        Value::List(items) => Value::List(items.into_iter().map(in_texts).collect()),
        Value::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, node)| (key, in_texts(node)))
                .collect(),
        ),
        other => other,
    };
    node
}

fn queue_attributes(
    template: &Template<'_>,
    queue: &Node,
    policy: &Attribute,
) -> Result<Wanted, Fault> {
    let url = form(queue, Form::Text)?;
    // Any host will do; the account must be this one, since other accounts' queues cannot be changed.
    let name = url.rsplit_once('/').filter(|(before, name)| {
        url.contains("://")
            && before.ends_with(&format!("/{}", template.context.home.account))
            && !name.is_empty()
    });
    let Some((_, name)) = name else {
        return Err(wants(queue, "the URL of a queue of this account"));
    };
    Ok(Wanted::QueueAttributes {
        name: name.to_owned(),
        attributes: vec![policy.clone()],
    })
}

fn topic_attributes(arn: String, policy: &Attribute) -> Wanted {
    Wanted::TopicAttributes {
        arn,
        attributes: vec![policy.clone()],
    }
}
