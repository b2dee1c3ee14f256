//! One request, read: which operation of which service in which protocol, and who calls.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::answer::{Answer, UNKNOWN_XML, XML};
use super::service::{AwsJson, AwsQuery, JsonVersion, ServiceModel};
use super::{DecodeError, ErrorInfo, json, query, xml};
use crate::aws::Caller;
use crate::ids::RequestId;

/// Which protocols a service's operations are compiled for, beside JSON. A constant of a type, so that what it excludes
/// is left out of the program.
pub trait Speaks {
    /// The service, which says it.
    const MODEL: &'static ServiceModel;
    /// Whether it speaks AWS Query.
    const QUERY: bool = Self::MODEL.protocols.query.is_some();
}

/// The input of a call as it came, with how its service speaks the protocol. A further protocol is a variant here and
/// its codec beside the others.
#[derive(Debug)]
pub(super) enum Payload<'a> {
    Json(&'static AwsJson, &'a [u8]),
    Query(&'static AwsQuery, query::Form<'a>),
}

/// One request for one operation of one service.
#[derive(Debug)]
pub struct Call<'a> {
    /// The service it is for.
    pub service: &'static ServiceModel,
    /// The operation's name as it was sent; the service may not have it.
    pub operation: Cow<'a, str>,
    pub(super) origin: Caller<'a>,
    pub(super) request_id: RequestId,
    pub(super) payload: Payload<'a>,
}

/// How topiq speaks to its own services.
static WITHIN: AwsJson = AwsJson {
    version: JsonVersion::V1_0,
    target_prefix: "",
    is_query_compatible: false,
};

impl<'a> Call<'a> {
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
            payload: Payload::Json(&WITHIN, input),
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
    pub fn input<'i, S: Speaks, T: Deserialize<'i>>(&'i self) -> Result<T, DecodeError> {
        match &self.payload {
            Payload::Json(_, body) => json::decode(body),
            Payload::Query(protocol, form) => {
                if S::QUERY {
                    query::decode(form, protocol.names)
                } else {
                    unreachable!("requests are read in their service's protocols only")
                }
            }
        }
    }

    /// The answer that holds the operation's output.
    pub fn answer<S: Speaks, T: Serialize>(&self, output: &T) -> Answer {
        match &self.payload {
            Payload::Json(protocol, _) => {
                Answer::ok(protocol.version.content_type(), json::encode(output))
            }
            Payload::Query(protocol, _) => {
                if S::QUERY {
                    Answer::ok(XML, self.xml(protocol, output))
                } else {
                    unreachable!("requests are read in their service's protocols only")
                }
            }
        }
    }

    /// The answer that tells the error.
    pub fn refuse(&self, error: &ErrorInfo) -> Answer {
        match &self.payload {
            Payload::Json(protocol, _) => Answer::json_error(protocol, error),
            Payload::Query(protocol, _) => Answer::xml_error(&protocol.xml, self.request_id, error),
        }
    }

    /// The answer that tells the error as AWS does before a service has the request: XML then has the namespace of all
    /// services.
    pub fn refuse_unserved(&self, error: &ErrorInfo) -> Answer {
        match &self.payload {
            Payload::Json(..) => self.refuse(error),
            Payload::Query(..) => Answer::xml_error(&UNKNOWN_XML, self.request_id, error),
        }
    }

    /// The parameter of a Query request, such as `Version`; none in other protocols.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        match &self.payload {
            Payload::Json(..) => None,
            Payload::Query(_, form) => form.get(name),
        }
    }

    /// The protocol's name, for logs.
    pub fn protocol(&self) -> &'static str {
        match &self.payload {
            Payload::Json(..) => "json",
            Payload::Query(..) => "query",
        }
    }

    fn xml<T: Serialize>(&self, protocol: &AwsQuery, output: &T) -> Vec<u8> {
        let mut id = [0; 36];
        let request_id = self.request_id.encode(&mut id);
        xml::encode(
            &self.operation,
            request_id,
            output,
            &protocol.xml,
            protocol.names,
        )
    }
}
