//! Why an event was not delivered, as dead letters say it.

use std::borrow::Cow;

use crate::clock::Timestamp;
use crate::delivery::Undelivered;
use crate::delivery::outcome::wording;
use crate::services::events::input::InputFailed;

/// Why an attempt failed, and whether there may be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::services::events) struct Failure {
    pub(in crate::services::events) code: ErrorCode,
    /// Some text, never empty.
    pub(in crate::services::events) message: Cow<'static, str>,
    pub(in crate::services::events) lasts: Lasts,
}

/// How long it is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::events) enum Lasts {
    /// No other attempt can help.
    ForGood,
    /// Another attempt may succeed; not before this moment, if the target gives one.
    ForNow { not_before: Option<Timestamp> },
}

/// The attribute `ERROR_CODE` of dead letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services::events) enum ErrorCode {
    NoPermissions,
    NoResource,
    InvalidParameter,
    InvalidJson,
    ErrorFromTarget,
    ConnectionFailure,
    Timeout,
    Throttling,
    CrossAccountIngestionFailed,
    CrossRegionIngestionFailed,
    ThirdAccountHopDetected,
    ThirdRegionHopDetected,
}

impl ErrorCode {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::NoPermissions => "NO_PERMISSIONS",
            Self::NoResource => "NO_RESOURCE",
            Self::InvalidParameter => "INVALID_PARAMETER",
            Self::InvalidJson => "INVALID_JSON",
            Self::ErrorFromTarget => "ERROR_FROM_TARGET",
            Self::ConnectionFailure => "CONNECTION_FAILURE",
            Self::Timeout => "TIMEOUT",
            Self::Throttling => "THROTTLING",
            Self::CrossAccountIngestionFailed => "CROSS_ACCOUNT_INGESTION_FAILED",
            Self::CrossRegionIngestionFailed => "CROSS_REGION_INGESTION_FAILED",
            Self::ThirdAccountHopDetected => "THIRD_ACCOUNT_HOP_DETECTED",
            Self::ThirdRegionHopDetected => "THIRD_REGION_HOP_DETECTED",
        }
    }
}

impl Failure {
    /// One that no other attempt can help.
    pub(in crate::services::events) fn for_good(
        code: ErrorCode,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            code,
            message: message.into(),
            lasts: Lasts::ForGood,
        }
    }

    /// A number that tells causes apart: see [`Undelivered::cause`].
    pub(super) fn cause(&self) -> u64 {
        self.code as u64 | wording(&self.message) << 8
    }
}

impl From<Undelivered> for Failure {
    fn from(undelivered: Undelivered) -> Self {
        let code = match &undelivered {
            Undelivered::NoTarget => ErrorCode::NoResource,
            Undelivered::Denied(_) => ErrorCode::NoPermissions,
            Undelivered::Refused(_) | Undelivered::Disabled | Undelivered::OptedOut => {
                ErrorCode::InvalidParameter
            }
            Undelivered::Status { .. } => ErrorCode::ErrorFromTarget,
            Undelivered::Timeout(_) => ErrorCode::Timeout,
            Undelivered::Throttled(_)
            | Undelivered::LaneFull
            | Undelivered::OverBudget
            | Undelivered::Expired => ErrorCode::Throttling,
            Undelivered::Resolve(_)
            | Undelivered::Connect(_)
            | Undelivered::Tls(_)
            | Undelivered::Exchange(_)
            | Undelivered::Egress { .. } => ErrorCode::ConnectionFailure,
        };
        // A full lane and a full memory are the target's throttling here.
        let lasts = if undelivered.is_retryable() || code == ErrorCode::Throttling {
            Lasts::ForNow { not_before: None }
        } else {
            Lasts::ForGood
        };
        let message = match undelivered {
            Undelivered::Refused(sentence) | Undelivered::Throttled(sentence) => sentence.into(),
            other => other.to_string(),
        };
        Self {
            code,
            message: message.into(),
            lasts,
        }
    }
}

impl From<InputFailed> for Failure {
    fn from(failed: InputFailed) -> Self {
        let code = match failed {
            InputFailed::InvalidJson => ErrorCode::InvalidJson,
            InputFailed::TooLarge => ErrorCode::InvalidParameter,
        };
        Self::for_good(code, failed.to_string())
    }
}
