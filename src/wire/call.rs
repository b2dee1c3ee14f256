//! One request, read: which protocol, which service, which operation, and who calls.

use std::borrow::Cow;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use memchr::{memchr2, memmem};
use serde::{Deserialize, Serialize};

use super::{DecodeError, ErrorInfo, Names, json, query, xml};
use crate::aws::{AccountId, Caller, Home, Region};
use crate::ids::RequestId;

/// What the wire must know of a service: one value per service, listed by its owner.
#[derive(Debug)]
pub struct ServiceModel {
    /// Its name in credential scopes and logs: `sqs`.
    pub name: &'static str,
    /// What `X-Amz-Target` starts with, if it speaks AWS JSON: `AmazonSQS`.
    pub target_prefix: Option<&'static str>,
    /// The media type of its JSON: version 1.0 or 1.1.
    pub json_content_type: HeaderValue,
    /// The date that Query requests give as `Version`.
    pub version: &'static str,
    /// The shape of its Query answers.
    pub xml: xml::Style,
    /// Its names in forms and XML.
    pub names: Names,
    /// Every operation it serves.
    pub operations: &'static [&'static str],
}

/// The input of a call as it came, by protocol. A further protocol is a variant here and its codec beside the others.
#[derive(Debug)]
enum Payload<'a> {
    Json(&'a [u8]),
    Query(query::Form<'a>),
}

/// One request for one operation of one service.
#[derive(Debug)]
pub struct Call<'a> {
    /// The service it is for.
    pub service: &'static ServiceModel,
    /// The operation's name as it was sent; the service may not have it.
    pub operation: Cow<'a, str>,
    origin: Caller<'a>,
    request_id: RequestId,
    payload: Payload<'a>,
}

/// An answer in its protocol's bytes.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: HeaderValue,
    /// The value of the `x-amzn-query-error` header: JSON errors tell their Query code there.
    pub query_error: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

/// The media type of Query answers.
const XML: HeaderValue = HeaderValue::from_static("text/xml");
/// The media type of AWS JSON 1.0.
pub const JSON_1_0: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");
/// The media type of AWS JSON 1.1.
pub const JSON_1_1: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
const UNKNOWN_OPERATION: &[u8] = b"<UnknownOperationException/>\n";

/// The shape of errors when no service is known: AWS's general one.
static UNKNOWN_XML: xml::Style = xml::Style {
    namespace: "http://webservices.amazon.com/AWSFault/2005-15-09",
    declaration: false,
    pretty: true,
    detail: false,
};

/// A request before its service is known.
pub struct Unread<'a> {
    /// Its method, URL and headers.
    pub head: &'a Parts,
    /// Its whole body.
    pub body: &'a [u8],
    /// The id it is answered with.
    pub request_id: RequestId,
    /// What URLs in its answer start with.
    pub endpoint: &'a str,
    /// Its account and region where it names none.
    pub home: Home,
}

