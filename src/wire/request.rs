//! Reads a request: which protocol, which service, which operation, and who calls.

use std::borrow::Cow;

use http::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName};
use http::request::Parts;

use super::answer::{Answer, UNKNOWN_JSON, UNKNOWN_XML, XML};
use super::call::{Call, Payload};
use super::credential::Scope;
use super::error::{malformed_query_string, missing_action, unknown_operation};
use super::service::{AwsQuery, Hosts, ServiceModel};
use super::{ErrorInfo, query};
use crate::aws::{Caller, Home, Region};
use crate::ids::RequestId;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const TRACE_ID: HeaderName = HeaderName::from_static("x-amzn-trace-id");

const UNKNOWN_OPERATION: &[u8] = b"<UnknownOperationException/>\n";

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
        let addressed = services.iter().find_map(|service| {
            let protocol = service.protocols.json.as_ref()?;
            (protocol.target_prefix == prefix).then_some((service, protocol))
        });
        let Some((service, protocol)) = addressed else {
            let error = unknown_operation(target);
            return Err(Answer::json_error(&UNKNOWN_JSON, &error));
        };
        let scope = Scope::of_header(&unread.head.headers);
        Ok(Self {
            service,
            operation: Cow::Borrowed(operation),
            origin: caller(unread, services, scope.as_ref(), None),
            request_id: unread.request_id,
            payload: Payload::Json(protocol, unread.body),
        })
    }

    fn read_query(unread: &Unread<'a>, services: &[&'static ServiceModel]) -> Result<Self, Answer> {
        let head = unread.head;
        let refuse = |error| Answer::xml_error(&UNKNOWN_XML, unread.request_id, &error);
        let query_string = head.uri.query().unwrap_or_default();
        let form = query::Form::parse(query_string, form_body(&head.headers, unread.body))
            .map_err(|_| refuse(malformed_query_string()))?;
        let scope = Scope::of_header(&head.headers).or_else(|| Scope::of_form(&form));
        let Some(action) = form.get("Action") else {
            return Err(no_operation(unread, scope.as_ref(), services));
        };
        let operation = action.to_owned();
        let addressed = query_service(services, scope.as_ref(), &form, head.uri.path());
        let Some((service, protocol)) = addressed else {
            return Err(refuse(unknown_operation(&operation)));
        };
        Ok(Self {
            service,
            operation: Cow::Owned(operation),
            origin: caller(unread, services, scope.as_ref(), Some(head.uri.path())),
            request_id: unread.request_id,
            payload: Payload::Query(protocol, form),
        })
    }
}

impl Answer {
    /// An error of a request that was not read as a call: in JSON if the request looks like it, else in XML.
    pub fn unread(head: &Parts, request_id: RequestId, error: &ErrorInfo) -> Self {
        if head.headers.contains_key(TARGET) || has_json_body(&head.headers) {
            Self::json_error(&UNKNOWN_JSON, error)
        } else {
            Self::xml_error(&UNKNOWN_XML, request_id, error)
        }
    }
}

/// Answers a request that names no operation at all. A service that speaks JSON too has no words for it in Query: AWS
/// answers a GET on a queue's URL with this element and 404.
fn no_operation(
    unread: &Unread<'_>,
    scope: Option<&Scope<'_>>,
    services: &[&'static ServiceModel],
) -> Answer {
    if has_json_body(&unread.head.headers) {
        return Answer::json_error(&UNKNOWN_JSON, &unknown_operation(""));
    }
    let signed_for = scope.and_then(|scope| scope.service);
    let mut services = services.iter();
    let service = services.find(|service| Some(service.signing_name) == signed_for);
    if service.is_some_and(|service| service.protocols.json.is_none()) {
        return Answer::xml_error(&UNKNOWN_XML, unread.request_id, &missing_action());
    }
    Answer {
        status: 404,
        ..Answer::ok(XML, UNKNOWN_OPERATION.to_vec())
    }
}

fn caller<'a>(
    unread: &Unread<'a>,
    services: &[&'static ServiceModel],
    scope: Option<&Scope<'_>>,
    path: Option<&'a str>,
) -> Caller<'a> {
    let headers = &unread.head.headers;
    let region = match scope {
        Some(scope) => scope.region,
        None => host(unread.head).and_then(|host| {
            let mut services = services.iter();
            services.find_map(|service| service.hosts.region(host))
        }),
    };
    Caller {
        account: scope
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

impl Hosts {
    /// The region that a host names, if it looks like one of these: `sqs.{region}.…` or the older `{region}.queue.…`.
    pub fn region(&self, host: &str) -> Option<Region> {
        let mut labels = host.split(':').next()?.split('.');
        let (first, second) = (labels.next()?, labels.next()?);
        let region = if first == self.prefix {
            second
        } else if Some(second) == self.legacy_suffix {
            first
        } else {
            return None;
        };
        // Every region's name has one; a name such as `sqs.internal` is not of AWS's form.
        region
            .contains('-')
            .then(|| Region::parse(region))
            .flatten()
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
/// has the action; else the one whose path it is.
fn query_service(
    services: &[&'static ServiceModel],
    scope: Option<&Scope<'_>>,
    form: &query::Form<'_>,
    path: &str,
) -> Option<(&'static ServiceModel, &'static AwsQuery)> {
    let find = |is_meant: &dyn Fn(&ServiceModel, &AwsQuery) -> bool| {
        services.iter().find_map(|&service| {
            let protocol = service.protocols.query.as_ref()?;
            is_meant(service, protocol).then_some((service, protocol))
        })
    };
    if let Some(signed_for) = scope.and_then(|scope| scope.service) {
        return find(&|service, _| service.signing_name == signed_for);
    }
    let action = form.get("Action").unwrap_or_default();
    find(&|_, protocol| form.get("Version") == Some(protocol.version))
        .or_else(|| find(&|service, _| service.operations.contains(&action)))
        .or_else(|| find(&|service, _| (service.owns_path)(path)))
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
