//! One request: its operation, service, protocol and caller, and the encoding of its answer.

use std::borrow::Cow;

use http::HeaderValue;
use memchr::memchr;
use serde::{Deserialize, Serialize};

use super::answer::{Answer, BYTES, CBOR, QUERY_JSON, REST_JSON, UNKNOWN_JSON, UNKNOWN_XML, XML};
use super::credential::Scope;
use super::error::{malformed_query_string, missing_action, unknown_operation, unsigned_get};
use super::rest_json::Route;
use super::service::{AwsJson, AwsQuery, JsonVersion, RestJson, ServiceModel};
use super::unserved::{self, Sign};
use super::unsigned::could_be_a_web_page;
use super::{DecodeError, ErrorInfo, cbor, json, query, query_json, rest_json, xml};
use crate::aws::{Caller, Home};
use crate::head::Head;
use crate::ids::RequestId;

const UNKNOWN_OPERATION: &[u8] = b"<UnknownOperationException/>\n";

/// A request before its service is known.
pub struct Unread<'a> {
    /// Its method, URL and headers.
    pub head: &'a Head<'a>,
    /// Its whole body.
    pub body: &'a [u8],
    /// The id of its answer.
    pub request_id: RequestId,
    /// The base of URLs in its answer.
    pub endpoint: &'a str,
    /// The account and region if it names none.
    pub home: Home,
}

/// Which protocols a service's operations are compiled for, beside JSON. It is an associated constant, so that an
/// excluded protocol is left out of the program.
pub trait Speaks {
    /// The service's model, which says it.
    const MODEL: &'static ServiceModel;
    /// Whether it speaks AWS Query.
    const QUERY: bool = Self::MODEL.protocols.query.is_some();
    /// Whether it speaks CBOR.
    const CBOR: bool = Self::MODEL.protocols.cbor;
    /// Whether it speaks REST JSON.
    const REST_JSON: bool = Self::MODEL.protocols.rest_json.is_some();
}

/// The input of a call as it arrived, with its service's settings for the protocol. A further protocol is a variant
/// here and its codec beside the others.
#[derive(Debug)]
enum Payload<'a> {
    Json(&'static AwsJson, json::Body<'a>),
    Query(&'static AwsQuery, query::Form<'a>, QueryAnswer),
    Cbor(&'a [u8]),
    /// Boxed, so that the calls of the other protocols have no room for it.
    RestJson(&'static RestJson, Box<rest_json::Request<'a>>),
}

/// In what a Query request is answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum QueryAnswer {
    Xml,
    /// Asked for by the client.
    Json,
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

/// How topiq calls its own services.
static WITHIN: AwsJson = AwsJson {
    version: JsonVersion::V1_0,
    target_prefix: "",
    is_query_compatible: false,
};

