//! Why a start with `--init` fails, and where in which file.

use std::fmt;
use std::io;
use std::sync::Arc;

use super::plan::{Attribute, Resource};
use super::template::TemplateError;

/// An error in a file of `--init`, or in a resource that it describes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InitError {
    /// The file or directory cannot be read.
    #[error("{file}: {reason}")]
    Unreadable {
        /// As the user named it.
        file: String,
        /// The system's error.
        reason: io::Error,
    },
    /// A directory without any file whose extension is read.
    #[error("{0}: there is no .yaml, .yml or .json file in it")]
    NothingThere(String),
    /// No template has a parameter of this name.
    #[error("--init-param {0}: no template has this parameter")]
    NoSuchParameter(String),
    /// The file has something that is not allowed in this place.
    #[error("{file}:{line}: {sentence}")]
    Written {
        /// The file, as the user named it.
        file: Arc<str>,
        /// Its line, from 1.
        line: usize,
        /// The error.
        sentence: String,
    },
    /// The service refuses the resource.
    #[error("{file}:{line}: {subject}: {sentence}")]
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
