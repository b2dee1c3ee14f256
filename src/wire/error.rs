//! What the codecs need to know about an error.

use std::borrow::Cow;

use http::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::{Map, Value};

/// Whose fault an error is, in AWS's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The caller's: HTTP status 4xx.
    Sender,
    /// The service's: HTTP status 5xx.
    Receiver,
}

impl Fault {
    /// The word in XML's `Type` and in the `x-amzn-query-error` header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Receiver => "Receiver",
        }
    }
}

/// An error as both protocols show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorInfo {
    /// JSON's `__type`, with its namespace: `com.amazonaws.sqs#QueueDoesNotExist`.
    pub json_type: Cow<'static, str>,
    /// The code in XML and in the `x-amzn-query-error` header: `AWS.SimpleQueueService.NonExistentQueue`.
    pub query_code: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    /// AWS's sentence.
    pub message: Cow<'static, str>,
    /// AWS's sentence in the Query protocol, where it differs.
    pub query_message: Option<Cow<'static, str>>,
    /// The error's members besides its message, by their names.
    pub members: Map<String, Value>,
    /// Whether JSON and CBOR call the sentence `Message`, rather than `message`.
    pub has_capital_message: bool,
    /// Headers of its answer.
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl ErrorInfo {
    /// An error with nothing but its sentence.
    pub fn new(
        json_type: impl Into<Cow<'static, str>>,
        query_code: impl Into<Cow<'static, str>>,
        status: u16,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            json_type: json_type.into(),
            query_code: query_code.into(),
            status,
            message: message.into(),
            query_message: None,
            members: Map::new(),
            has_capital_message: false,
            headers: Vec::new(),
        }
    }

    /// Whose fault it is, which follows from the status.
    pub const fn fault(&self) -> Fault {
        if self.status < 500 {
            Fault::Sender
        } else {
            Fault::Receiver
        }
    }
}

/// A request whose bytes the codec cannot read as the operation's input.
///
/// The text is AWS's where it is known (`STRING_VALUE can not be converted to an Integer`). It is never empty: SDKs then
/// show `UnknownError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The fault in AWS's words, or ours; never a parser's.
    pub message: Cow<'static, str>,
}

/// A request that is not of its protocol's form.
pub(super) const MALFORMED: &str = "The request is malformed";

/// What the text of a binary member is, as serde is told.
pub(super) const BASE64_TEXT: &str = "Base64 text";

/// The text for a binary member that holds something else.
pub(super) const NOT_BASE64: &str = "The value of a binary member is not valid Base64";

impl Default for DecodeError {
    fn default() -> Self {
        Self {
            message: MALFORMED.into(),
        }
    }
}

impl From<DecodeError> for ErrorInfo {
    fn from(error: DecodeError) -> Self {
        Self::new(
            "com.amazon.coral.service#SerializationException",
            "MalformedInput",
            400,
            error.message,
        )
    }
}

/// An error's members, as JSON and CBOR write them.
#[derive(Serialize)]
pub(super) struct ErrorBody<'a> {
    #[serde(rename = "__type")]
    json_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(rename = "Message", skip_serializing_if = "Option::is_none")]
    capital_message: Option<&'a str>,
    #[serde(flatten)]
    members: &'a Map<String, Value>,
}

impl<'a> From<&'a ErrorInfo> for ErrorBody<'a> {
    fn from(error: &'a ErrorInfo) -> Self {
        let message = Some(&*error.message);
        let is_capital = error.has_capital_message;
        Self {
            json_type: &error.json_type,
            message: message.filter(|_| !is_capital),
            capital_message: message.filter(|_| is_capital),
            members: &error.members,
        }
    }
}

/// AWS's error for an action that a service does not have.
pub fn unknown_operation(action: &str) -> ErrorInfo {
    ErrorInfo::new(
        "com.amazon.coral.service#UnknownOperationException",
        "InvalidAction",
        400,
        format!("The action {action} is not valid for this endpoint."),
    )
}

/// The error of the services that speak Query alone. (Common errors; the text is the documentation's.)
pub(super) fn missing_action() -> ErrorInfo {
    ErrorInfo::new(
        "com.amazon.coral.service#MissingAction",
        "MissingAction",
        400,
        "The request is missing an action or a required parameter.",
    )
}

pub(super) fn malformed_query_string() -> ErrorInfo {
    ErrorInfo::new(
        "com.amazon.coral.service#MalformedQueryString",
        "MalformedQueryString",
        400,
        "The query string contains a syntax error.",
    )
}

/// The error of a call by GET that nobody signed: AWS's, and what to do.
pub(super) fn unsigned_get() -> ErrorInfo {
    ErrorInfo::new(
        "com.amazon.coral.service#MissingAuthenticationTokenException",
        "MissingAuthenticationToken",
        403,
        "Request is missing Authentication Token: any web page can make a browser send a GET, so topiq serves those that \
         are signed. Send this one as a POST, or sign it. (A signature in a browser's URL does not count.)",
    )
}