impl<'a> Call<'a> {
    /// Reads a request, or answers it when it names no operation of any of `services`.
    ///
    /// `X-Amz-Target` means JSON, or CBOR by its media type; else the signature, the host or the path of a service that speaks
    /// REST JSON means that; else an `Action` parameter, in the query string or in a form, means Query.
    pub fn read(unread: &Unread<'a>, services: &[&'static ServiceModel]) -> Result<Self, Answer> {
        let target = unread.head.target;
        if target.first().is_none() {
            return Self::read_query(unread, services);
        }
        Self::read_json(unread, target.text().unwrap_or_default(), services)
    }

    fn read_json(
        unread: &Unread<'a>,
        target: &'a str,
        services: &[&'static ServiceModel],
    ) -> Result<Self, Answer> {
        let (prefix, operation) = match memchr(b'.', target.as_bytes()) {
            Some(end) => (&target[..end], &target[end + 1..]),
            None => (target, ""),
        };
        let addressed = services.iter().find_map(|service| {
            let protocol = service.protocols.json.as_ref()?;
            (protocol.target_prefix == prefix).then_some((service, protocol))
        });
        let scope = Scope::of_header(unread.head);
        let Some((service, protocol)) = addressed else {
            let sign = Sign::Target(&unread.head.headers);
            let unserved = unserved(unread, scope.as_ref(), sign, services);
            let unknown = || Answer::json_error(&UNKNOWN_JSON, &unknown_operation(target));
            return Err(unserved.unwrap_or_else(unknown));
        };
        let is_cbor = service.protocols.cbor && is_media(unread.head, &[cbor::MEDIA_TYPE]);
        if could_be_a_web_page(unread.head, None) {
            return Err(Answer::json_error(protocol, &unsigned_get()));
        }
        let payload = if is_cbor {
            Payload::Cbor(unread.body)
        } else {
            Payload::Json(protocol, json::Body::new(unread.body))
        };
        Ok(Self {
            service,
            operation: Cow::Borrowed(operation),
            origin: caller(unread, services, scope.as_ref(), None),
            request_id: unread.request_id,
            payload,
        })
    }

    fn read_query(unread: &Unread<'a>, services: &[&'static ServiceModel]) -> Result<Self, Answer> {
        let head = unread.head;
        let refuse =
            |answer, error| Answer::query_error(&UNKNOWN_XML, answer, unread.request_id, &error);
        let query_string = head.uri.query().unwrap_or_default();
        let scope = Scope::of_header(head);
        if let Some((service, protocol)) = rest_service(services, scope.as_ref(), head) {
            return Self::read_rest_json(unread, scope.as_ref(), service, protocol, services);
        }
        let form =
            query::Form::parse(query_string, form_body(head, unread.body)).map_err(|_| {
                let sign = Sign::Neither(&head.headers);
                unserved(unread, scope.as_ref(), sign, services).unwrap_or_else(|| {
                    refuse(QueryAnswer::asked(head, None), malformed_query_string())
                })
            })?;
        let answer = QueryAnswer::asked(head, Some(&form));
        let scope = scope.or_else(|| Scope::of_form(&form));
        let Some(action) = form.get("Action") else {
            return Err(no_operation(unread, scope.as_ref(), services, answer));
        };
        let operation = action.to_owned();
        let addressed = query_service(services, scope.as_ref(), &form, head.uri.path());
        let Some((service, protocol)) = addressed else {
            let unserved = unserved(unread, scope.as_ref(), Sign::Action, services);
            return Err(unserved.unwrap_or_else(|| refuse(answer, unknown_operation(&operation))));
        };
        if could_be_a_web_page(head, Some(&form)) && !service.links.contains(&&*operation) {
            return Err(refuse(answer, unsigned_get()));
        }
        Ok(Self {
            service,
            operation: Cow::Owned(operation),
            origin: caller(unread, services, scope.as_ref(), Some(head.uri.path())),
            request_id: unread.request_id,
            payload: Payload::Query(protocol, form, answer),
        })
    }

    fn read_rest_json(
        unread: &Unread<'a>,
        scope: Option<&Scope<'_>>,
        service: &'static ServiceModel,
        protocol: &'static RestJson,
        services: &[&'static ServiceModel],
    ) -> Result<Self, Answer> {
        let head = unread.head;
        let refuse = |error: ErrorInfo| Answer::rest_json_error(protocol.errors, &error);
        let path = head.uri.path();
        let Some(route) = Route::find(protocol.routes, &head.method, path) else {
            let mut error = unknown_operation(&format!("{} {path}", head.method));
            error.status = 404;
            return Err(refuse(error));
        };
        if could_be_a_web_page(head, None) {
            return Err(refuse(unsigned_get()));
        }
        let query = head.uri.query().unwrap_or_default();
        let request = rest_json::Request::read(route, path, query, unread.body);
        Ok(Self {
            service,
            operation: Cow::Borrowed(route.operation),
            origin: caller(unread, services, scope, None),
            request_id: unread.request_id,
            payload: Payload::RestJson(protocol, Box::new(request)),
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
            payload: Payload::Json(&WITHIN, json::Body::new(input)),
        }
    }

    /// The caller, and the action that they call.
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            action: &self.operation,
            ..self.origin
        }
    }

    /// The operation's input.
    pub fn input<'i, S: Speaks, T: Deserialize<'i>>(&'i self) -> Result<T, DecodeError> {
        match &self.payload {
            Payload::Json(_, body) => body.read(json::decode),
            Payload::Query(protocol, form, _) => {
                if S::QUERY {
                    query::decode(form, protocol.names)
                } else {
                    unreachable!("requests are read in their service's protocols only")
                }
            }
            Payload::Cbor(body) => {
                if S::CBOR {
                    cbor::decode(body)
                } else {
                    unreachable!("requests are read in their service's protocols only")
                }
            }
            Payload::RestJson(_, request) => {
                if S::REST_JSON {
                    request.decode()
                } else {
                    unreachable!("requests are read in their service's protocols only")
                }
            }
        }
    }

    /// The answer with the operation's output.
    pub fn answer<S: Speaks, T: Serialize>(&self, output: &T) -> Answer {
        match &self.payload {
            Payload::Json(protocol, ..) => Answer::ok(
                protocol.version.content_type().clone(),
                json::encode(output),
            ),
            Payload::Query(protocol, _, answer) => {
                if S::QUERY {
                    self.query_answer(protocol, *answer, output)
                } else {
                    unreachable!("requests are read in their service's protocols only")
                }
            }
            Payload::Cbor(_) => {
                if S::CBOR {
                    Answer::ok(CBOR, cbor::encode(output))
                } else {
                    unreachable!("requests are read in their service's protocols only")
                }
            }
            Payload::RestJson(_, request) => {
                if S::REST_JSON {
                    rest_json_answer(request.route, output)
                } else {
                    unreachable!("requests are read in their service's protocols only")
                }
            }
        }
    }

    /// The answer with the error.
    pub fn refuse(&self, error: &ErrorInfo) -> Answer {
        match &self.payload {
            Payload::Json(protocol, ..) => Answer::json_error(protocol, error),
            Payload::Query(protocol, _, answer) => {
                Answer::query_error(&protocol.xml, *answer, self.request_id, error)
            }
            Payload::Cbor(_) => Answer::error(CBOR, cbor::error(error), error),
            Payload::RestJson(protocol, _) => Answer::rest_json_error(protocol.errors, error),
        }
    }

    /// The answer with the error, as AWS words it before a service has the request: XML then has the namespace of all
    /// services.
    pub fn refuse_unserved(&self, error: &ErrorInfo) -> Answer {
        match &self.payload {
            Payload::Json(..) | Payload::Cbor(_) | Payload::RestJson(..) => self.refuse(error),
            Payload::Query(_, _, answer) => {
                Answer::query_error(&UNKNOWN_XML, *answer, self.request_id, error)
            }
        }
    }

    /// The parameter of a Query request, such as `Version`; none in other protocols.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        match &self.payload {
            Payload::Json(..) | Payload::Cbor(_) | Payload::RestJson(..) => None,
            Payload::Query(_, form, _) => form.get(name),
        }
    }

    /// The first of these members that the input has, for logs.
    pub fn member(&self, names: &[&str]) -> Option<Cow<'_, str>> {
        match &self.payload {
            Payload::Json(_, body) => json::member(body.sent, names),
            Payload::Query(_, form, _) => {
                let mut members = names.iter().filter_map(|name| form.get(name));
                members.next().map(Cow::Borrowed)
            }
            Payload::Cbor(body) => cbor::member(body, names),
            Payload::RestJson(_, request) => request.member(names).map(Cow::Borrowed),
        }
    }

    /// The protocol's name, for logs.
    pub fn protocol(&self) -> &'static str {
        match &self.payload {
            Payload::Json(..) => "json",
            Payload::Query(..) => "query",
            Payload::Cbor(_) => "cbor",
            Payload::RestJson(..) => "rest-json",
        }
    }

    fn query_answer<T: Serialize>(
        &self,
        protocol: &'static AwsQuery,
        answer: QueryAnswer,
        output: &T,
    ) -> Answer {
        let mut id = [0; 36];
        let (operation, id) = (&self.operation, self.request_id.encode(&mut id));
        let names = protocol.names;
        match answer {
            QueryAnswer::Xml => Answer::ok(
                XML,
                xml::encode(operation, id, output, &protocol.xml, names),
            ),
            QueryAnswer::Json => Answer::ok(
                QUERY_JSON,
                query_json::encode(operation, id, output, &protocol.json, names),
            ),
        }
    }
}

