//! CloudFormation templates: a template's queues, topics and subscriptions become a [`Plan`].
//!
//! Pure: no file, no environment. In reading order: [`Stack`] is a template to plan; `expand` applies its transforms;
//! `source` is the result and the context of its functions; `parameters`, `conditions`, `rules` and `resources` read its
//! sections; `evaluate` resolves a value, with `intrinsics`, `substitute`, `references` and `dynamic` for the functions;
//! `names` generates missing names, `unserved` the values of resources that topiq does not serve, `nested` plans nested
//! stacks, `exports` lists the outputs for other templates; `properties` turns values into attributes, and `queue`,
//! `topic`, `subscription`, `policy` and `types` into resources to make; `order` puts resources before those that refer to them.

mod conditions;
mod dynamic;
pub(super) mod error;
mod evaluate;
mod expand;
mod exports;
mod intrinsics;
pub(super) mod names;
mod nested;
mod order;
mod parameters;
pub(super) mod policy;
pub(super) mod properties;
mod queue;
mod references;
mod resources;
mod rules;
mod source;
mod subscription;
mod substitute;
#[cfg(test)]
mod tests;
mod topic;
pub(super) mod types;
mod unserved;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashSet};

pub use dynamic::PREFIX as DYNAMIC_REFERENCE;
pub use error::TemplateError;
pub use exports::exports;
pub use resources::NESTED_STACKS;

use super::plan::{Context, Plan, Resource, Wanted};
use crate::document::Node;
use error::{Fault, Faults};
use evaluate::{Evaluator, Need};
use properties::{Properties, Schema};
use resources::{Declared, Kind};
use source::Template;

/// A template, and what it is deployed as.
#[derive(Clone, Copy, Debug)]
pub struct Stack<'a> {
    /// The file, as the user named it.
    pub file: &'a str,
    /// The file's content.
    pub root: &'a Node,
    /// The stack's name, with which generated names begin.
    pub name: &'a str,
}

/// Sections that only templates have.
const SECTIONS: [&str; 2] = ["AWSTemplateFormatVersion", "Resources"];

/// Whether the document is a template, rather than a file of topiq's own format.
pub fn is_template(root: &Node) -> bool {
    SECTIONS.iter().any(|section| root.get(section).is_some())
}

/// The names of the parameters that the template has.
pub fn parameters(root: &Node) -> impl Iterator<Item = &str> {
    let section = root.get("Parameters").map(Node::entries);
    let declared = section.unwrap_or_default().iter();
    declared.map(|(key, _)| key.text.as_str())
}

/// The resources to create for the stack, or all that is wrong with it.
pub fn plan(stack: &Stack<'_>, context: &Context) -> Result<Plan, Vec<TemplateError>> {
    let context = context.for_another_template();
    planned(stack, &context, |_, _| ()).map(|(plan, ())| plan)
}