impl<'a> Call<'a> {
    /// Reads a request, or answers it when it names no operation of any of `services`.
    ///
    /// `X-Amz-Target` means JSON; else an `Action` parameter, in the query string or in a form, means Query.
    pub fn read(unread: &Unread<'a>, services: &[&'static ServiceModel]) -> Result<Self, Answer> {
        match unread.head.headers.get(TARGET) {
            Some(target) => Self::read_json(unread, target.to_str().unwrap_or_default(), services),
            None => Self::read_query(unread, services),
        }
    }

    fn read_json(
        unread: &Unread<'a>,
        target: &'a str,
        services: &[&'static ServiceModel],
    ) -> Result<Self, Answer> {
        let (prefix, operation) = target.split_once('.').unwrap_or((target, ""));
        let service = services
            .iter()
            .find(|service| service.target_prefix == Some(prefix));
        let Some(service) = service else {
            return Err(Answer::json_error(JSON_1_0, &unknown_operation(target)));
        };
        let scope = Scope::of_header(&unread.head.headers);
        Ok(Self {
            service,
            operation: Cow::Borrowed(operation),
            origin: caller(unread, scope.as_ref(), None),
            request_id: unread.request_id,
            payload: Payload::Json(unread.body),
        })
    }

    fn read_query(unread: &Unread<'a>, services: &[&'static ServiceModel]) -> Result<Self, Answer> {
        let head = unread.head;
        let query_string = head.uri.query().unwrap_or_default();
        let form = query::Form::parse(query_string, form_body(&head.headers, unread.body))
            .map_err(|_| {
                Answer::xml_error(unread.request_id, &UNKNOWN_XML, &malformed_query_string())
            })?;
        let scope = Scope::of_header(&head.headers).or_else(|| Scope::of_form(&form));
        let Some(action) = form.get("Action") else {
            return Err(Answer::no_operation(unread, scope.as_ref(), services));
        };
        let operation = action.to_owned();
        let Some(service) = query_service(services, scope.as_ref(), &form, head.uri.path()) else {
            let error = unknown_operation(&operation);
            return Err(Answer::xml_error(unread.request_id, &UNKNOWN_XML, &error));
        };
        Ok(Self {
            service,
            operation: Cow::Owned(operation),
            origin: caller(unread, scope.as_ref(), Some(head.uri.path())),
            request_id: unread.request_id,
            payload: Payload::Query(form),
        })
    }

    /// A call that topiq makes itself. Input and answer are JSON, whatever protocols the service speaks.
    pub fn within(
        service: &'static ServiceModel,
        operation: &'a str,
        caller: Caller<'a>,
        request_id: RequestId,
        input: &'a [u8],
    ) -> Self {
        Self {
            service,
            operation: Cow::Borrowed(operation),
            origin: caller,
            request_id,
            payload: Payload::Json(input),
        }
    }

    /// Who calls, and what.
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            action: &self.operation,
            ..self.origin
        }
    }

    /// The operation's input.
    pub fn input<'i, T: Deserialize<'i>>(&'i self) -> Result<T, DecodeError> {
        match &self.payload {
            Payload::Json(body) => json::decode(body),
            Payload::Query(form) => query::decode(form, self.service.names),
        }
    }

    /// The answer that holds the operation's output.
    pub fn answer<T: Serialize>(&self, output: &T) -> Answer {
        let (content_type, body) = match &self.payload {
            Payload::Json(_) => (self.service.json_content_type.clone(), json::encode(output)),
            Payload::Query(_) => (XML, self.xml(output)),
        };
        Answer {
            status: 200,
            content_type,
            query_error: None,
            body,
        }
    }

    /// The answer that tells the error.
    pub fn refuse(&self, error: &ErrorInfo) -> Answer {
        match &self.payload {
            Payload::Json(_) => Answer::json_error(self.service.json_content_type.clone(), error),
            Payload::Query(_) => Answer::xml_error(self.request_id, &self.service.xml, error),
        }
    }

    /// The answer that tells the error as AWS does before a service has the request: XML then has the namespace of all
    /// services.
    pub fn refuse_unserved(&self, error: &ErrorInfo) -> Answer {
        match &self.payload {
            Payload::Json(_) => self.refuse(error),
            Payload::Query(_) => Answer::xml_error(self.request_id, &UNKNOWN_XML, error),
        }
    }

    /// The parameter of a Query request, such as `Version`; none in other protocols.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        match &self.payload {
            Payload::Json(_) => None,
            Payload::Query(form) => form.get(name),
        }
    }

    /// The protocol's name, for logs.
    pub fn protocol(&self) -> &'static str {
        match &self.payload {
            Payload::Json(_) => "json",
            Payload::Query(_) => "query",
        }
    }

    fn xml<T: Serialize>(&self, output: &T) -> Vec<u8> {
        let mut id = [0; 36];
        let request_id = self.request_id.encode(&mut id);
        xml::encode(
            &self.operation,
            request_id,
            output,
            &self.service.xml,
            self.service.names,
        )
    }
}

impl Answer {
    /// An error of a request that was not read as a call: in JSON if the request looks like it, else in XML.
    pub fn unread(head: &Parts, request_id: RequestId, error: &ErrorInfo) -> Self {
        if head.headers.contains_key(TARGET) || has_json_body(&head.headers) {
            Self::json_error(JSON_1_0, error)
        } else {
            Self::xml_error(request_id, &UNKNOWN_XML, error)
        }
    }

    /// A request that names no operation at all. A service that speaks JSON too has no words for it in Query: AWS answers
    /// a GET on a queue's URL with this element and 404.
    fn no_operation(
        unread: &Unread<'_>,
        scope: Option<&Scope<'_>>,
        services: &[&'static ServiceModel],
    ) -> Self {
        if has_json_body(&unread.head.headers) {
            return Self::json_error(JSON_1_0, &unknown_operation(""));
        }
        let service = scope.and_then(|scope| scope.service);
        let service = services.iter().find(|known| Some(known.name) == service);
        if service.is_some_and(|service| service.target_prefix.is_none()) {
            return Self::xml_error(unread.request_id, &UNKNOWN_XML, &missing_action());
        }
        Self {
            status: 404,
            content_type: XML,
            query_error: None,
            body: UNKNOWN_OPERATION.to_vec(),
        }
    }

    fn json_error(content_type: HeaderValue, error: &ErrorInfo) -> Self {
        // Query-compatible SDKs show the code of this header as the error's code.
        let query_error = format!("{};{}", error.query_code, error.fault().as_str());
        Self {
            status: error.status,
            content_type,
            query_error: Some(query_error),
            body: json::error(error),
        }
    }

    fn xml_error(request_id: RequestId, style: &xml::Style, error: &ErrorInfo) -> Self {
        let body = xml::error(error, request_id.encode(&mut [0; 36]), style);
        Self {
            status: error.status,
            content_type: XML,
            query_error: None,
            body,
        }
    }
}

/// AWS's error for an action that a service does not have.
pub fn unknown_operation(action: &str) -> ErrorInfo {
    ErrorInfo {
        json_type: "com.amazon.coral.service#UnknownOperationException",
        query_code: "InvalidAction",
        status: 400,
        message: format!("The action {action} is not valid for this endpoint.").into(),
        query_message: None,
    }
}

/// The error of the services that speak Query alone. (Common errors; the text is the documents'.)
fn missing_action() -> ErrorInfo {
    ErrorInfo {
        json_type: "com.amazon.coral.service#MissingAction",
        query_code: "MissingAction",
        status: 400,
        message: "The request is missing an action or a required parameter.".into(),
        query_message: None,
    }
}

fn malformed_query_string() -> ErrorInfo {
    ErrorInfo {
        json_type: "com.amazon.coral.service#MalformedQueryString",
        query_code: "MalformedQueryString",
        status: 400,
        message: "The query string contains a syntax error.".into(),
        query_message: None,
    }
}

/// The credential scope of a request: `{access key id}/{date}/{region}/{service}/aws4_request`.
#[derive(Debug, Default)]
struct Scope<'a> {
    account: Option<AccountId>,
    region: Option<Region>,
    service: Option<&'a str>,
}

