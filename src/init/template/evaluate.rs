//! Resolving a value: its functions are called, `AWS::NoValue` is removed.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::dynamic::{self, Unknown};
use super::error::{Consequence, Fault};
use super::source::Template;
use crate::document::{Key, Node, Value};
use crate::init::work;

/// Resolves values of one template, for one resource or a condition.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'a, 't> {
    pub(super) template: &'a Template<'t>,
    /// Collects the resources that are referred to; `None` for a condition, which may not refer to resources.
    pub(super) references: Option<&'a RefCell<BTreeSet<usize>>>,
    pub(super) need: Need,
    /// What to do with dynamic references.
    unknown: Unknown,
}

/// Whether a parameter without a value matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It is noted as missing, and the template is refused: something that is served needs it.
    Needed,
    /// The value cannot be resolved, and nothing else follows.
    Optional,
}

impl<'a, 't> Evaluator<'a, 't> {
    pub(super) fn of_resource(
        template: &'a Template<'t>,
        references: &'a RefCell<BTreeSet<usize>>,
    ) -> Self {
        Self {
            template,
            references: Some(references),
            need: Need::Needed,
            unknown: Unknown::Refuse,
        }
    }

    /// Of a value that refers to no resource: a condition's or a rule's.
    pub(super) fn of_condition(template: &'a Template<'t>, need: Need) -> Self {
        Self {
            template,
            references: None,
            need,
            unknown: Unknown::Refuse,
        }
    }

    /// The same for a value that the template can do without.
    pub(super) fn optional(self) -> Self {
        Self {
            need: Need::Optional,
            ..self
        }
    }

    /// The same with unknown dynamic references kept as they are written.
    pub(super) fn keeping_unknown(self) -> Self {
        Self {
            unknown: Unknown::Keep,
            ..self
        }
    }

    /// Counts a value towards what the template may take.
    pub(super) fn spend(&self, text_bytes: usize, line: usize) -> Result<(), Fault> {
        let spent = self.template.context.work.spend(text_bytes);
        spent.map_err(|message| Fault::new(line, message).with(Consequence::End))
    }

    /// The text with its dynamic references resolved.
    pub(super) fn plain(&self, text: &str, line: usize) -> Result<String, Fault> {
        let given = &self.template.context.parameters;
        let text = dynamic::resolved(text, line, given, self.unknown)?;
        self.spend(text.len(), line)?;
        Ok(text.into_owned())
    }

    /// The value with its functions called; `None` if it is `AWS::NoValue`.
    pub(super) fn value(&self, node: &Node) -> Result<Option<Node>, Fault> {
        let line = node.line;
        if let Some((name, argument)) = function(node)?
            && name != "Condition"
        {
            let Some(value) = self.call(name, argument, line)? else {
                return Ok(None);
            };
            self.spend(work::size(&value), line)?;
            return Ok(Some(Node { line, value }));
        }
        self.spend(0, line)?;
        let value = match &node.value {
            Value::Null => return Err(Fault::new(line, "null is not allowed in templates")),
            Value::Text(text) => Value::Text(self.plain(text, line)?),
            Value::List(items) => Value::List(self.items(items)?),
            Value::Map(entries) => Value::Map(self.entries(entries)?),
            scalar => scalar.clone(),
        };
        Ok(Some(Node { line, value }))
    }

    fn items(&self, items: &[Node]) -> Result<Vec<Node>, Fault> {
        let mut resolved = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            resolved.extend(
                self.value(item)
                    .map_err(|fault| fault.within(format!("[{index}]")))?,
            );
        }
        Ok(resolved)
    }

    fn entries(&self, entries: &[(Key, Node)]) -> Result<Vec<(Key, Node)>, Fault> {
        let mut resolved = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            let value = self.value(node).map_err(|fault| fault.within(&key.text))?;
            resolved.extend(value.map(|value| (key.clone(), value)));
        }
        Ok(resolved)
    }

    /// The value, which is required.
    pub(super) fn some(&self, node: &Node) -> Result<Node, Fault> {
        self.value(node)?
            .ok_or_else(|| Fault::new(node.line, "AWS::NoValue is not allowed here"))
    }

    /// The value, which must be a scalar, as text. `what` names it in errors.
    pub(super) fn text(&self, node: &Node, what: &str) -> Result<String, Fault> {
        scalar(&self.some(node)?, what)
    }

    /// The value, which must be a list.
    pub(super) fn list(&self, node: &Node, what: &str) -> Result<Vec<Node>, Fault> {
        match self.some(node)?.value {
            Value::List(items) => Ok(items),
            other => Err(Fault::new(
                node.line,
                format!("{what} takes a list, not {}", other.kind()),
            )),
        }
    }
}

/// The text of a resolved value, which must be a scalar. `what` names it in errors.
pub(super) fn scalar(node: &Node, what: &str) -> Result<String, Fault> {
    let refused = || {
        Fault::new(
            node.line,
            format!("{what} takes a text, not {}", node.value.kind()),
        )
    };
    node.value.scalar().ok_or_else(refused)
}

/// The function that a value calls, and its argument: such a value is a mapping whose only key is a function's name.
pub(super) fn function(node: &Node) -> Result<Option<(&str, &Node)>, Fault> {
    let Value::Map(entries) = &node.value else {
        return Ok(None);
    };
    if let [(key, argument)] = entries.as_slice() {
        let is_function =
            key.text == "Ref" || key.text == "Condition" || key.text.starts_with("Fn::");
        return Ok(is_function.then_some((key.text.as_str(), argument)));
    }
    match entries.iter().find(|(key, _)| key.text.starts_with("Fn::")) {
        Some((key, _)) => Err(Fault::new(
            key.line,
            format!("{} is not allowed beside other keys", key.text),
        )),
        None => Ok(None),
    }
}

/// The arguments of a function that takes `N` of them.
pub(super) fn arguments<'n, const N: usize>(
    name: &str,
    node: &'n Node,
) -> Result<&'n [Node; N], Fault> {
    let items = match &node.value {
        Value::List(items) => items.as_slice().try_into().ok(),
        _ => None,
    };
    items.ok_or_else(|| Fault::new(node.line, format!("{name} takes a list of {N}")))
}
