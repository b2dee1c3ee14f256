//! A template as read, its transforms applied, before any function is resolved.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::Stack;
use super::conditions::Conditions;
use super::error::{Fault, Faults};
use super::evaluate::Need;
use super::expand::Expanded;
use super::names;
use super::nested::Nested;
use super::parameters::Parameters;
use super::resources::{self, Declared, Kind};
use crate::document::{Key, Node, Value};
use crate::init::plan::Context;

/// How many names and conditions may wait for each other: far more than templates need, and few enough for any call
/// stack.
const MAX_CHAIN: usize = 32;

pub(super) struct Template<'t> {
    pub(super) context: &'t Context,
    /// Its file, as the user named it.
    pub(super) file: &'t str,
    pub(super) stack: String,
    pub(super) parameters: Parameters<'t>,
    pub(super) conditions: Conditions<'t>,
    pub(super) mappings: Option<&'t Node>,
    pub(super) resources: Vec<Declared<'t>>,
    /// Whether the transform of AWS SAM generates further resources.
    pub(super) is_serverless: bool,
    /// SAM's names for resources that it generates, and their logical ids: `Function.DestinationQueue`.
    pub(super) aliases: &'t BTreeMap<String, String>,
    ids: HashMap<&'t str, usize>,
    /// The resources' names, as far as they are resolved.
    pub(super) names: RefCell<HashMap<usize, String>>,
    /// The nested stacks, as far as they are planned.
    pub(super) nested: RefCell<HashMap<usize, Rc<Nested>>>,
    /// The parameters that are needed and have no value.
    pub(super) missing: RefCell<BTreeSet<String>>,
    /// Errors of resources besides the first of each.
    pub(super) further: RefCell<Vec<Fault>>,
    /// Values of resources that are not served, with their origin.
    pub(super) invented: RefCell<BTreeMap<String, String>>,
    /// The resources and conditions that are being resolved.
    chain: RefCell<Vec<String>>,
}

impl<'t> Template<'t> {
    /// Reads the sections. The errors are of their form; others come up when values are resolved.
    pub(super) fn read(
        stack: &'t Stack<'_>,
        expanded: &'t Expanded<'_>,
        context: &'t Context,
    ) -> Result<Self, Vec<Fault>> {
        let root: &Node = &expanded.root;
        let mut faults = Faults::default();
        let mut template = Self::without_resources(stack, root, context, &mut faults);
        template.aliases = &expanded.aliases;
        template.is_serverless = expanded.is_serverless;
        if let Some(section) = root.get("Resources") {
            let section = faults.keep(entries(section, "Resources"));
            template.resources = resources::read(section.unwrap_or_default(), &mut faults);
        } else {
            let none = "a template needs Resources, and there are none";
            faults.keep::<()>(Err(Fault::new(root.line, none)));
        }
        for (index, declared) in template.resources.iter_mut().enumerate() {
            template.ids.insert(declared.id, index);
            let template = declared.template();
            if template.is_some_and(|node| context.library.child(stack.file, node).is_some()) {
                declared.kind = Kind::Stack;
            }
        }
        faults.unless_any(template)
    }

    /// The sections that resources are made from.
    pub(super) fn without_resources(
        stack: &'t Stack<'_>,
        root: &'t Node,
        context: &'t Context,
        faults: &mut Faults,
    ) -> Self {
        const NO_ALIASES: &BTreeMap<String, String> = &BTreeMap::new();
        let parameters = faults
            .keep(optional(root, "Parameters"))
            .unwrap_or_default();
        let conditions = faults
            .keep(optional(root, "Conditions"))
            .unwrap_or_default();
        Self {
            context,
            file: stack.file,
            stack: names::stack(stack.name),
            parameters: Parameters::read(parameters, &context.parameters, faults),
            conditions: Conditions::new(conditions),
            mappings: root.get("Mappings"),
            resources: Vec::new(),
            is_serverless: false,
            aliases: NO_ALIASES,
            ids: HashMap::new(),
            names: RefCell::default(),
            nested: RefCell::default(),
            missing: RefCell::default(),
            further: RefCell::default(),
            invented: RefCell::default(),
            chain: RefCell::default(),
        }
    }

    /// The first of a resource's errors; the others are kept.
    pub(super) fn first_of(&self, faults: Faults, declared: &Declared<'_>) -> Result<(), Fault> {
        let Err(mut found) = faults.unless_any(()) else {
            return Ok(());
        };
        let first = found.remove(0);
        let further = found.into_iter();
        let further = further.map(|fault| fault.of(&declared.subject()));
        self.further.borrow_mut().extend(further);
        Err(first)
    }

    /// An error for each parameter that is needed and has no value.
    pub(super) fn missing_parameters(&self) -> Vec<Fault> {
        self.parameters.faults(self.missing.borrow().iter())
    }

    pub(super) fn index_of(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    /// Whether the resource's condition leaves it out.
    pub(super) fn is_dropped(&self, index: usize, need: Need) -> Result<bool, Fault> {
        let declared = &self.resources[index];
        match declared.condition {
            None => Ok(false),
            Some((name, line)) => self
                .condition(name, line, need)
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