impl<'a> Scope<'a> {
    fn of_header(headers: &'a HeaderMap) -> Option<Self> {
        let authorization = headers.get(AUTHORIZATION)?.as_bytes();
        // Every SDK begins like this; a search through the long header is for others.
        let credential = match authorization.strip_prefix(b"AWS4-HMAC-SHA256 Credential=") {
            Some(credential) => credential,
            None => &authorization[memmem::find(authorization, CREDENTIAL)? + CREDENTIAL.len()..],
        };
        let end = memchr2(b',', b' ', credential).unwrap_or(credential.len());
        Some(Self::parse(&credential[..end]))
    }

    fn of_form(form: &'a query::Form<'_>) -> Option<Self> {
        match form.get("X-Amz-Credential") {
            Some(credential) => Some(Self::parse(credential.as_bytes())),
            // Signature version 2 names the key alone.
            None => form
                .get("AWSAccessKeyId")
                .map(|key| Self::parse(key.as_bytes())),
        }
    }

    fn parse(credential: &'a [u8]) -> Self {
        // By hand: the parts are short, which str's search is not made for.
        let mut parts = credential
            .split(|&byte| byte == b'/')
            .map(|part| std::str::from_utf8(part).unwrap_or_default());
        let account = parts.next().and_then(AccountId::parse);
        let region = parts.nth(1).and_then(Region::parse);
        Self {
            account,
            region,
            service: parts.next(),
        }
    }
}

const CREDENTIAL: &[u8] = b"Credential=";

fn caller<'a>(unread: &Unread<'a>, scope: Option<&Scope<'_>>, path: Option<&'a str>) -> Caller<'a> {
    let headers = &unread.head.headers;
    let region = match scope {
        Some(scope) => scope.region,
        None => host(unread.head).and_then(Region::of_host),
    };
    Caller {
        account: scope
            .as_ref()
            .and_then(|scope| scope.account)
            .unwrap_or(unread.home.account),
        region: region.unwrap_or(unread.home.region),
        action: "",
        is_signed: scope.is_some(),
        endpoint: unread.endpoint,
        trace_header: headers
            .get(TRACE_ID)
            .and_then(|header| header.to_str().ok()),
        path,
    }
}

/// The host that a request names. HTTP/2 has it in its target.
fn host(head: &Parts) -> Option<&str> {
    match head.headers.get(HOST) {
        Some(host) => host.to_str().ok(),
        None => head.uri.host(),
    }
}

/// Which service a Query request is for: the one it is signed for; unsigned, the one of its version; else the one that
/// has the action.
fn query_service(
    services: &[&'static ServiceModel],
    scope: Option<&Scope<'_>>,
    form: &query::Form<'_>,
    path: &str,
) -> Option<&'static ServiceModel> {
    let named = |name: &str| {
        services
            .iter()
            .copied()
            .find(|service| service.name == name)
    };
    if let Some(service) = scope.and_then(|scope| scope.service) {
        return named(service);
    }
    let action = form.get("Action").unwrap_or_default();
    let by_version = services
        .iter()
        .copied()
        .find(|service| form.get("Version") == Some(service.version));
    let by_action = || {
        services
            .iter()
            .copied()
            .find(|service| service.operations.contains(&action))
    };
    // A queue's own URL says that it is for SQS, whatever the action.
    let by_path = || {
        if path.trim_matches('/').contains('/') {
            named("sqs")
        } else {
            None
        }
    };
    by_version.or_else(by_action).or_else(by_path)
}

/// The body where it is a form: other media types hold no parameters.
fn form_body<'a>(headers: &HeaderMap, body: &'a [u8]) -> &'a [u8] {
    let is_form = headers.get(CONTENT_TYPE).is_none_or(|media| {
        media
            .as_bytes()
            .to_ascii_lowercase()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    if is_form { body } else { &[] }
}

fn has_json_body(headers: &HeaderMap) -> bool {
    let media = headers
        .get(CONTENT_TYPE)
        .map(|media| media.as_bytes().to_ascii_lowercase());
    media.is_some_and(|media| {
        media.starts_with(b"application/x-amz-json") || media.starts_with(b"application/json")
    })
}