/// The plan, and what `also` makes of the template.
fn planned<T>(
    stack: &Stack<'_>,
    context: &Context,
    also: impl FnOnce(&Template<'_>, &Node) -> T,
) -> Result<(Plan, T), Vec<TemplateError>> {
    let told = |faults| told(stack.file, faults);
    let expanded = expand::expanded(stack, context).map_err(told)?;
    let template = Template::read(stack, &expanded, context).map_err(told)?;
    let Resolved {
        waiting,
        warnings,
        mut faults,
        nested_errors,
    } = resolved(&template, &expanded.root);
    let missing = template.missing_parameters();
    if !missing.is_empty() {
        // Other errors may come of the values that stood for the missing ones.
        return Err([told(missing), nested_errors].concat());
    }
    let mut resources = Vec::new();
    if faults.is_empty() && nested_errors.is_empty() {
        resources = faults
            .keep(order::sorted(waiting, &template))
            .unwrap_or_default();
    }
    let result = faults.unless_any(()).map_err(told);
    let errors = [result.err().unwrap_or_default(), nested_errors].concat();
    if !errors.is_empty() {
        return Err(errors);
    }
    let also = also(&template, &expanded.root);
    let plan = Plan {
        resources,
        warnings,
        invented: template.invented.into_inner(),
    };
    Ok((plan, also))
}

/// The errors for the user, each once: many resources may refer to one that is in error.
fn told(file: &str, faults: Vec<Fault>) -> Vec<TemplateError> {
    let mut seen = HashSet::new();
    let errors = faults
        .into_iter()
        .map(|fault| TemplateError::new(file, fault));
    errors
        .filter(|error| seen.insert((error.line, error.sentence.clone())))
        .collect()
}

/// The resources to create for one of the template, and those that it refers to.
struct Planned {
    index: usize,
    after: BTreeSet<usize>,
    resources: Vec<Resource>,
}

/// The template's resources with all values resolved, in its order.
#[derive(Default)]
struct Resolved {
    waiting: Vec<Planned>,
    warnings: Vec<String>,
    faults: Faults,
    /// The errors of nested stacks, which are in other files.
    nested_errors: Vec<TemplateError>,
}

fn resolved(template: &Template<'_>, root: &Node) -> Resolved {
    let mut resolved = Resolved {
        warnings: template.parameters.warnings(template.file),
        ..Resolved::default()
    };
    for fault in template.broken_rules(root) {
        resolved.faults.keep::<()>(Err(fault));
    }
    let unserved = template.unserved(&mut resolved.faults);
    let file = template.file;
    let unserved = unserved.iter().map(|warning| format!("{file}: {warning}"));
    resolved.warnings.extend(unserved);
    let file: std::sync::Arc<str> = file.into();
    for (index, declared) in template.resources.iter().enumerate() {
        if resolved.faults.is_over() {
            break;
        }
        if declared.kind == Kind::Other {
            resolved.faults.keep(declared.check_type());
            continue;
        }
        let is_dropped = template.is_dropped(index, Need::Needed);
        if resolved.faults.keep(is_dropped) != Some(false) {
            continue;
        }
        let subject = declared.subject();
        resolved.left_out(file.as_ref(), declared);
        let references = RefCell::new(BTreeSet::new());
        let evaluator = Evaluator::of_resource(template, &references);
        let named = template.depends_on(index);
        let named = resolved
            .faults
            .keep(named.map_err(|fault| fault.of(&subject)));
        let resources = if declared.kind == Kind::Stack {
            resolved.nested(template, index, &references)
        } else {
            let wanted = wanted(&evaluator, index).map_err(|fault| fault.of(&subject));
            let wanted = resolved.faults.keep(wanted).unwrap_or_default();
            for fault in template.further.take() {
                resolved.faults.keep::<()>(Err(fault));
            }
            let resource = |(line, wanted)| Resource {
                file: file.clone(),
                line,
                name: declared.id.to_owned(),
                wanted,
            };
            wanted.into_iter().map(resource).collect()
        };
        let mut after = references.into_inner();
        after.extend(named.unwrap_or_default());
        resolved.waiting.push(Planned {
            index,
            after,
            resources,
        });
    }
    resolved
}

impl Resolved {
    /// Warns of properties that topiq's service does not have.
    fn left_out(&mut self, file: &str, declared: &Declared<'_>) {
        let Kind::ByTable(of) = declared.kind else {
            return;
        };
        let (line, id, type_name) = (declared.line, declared.id, declared.type_name);
        let sentence = |property| {
            format!(
                "{file}:{line}: resource {id}: the property {property} of {type_name} is left out, since topiq does not have it"
            )
        };
        let left_out = of.left_out(declared).into_iter();
        self.warnings.extend(left_out.map(sentence));
    }

    /// The resources of a nested stack.
    fn nested(
        &mut self,
        template: &Template<'_>,
        index: usize,
        references: &RefCell<BTreeSet<usize>>,
    ) -> Vec<Resource> {
        let Some(nested) = self.faults.keep(template.nested_stack(index)) else {
            return Vec::new();
        };
        references.borrow_mut().extend(&nested.after);
        match &nested.plan {
            Ok(plan) => {
                self.warnings.extend(plan.warnings.iter().cloned());
                let mut invented = template.invented.borrow_mut();
                invented.extend(plan.invented.clone());
                plan.resources.clone()
            }
            Err(errors) => {
                self.nested_errors.extend(errors.iter().cloned());
                Vec::new()
            }
        }
    }
}

/// The resources to create for one of the template, each with its line.
fn wanted(evaluator: &Evaluator<'_, '_>, index: usize) -> Result<Vec<(usize, Wanted)>, Fault> {
    let declared = &evaluator.template.resources[index];
    let read = |schema: Schema<'_>| Properties::read(evaluator, declared, schema);
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
        Kind::EventBusPolicy => policy::of_bus(read(policy::OF_BUS)?),
        Kind::RegistryPolicy => policy::of_registry(read(policy::OF_REGISTRY)?),
        Kind::ByTable(of) => types::wanted(evaluator, index, of),
        Kind::Stack | Kind::Other => Ok(Vec::new()),
    }
}
