//! The error that a fault answers with: AWS's code, status and sentence where they are known.

use http::header::{HeaderName, HeaderValue};

use super::effect::Injected;
use crate::names;
use crate::wire::ErrorInfo;

/// Says after how many milliseconds to try again. SDKs obey it, where they do not obey `Retry-After`.
const RETRY_AFTER: HeaderName = HeaderName::from_static("x-amz-retry-after");

/// The status of a code that nothing is known of.
const UNKNOWN_STATUS: u16 = 400;

const THROTTLED: &str = "Rate exceeded";
const FAILED: &str =
    "The request processing has failed because of an unknown error, exception or failure.";
const UNAVAILABLE: &str = "The request has failed due to a temporary failure of the server.";
const KMS: &str = "The request was rejected by AWS KMS.";

/// An error that topiq itself never has a reason for: JSON's type, Query's code, status and sentence. (Statuses and codes:
/// the services' models and the list of common errors, whose sentences are ours where AWS documents none.)
struct Known {
    /// The service that has it; all have one without.
    service: Option<&'static str>,
    json_type: &'static str,
    code: &'static str,
    status: u16,
    message: &'static str,
}

const fn of(
    service: &'static str,
    json_type: &'static str,
    code: &'static str,
    status: u16,
    message: &'static str,
) -> Known {
    Known {
        service: Some(service),
        json_type,
        code,
        status,
        message,
    }
}

const fn common(code: &'static str, status: u16, message: &'static str) -> Known {
    Known {
        service: None,
        json_type: code,
        code,
        status,
        message,
    }
}

#[rustfmt::skip]
const KNOWN: [Known; 29] = [
    of("sqs", "com.amazonaws.sqs#RequestThrottled", "RequestThrottled", 403, THROTTLED),
    of("sqs", "com.amazonaws.sqs#InvalidSecurity", "InvalidSecurity", 403, "The request was not made over HTTPS or did not use SigV4 for signing."),
    of("sqs", "com.amazonaws.sqs#KmsAccessDenied", "KMS.AccessDeniedException", 400, KMS),
    of("sqs", "com.amazonaws.sqs#KmsDisabled", "KMS.DisabledException", 400, KMS),
    of("sqs", "com.amazonaws.sqs#KmsInvalidKeyUsage", "KMS.InvalidKeyUsageException", 400, KMS),
    of("sqs", "com.amazonaws.sqs#KmsInvalidState", "KMS.InvalidStateException", 400, KMS),
    of("sqs", "com.amazonaws.sqs#KmsNotFound", "KMS.NotFoundException", 400, KMS),
    of("sqs", "com.amazonaws.sqs#KmsOptInRequired", "KMS.OptInRequired", 403, KMS),
    of("sqs", "com.amazonaws.sqs#KmsThrottled", "KMS.ThrottlingException", 400, KMS),
    of("sns", "Throttled", "Throttled", 429, THROTTLED),
    of("sns", "InternalError", "InternalError", 500, FAILED),
    of("sns", "KMSAccessDenied", "KMSAccessDenied", 400, KMS),
    of("sns", "KMSDisabled", "KMSDisabled", 400, KMS),
    of("sns", "KMSInvalidState", "KMSInvalidState", 400, KMS),
    of("sns", "KMSNotFound", "KMSNotFound", 400, KMS),
    of("sns", "KMSOptInRequired", "KMSOptInRequired", 403, KMS),
    of("sns", "KMSThrottling", "KMSThrottling", 400, KMS),
    of("sns", "TopicLimitExceeded", "TopicLimitExceeded", 403, "Topic limit exceeded"),
    of("events", "InternalException", "InternalException", 500, FAILED),
    of("events", "ConcurrentModificationException", "ConcurrentModificationException", 400, "There is concurrent modification on a rule, target, archive, or replay."),
    of("kinesis", "ProvisionedThroughputExceededException", "ProvisionedThroughputExceededException", 400, "Rate exceeded for shard."),
    of("kinesis", "KMSThrottlingException", "KMSThrottlingException", 400, KMS),
    common("ThrottlingException", 400, THROTTLED),
    common("Throttling", 400, THROTTLED),
    common("TooManyRequestsException", 429, THROTTLED),
    common("RequestLimitExceeded", 503, THROTTLED),
    common("InternalFailure", 500, FAILED),
    common("InternalError", 500, FAILED),
    common("ServiceUnavailable", 503, UNAVAILABLE),
];

impl Known {
    fn is_of(&self, service: &str) -> bool {
        self.service.is_none_or(|own| own == service)
    }

    fn has_code(&self, code: &str) -> bool {
        is_called(self.json_type, self.code, code)
    }

    fn info(&self) -> ErrorInfo {
        ErrorInfo::new(self.json_type, self.code, self.status, self.message)
    }
}

