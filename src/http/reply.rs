//! What the application answers, before it is HTTP.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::wire::Body;

/// An answer without the headers that every answer gets.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// The media type of its body.
    pub content_type: Option<HeaderValue>,
    /// Its other headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Its body.
    pub body: Body<Bytes>,
    /// Whether the connection is closed instead: nothing of it is sent.
    pub is_cut: bool,
}

/// A request that gets no answer.
#[derive(Debug, thiserror::Error)]
#[error("the request gets no answer: a fault closes the connection")]
pub(super) struct Cut;

impl Reply {
    /// One with a body of this media type.
    pub(super) fn new(
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            status,
            content_type: Some(HeaderValue::from_static(content_type)),
            headers: Vec::new(),
            body: Body::Whole(body.into()),
            is_cut: false,
        }
    }

    /// No answer at all: the connection is closed.
    pub fn cut() -> Self {
        Self {
            is_cut: true,
            ..Self::new(StatusCode::OK, "", "")
        }
    }

    /// The response. `headers` are those of the request, which are no longer needed: hyper keeps the map that a response
    /// had for the next request, so that one map with room for all headers serves a connection.
    pub(super) fn into_response(self, mut headers: HeaderMap) -> Response<Body<Bytes>> {
        headers.clear();
        if let Some(content_type) = self.content_type {
            headers.insert(CONTENT_TYPE, content_type);
        }
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        let mut response = Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}
