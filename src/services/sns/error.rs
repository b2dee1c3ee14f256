//! Every error of SNS: its sentence, its code and its HTTP status.

use std::borrow::Cow;

use crate::aws::validation::Violations;
use crate::wire::{DecodeError, ErrorInfo};

/// An error of SNS. Displays as AWS's sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// `InvalidParameter` with its usual start; holds the text after `Invalid parameter: `.
    #[error("Invalid parameter: {0}")]
    InvalidParameter(Cow<'static, str>),
    /// `InvalidParameter` in a sentence of its own.
    #[error("{0}")]
    InvalidParameterSentence(Cow<'static, str>),
    /// An invalid message attribute: AWS has a code of its own for these.
    #[error("{0}")]
    InvalidMessageAttribute(Cow<'static, str>),
    /// Members are absent or break constraints of the model.
    #[error(transparent)]
    Validation(#[from] Violations),
    /// No such topic.
    #[error("Topic does not exist")]
    TopicDoesNotExist,
    /// No such subscription.
    #[error("Subscription does not exist")]
    SubscriptionDoesNotExist,
    /// No such platform application.
    #[error("PlatformApplication does not exist")]
    PlatformApplicationDoesNotExist,
    /// No such platform endpoint.
    #[error("Endpoint does not exist")]
    EndpointDoesNotExist,
    /// No such resource to tag, or no such phone number in the sandbox.
    #[error("Resource does not exist")]
    ResourceNotFound,
    /// The caller is not allowed to; holds the whole sentence.
    #[error("{0}")]
    NotAuthorized(String),
    /// A topic with an archive cannot be deleted.
    #[error("Invalid state: Cannot delete a topic with an ArchivePolicy")]
    TopicHasArchive,
    /// A platform endpoint that is disabled.
    #[error("Endpoint is disabled")]
    EndpointDisabled,
    /// A platform application that is disabled.
    #[error("Platform application is disabled")]
    PlatformApplicationDisabled,
    /// More tags than a topic may have.
    #[error("Could not complete request: tag quota of per resource exceeded")]
    TagLimitExceeded,
    /// More subscriptions than a topic may have.
    #[error("Subscription limit exceeded")]
    SubscriptionLimitExceeded,
    /// More filter policies than a topic or an account may have.
    #[error("Filter policy limit exceeded")]
    FilterPolicyLimitExceeded,
    /// A batch without entries.
    #[error("The batch request doesn't contain any entries.")]
    EmptyBatchRequest,
    /// A batch of more than ten entries.
    #[error("The batch request contains more entries than permissible.")]
    TooManyEntriesInBatchRequest,
    /// Two entries of a batch with one id.
    #[error("Two or more batch entries in the request have the same Id.")]
    BatchEntryIdsNotDistinct,
    /// An invalid id of a batch entry; holds the whole sentence.
    #[error("{0}")]
    InvalidBatchEntryId(String),
    /// The messages of a batch are too large together.
    #[error("The length of all the messages put together is more than the limit.")]
    BatchRequestTooLong,
    /// A number that opted out of messages, or was opted in too often; holds the whole sentence.
    #[error("{0}")]
    OptedOut(&'static str),
    /// A phone number in the sandbox was verified with the wrong password.
    #[error("{0}")]
    Verification(&'static str),
    /// An operation that is not allowed now; holds the whole sentence.
    #[error("{0}")]
    UserError(&'static str),
    /// An action that SNS does not have, and the version that was sent.
    #[error("Could not find operation {action} for version {version}")]
    UnknownOperation {
        /// The action's name as it was sent.
        action: String,
        /// The version as it was sent.
        version: String,
    },
    /// The request's bytes are not a valid input of the operation.
    #[error("{}", .0.message)]
    Undecodable(DecodeError),
}

impl Error {
    /// `Invalid parameter: {parameter}`.
    pub fn invalid(parameter: impl Into<Cow<'static, str>>) -> Self {
        Self::InvalidParameter(parameter.into())
    }

    /// `Invalid parameter: {parameter} Reason: {reason}`.
    pub fn invalid_because(parameter: &str, reason: impl std::fmt::Display) -> Self {
        Self::InvalidParameter(format!("{parameter} Reason: {reason}").into())
    }

    /// A required member is absent; holds its path as AWS writes it, in lower camel case.
    pub fn missing(path: &str) -> Self {
        Self::Validation(Violations::null(path))
    }

    /// A call that needs credentials came without.
    pub fn unsigned(action: &str, arn: &str) -> Self {
        Self::NotAuthorized(format!(
            "User: anonymous is not authorized to perform: SNS:{action} on resource: {arn}"
        ))
    }

    /// Errors that faults can answer with.
    pub(super) fn known() -> Vec<ErrorInfo> {
        let errors = [
            Self::TopicDoesNotExist,
            Self::NotAuthorized("User is not authorized to perform this action.".to_owned()),
            Self::EndpointDisabled,
            Self::PlatformApplicationDisabled,
            Self::SubscriptionLimitExceeded,
            Self::FilterPolicyLimitExceeded,
            Self::BatchRequestTooLong,
        ];
        errors.iter().map(Self::info).collect()
    }

    /// The error in the protocol's form.
    pub fn info(&self) -> ErrorInfo {
        let (json_type, query_code, status) = self.codes();
        ErrorInfo::new(json_type, query_code, status, self.to_string())
    }

    /// The one table of codes and HTTP statuses. SNS has no JSON protocol: its JSON types are the names in its model.
    fn codes(&self) -> (&'static str, &'static str, u16) {
        macro_rules! sns {
            ($name:literal, $code:literal, $status:literal) => {
                (concat!("com.amazonaws.sns#", $name), $code, $status)
            };
        }
        match self {
            Self::InvalidParameter(_) | Self::InvalidParameterSentence(_) => {
                sns!("InvalidParameterException", "InvalidParameter", 400)
            }
            Self::InvalidMessageAttribute(_) => {
                sns!(
                    "InvalidParameterValueException",
                    "ParameterValueInvalid",
                    400
                )
            }
            // The model names it ValidationException; the wire does not (recorded).
            Self::Validation(_) => {
                sns!("ValidationException", "ValidationError", 400)
            }
            Self::TopicDoesNotExist
            | Self::SubscriptionDoesNotExist
            | Self::PlatformApplicationDoesNotExist
            | Self::EndpointDoesNotExist => sns!("NotFoundException", "NotFound", 404),
            Self::ResourceNotFound => sns!("ResourceNotFoundException", "ResourceNotFound", 404),
            Self::NotAuthorized(_) => {
                sns!("AuthorizationErrorException", "AuthorizationError", 403)
            }
            Self::TopicHasArchive => sns!("InvalidStateException", "InvalidState", 400),
            Self::EndpointDisabled => sns!("EndpointDisabledException", "EndpointDisabled", 400),
            Self::PlatformApplicationDisabled => sns!(
                "PlatformApplicationDisabledException",
                "PlatformApplicationDisabled",
                400
            ),
            Self::TagLimitExceeded => sns!("TagLimitExceededException", "TagLimitExceeded", 400),
            Self::SubscriptionLimitExceeded => sns!(
                "SubscriptionLimitExceededException",
                "SubscriptionLimitExceeded",
                403
            ),
            Self::FilterPolicyLimitExceeded => sns!(
                "FilterPolicyLimitExceededException",
                "FilterPolicyLimitExceeded",
                403
            ),
            Self::EmptyBatchRequest => sns!("EmptyBatchRequestException", "EmptyBatchRequest", 400),
            Self::TooManyEntriesInBatchRequest => sns!(
                "TooManyEntriesInBatchRequestException",
                "TooManyEntriesInBatchRequest",
                400
            ),
            Self::BatchEntryIdsNotDistinct => sns!(
                "BatchEntryIdsNotDistinctException",
                "BatchEntryIdsNotDistinct",
                400
            ),
            Self::InvalidBatchEntryId(_) => {
                sns!("InvalidBatchEntryIdException", "InvalidBatchEntryId", 400)
            }
            Self::BatchRequestTooLong => {
                sns!("BatchRequestTooLongException", "BatchRequestTooLong", 400)
            }
            Self::OptedOut(_) => sns!("OptedOutException", "OptedOut", 400),
            Self::Verification(_) => sns!("VerificationException", "VerificationException", 400),
            Self::UserError(_) => sns!("UserErrorException", "UserError", 400),
            Self::UnknownOperation { .. } => sns!("InvalidAction", "InvalidAction", 400),
            Self::Undecodable(_) => sns!("SerializationException", "MalformedInput", 400),
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::Undecodable(error)
    }
}
