//! Templates and their plans: a line for each resource to create.

mod bounds;
mod conditions;
mod exports;
mod fixtures;
mod for_each;
mod functions;
mod nested;
mod order;
mod parameters;
mod refusals;
mod resources;
mod rules;
mod serverless;
mod types;
mod unserved;

use std::fmt::Write as _;

use super::*;
use crate::aws::{AccountId, Home, Region};
use crate::document;
use crate::init::plan::Attribute;

fn context(parameters: &[(&str, &str)]) -> Context {
    let given = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Context {
        home: Home {
            account: AccountId::parse("000000000000").unwrap(),
            region: Region::parse("eu-west-1").unwrap(),
        },
        endpoint: "http://localhost:4566".to_owned(),
        parameters: parameters.iter().map(given).collect(),
        ..Context::default()
    }
}

/// The plan, or the first error.
fn plan_with(text: &str, parameters: &[(&str, &str)]) -> Result<Plan, TemplateError> {
    let planned = plan_or_errors(text, &context(parameters));
    planned.map_err(|mut errors| errors.remove(0))
}

fn plan_or_errors(text: &str, context: &Context) -> Result<Plan, Vec<TemplateError>> {
    let root = document::read(text).unwrap();
    plan(&shop(&root), context)
}

/// All errors, a line each.
fn refusals(text: &str, parameters: &[(&str, &str)]) -> Vec<String> {
    let errors = plan_or_errors(text, &context(parameters)).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

fn shop(root: &Node) -> Stack<'_> {
    Stack {
        file: "infra.yaml",
        root,
        name: "shop",
    }
}

/// The name that is generated for a resource of this id, without `.fifo`.
fn made(id: &str) -> String {
    names::made("shop", id, "", names::QUEUE_NAME_LENGTH)
}

/// The plan of the template: a line per resource or attribute.
fn lines(text: &str) -> String {
    shown(&plan_with(text, &[]).unwrap())
}

/// The template's error.
fn refusal(text: &str) -> String {
    plan_with(text, &[]).unwrap_err().to_string()
}

fn shown(plan: &Plan) -> String {
    let mut shown = String::new();
    for resource in &plan.resources {
        let (head, attributes, tags) = parts(&resource.wanted);
        shown.push_str(&head);
        for attribute in attributes {
            let _ = write!(shown, " {}={}", attribute.name, attribute.value);
        }
        for (key, value) in tags {
            let _ = write!(shown, " #{key}={value}");
        }
        shown.push('\n');
    }
    shown
}

fn parts(wanted: &Wanted) -> (String, &[Attribute], &[(String, String)]) {
    match wanted {
        Wanted::Queue {
            name,
            attributes,
            tags,
        } => (format!("queue {name}"), attributes, tags),
        Wanted::QueueAttributes { name, attributes } => {
            (format!("attributes of queue {name}"), attributes, &[])
        }
        Wanted::Topic {
            name,
            attributes,
            tags,
        } => (format!("topic {name}"), attributes, tags),
        Wanted::TopicAttributes { arn, attributes } => {
            (format!("attributes of topic {arn}"), attributes, &[])
        }
        Wanted::Subscription {
            topic_arn,
            protocol,
            endpoint,
            attributes,
        } => {
            let head = format!("subscription {topic_arn} {protocol} {endpoint}");
            (head, attributes, &[])
        }
        Wanted::Call(call) => {
            let told: Vec<&str> = call.told.iter().map(|(_, told)| told.as_str()).collect();
            let head = format!("{} {} {told:?}", call.make.action, call.make.input);
            (head, &[], &[])
        }
        Wanted::BusStatement { bus, statement } => {
            (format!("statement of {bus} {statement}"), &[], &[])
        }
    }
}

/// The result of a value in a queue's `KmsMasterKeyId`, which takes any text. `rest` is the rest of the template.
fn value(value: &str, rest: &str) -> String {
    let text = with_value(value, rest);
    let plan = plan_with(&text, &[]).unwrap();
    plan.resources
        .iter()
        .find_map(|resource| match &resource.wanted {
            Wanted::Queue {
                name, attributes, ..
            } if name == "asked" => Some(
                attributes
                    .first()
                    .map_or("absent".to_owned(), |attribute| attribute.value.clone()),
            ),
            _ => None,
        })
        .unwrap()
}

/// Why a value in a queue's `KmsMasterKeyId` is refused.
fn value_refusal(value: &str, rest: &str) -> String {
    let refusal = refusal(&with_value(value, rest));
    let start = "infra.yaml:4: resource Asked, property KmsMasterKeyId: ";
    refusal
        .strip_prefix(start)
        .map_or(refusal.clone(), str::to_owned)
}

/// `rest` has further resources first, then other sections.
fn with_value(value: &str, rest: &str) -> String {
    format!(
        "Resources:\n  Asked:\n    Type: AWS::SQS::Queue\n    Properties: {{QueueName: asked, KmsMasterKeyId: {value}}}\n{rest}"
    )
}
