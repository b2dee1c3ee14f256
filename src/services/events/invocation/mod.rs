//! The HTTP request of an API destination, and what its answer means.
//!
//! In reading order: this file makes the request of a connection, a destination, a target and an event; `url` fills in the
//! endpoint and its query, `headers` has those that are always there and those that nobody may set, `body` adds members to
//! it, `oauth` asks for an access token, `answer` judges.
//!
//! Pure: no clock, no lock.

mod answer;
mod body;
mod headers;
mod oauth;
#[cfg(test)]
mod tests;
mod url;

use std::borrow::Cow;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderMap, Method};

use self::headers::Headers;
use super::connections::parameters::{Authorization, Credentials, HttpParameters};
use super::input;
use super::parameters;
use crate::delivery::http::Endpoint;

pub(super) use answer::{Verdict, verdict};
pub(super) use oauth::{read_token, token_request};

/// A request that can be sent.
#[derive(Clone, Debug)]
pub(super) struct HttpRequest {
    pub(super) endpoint: Endpoint,
    pub(super) method: Method,
    pub(super) path_and_query: PathAndQuery,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What a request is made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Invocation<'a> {
    /// `InvocationEndpoint`, with its asterisks.
    pub(super) endpoint: &'a str,
    pub(super) method: &'a str,
    pub(super) authorization: &'a Authorization,
    /// The access token, with OAuth.
    pub(super) token: Option<&'a str>,
    /// `HttpParameters` of the target.
    pub(super) target: Option<&'a parameters::HttpParameters>,
    /// The event, from which values of the target are read.
    pub(super) event: &'a str,
    /// What the target gets of it.
    pub(super) input: &'a str,
    pub(super) trace_header: Option<&'a str>,
}

/// Why there is no request: a value cannot stand where it should. Displays as the end of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot be sent")]
pub(super) struct Unsendable(String);

impl Invocation<'_> {
    /// The request. What the connection adds goes before what the target does.
    pub(super) fn request(&self) -> Result<HttpRequest, Unsendable> {
        let method = method(self.method)?;
        let path = self.target.and_then(|it| it.path_parameter_values.as_ref());
        let path = path.into_iter().flatten().map(|value| self.value(value));
        let target = self
            .target
            .and_then(|it| it.query_string_parameters.as_ref());
        let target = target.into_iter().flatten();
        let target = target.map(|(name, value)| (name.as_str(), self.value(value)));
        let added = self.authorization.invocation.as_ref();
        let connection = added.into_iter().flat_map(HttpParameters::query);
        let (endpoint, path_and_query) = url::fill(
            self.endpoint,
            path,
            &target.collect::<Vec<_>>(),
            &connection.collect::<Vec<_>>(),
        )?;
        let has_body = !matches!(method, Method::GET | Method::HEAD);
        Ok(HttpRequest {
            endpoint,
            path_and_query,
            headers: self.headers()?,
            body: if has_body { self.body() } else { Bytes::new() },
            method,
        })
    }

    fn headers(&self) -> Result<HeaderMap, Unsendable> {
        let mut headers = Headers::of_calls();
        let target = self.target.and_then(|it| it.header_parameters.as_ref());
        for (name, value) in target.into_iter().flatten() {
            headers.set(name, &self.value(value))?;
        }
        let added = self.authorization.invocation.as_ref();
        for (name, value) in added.into_iter().flat_map(HttpParameters::headers) {
            headers.set(name, value)?;
        }
        match &self.authorization.credentials {
            Credentials::Basic(basic) => {
                let (user, password) = (basic.username.as_deref(), basic.password.as_deref());
                headers.basic(user.unwrap_or_default(), password.unwrap_or_default());
            }
            Credentials::ApiKey(key) => {
                let (name, value) = (key.api_key_name.as_deref(), key.api_key_value.as_deref());
                headers.secret(name.unwrap_or_default(), value.unwrap_or_default())?;
            }
            Credentials::OAuth(_) => {
                let token = self.token.unwrap_or_default();
                headers.secret("authorization", &format!("Bearer {token}"))?;
            }
        }
        if let Some(trace) = self.trace_header {
            headers.set("x-amzn-trace-id", trace)?;
        }
        Ok(headers.into_map())
    }

    fn body(&self) -> Bytes {
        let added = self.authorization.invocation.as_ref();
        let added: Vec<_> = added.into_iter().flat_map(HttpParameters::body).collect();
        match body::with_members(self.input, &added) {
            Some(body) => body.into(),
            None => Bytes::copy_from_slice(self.input.as_bytes()),
        }
    }

    /// A value of the target's: where it is a JSON path as a whole, what that finds in the event, nothing if there is
    /// nothing.
    fn value<'v>(&'v self, value: &'v str) -> Cow<'v, str> {
        if value.starts_with("$.") {
            return input::text_at(self.event, value).unwrap_or_default();
        }
        Cow::Borrowed(value)
    }
}

fn method(name: &str) -> Result<Method, Unsendable> {
    let method = Method::from_bytes(name.as_bytes());
    method.map_err(|_| Unsendable(format!("the method {name}")))
}
