//! A resource's properties, resolved, and how a value becomes an attribute's text.

use super::error::{Consequence, Fault, Faults};
use super::evaluate::Evaluator;
use super::names;
use super::resources::Declared;
use super::types::members::tag;
use crate::document::{Key, Node, Value, to_json};
use crate::init::plan::Attribute;
use crate::names::did_you_mean;

/// The kind of value that a property takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    Integer,
    Boolean,
    /// A document, or its JSON text.
    Json,
}

/// The properties of a resource type.
#[derive(Clone, Copy)]
pub(in crate::init) struct Schema<'s> {
    /// Those that become attributes of the same names.
    pub(super) attributes: &'s [(&'static str, Form)],
    pub(super) others: &'s [&'static str],
}

impl<'s> Schema<'s> {
    pub(in crate::init) const fn of(others: &'s [&'static str]) -> Self {
        Self {
            attributes: &[],
            others,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.others.contains(&name)
            || self
                .attributes
                .iter()
                .any(|(attribute, _)| *attribute == name)
    }
}

/// The properties of one resource, or of a mapping within.
pub(in crate::init) struct Properties {
    line: usize,
    entries: Vec<(Key, Node)>,
}

impl Properties {
    /// The resource's properties with their functions resolved. Properties that the schema does not have are refused.
    pub(super) fn read(
        evaluator: &Evaluator<'_, '_>,
        declared: &Declared<'_>,
        schema: Schema<'_>,
    ) -> Result<Self, Fault> {
        let mut faults = Faults::default();
        let mut told = None;
        let mut entries = Vec::new();
        for (key, node) in declared.properties {
            if faults.is_over() {
                break;
            }
            faults.keep(check_name(key, schema, declared.type_name));
            // An encryption key is only kept and shown.
            let evaluator = match key.text.as_str() {
                "KmsMasterKeyId" => evaluator.keeping_unknown(),
                _ => *evaluator,
            };
            let value = evaluator
                .value(node)
                .map_err(|fault| fault.within(&key.text));
            if let Err(fault) = &value
                && fault.consequence == Consequence::Told
            {
                told = Some(fault.clone());
            }
            let value = faults.keep(value).flatten();
            entries.extend(value.map(|value| (key.clone(), value)));
        }
        evaluator.template.first_of(faults, declared)?;
        if let Some(fault) = told {
            return Err(fault);
        }
        Ok(Self {
            line: declared.line,
            entries,
        })
    }