fn rest_json_answer<T: Serialize>(route: &Route, output: &T) -> Answer {
    let media = if route.payload.is_some() {
        BYTES
    } else {
        REST_JSON
    };
    Answer {
        status: route.status,
        ..Answer::ok(media, rest_json::encode(route, output))
    }
}

impl QueryAnswer {
    /// What a request with this head, and this form as far as it could be read, asks for.
    fn asked(head: &Head<'_>, form: Option<&query::Form<'_>>) -> Self {
        if query_json::is_asked(head, form) {
            Self::Json
        } else {
            Self::Xml
        }
    }
}

impl Answer {
    /// An error of a request that was not read as a call: in CBOR or JSON if the request looks like it, else as Query
    /// has it.
    pub fn unread(head: &Head<'_>, request_id: RequestId, error: &ErrorInfo) -> Self {
        if is_media(head, &[cbor::MEDIA_TYPE]) {
            Self::error(CBOR, cbor::error(error), error)
        } else if head.target.first().is_some() || has_json_body(head) {
            Self::json_error(&UNKNOWN_JSON, error)
        } else {
            let answer = QueryAnswer::asked(head, None);
            Self::query_error(&UNKNOWN_XML, answer, request_id, error)
        }
    }
}

/// Answers a request that names no operation at all. A service that speaks JSON too has no error for it in Query: AWS
/// answers a GET on a queue's URL with this element and 404, even to those who ask for JSON.
fn no_operation(
    unread: &Unread<'_>,
    scope: Option<&Scope<'_>>,
    services: &[&'static ServiceModel],
    answer: QueryAnswer,
) -> Answer {
    let sign = Sign::Neither(&unread.head.headers);
    if let Some(answer) = unserved(unread, scope, sign, services) {
        return answer;
    }
    if has_json_body(unread.head) {
        return Answer::json_error(&UNKNOWN_JSON, &unknown_operation(""));
    }
    let signed_for = scope.and_then(|scope| scope.service);
    let mut services = services.iter();
    let service = services.find(|service| Some(service.signing_name) == signed_for);
    if service.is_some_and(|service| service.protocols.json.is_none()) {
        return Answer::query_error(&UNKNOWN_XML, answer, unread.request_id, &missing_action());
    }
    let code = "UnknownOperationException";
    let error = ErrorInfo::new(code, code, 404, "the request names no action");
    Answer::error(XML, UNKNOWN_OPERATION.to_vec(), &error)
}

/// The answer to a request that is signed for a service that is not served.
fn unserved(
    unread: &Unread<'_>,
    scope: Option<&Scope<'_>>,
    sign: Sign<'_>,
    services: &[&'static ServiceModel],
) -> Option<Answer> {
    let service = scope.and_then(|scope| scope.service);
    unserved::answer(service, sign, unread.request_id, services)
}

fn caller<'a>(
    unread: &Unread<'a>,
    services: &[&'static ServiceModel],
    scope: Option<&Scope<'_>>,
    path: Option<&'a str>,
) -> Caller<'a> {
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
        trace_header: unread.head.trace_id.text(),
        // A delivery's body is the message: only the URL of its endpoint can make a call of it.
        delivered_message: unread
            .head
            .uri
            .query()
            .and_then(|_| unread.head.delivered_message.text()),
        user_agent: unread.head.user_agent.text(),
        path,
    }
}

