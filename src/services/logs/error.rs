//! Every error of CloudWatch Logs: its sentence, its code and its HTTP status.

use std::borrow::Cow;

use super::pattern;
use super::store::Refused;
use crate::aws::validation::Violations;
use crate::wire::{DecodeError, ErrorInfo};

/// An error of CloudWatch Logs. Displays as AWS's sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Members are absent or break constraints of the model.
    #[error(transparent)]
    Validation(#[from] Violations),
    /// What the model does not say; holds the whole sentence.
    #[error("{0}")]
    Invalid(Cow<'static, str>),
    /// A filter pattern that is none.
    #[error(transparent)]
    InvalidPattern(#[from] pattern::Refused),
    /// A token that no listing returned.
    #[error("The specified nextToken is invalid.")]
    InvalidToken,
    /// A batch whose events are not in order.
    #[error("Log events in a single PutLogEvents request must be in chronological order.")]
    NotChronological,
    /// A batch whose events lie too far apart.
    #[error(
        "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
    )]
    TooLong,
    /// A batch that is too large; holds its bytes.
    #[error("Upload too large: {0} bytes exceeds limit of {limit}", limit = super::limits::BATCH_SIZE)]
    BatchTooLarge(usize),
    /// An event that is too large; holds its bytes.
    #[error("Log event too large: {0} bytes exceeds limit of {limit}", limit = super::limits::BATCH_SIZE)]
    EventTooLarge(usize),
    /// No such group.
    #[error("The specified log group does not exist.")]
    GroupDoesNotExist,
    /// No such stream.
    #[error("The specified log stream does not exist.")]
    StreamDoesNotExist,
    /// No such resource with tags.
    #[error("The specified resource does not exist.")]
    ResourceDoesNotExist,
    /// A group of this name exists.
    #[error("The specified log group already exists")]
    GroupExists,
    /// A stream of this name exists.
    #[error("The specified log stream already exists")]
    StreamExists,
    /// A group that is protected is to be deleted.
    #[error("The specified log group has deletion protection enabled.")]
    Protected,
    /// More groups than there may be.
    #[error("Resource limit exceeded.")]
    LimitExceeded,
    /// More tags than a group may have.
    #[error("The resource can have no more than 50 tags.")]
    TooManyTags,
    /// The request's bytes are not a valid input of the operation.
    #[error("{}", .0.message)]
    Undecodable(DecodeError),
}

impl Error {
    /// A check that the model does not have, in a sentence of its own.
    pub fn invalid(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid(sentence.into())
    }

    /// The error in the protocol's form.
    pub fn info(&self) -> ErrorInfo {
        let code = self.code();
        ErrorInfo::new(code, code, 400, self.to_string())
    }

    /// The one table of codes. All of them have the HTTP status 400, and carry no namespace.
    fn code(&self) -> &'static str {
        match self {
            // The model's constraints too, unlike other services'. (Recorded.)
            Self::Validation(_)
            | Self::Invalid(_)
            | Self::InvalidPattern(_)
            | Self::InvalidToken
            | Self::NotChronological
            | Self::TooLong
            | Self::BatchTooLarge(_)
            | Self::EventTooLarge(_) => "InvalidParameterException",
            Self::GroupDoesNotExist | Self::StreamDoesNotExist | Self::ResourceDoesNotExist => {
                "ResourceNotFoundException"
            }
            Self::GroupExists | Self::StreamExists => "ResourceAlreadyExistsException",
            Self::Protected => "ValidationException",
            Self::LimitExceeded => "LimitExceededException",
            Self::TooManyTags => "TooManyTagsException",
            Self::Undecodable(_) => "SerializationException",
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Undecodable(error)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NoGroup => Self::GroupDoesNotExist,
            Refused::NoStream => Self::StreamDoesNotExist,
            Refused::StreamExists => Self::StreamExists,
        }
    }
}