    /// The properties of a resolved mapping within a property; `what` names it in errors.
    pub(in crate::init) fn of(node: Node, schema: Schema<'_>, what: &str) -> Result<Self, Fault> {
        let Value::Map(entries) = node.value else {
            return Err(wants(&node, "a mapping"));
        };
        for (key, _) in &entries {
            check_name(key, schema, what)?;
        }
        Ok(Self {
            line: node.line,
            entries,
        })
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// The lines of the properties that have not been taken yet, where their values are written.
    pub(super) fn lines(&self) -> Vec<(String, usize)> {
        let entries = self.entries.iter();
        entries
            .map(|(key, node)| (key.text.clone(), node.line))
            .collect()
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Node> {
        let place = self.entries.iter().position(|(key, _)| key.text == name)?;
        Some(self.entries.remove(place).1)
    }

    pub(super) fn required(&mut self, name: &str) -> Result<Node, Fault> {
        self.take(name).ok_or_else(|| self.missing(name))
    }

    pub(super) fn check_present(&self, name: &str) -> Result<(), Fault> {
        let is_present = self.entries.iter().any(|(key, _)| key.text == name);
        if is_present {
            Ok(())
        } else {
            Err(self.missing(name))
        }
    }

    fn missing(&self, name: &str) -> Fault {
        Fault::new(self.line, format!("the property {name} is missing"))
    }

    /// A required property as text.
    pub(super) fn text(&mut self, name: &str) -> Result<String, Fault> {
        let node = self.required(name)?;
        form(&node, Form::Text).map_err(|fault| fault.within(name))
    }

    /// A property that is a list; empty if it is not there.
    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Node>, Fault> {
        let Some(node) = self.take(name) else {
            return Ok(Vec::new());
        };
        match node.value {
            Value::List(items) => Ok(items),
            _ => Err(wants(&node, "a list").within(name)),
        }
    }

    /// Each item of a list, with its place for errors.
    pub(super) fn each<T>(
        &mut self,
        name: &str,
        read: impl Fn(Node) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let place = |index, fault: Fault| fault.within(format!("[{index}]")).within(name);
        let items = self.list(name)?.into_iter().enumerate();
        items
            .map(|(index, node)| read(node).map_err(|fault| place(index, fault)))
            .collect()
    }

    /// The schema's attributes that the template has, in its order.
    pub(super) fn attributes(&self, schema: Schema<'_>) -> Result<Vec<Attribute>, Fault> {
        let mut attributes = Vec::new();
        for (key, node) in &self.entries {
            let wanted = schema.attributes.iter().find(|(name, _)| *name == key.text);
            let Some((_, wanted)) = wanted else { continue };
            let value = form(node, *wanted).map_err(|fault| fault.within(&key.text))?;
            attributes.push(Attribute {
                name: key.text.clone(),
                value,
                line: node.line,
            });
        }
        Ok(attributes)
    }

    /// The property `Tags`.
    pub(super) fn tags(&mut self) -> Result<Vec<(String, String)>, Fault> {
        self.each("Tags", tag)
    }
}

impl Evaluator<'_, '_> {
    /// The name that the property gives, or a generated one.
    pub(super) fn name(
        &self,
        declared: &Declared<'_>,
        property: &str,
        fifo: &str,
        max_length: usize,
    ) -> Result<String, Fault> {
        if let Some(name) = self.property(declared, property, Form::Text)? {
            return Ok(name);
        }
        let is_fifo = self
            .property(declared, fifo, Form::Boolean)?
            .is_some_and(|value| value == "true");
        let suffix = if is_fifo { ".fifo" } else { "" };
        Ok(names::made(
            &self.template.stack,
            declared.id,
            suffix,
            max_length,
        ))
    }

    /// A property as a text, if it is there.
    pub(super) fn property(
        &self,
        declared: &Declared<'_>,
        name: &str,
        wanted: Form,
    ) -> Result<Option<String>, Fault> {
        let Some(node) = declared.property(name) else {
            return Ok(None);
        };
        let value = self.value(node).map_err(|fault| fault.within(name))?;
        value
            .map(|node| form(&node, wanted))
            .transpose()
            .map_err(|fault| fault.within(name))
    }
}

fn check_name(key: &Key, schema: Schema<'_>, what: &str) -> Result<(), Fault> {
    if schema.has(&key.text) {
        return Ok(());
    }
    if key.text.starts_with("Fn::") {
        return Err(Fault::new(
            key.line,
            format!("{} is not allowed in place of properties", key.text),
        ));
    }
    let known = schema.attributes.iter().map(|(name, _)| *name);
    let meant = did_you_mean(&key.text, known.chain(schema.others.iter().copied()));
    Err(Fault::new(key.line, format!("{what} has no such property{meant}")).within(&key.text))
}

/// A resolved value as the text that AWS's API takes.
pub(super) fn form(node: &Node, wanted: Form) -> Result<String, Fault> {
    match wanted {
        Form::Text => node.value.scalar().ok_or_else(|| wants(node, "a text")),
        Form::Integer => match &node.value {
            Value::Number(text) | Value::Text(text) if is_integer(text) => Ok(text.clone()),
            _ => Err(wants(node, "a whole number")),
        },
        Form::Boolean => match &node.value {
            Value::Bool(is_true) => Ok(is_true.to_string()),
            Value::Text(text) if text == "true" || text == "false" => Ok(text.clone()),
            _ => Err(wants(node, "true or false")),
        },
        Form::Json => match &node.value {
            Value::Map(_) => Ok(to_json(node)),
            Value::Text(text) => Ok(text.clone()),
            _ => Err(wants(node, "a mapping or its JSON text")),
        },
    }
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The fault of a value that is not allowed in its place.
pub(super) fn wants(node: &Node, wanted: &str) -> Fault {
    let is = match &node.value {
        Value::Text(text) => format!("the text {text:?}"),
        Value::Number(text) => format!("the number {text}"),
        Value::Bool(is_true) => is_true.to_string(),
        other => other.kind().to_owned(),
    };
    Fault::new(node.line, format!("this takes {wanted}, not {is}"))
}
