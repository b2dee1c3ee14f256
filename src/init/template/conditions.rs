//! The section `Conditions`, evaluated when a condition is needed.

use std::cell::RefCell;
use std::collections::HashMap;

use super::error::Fault;
use super::evaluate::{Evaluator, Need, arguments, function};
use super::source::Template;
use crate::document::{Key, Node, Value, to_json};

/// The template's conditions by name, and the results of those already evaluated.
pub(super) struct Conditions<'t> {
    declared: HashMap<&'t str, &'t Node>,
    known: RefCell<HashMap<&'t str, bool>>,
}

impl<'t> Conditions<'t> {
    pub(super) fn new(section: &'t [(Key, Node)]) -> Self {
        let declared = section
            .iter()
            .map(|(key, node)| (key.text.as_str(), node))
            .collect();
        Self {
            declared,
            known: RefCell::default(),
        }
    }
}

impl Template<'_> {
    /// Whether the condition that `line` names holds.
    pub(super) fn condition(&self, name: &str, line: usize, need: Need) -> Result<bool, Fault> {
        let Some((&name, &node)) = self.conditions.declared.get_key_value(name) else {
            return Err(Fault::new(
                line,
                format!("there is no condition named {name}"),
            ));
        };
        if let Some(holds) = self.conditions.known.borrow().get(name) {
            return Ok(*holds);
        }
        let subject = format!("condition {name}");
        let holds = self
            .resolving(name.to_owned(), node.line, || {
                Evaluator::of_condition(self, need).holds(node)
            })
            .map_err(|fault| fault.of(&subject))?;
        self.conditions.known.borrow_mut().insert(name, holds);
        Ok(holds)
    }
}

impl Evaluator<'_, '_> {
    pub(super) fn holds(&self, node: &Node) -> Result<bool, Fault> {
        let line = node.line;
        match function(node)? {
            Some(("Fn::Equals", argument)) => {
                let [left, right] = arguments("Fn::Equals", argument)?;
                Ok(self.comparable(left)? == self.comparable(right)?)
            }
            Some(("Fn::Not", argument)) => {
                let [inner] = arguments("Fn::Not", argument)?;
                Ok(!self.holds(inner)?)
            }
            Some((name @ ("Fn::And" | "Fn::Or"), argument)) => {
                let Value::List(items) = &argument.value else {
                    return Err(Fault::new(
                        line,
                        format!("{name} takes a list of conditions"),
                    ));
                };
                // All of them, as AWS does: an error counts even where its value would not decide.
                let mut holding = 0;
                for item in items {
                    holding += usize::from(self.holds(item)?);
                }
                Ok(if name == "Fn::And" {
                    holding == items.len()
                } else {
                    holding > 0
                })
            }
            Some(("Condition", argument)) => match &argument.value {
                Value::Text(name) => self.template.condition(name, line, self.need),
                other => Err(Fault::new(
                    line,
                    format!("Condition takes a name, not {}", other.kind()),
                )),
            },
            _ => Err(Fault::new(
                line,
                "a condition is Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition",
            )),
        }
    }

    /// Scalars are compared as texts: `1` and `"1"` are the same.
    pub(super) fn comparable(&self, node: &Node) -> Result<String, Fault> {
        let value = self.some(node)?;
        Ok(value.value.scalar().unwrap_or_else(|| to_json(&value)))
    }
}
