//! An answer in its protocol's bytes.

use std::borrow::Cow;

use http::header::{HeaderName, HeaderValue};

use super::call::QueryAnswer;
use super::rest_json::ErrorNames;
use super::service::{AwsJson, JsonVersion};
use super::{Body, ErrorInfo, Source, cbor, event_stream, json, query_json, rest_json, xml};
use crate::ids::RequestId;

const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// The header with the name of an error, in REST JSON.
pub(super) const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// The media type of REST JSON's answers.
pub(super) const REST_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The media type of REST JSON's answers that are bytes.
pub(super) const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// The media type of Query answers.
pub(super) const XML: HeaderValue = HeaderValue::from_static("text/xml");

/// The media type of Query answers to those who ask for JSON.
pub(super) const QUERY_JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The media type of answers in CBOR.
pub(super) const CBOR: HeaderValue = HeaderValue::from_static(cbor::MEDIA_TYPE);

/// The media type of answers that are streams of events.
const EVENT_STREAM: HeaderValue = HeaderValue::from_static(event_stream::MEDIA_TYPE);

/// An answer in its protocol's bytes.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: HeaderValue,
    /// The answer's other headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Body<Vec<u8>>,
    /// The error that it is or has, for logs.
    pub refusal: Option<Box<Refusal>>,
}

/// An error that was answered.
#[derive(Debug)]
pub struct Refusal {
    /// Its code, as Query has it.
    pub code: Cow<'static, str>,
    /// Its sentence.
    pub message: Cow<'static, str>,
    /// Where it is only the first of those that entries of a batch have: how many there are.
    pub entries: Option<usize>,
}

impl Refusal {
    fn of(error: &ErrorInfo) -> Self {
        Self {
            code: error.query_code.clone(),
            message: error.message.clone(),
            entries: None,
        }
    }
}

/// How an error is written in JSON when no service is known.
pub(super) const UNKNOWN_JSON: AwsJson = AwsJson {
    version: JsonVersion::V1_0,
    target_prefix: "",
    is_query_compatible: true,
};

/// How an error is written in XML when no service is known: AWS's general shape.
pub(super) const UNKNOWN_XML: xml::Style = xml::Style {
    namespace: "http://webservices.amazon.com/AWSFault/2005-15-09",
    declaration: false,
    pretty: true,
    detail: false,
};

impl Answer {
    /// A successful answer without further headers.
    pub(super) const fn ok(content_type: HeaderValue, body: Vec<u8>) -> Self {
        Self {
            status: 200,
            content_type,
            headers: Vec::new(),
            body: Body::Whole(body),
            refusal: None,
        }
    }

    /// A successful answer that is a stream of events.
    pub(super) fn events(events: impl Source + 'static) -> Self {
        Self {
            body: Body::Stream(Box::new(events)),
            ..Self::ok(EVENT_STREAM, Vec::new())
        }
    }

    /// The same with what is refused of it.
    #[must_use]
    pub fn with_refusal(self, refusal: Option<Refusal>) -> Self {
        Self {
            refusal: refusal.map(Box::new),
            ..self
        }
    }

    /// An error in a form of its own.
    pub(super) fn error(content_type: HeaderValue, body: Vec<u8>, error: &ErrorInfo) -> Self {
        Self {
            status: error.status,
            content_type,
            headers: error.headers.clone(),
            body: Body::Whole(body),
            refusal: Some(Box::new(Refusal::of(error))),
        }
    }

    pub(super) fn json_error(protocol: &AwsJson, error: &ErrorInfo) -> Self {
        let mut headers = error.headers.clone();
        if protocol.is_query_compatible {
            // Query-compatible SDKs show the code of this header as the error's code.
            let value = format!("{};{}", error.query_code, error.fault().as_str());
            let value = HeaderValue::try_from(value).expect("error codes are plain ASCII");
            headers.push((QUERY_ERROR, value));
        }
        Self {
            status: error.status,
            content_type: protocol.version.content_type().clone(),
            headers,
            body: Body::Whole(json::error(error)),
            refusal: Some(Box::new(Refusal::of(error))),
        }
    }

    pub(super) fn rest_json_error(names: ErrorNames, error: &ErrorInfo) -> Self {
        let mut answer = Self::error(REST_JSON, rest_json::error(names, error), error);
        let name = HeaderValue::from_str(rest_json::error_type(error));
        let name = name.expect("error codes are plain ASCII");
        answer.headers.push((ERROR_TYPE, name));
        answer
    }

    pub(super) fn xml_error(style: &xml::Style, request_id: RequestId, error: &ErrorInfo) -> Self {
        Self::query_error(style, QueryAnswer::Xml, request_id, error)
    }

    pub(super) fn query_error(
        style: &xml::Style,
        answer: QueryAnswer,
        request_id: RequestId,
        error: &ErrorInfo,
    ) -> Self {
        let mut id = [0; 36];
        let id = request_id.encode(&mut id);
        let (content_type, body) = match answer {
            QueryAnswer::Xml => (XML, xml::error(error, id, style)),
            QueryAnswer::Json => (QUERY_JSON, query_json::error(error, id)),
        };
        Self::error(content_type, body, error)
    }
}