/// The host that a request names. HTTP/2 has it in its target.
fn host<'h>(head: &'h Head<'_>) -> Option<&'h str> {
    match head.host.first() {
        Some(host) => host.to_str().ok(),
        None => head.uri.host(),
    }
}

/// The service of a request in REST JSON: the one that it is signed for; if unsigned, the one whose host it names, or whose
/// path it has, unless it is a form or has an action: queues may have any path.
fn rest_service(
    services: &[&'static ServiceModel],
    scope: Option<&Scope<'_>>,
    head: &Head<'_>,
) -> Option<(&'static ServiceModel, &'static RestJson)> {
    let mut speaking = services.iter().filter_map(|&service| {
        let protocol = service.protocols.rest_json.as_ref()?;
        Some((service, protocol))
    });
    if let Some(signed_for) = scope.and_then(|scope| scope.service) {
        return speaking.find(|(service, _)| service.signing_name == signed_for);
    }
    let query = head.uri.query().unwrap_or_default();
    if query.contains("Action=") || is_media(head, &["application/x-www-form-urlencoded"]) {
        return None;
    }
    let (path, host) = (head.uri.path(), host(head));
    speaking.find(|(service, protocol)| {
        host.is_some_and(|host| service.hosts.region(host).is_some())
            || Route::find(protocol.routes, &head.method, path).is_some()
    })
}

/// The service of a Query request: the one that it is signed for; if unsigned, the one with its version, else the one
/// with its action, else the one that owns its path.
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

/// The body if it is a form: other media types hold no parameters.
fn form_body<'a>(head: &Head<'_>, body: &'a [u8]) -> &'a [u8] {
    let is_form = head.content_type.first().is_none()
        || is_media(head, &["application/x-www-form-urlencoded"]);
    if is_form { body } else { &[] }
}

fn has_json_body(head: &Head<'_>) -> bool {
    is_media(head, &["application/x-amz-json", "application/json"])
}

/// Whether the body's media type begins like one of these.
fn is_media(head: &Head<'_>, starts: &[&str]) -> bool {
    let media = head.content_type.first().map(HeaderValue::as_bytes);
    media.is_some_and(|media| {
        starts.iter().any(|start| {
            let begun = media.get(..start.len());
            begun.is_some_and(|begun| begun.eq_ignore_ascii_case(start.as_bytes()))
        })
    })
}
