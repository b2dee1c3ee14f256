//! Every error of EventBridge: its sentence, its code and its HTTP status.

use std::borrow::Cow;

use crate::aws::validation::Violations;
use crate::wire::{DecodeError, ErrorInfo};

/// An error of EventBridge. Displays as AWS's sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Members are absent or break constraints of the model.
    #[error(transparent)]
    Validation(#[from] Violations),
    /// What the model does not say; holds the whole sentence.
    #[error("{0}")]
    Invalid(Cow<'static, str>),
    /// An event pattern that is none; holds the reason.
    #[error("Event pattern is not valid. Reason: {0}")]
    InvalidEventPattern(String),
    /// No such bus.
    #[error("Event bus {0} does not exist.")]
    BusDoesNotExist(String),
    /// A bus of this name exists.
    #[error("Event bus {0} already exists.")]
    BusExists(String),
    /// No such archive.
    #[error("Archive {0} does not exist.")]
    ArchiveDoesNotExist(String),
    /// An archive of this name exists.
    #[error("Archive {0} already exists.")]
    ArchiveExists(String),
    /// No such replay.
    #[error("Replay {0} does not exist.")]
    ReplayDoesNotExist(String),
    /// A replay of this name exists, or has in the last days.
    #[error("Replay {0} already exists.")]
    ReplayExists(String),
    /// A replay that has ended cannot be cancelled.
    #[error("Replay {0} is not in a valid state for this operation.")]
    IllegalReplayState(String),
    /// No such partner event source.
    #[error("Event source {0} does not exist.")]
    EventSourceDoesNotExist(String),
    /// An account has a partner event source of this name.
    #[error("Event source {0} already exists.")]
    EventSourceExists(String),
    /// A partner event source is active already, or is not.
    #[error("Event source {0} is not in a valid state for this operation.")]
    IllegalSourceState(String),
    /// A global endpoint of this name exists.
    #[error("Endpoint {0} already exists.")]
    EndpointExists(String),
    /// No such global endpoint.
    #[error("Endpoint {0} does not exist.")]
    EndpointDoesNotExist(String),
    /// No such rule on the bus.
    #[error("Rule {rule} does not exist on EventBus {bus}.")]
    RuleDoesNotExist {
        /// The rule's name.
        rule: String,
        /// The bus's name.
        bus: String,
    },
    /// A rule of a service's. (Reported of `DeleteRule` and `RemoveTargets`.)
    #[error("{0} is a managed rule. Set 'force' parameter to true to override.")]
    ManagedRule(String),
    /// No such connection.
    #[error("Failed to describe the connection(s). Connection '{0}' does not exist.")]
    ConnectionDoesNotExist(String),
    /// No such connection, for an API destination.
    #[error("Connection '{0}' does not exist.")]
    NoConnection(String),
    /// A connection of this name exists.
    #[error("Connection {0} already exists.")]
    ConnectionExists(String),
    /// No such API destination.
    #[error("Failed to describe the api-destination(s). An api-destination '{0}' does not exist.")]
    ApiDestinationDoesNotExist(String),
    /// An API destination of this name exists.
    #[error("An api-destination '{0}' already exists.")]
    ApiDestinationExists(String),
    /// No statement of a bus's policy has this id.
    #[error("Statement with the provided id does not exist.")]
    StatementDoesNotExist,
    /// A bus's policy does not allow it; holds the whole sentence.
    #[error("{0}")]
    AccessDenied(String),
    /// More buses, rules or targets than there may be.
    #[error("The requested resource exceeds the maximum number allowed.")]
    LimitExceeded,
    /// A bus's policy would be too long.
    #[error(
        "The policy exceeds the maximum length of {} characters.",
        super::limits::POLICY_LENGTH
    )]
    PolicyLengthExceeded,
    /// A token that no listing of these parameters returned.
    #[error("The pagination token is not valid.")]
    InvalidToken,
    /// The request's bytes are not a valid input of the operation.
    #[error("{}", .0.message)]
    Undecodable(DecodeError),
}

impl Error {
    /// A check that the model does not have, in a sentence of its own.
    pub fn invalid(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Invalid(sentence.into())
    }

    /// Errors that faults can answer with.
    pub(super) fn known() -> Vec<ErrorInfo> {
        let errors = [
            Self::BusDoesNotExist("default".to_owned()),
            Self::AccessDenied("The caller is not allowed to do this.".to_owned()),
            Self::LimitExceeded,
        ];
        errors.iter().map(Self::info).collect()
    }

    /// The error in the protocol's form.
    pub fn info(&self) -> ErrorInfo {
        let code = self.code();
        ErrorInfo::new(code, code, 400, self.to_string())
    }

    /// The one table of codes. All of them have the HTTP status 400, and carry no namespace (recorded).
    fn code(&self) -> &'static str {
        match self {
            Self::Validation(_) | Self::Invalid(_) => "ValidationException",
            Self::InvalidEventPattern(_) => "InvalidEventPatternException",
            Self::BusDoesNotExist(_)
            | Self::ArchiveDoesNotExist(_)
            | Self::ReplayDoesNotExist(_)
            | Self::EventSourceDoesNotExist(_)
            | Self::EndpointDoesNotExist(_)
            | Self::RuleDoesNotExist { .. }
            | Self::ConnectionDoesNotExist(_)
            | Self::NoConnection(_)
            | Self::ApiDestinationDoesNotExist(_)
            | Self::StatementDoesNotExist => "ResourceNotFoundException",
            Self::BusExists(_)
            | Self::ConnectionExists(_)
            | Self::ApiDestinationExists(_)
            | Self::ArchiveExists(_)
            | Self::ReplayExists(_)
            | Self::EventSourceExists(_)
            | Self::EndpointExists(_) => "ResourceAlreadyExistsException",
            Self::ManagedRule(_) => "ManagedRuleException",
            Self::AccessDenied(_) => "AccessDeniedException",
            Self::IllegalSourceState(_) => "InvalidStateException",
            Self::IllegalReplayState(_) => "IllegalStatusException",
            Self::LimitExceeded => "LimitExceededException",
            Self::PolicyLengthExceeded => "PolicyLengthExceededException",
            Self::InvalidToken => "InvalidToken",
            Self::Undecodable(_) => "SerializationException",
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Undecodable(error)
    }
}