/// Whether an error goes by `code` in one of the protocols.
fn is_called(json_type: &str, query_code: &str, code: &str) -> bool {
    let shape = json_type.rsplit('#').next().unwrap_or(json_type);
    query_code == code || shape == code
}

/// The error as a service answers it. The service's own table comes first, then that of the errors that topiq never has a
/// reason for; a code that is in neither is taken as it is.
pub(super) fn info(injected: &Injected, service: &str, known: &[ErrorInfo]) -> ErrorInfo {
    let code = &*injected.code;
    let own = known
        .iter()
        .find(|info| is_called(&info.json_type, &info.query_code, code));
    let listed = KNOWN
        .iter()
        .find(|known| known.is_of(service) && known.has_code(code));
    let mut info = match (own, listed) {
        (Some(own), _) => own.clone(),
        (None, Some(listed)) => listed.info(),
        (None, None) => {
            let message = format!("{code}, by a fault that is set in topiq.");
            ErrorInfo::new(code.to_owned(), code.to_owned(), UNKNOWN_STATUS, message)
        }
    };
    if let Some(status) = injected.status {
        info.status = status;
    }
    if let Some(message) = &injected.message {
        info.message = message.clone().into();
        info.query_message = None;
    }
    if let Some(millis) = injected.retry_after {
        info.headers.push((RETRY_AFTER, HeaderValue::from(millis)));
    }
    info
}

/// Refuses a code that no service among these has, unless its status is given: it is more likely a typing mistake. Each
/// service comes with the errors of its own table.
pub fn check(injected: &Injected, services: &[(&str, Vec<ErrorInfo>)]) -> Result<(), String> {
    if injected.status.is_some() {
        return Ok(());
    }
    let mut names = Vec::new();
    for (service, own) in services {
        let shape = |json_type: &str| json_type.rsplit('#').next().unwrap_or_default().to_owned();
        let own = own.iter();
        names.extend(own.flat_map(|info| [info.query_code.to_string(), shape(&info.json_type)]));
        let known = KNOWN.iter().filter(|known| known.is_of(service));
        names.extend(known.flat_map(|known| [known.code.to_owned(), shape(known.json_type)]));
    }
    if names.contains(&injected.code) {
        return Ok(());
    }
    let code = &injected.code;
    Err(
        match names::nearest(code, names.iter().map(|name| &**name)) {
            Some(meant) => format!(
                "No error known here has the code {code}: did you mean {meant}? A code of your own needs effect.status."
            ),
            None => format!("No error known here has the code {code}: it needs effect.status."),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn injected(code: &str) -> Injected {
        Injected {
            code: code.to_owned(),
            status: None,
            message: None,
            retry_after: None,
        }
    }

    #[test]
    fn known_codes_have_their_status_and_type() {
        for (service, code, expected) in [
            (
                "sqs",
                "RequestThrottled",
                ("com.amazonaws.sqs#RequestThrottled", 403),
            ),
            (
                "sqs",
                "KmsThrottled",
                ("com.amazonaws.sqs#KmsThrottled", 400),
            ),
            (
                "sqs",
                "KMS.ThrottlingException",
                ("com.amazonaws.sqs#KmsThrottled", 400),
            ),
            ("sns", "Throttled", ("Throttled", 429)),
            ("events", "InternalException", ("InternalException", 500)),
            ("logs", "ServiceUnavailable", ("ServiceUnavailable", 503)),
            ("sqs", "Mine", ("Mine", 400)),
        ] {
            let info = info(&injected(code), service, &[]);
            assert_eq!((&*info.json_type, info.status), expected, "{code}");
        }
    }

    #[test]
    fn a_services_own_table_comes_first_and_is_overridden() {
        let own = [ErrorInfo::new(
            "a.b#OverLimit",
            "OverLimit",
            403,
            "Too many.",
        )];
        assert_eq!(info(&injected("OverLimit"), "sqs", &own), own[0]);
        let changed = Injected {
            status: Some(503),
            message: Some("Later.".to_owned()),
            retry_after: Some(1500),
            ..injected("OverLimit")
        };
        let info = info(&changed, "sqs", &own);
        assert_eq!((info.status, &*info.message), (503, "Later."));
        assert_eq!(info.headers, [(RETRY_AFTER, HeaderValue::from(1500))]);
    }

    #[test]
    fn mistyped_codes_are_refused() {
        let sqs = [("sqs", Vec::new())];
        assert_eq!(check(&injected("RequestThrottled"), &sqs), Ok(()));
        let refusal = check(&injected("RequestThrotled"), &sqs).unwrap_err();
        assert!(
            refusal.contains("did you mean RequestThrottled?"),
            "{refusal}"
        );
        let own = Injected {
            status: Some(418),
            ..injected("Teapot")
        };
        assert_eq!(check(&own, &sqs), Ok(()));
        assert!(check(&injected("Throttled"), &sqs).is_err(), "it is of SNS");
    }
}
