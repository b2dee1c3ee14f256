//! Nested stacks whose templates are at hand: each is planned as a stack of its own, with the parameters that its parent
//! gives it, and its outputs are values for its parent.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::error::{Consequence, Fault};
use super::evaluate::{Evaluator, scalar};
use super::source::{Template, entries};
use super::{Stack, TemplateError, exports, names, planned};
use crate::document::Value;
use crate::init::plan::{Context, Plan};

/// AWS: a stack's name.
const STACK_NAME_LENGTH: usize = 128;

/// How deep stacks may nest: more than anybody does, and few enough for any call stack.
const MAX_NESTING: usize = 8;

/// A nested stack.
pub(super) struct Nested {
    /// Its ARN, which `Ref` gives.
    pub(super) id: String,
    /// The parent's resources that its parameters refer to.
    pub(super) after: BTreeSet<usize>,
    pub(super) plan: Result<Plan, Vec<TemplateError>>,
    /// Its outputs; those that cannot be resolved with the reason.
    outputs: BTreeMap<String, Result<String, String>>,
}

impl Nested {
    /// The value of `Fn::GetAtt` for the resource `id`.
    pub(super) fn attribute(
        &self,
        id: &str,
        attribute: &str,
        line: usize,
    ) -> Result<String, Fault> {
        let Some(name) = attribute.strip_prefix("Outputs.") else {
            let message =
                format!("{id} is a nested stack and has no attribute {attribute}, only Outputs");
            return Err(Fault::new(line, message));
        };
        if self.plan.is_err() {
            let message = format!("the nested stack {id} is in error");
            return Err(Fault::new(line, message).with(Consequence::Told));
        }
        match self.outputs.get(name) {
            Some(Ok(value)) => Ok(value.clone()),
            Some(Err(reason)) => Err(Fault::new(line, format!("{id}.{attribute}: {reason}"))),
            None => Err(Fault::new(
                line,
                format!("the nested stack {id} has no output {name}"),
            )),
        }
    }
}

impl Template<'_> {
    /// The nested stack that a resource is.
    pub(super) fn nested_stack(&self, index: usize) -> Result<Rc<Nested>, Fault> {
        if let Some(nested) = self.nested.borrow().get(&index) {
            return Ok(nested.clone());
        }
        let declared = &self.resources[index];
        let nested = self
            .resolving(declared.id.to_owned(), declared.line, || {
                self.planned_stack(index)
            })
            .map_err(|fault| fault.of(&declared.subject()))?;
        let nested = Rc::new(nested);
        self.nested.borrow_mut().insert(index, nested.clone());
        Ok(nested)
    }

    fn planned_stack(&self, index: usize) -> Result<Nested, Fault> {
        let declared = &self.resources[index];
        let context = self.context;
        let url = declared.template();
        let child = url.and_then(|url| context.library.child(self.file, url));
        let child =
            child.ok_or_else(|| Fault::new(declared.line, "its template is not at hand"))?;
        if context.nesting >= MAX_NESTING {
            let message = format!("stacks nest deeper than {MAX_NESTING} levels");
            return Err(Fault::new(declared.line, message).with(Consequence::End));
        }
        let references = RefCell::default();
        let evaluator = Evaluator::of_resource(self, &references);
        let mut context = Context {
            nesting: context.nesting + 1,
            ..context.clone()
        };
        context.parameters.extend(parameters(evaluator, index)?);
        let name = names::made(&self.stack, declared.id, "", STACK_NAME_LENGTH);
        let stack = Stack {
            file: &child.file,
            root: &child.root,
            name: &name,
        };
        let (plan, outputs) = match planned(&stack, &context, exports::outputs) {
            Ok((plan, outputs)) => (Ok(plan), outputs),
            Err(errors) => (Err(errors), BTreeMap::new()),
        };
        Ok(Nested {
            id: self.stack_id(&name),
            after: references.into_inner(),
            plan,
            outputs,
        })
    }
}

/// The parameters that a parent gives a nested stack. One whose value the parent lacks is left out: the child may not need
/// it, and says so if it does.
fn parameters(evaluator: Evaluator<'_, '_>, index: usize) -> Result<Vec<(String, String)>, Fault> {
    let declared = &evaluator.template.resources[index];
    let mut parameters = Vec::new();
    let Some(section) = declared.property("Parameters") else {
        return Ok(parameters);
    };
    for (key, node) in entries(section, "Parameters")? {
        let value = match evaluator.optional().value(node) {
            Err(fault) if fault.consequence == Consequence::MissingParameter => continue,
            value => value.map_err(|fault| fault.within(&key.text).within("Parameters"))?,
        };
        let Some(value) = value else { continue };
        let text = match &value.value {
            Value::List(items) => {
                let texts = items.iter().map(|item| scalar(item, "a parameter"));
                texts.collect::<Result<Vec<_>, _>>()?.join(",")
            }
            _ => scalar(&value, "a parameter")?,
        };
        parameters.push((key.text.clone(), text));
    }
    Ok(parameters)
}
