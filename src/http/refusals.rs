//! The front's own errors, each in AWS's words. The application encodes them in the protocol of the request.
//!
//! Codes are those of AWS's list of errors common to all services, where it has one.

use crate::wire::ErrorInfo;

/// Why the front does not pass a request on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Plain HTTP on the port for HTTPS.
    HttpForHttps,
    /// Not exactly one `Host`, or one that is not a host name.
    BadHost,
    /// A proxy's headers about the client's address cannot be understood.
    BadForwarded,
    /// A name that a web page could have been served under.
    ForeignHost(String),
    /// A web page that is not allowed.
    ForeignOrigin(String),
    /// The body is not framed as its headers say.
    BrokenBody,
    /// The body is over the limit.
    TooLarge { limit: usize },
    /// The body did not come in time.
    TooSlow,
    /// The memory budget has no room for the request, its body or its answer.
    Overloaded,
    /// A panic while it was being answered.
    Panicked,
}

impl Refusal {
    pub(super) fn info(self) -> ErrorInfo {
        match self {
            Self::HttpForHttps => malformed(
                "This port speaks HTTPS: begin the URL with https://, or take the port for HTTP.",
            ),
            Self::BadHost => malformed("The request must have exactly one valid Host header."),
            Self::BadForwarded => malformed(
                "The headers X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-Port or Forwarded are malformed.",
            ),
            Self::BrokenBody => malformed("The request's body is not framed as its headers say."),
            Self::ForeignHost(host) => denied(format!(
                "The host name '{host}' is not one of this server's, so a web page may be behind this request. \
                 If it is yours, start topiq with --allow-host {host} (or TOPIQ_ALLOW_HOST)."
            )),
            Self::ForeignOrigin(origin) => denied(format!(
                "Web pages from {origin} may not call this server. \
                 If it is yours, start topiq with --allow-origin and its origin (or TOPIQ_ALLOW_ORIGIN)."
            )),
            Self::TooLarge { limit } => ErrorInfo::new(
                "com.amazon.coral.service#RequestEntityTooLargeException",
                "RequestEntityTooLarge",
                413,
                format!("The request's body must be at most {limit} bytes long."),
            ),
            Self::TooSlow => ErrorInfo::new(
                "com.amazon.coral.service#RequestTimeoutException",
                "RequestTimeout",
                408,
                "The request's body did not arrive in time.",
            ),
            Self::Overloaded => ErrorInfo::new(
                "com.amazon.coral.service#ThrottlingException",
                "ThrottlingException",
                400,
                "Rate exceeded: too many bytes are held for clients that are slow to send requests or to take answers. \
                 Try again, or start topiq with a larger --memory-budget (or TOPIQ_MEMORY_BUDGET).",
            ),
            Self::Panicked => ErrorInfo::new(
                "com.amazon.coral.service#InternalFailure",
                "InternalFailure",
                500,
                "The request processing has failed because of an unknown error, exception or failure.",
            ),
        }
    }

    /// Whether the rest of the request can no longer be told from the next one, or is not waited for.
    pub(super) const fn ends_connection(&self) -> bool {
        matches!(
            self,
            Self::HttpForHttps
                | Self::BadHost
                | Self::BrokenBody
                | Self::TooLarge { .. }
                | Self::TooSlow
                | Self::Overloaded
        )
    }
}

fn malformed(message: &'static str) -> ErrorInfo {
    ErrorInfo::new(
        "com.amazon.coral.service#MalformedHttpRequestException",
        "MalformedHttpRequest",
        400,
        message,
    )
}

fn denied(message: String) -> ErrorInfo {
    ErrorInfo::new(
        "com.amazon.coral.service#AccessDeniedException",
        "AccessDenied",
        403,
        message,
    )
}
