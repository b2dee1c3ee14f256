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

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn failure(undelivered: Undelivered) -> (&'static str, bool) {
        let failure = Failure::from(undelivered);
        assert!(!failure.message.is_empty());
        (failure.code.as_str(), failure.lasts == Lasts::ForGood)
    }

    #[test]
    fn failures_have_codes_and_last_or_pass() {
        let gone = || io::Error::from(io::ErrorKind::NotFound);
        let status = |status, is_retryable| Undelivered::Status {
            status,
            is_retryable,
        };
        for (undelivered, code, is_for_good) in [
            (Undelivered::NoTarget, "NO_RESOURCE", true),
            (Undelivered::Denied("no".into()), "NO_PERMISSIONS", true),
            (Undelivered::Refused("no".into()), "INVALID_PARAMETER", true),
            (Undelivered::Disabled, "INVALID_PARAMETER", true),
            (Undelivered::Throttled("no".into()), "THROTTLING", false),
            (Undelivered::LaneFull, "THROTTLING", false),
            (Undelivered::OverBudget, "THROTTLING", false),
            (Undelivered::Timeout(5), "TIMEOUT", false),
            (status(503, true), "ERROR_FROM_TARGET", false),
            (status(404, false), "ERROR_FROM_TARGET", true),
            (Undelivered::Resolve(gone()), "CONNECTION_FAILURE", false),
            (Undelivered::Connect(gone()), "CONNECTION_FAILURE", false),
            (Undelivered::Tls(gone()), "CONNECTION_FAILURE", false),
        ] {
            let shown = undelivered.to_string();
            assert_eq!(failure(undelivered), (code, is_for_good), "{shown}");
        }
    }

    #[test]
    fn an_input_that_is_not_there_lasts() {
        let invalid = Failure::from(InputFailed::InvalidJson);
        assert_eq!(
            (invalid.code, invalid.lasts),
            (ErrorCode::InvalidJson, Lasts::ForGood)
        );
        let large = Failure::from(InputFailed::TooLarge);
        assert_eq!(large.code, ErrorCode::InvalidParameter);
    }
}
