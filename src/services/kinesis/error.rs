//! Every error of Kinesis: its sentence and its code.

use std::borrow::Cow;

use super::name::StreamName;
use super::shard_id::ShardId;
use crate::aws::validation::Violations;
use crate::wire::{DecodeError, ErrorInfo};

/// An error of Kinesis. Displays as AWS's sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Members are absent or break constraints of the model.
    #[error(transparent)]
    Validation(#[from] Violations),
    /// What the model does not say; holds the whole sentence.
    #[error("{0}")]
    InvalidArgument(Cow<'static, str>),
    /// Something is not there; holds the whole sentence.
    #[error("{0}")]
    NotFound(String),
    /// A name is taken, or the state forbids it; holds the whole sentence.
    #[error("{0}")]
    InUse(String),
    /// More than there may be; holds the whole sentence.
    #[error("{0}")]
    LimitExceeded(String),
    /// A shard iterator that was made too long ago; holds the whole sentence.
    #[error("{0}")]
    ExpiredIterator(String),
    /// A listing's token that was made too long ago.
    #[error("The NextToken expired: it is older than 300 seconds.")]
    ExpiredToken,
    /// The request would have succeeded, and asked for nothing to be done.
    #[error("Request would have succeeded, but DryRun flag is set.")]
    DryRun,
    /// The request's bytes are not a valid input of the operation.
    #[error("{}", coral(.0))]
    Undecodable(DecodeError),
}

impl Error {
    /// A check that the model does not have, in a sentence of its own.
    pub fn invalid(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::InvalidArgument(sentence.into())
    }

    pub(super) fn no_stream(stream: &StreamName) -> Self {
        Self::NotFound(format!("{} not found.", Under(stream)))
    }

    /// A shard that a request names, and that the stream does not have.
    pub(super) fn no_shard(shard: impl std::fmt::Display, stream: &StreamName) -> Self {
        let StreamName { name, account, .. } = stream;
        Self::NotFound(format!(
            "Could not find shard {shard} in stream {name} under account {account}."
        ))
    }

    /// The same, in the words of what reads.
    pub(super) fn nothing_to_read(shard: ShardId, stream: &StreamName) -> Self {
        let StreamName { name, account, .. } = stream;
        Self::NotFound(format!(
            "Shard {shard} in stream {name} under account {account} does not exist"
        ))
    }

    /// A consumer that has another subscription to the shard.
    pub(super) fn subscribed(consumer: &str, shard: ShardId) -> Self {
        Self::InUse(format!(
            "Another active subscription exists for this consumer and shard: {consumer}, {shard}."
        ))
    }

    pub(super) fn not_active(stream: &StreamName, state: &str) -> Self {
        let stream = Under(stream);
        Self::InUse(format!("{stream} not ACTIVE, instead in state {state}"))
    }

    /// The error in the protocol's form. All of them have the HTTP status 400, and carry no namespace (recorded).
    pub fn info(&self) -> ErrorInfo {
        let code = self.code();
        ErrorInfo {
            has_capital_message: matches!(self, Self::Undecodable(_)),
            ..ErrorInfo::new(code, code, 400, self.to_string())
        }
    }

    /// The one table of codes.
    fn code(&self) -> &'static str {
        match self {
            Self::Validation(_) => "ValidationException",
            Self::InvalidArgument(_) => "InvalidArgumentException",
            Self::NotFound(_) => "ResourceNotFoundException",
            Self::InUse(_) => "ResourceInUseException",
            Self::LimitExceeded(_) => "LimitExceededException",
            Self::ExpiredIterator(_) => "ExpiredIteratorException",
            Self::ExpiredToken => "ExpiredNextTokenException",
            Self::DryRun => "DryRunOperationException",
            Self::Undecodable(_) => "SerializationException",
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Undecodable(error)
    }
}

/// `Stream s under account 000000000000`.
pub(super) struct Under<'a>(pub(super) &'a StreamName);

impl std::fmt::Display for Under<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let StreamName { name, account, .. } = self.0;
        write!(f, "Stream {name} under account {account}")
    }
}

/// The sentence of an older parser than that of other services: it names Java's classes.
fn coral(error: &DecodeError) -> Cow<'_, str> {
    let message = &*error.message;
    let Some((found, expected)) = message.split_once("_VALUE can not be converted to ") else {
        return Cow::Borrowed(message);
    };
    let class = match found {
        "NUMBER" => "com.amazon.coral.value.json.numbers.TruncatingBigNumber",
        "STRING" => "java.lang.String",
        _ => "java.lang.Boolean",
    };
    let kind = expected.rsplit(' ').next().unwrap_or_default();
    Cow::Owned(format!("class {class} can not be converted to an {kind}"))
}
