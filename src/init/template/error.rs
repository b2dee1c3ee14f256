//! Errors of templates with their place: file, line, resource and property.

use std::sync::Arc;

/// Why a template has no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {sentence}")]
pub struct TemplateError {
    /// The file, as the user named it.
    pub file: Arc<str>,
    /// Its line, from 1.
    pub line: usize,
    /// The error, preceded by resource and property.
    pub sentence: String,
}

impl TemplateError {
    pub(super) fn new(file: &str, fault: Fault) -> Self {
        let mut sentence = fault.subject.unwrap_or_default();
        if !fault.path.is_empty() {
            sentence.push_str(", property ");
            for (position, part) in fault.path.iter().rev().enumerate() {
                if position > 0 && !part.starts_with('[') {
                    sentence.push('.');
                }
                sentence.push_str(part);
            }
        }
        if !sentence.is_empty() {
            sentence.push_str(": ");
        }
        sentence.push_str(&fault.message);
        Self {
            file: file.into(),
            line: fault.line,
            sentence,
        }
    }
}

/// An error in a value. Each caller that passes it on adds to its place.
#[derive(Debug)]
pub(super) struct Fault {
    line: usize,
    message: String,
    /// The properties on the way to the value, innermost first.
    path: Vec<String>,
    /// The owner of the value, such as `resource Orders`, which completes the place.
    subject: Option<String>,
}

impl Fault {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
            path: Vec::new(),
            subject: None,
        }
    }

    pub(super) fn within(mut self, part: impl Into<String>) -> Self {
        if self.subject.is_none() {
            self.path.push(part.into());
        }
        self
    }

    pub(super) fn of(mut self, subject: &str) -> Self {
        self.subject.get_or_insert_with(|| subject.to_owned());
        self
    }
}
