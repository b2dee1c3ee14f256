//! The templates of nested stacks that are files at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::{Node, Value};

/// Templates by where they are named: the parent's file, and a text of its `TemplateURL` or `Location`.
#[derive(Clone, Debug, Default)]
pub struct Library(Arc<BTreeMap<(String, String), Arc<Child>>>);

/// A nested stack's template.
#[derive(Clone, Debug)]
pub(super) struct Child {
    pub(super) file: Arc<str>,
    pub(super) root: Node,
}

impl Library {
    pub(super) fn new(templates: BTreeMap<(String, String), Arc<Child>>) -> Self {
        Self(Arc::new(templates))
    }

    /// The template that `location` names within the template `file`.
    pub(super) fn child(&self, file: &str, location: &Node) -> Option<&Child> {
        if self.0.is_empty() {
            return None;
        }
        let texts = texts(location).into_iter();
        texts
            .filter_map(|text| self.0.get(&(file.to_owned(), text.to_owned())))
            .map(Arc::as_ref)
            .next()
    }

    pub(super) fn children(&self) -> impl Iterator<Item = &Child> {
        self.0.values().map(Arc::as_ref)
    }
}

/// All texts of a value: a location may be put together by functions.
pub(super) fn texts(node: &Node) -> Vec<&str> {
    match &node.value {
        Value::Text(text) => vec![text],
        Value::List(items) => items.iter().flat_map(texts).collect(),
        Value::Map(entries) => entries.iter().flat_map(|(_, item)| texts(item)).collect(),
        _ => Vec::new(),
    }
}
