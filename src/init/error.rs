//! Why a start with `--init` fails, and where in which file.

use std::fmt;
use std::io;
use std::sync::Arc;

use super::one_line::one_line;
use super::plan::{Attribute, Resource};
use super::template::TemplateError;

/// An error in a file of `--init`, or in a resource that it describes. Each is a line of its own.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InitError {
    /// The file or directory cannot be read.
    #[error("{}", one_line(&format!("{file}: {reason}")))]
    Unreadable {
        /// As the user named it.
        file: String,
        /// The system's error.
        reason: io::Error,
    },
    /// A directory without any file whose extension is read.
    #[error("{}", one_line(&format!("{_0}: there is no .yaml, .yml or .json file in it")))]
    NothingThere(String),
    /// A cloud assembly without a stack.
    #[error("{}", one_line(&format!("{_0}: there is no stack in this output of cdk synth")))]
    NoStack(String),
    /// No template has a parameter of this name.
    #[error("{}", one_line(&format!("--init-param {name}: no template has this parameter{meant}")))]
    NoSuchParameter {
        /// As the user wrote it.
        name: String,
        /// The one that may have been meant, as part of the sentence.
        meant: String,
    },
    /// A file of parameters cannot be read as one.
    #[error("{}", one_line(&format!("--init-param @{file}: {sentence}")))]
    Parameters {
        /// As the user named it.
        file: String,
        /// The error.
        sentence: String,
    },
    /// The file has something that is not allowed in this place.
    #[error("{}", one_line(&format!("{file}:{line}: {sentence}")))]
    Written {
        /// The file, as the user named it.
        file: Arc<str>,
        /// Its line, from 1.
        line: usize,
        /// The error.
        sentence: String,
    },
    /// The service refuses the resource.
    #[error("{}", one_line(&format!("{file}:{line}: {subject}: {sentence}")))]
    Refused {
        /// The file, as the user named it.
        file: Arc<str>,
        /// Its line, from 1.
        line: usize,
        /// The subject of the error.
        subject: Subject,
        /// AWS's text.
        sentence: String,
    },
    /// The start was given up.
    #[error("topiq was told to stop")]
    Stopped,
    /// More than one of these.
    #[error("{}", lines(_0))]
    Several(Vec<InitError>),
}

fn lines(errors: &[InitError]) -> String {
    let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// A resource, and the property that an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The resource's name in the file.
    pub resource: String,
    /// The property, if the error is about one.
    pub property: Option<String>,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "resource {}", self.resource)?;
        match &self.property {
            Some(property) => write!(f, ", property {property}"),
            None => Ok(()),
        }
    }
}

impl InitError {
    /// These errors as one, if there are any.
    pub(super) fn unless_none(mut errors: Vec<Self>) -> Result<(), Self> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Self::Several(errors)),
        }
    }

    /// A template's error.
    pub(super) fn template(error: TemplateError) -> Self {
        Self::Written {
            file: error.file,
            line: error.line,
            sentence: error.sentence,
        }
    }

    /// A service's refusal of a resource, or of one of its attributes.
    pub(super) fn refused(
        resource: &Resource,
        attribute: Option<&Attribute>,
        sentence: String,
    ) -> Self {
        Self::Refused {
            file: resource.file.clone(),
            line: attribute.map_or(resource.line, |attribute| attribute.line),
            subject: Subject {
                resource: resource.name.clone(),
                property: attribute.map(|attribute| attribute.name.clone()),
            },
            sentence,
        }
    }
}

impl From<InitError> for io::Error {
    fn from(error: InitError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}
