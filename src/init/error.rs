//! Why a start with `--init` fails, said so that its reader finds the place.

use std::fmt;
use std::io;
use std::sync::Arc;

use super::plan::{Attribute, Resource};
use super::template::TemplateError;

/// What is wrong with a file that describes what shall exist, or with what it describes.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InitError {
    /// The file or directory cannot be read.
    #[error("{file}: {reason}")]
    Unreadable {
        /// As it was named.
        file: String,
        /// What the system says.
        reason: io::Error,
    },
    /// A directory without any file of the endings that are taken.
    #[error("{0}: there is no .yaml, .yml or .json file in it")]
    NothingThere(String),
    /// No file has a parameter of this name.
    #[error("--init-param {0}: no template has this parameter")]
    NoSuchParameter(String),
    /// What is written is not what this place takes.
    #[error("{file}:{line}: {sentence}")]
    Written {
        /// The file, as it was named.
        file: Arc<str>,
        /// Its line, from 1.
        line: usize,
        /// What is wrong.
        sentence: String,
    },
    /// What is described is refused by the service.
    #[error("{file}:{line}: {place}: {sentence}")]
    Refused {
        /// The file, as it was named.
        file: Arc<str>,
        /// Its line, from 1.
        line: usize,
        /// Of what the error is.
        place: Place,
        /// AWS's words.
        sentence: String,
    },
}

/// A resource, and the property that an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What the file calls the resource.
    pub resource: String,
    /// The property, where it is one.
    pub property: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "resource {}", self.resource)?;
        match &self.property {
            Some(property) => write!(f, ", property {property}"),
            None => Ok(()),
        }
    }
}

impl InitError {
    /// What is wrong with a template.
    pub(super) fn template(error: TemplateError) -> Self {
        Self::Written {
            file: error.file,
            line: error.line,
            sentence: error.sentence,
        }
    }

    /// What a service says of a resource, or of the attribute at `attribute` of its plan.
    pub(super) fn refused(
        resource: &Resource,
        attribute: Option<&Attribute>,
        sentence: String,
    ) -> Self {
        Self::Refused {
            file: resource.file.clone(),
            line: attribute.map_or(resource.line, |attribute| attribute.line),
            place: Place {
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
