//! A template's outputs: for its parent, and those exported to other templates.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::error::Fault;
use super::evaluate::{Evaluator, Need};
use super::source::Template;
use super::{Stack, expand};
use crate::document::{Node, Value};
use crate::init::plan::Context;

/// Names and values of the template's exports, as far as they can be resolved: those that depend on imports are
/// resolved once `context` has the other templates' exports. Faulty outputs are left out, since no resource depends on
/// them here.
pub fn exports(stack: &Stack<'_>, context: &Context) -> Vec<(String, String)> {
    let context = &context.for_another_template();
    let Ok(expanded) = expand::expanded(stack, context) else {
        return Vec::new();
    };
    let Ok(template) = Template::read(stack, &expanded, context) else {
        return Vec::new();
    };
    let exported = |(_, output): &(_, Node)| exported(&template, output);
    section(&expanded.root)
        .iter()
        .filter_map(exported)
        .collect()
}

/// The template's outputs by name; those that cannot be resolved with the reason.
pub(super) fn outputs(
    template: &Template<'_>,
    root: &Node,
) -> BTreeMap<String, Result<String, String>> {
    let outputs = section(root).iter().filter_map(|(key, output)| {
        let value = value(template, output).transpose()?;
        Some((key.text.clone(), value.map_err(Fault::sentence)))
    });
    outputs.collect()
}

fn section(root: &Node) -> &[(crate::document::Key, Node)] {
    root.get("Outputs").map(Node::entries).unwrap_or_default()
}

/// The name under which an output is exported, and its value.
fn exported(template: &Template<'_>, output: &Node) -> Option<(String, String)> {
    let name = output.get("Export")?.get("Name")?;
    let references = RefCell::default();
    let evaluator = Evaluator::of_resource(template, &references).optional();
    let name = evaluator.text(name, "Export").ok()?;
    Some((name, value(template, output).ok()??))
}

/// The output's value; none if its condition leaves it out.
fn value(template: &Template<'_>, output: &Node) -> Result<Option<String>, Fault> {
    if let Some(condition) = output.get("Condition") {
        let Value::Text(name) = &condition.value else {
            let message = format!("Condition takes a name, not {}", condition.value.kind());
            return Err(Fault::new(condition.line, message));
        };
        if !template.condition(name, condition.line, Need::Optional)? {
            return Ok(None);
        }
    }
    let Some(value) = output.get("Value") else {
        return Err(Fault::new(output.line, "the Value is missing"));
    };
    let references = RefCell::default();
    let evaluator = Evaluator::of_resource(template, &references).optional();
    evaluator.text(value, "Value").map(Some)
}
