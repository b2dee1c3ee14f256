//! Every error of the schema registry: its sentence, its code and its HTTP status. AWS's sentences are not recorded, except
//! for the one about exports; the codes and statuses are those of its model.

use std::borrow::Cow;

use crate::aws::validation::Violations;
use crate::wire::{DecodeError, ErrorInfo};

/// An error of the schema registry. Displays as its sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Members are absent or break constraints of the model.
    #[error(transparent)]
    Validation(#[from] Violations),
    /// What the model does not say; holds the whole sentence.
    #[error("{0}")]
    Bad(Cow<'static, str>),
    /// What may not be done to the registries that every account has.
    #[error("Registry {0} is managed by AWS: it cannot be changed.")]
    ReadOnly(String),
    /// An export of a schema that was not discovered.
    #[error("You cannot export non discovered or non aws managed schemas.")]
    NotExported,
    /// No such registry.
    #[error("Registry with name {0} does not exist.")]
    NoRegistry(String),
    /// No such schema.
    #[error("Schema with name {0} does not exist.")]
    NoSchema(String),
    /// No such version of a schema.
    #[error("Version {version} of schema {schema} does not exist.")]
    NoVersion {
        /// The schema's name.
        schema: String,
        /// The version as it was asked for.
        version: String,
    },
    /// A version that was deleted.
    #[error("Version {version} of schema {schema} has been deleted.")]
    VersionGone {
        /// The schema's name.
        schema: String,
        /// The version.
        version: String,
    },
    /// No code binding was put for the language and version.
    #[error("Code binding for language {0} does not exist.")]
    NoBinding(String),
    /// No such discoverer.
    #[error("Discoverer with id {0} does not exist.")]
    NoDiscoverer(String),
    /// A registry without a policy.
    #[error("Registry {0} has no policy.")]
    NoPolicy(String),
    /// No resource with this ARN.
    #[error("Resource {0} does not exist.")]
    NoResource(String),
    /// A registry of this name exists.
    #[error("Registry with name {0} already exists.")]
    RegistryExists(String),
    /// A schema of this name exists.
    #[error("Schema with name {0} already exists.")]
    SchemaExists(String),
    /// A bus has one discoverer.
    #[error("Discoverer for {0} already exists.")]
    DiscovererExists(String),
    /// The policy has another revision by now.
    #[error("The revision id does not match that of the current policy.")]
    OtherRevision,
    /// The request's bytes are not a valid input of the operation.
    #[error("{}", .0.message)]
    Undecodable(DecodeError),
}

impl Error {
    /// A check that the model does not have, in a sentence of its own.
    pub fn bad(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Bad(sentence.into())
    }

    /// The error in the protocol's form: the one table of codes and statuses.
    pub fn info(&self) -> ErrorInfo {
        let (code, status) = match self {
            Self::Validation(_) | Self::Bad(_) | Self::Undecodable(_) => {
                ("BadRequestException", 400)
            }
            Self::ReadOnly(_) | Self::NotExported => ("ForbiddenException", 403),
            Self::NoRegistry(_)
            | Self::NoSchema(_)
            | Self::NoVersion { .. }
            | Self::NoBinding(_)
            | Self::NoDiscoverer(_)
            | Self::NoPolicy(_)
            | Self::NoResource(_) => ("NotFoundException", 404),
            Self::RegistryExists(_) | Self::SchemaExists(_) | Self::DiscovererExists(_) => {
                ("ConflictException", 409)
            }
            Self::VersionGone { .. } => ("GoneException", 410),
            Self::OtherRevision => ("PreconditionFailedException", 412),
        };
        ErrorInfo::new(code, code, status, self.to_string())
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Undecodable(error)
    }
}
