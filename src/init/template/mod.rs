//! CloudFormation templates: a template's queues, topics and subscriptions become a [`Plan`].
//!
//! Pure: no file, no environment. In reading order: `source` is the template and the context of its functions;
//! `parameters`, `conditions` and `resources` read its sections; `evaluate` resolves a value, with `intrinsics`,
//! `substitute` and `references` for the functions; `names` generates missing names, `unserved` the values of resources
//! that topiq does not serve, `exports` lists the exports for other templates; `properties` turns values into
//! attributes, and `queue`, `topic`, `subscription` and `policy` into resources to make; `order` puts resources before
//! those that refer to them.

mod conditions;
mod error;
mod evaluate;
mod exports;
mod intrinsics;
mod names;
mod order;
mod parameters;
mod policy;
mod properties;
mod queue;
mod references;
mod resources;
mod source;
mod subscription;
mod substitute;
#[cfg(test)]
mod tests;
mod topic;
mod unserved;

use std::cell::RefCell;
use std::collections::BTreeSet;

pub use error::TemplateError;
pub use exports::exports;

use super::plan::{Context, Plan, Resource, Wanted};
use crate::document::Node;
use error::Fault;
use evaluate::Evaluator;
use properties::{Properties, Schema};
use resources::Kind;
use source::Template;

/// Whether the document is a template, rather than a file of topiq's own format.
pub fn is_template(root: &Node) -> bool {
    let has_typed = |resources: &Node| {
        let mut resources = resources.entries().iter();
        resources.any(|(_, resource)| resource.get("Type").is_some())
    };
    root.get("AWSTemplateFormatVersion").is_some() || root.get("Resources").is_some_and(has_typed)
}

/// The names of the parameters that the template has.
pub fn parameters(root: &Node) -> Vec<&str> {
    let section = root.get("Parameters").map(Node::entries);
    let declared = section.unwrap_or_default().iter();
    declared.map(|(key, _)| key.text.as_str()).collect()
}

/// The resources to create for the template. `file` is its name for errors, `stack_name` the start of generated names.
pub fn plan(
    file: &str,
    root: &Node,
    context: &Context,
    stack_name: &str,
) -> Result<Plan, TemplateError> {
    plan_or_fault(file, root, context, stack_name).map_err(|fault| TemplateError::new(file, fault))
}

fn plan_or_fault(
    file: &str,
    root: &Node,
    context: &Context,
    stack_name: &str,
) -> Result<Plan, Fault> {
    let template = Template::read(root, context, stack_name)?;
    let mut warnings = template.parameters.warnings(file);
    warnings.extend(
        template
            .unserved()?
            .into_iter()
            .map(|warning| format!("{file}: {warning}")),
    );
    let resources = order::sorted(planned(&template, file)?, &template)?;
    Ok(Plan {
        resources,
        warnings,
    })
}

/// The resources to create for one of the template, and those that it refers to.
struct Planned {
    index: usize,
    after: BTreeSet<usize>,
    resources: Vec<Resource>,
}

fn planned(template: &Template<'_>, file: &str) -> Result<Vec<Planned>, Fault> {
    let file: std::sync::Arc<str> = file.into();
    let mut planned = Vec::new();
    for (index, declared) in template.resources.iter().enumerate() {
        if declared.kind == Kind::Other || template.is_dropped(index)? {
            continue;
        }
        let subject = declared.subject();
        let references = RefCell::new(BTreeSet::new());
        let evaluator = Evaluator::of_resource(template, &references);
        let wanted = wanted(&evaluator, index).map_err(|fault| fault.of(&subject))?;
        let mut after = references.into_inner();
        after.extend(
            template
                .depends_on(index)
                .map_err(|fault| fault.of(&subject))?,
        );
        let resource = |(line, wanted)| Resource {
            file: file.clone(),
            line,
            name: declared.id.to_owned(),
            wanted,
        };
        let resources = wanted.into_iter().map(resource).collect();
        planned.push(Planned {
            index,
            after,
            resources,
        });
    }
    Ok(planned)
}

/// The resources to create for one of the template, each with its line.
fn wanted(evaluator: &Evaluator<'_, '_>, index: usize) -> Result<Vec<(usize, Wanted)>, Fault> {
    let declared = &evaluator.template.resources[index];
    let read = |schema: Schema| Properties::read(evaluator, declared, schema);
    match declared.kind {
        Kind::Queue => queue::wanted(evaluator, index, read(queue::SCHEMA)?),
        Kind::Topic => topic::wanted(evaluator, index, read(topic::SCHEMA)?),
        Kind::Subscription => subscription::wanted(read(subscription::SCHEMA)?),
        Kind::QueuePolicy => {
            policy::of_queues(evaluator, read(Schema::of(&["PolicyDocument", "Queues"]))?)
        }
        Kind::QueueInlinePolicy => {
            policy::of_queue(evaluator, read(Schema::of(&["PolicyDocument", "Queue"]))?)
        }
        Kind::TopicPolicy => policy::of_topics(read(Schema::of(&["PolicyDocument", "Topics"]))?),
        Kind::TopicInlinePolicy => {
            policy::of_topic(read(Schema::of(&["PolicyDocument", "TopicArn"]))?)
        }
        Kind::Other => Ok(Vec::new()),
    }
}
