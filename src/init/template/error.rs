//! Errors of templates with their place: file, line, resource and property.

use std::sync::Arc;

/// How many errors of one template are told at most.
const MAX_FAULTS: usize = 50;

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
        Self {
            file: file.into(),
            line: fault.line,
            sentence: fault.sentence(),
        }
    }
}

/// An error in a value. Each caller that passes it on adds to its place.
#[derive(Clone, Debug)]
pub(in crate::init) struct Fault {
    pub(in crate::init) line: usize,
    message: String,
    /// The properties on the way to the value, innermost first.
    path: Vec<String>,
    /// The owner of the value, such as `resource Orders`, which completes the place.
    subject: Option<String>,
    pub(super) consequence: Consequence,
}

/// What an error means for the rest of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::init) enum Consequence {
    /// The rest can be read.
    None,
    /// A parameter without a value is to blame, which does not matter where nothing served needs the value.
    MissingParameter,
    /// It comes of another one, which is told.
    Told,
    /// Nothing more can be read.
    End,
}

impl Fault {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
            path: Vec::new(),
            subject: None,
            consequence: Consequence::None,
        }
    }

    pub(super) fn with(mut self, consequence: Consequence) -> Self {
        self.consequence = consequence;
        self
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

    /// The error, preceded by the path to its value: `rules.placed.State`.
    pub(in crate::init) fn at(self, path: &str) -> String {
        let mut sentence = path.to_owned();
        for part in self.path.iter().rev() {
            if !part.starts_with('[') {
                sentence.push('.');
            }
            sentence.push_str(part);
        }
        sentence + ": " + &self.message
    }

    /// The error, preceded by its owner and property.
    pub(in crate::init) fn sentence(self) -> String {
        let mut sentence = self.subject.unwrap_or_default();
        if !self.path.is_empty() {
            sentence.push_str(", property ");
            for (position, part) in self.path.iter().rev().enumerate() {
                if position > 0 && !part.starts_with('[') {
                    sentence.push('.');
                }
                sentence.push_str(part);
            }
        }
        if !sentence.is_empty() {
            sentence.push_str(": ");
        }
        sentence.push_str(&self.message);
        sentence
    }
}

/// The errors of a template, in the order in which they were found.
#[derive(Debug, Default)]
pub(in crate::init) struct Faults {
    found: Vec<Fault>,
    is_over: bool,
}

impl Faults {
    /// The value; an error is kept instead.
    pub(super) fn keep<T>(&mut self, result: Result<T, Fault>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(fault) if fault.consequence == Consequence::Told => None,
            Err(fault) => {
                self.is_over |= fault.consequence == Consequence::End;
                self.found.push(fault);
                self.is_over |= self.found.len() >= MAX_FAULTS;
                None
            }
        }
    }

    /// Whether further errors are not worth looking for.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The value, if there was no error.
    pub(super) fn unless_any<T>(self, value: T) -> Result<T, Vec<Fault>> {
        if self.found.is_empty() {
            Ok(value)
        } else {
            Err(self.found)
        }
    }
}
