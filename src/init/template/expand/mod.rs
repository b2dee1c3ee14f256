//! A template's transforms: what AWS makes of a template before it makes its resources. The result is a template without
//! loops and with the queues, topics, subscriptions and policies that AWS SAM generates.
//!
//! In reading order: [`expanded`]; `for_each` unrolls loops; `serverless` is AWS SAM, with its `event_sources`, `destinations`
//! and `connectors`.

mod connectors;
mod destinations;
mod event_sources;
mod for_each;
mod serverless;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Stack;
use super::error::{Fault, Faults};
use crate::document::{Node, Value};
use crate::init::plan::Context;

/// The transform whose loops are unrolled; its functions work without it.
const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// The start of the name of AWS SAM's transform.
const SERVERLESS: &str = "AWS::Serverless-";

/// Further transforms, which leave queues, topics and subscriptions as they are written, by the start of their names.
const OTHERS: [&str; 2] = ["AWS::SecretsManager-", "AWS::CodeDeployBlueGreen"];

/// A template with its transforms applied.
pub(super) struct Expanded<'n> {
    pub(super) root: Cow<'n, Node>,
    pub(super) is_serverless: bool,
    /// SAM's names for resources that it generates, and their logical ids.
    pub(super) aliases: BTreeMap<String, String>,
}

pub(super) fn expanded<'n>(
    stack: &Stack<'n>,
    context: &Context,
) -> Result<Expanded<'n>, Vec<Fault>> {
    let mut faults = Faults::default();
    let transforms = faults.keep(Transforms::of(stack.root)).unwrap_or_default();
    let mut expanded = Expanded {
        root: Cow::Borrowed(stack.root),
        is_serverless: transforms.is_serverless,
        aliases: BTreeMap::new(),
    };
    if let Some(line) = for_each::first_line(stack.root) {
        if transforms.has_language_extensions {
            let unrolled = for_each::unrolled(stack, context);
            if let Some(root) = faults.keep(unrolled) {
                expanded.root = Cow::Owned(root);
            }
        } else {
            let message = format!("Fn::ForEach needs the transform {LANGUAGE_EXTENSIONS}");
            faults.keep::<()>(Err(Fault::new(line, message)));
        }
    }
    if transforms.is_serverless {
        serverless::expand(&mut expanded, &mut faults);
    }
    faults.unless_any(expanded)
}

#[derive(Default)]
struct Transforms {
    is_serverless: bool,
    has_language_extensions: bool,
}

impl Transforms {
    /// The template's transforms, all of which must be known.
    fn of(root: &Node) -> Result<Self, Fault> {
        let mut transforms = Self::default();
        let Some(transform) = root.get("Transform") else {
            return Ok(transforms);
        };
        let named = match &transform.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(transform),
        };
        for node in named {
            let Value::Text(name) = &node.value else {
                return Err(Fault::new(
                    node.line,
                    format!("Transform takes a text, not {}", node.value.kind()),
                ));
            };
            if name.starts_with(SERVERLESS) {
                transforms.is_serverless = true;
            } else if name == LANGUAGE_EXTENSIONS {
                transforms.has_language_extensions = true;
            } else if !OTHERS.iter().any(|known| name.starts_with(known)) {
                return Err(Fault::new(
                    node.line,
                    format!("the transform {name} is not one that topiq knows"),
                ));
            }
        }
        Ok(transforms)
    }
}
