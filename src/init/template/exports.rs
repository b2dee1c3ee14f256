//! A template's exports to others.

use std::cell::RefCell;

use super::evaluate::Evaluator;
use super::source::Template;
use crate::document::{Node, Value};
use crate::init::plan::Context;

/// Names and values of the template's exports, as far as they can be resolved: those that depend on imports are
/// resolved once `context` has the other templates' exports. Faulty outputs are left out, since no resource depends on
/// them here.
pub fn exports(root: &Node, context: &Context, stack_name: &str) -> Vec<(String, String)> {
    let Ok(template) = Template::read(root, context, stack_name) else {
        return Vec::new();
    };
    let outputs = root.get("Outputs").map(Node::entries).unwrap_or_default();
    let exported = |(_, output): &(_, Node)| exported(&template, output);
    outputs.iter().filter_map(exported).collect()
}

/// The name under which an output is exported, and its value.
fn exported(template: &Template<'_>, output: &Node) -> Option<(String, String)> {
    let name = output.get("Export")?.get("Name")?;
    if let Some(condition) = output.get("Condition") {
        let Value::Text(condition_name) = &condition.value else {
            return None;
        };
        if !template.condition(condition_name, condition.line).ok()? {
            return None;
        }
    }
    let references = RefCell::default();
    let evaluator = Evaluator::of_resource(template, &references);
    let name = evaluator.text(name, "Export").ok()?;
    let value = evaluator.text(output.get("Value")?, "Value").ok()?;
    Some((name, value))
}
