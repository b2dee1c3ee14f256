//! A template as read, before any function is resolved.

use std::cell::RefCell;
use std::collections::HashMap;

use super::conditions::Conditions;
use super::error::Fault;
use super::names;
use super::parameters::Parameters;
use super::resources::{self, Declared};
use crate::document::{Key, Node, Value};
use crate::init::plan::Context;

/// Transforms that leave queues, topics and subscriptions as they are written, by the start of their names.
const TRANSFORMS: [&str; 4] = [
    "AWS::Serverless-",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-",
    "AWS::CodeDeployBlueGreen",
];

/// How many names and conditions may wait for each other: far more than templates need, and few enough for any call
/// stack.
const MAX_CHAIN: usize = 32;

pub(super) struct Template<'t> {
    pub(super) context: &'t Context,
    pub(super) stack: String,
    pub(super) parameters: Parameters<'t>,
    pub(super) conditions: Conditions<'t>,
    pub(super) mappings: Option<&'t Node>,
    pub(super) resources: Vec<Declared<'t>>,
    /// Whether the transform of AWS SAM generates further resources.
    pub(super) is_serverless: bool,
    ids: HashMap<&'t str, usize>,
    /// The resources' names, as far as they are resolved.
    pub(super) names: RefCell<HashMap<usize, String>>,
    /// The resources and conditions that are being resolved.
    chain: RefCell<Vec<String>>,
}

impl<'t> Template<'t> {
    pub(super) fn read(
        root: &'t Node,
        context: &'t Context,
        stack_name: &str,
    ) -> Result<Self, Fault> {
        let stack = names::stack(stack_name);
        let is_serverless = transforms(root)?;
        let Some(section) = root.get("Resources") else {
            return Err(Fault::new(
                root.line,
                "a template needs Resources, and there are none",
            ));
        };
        let resources = resources::read(entries(section, "Resources")?)?;
        let ids = resources
            .iter()
            .enumerate()
            .map(|(index, declared)| (declared.id, index))
            .collect();
        Ok(Self {
            context,
            stack,
            parameters: Parameters::read(optional(root, "Parameters")?, &context.parameters)?,
            conditions: Conditions::new(optional(root, "Conditions")?),
            mappings: root.get("Mappings"),
            resources,
            is_serverless,
            ids,
            names: RefCell::default(),
            chain: RefCell::default(),
        })
    }

    pub(super) fn index_of(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    /// Whether the resource's condition leaves it out.
    pub(super) fn is_dropped(&self, index: usize) -> Result<bool, Fault> {
        let declared = &self.resources[index];
        match declared.condition {
            None => Ok(false),
            Some((name, line)) => self
                .condition(name, line)
                .map(|holds| !holds)
                .map_err(|fault| fault.of(&declared.subject())),
        }
    }

    /// Runs `resolve`, unless `subject` is being resolved already and so waits for itself.
    pub(super) fn resolving<T>(
        &self,
        subject: String,
        line: usize,
        resolve: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        {
            let mut chain = self.chain.borrow_mut();
            if let Some(start) = chain.iter().position(|waiting| *waiting == subject) {
                let cycle = format!("{} -> {subject}", chain[start..].join(" -> "));
                return Err(Fault::new(line, format!("this depends on itself: {cycle}")));
            }
            if chain.len() >= MAX_CHAIN {
                return Err(Fault::new(
                    line,
                    format!("more than {MAX_CHAIN} names and conditions build on each other"),
                ));
            }
            chain.push(subject);
        }
        let resolved = resolve();
        self.chain.borrow_mut().pop();
        resolved
    }
}

/// Whether AWS SAM is among the template's transforms, all of which must be known.
fn transforms(root: &Node) -> Result<bool, Fault> {
    let Some(transform) = root.get("Transform") else {
        return Ok(false);
    };
    let named = match &transform.value {
        Value::List(items) => items.as_slice(),
        _ => std::slice::from_ref(transform),
    };
    let mut is_serverless = false;
    for node in named {
        let Value::Text(name) = &node.value else {
            return Err(Fault::new(
                node.line,
                format!("Transform takes a text, not {}", node.value.kind()),
            ));
        };
        if !TRANSFORMS.iter().any(|known| name.starts_with(known)) {
            return Err(Fault::new(
                node.line,
                format!("the transform {name} is not one that topiq knows"),
            ));
        }
        is_serverless |= name.starts_with("AWS::Serverless-");
    }
    Ok(is_serverless)
}

fn optional<'t>(root: &'t Node, section: &str) -> Result<&'t [(Key, Node)], Fault> {
    root.get(section)
        .map_or(Ok(&[]), |node| entries(node, section))
}

/// The entries of a required mapping; `what` names it in errors.
pub(super) fn entries<'t>(node: &'t Node, what: &str) -> Result<&'t [(Key, Node)], Fault> {
    match &node.value {
        Value::Map(entries) => Ok(entries),
        Value::Null => Ok(&[]),
        other => Err(Fault::new(
            node.line,
            format!("{what} takes a mapping, not {}", other.kind()),
        )),
    }
}
