//! The services: hands each call to the one it names. None is there yet.

use bytes::Bytes;
use http::request::Parts;
use http::{Response, StatusCode};

use crate::config::Config;
use crate::http::{Application, Request};
use crate::ids::RequestId;
use crate::wire::ErrorInfo;

/// All services of one server.
#[derive(Debug)]
pub struct Services;

impl Services {
    /// The services that `config` asks for.
    pub const fn new(_config: &Config) -> Self {
        Self
    }
}

impl Application for Services {
    /// AWS's answer to a request that names no operation it knows.
    async fn answer(&self, _request: Request<'_>) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from_static(b"<UnknownOperationException/>"));
        *response.status_mut() = StatusCode::NOT_FOUND;
        response
    }

    fn refuse(&self, _head: &Parts, _request_id: RequestId, error: ErrorInfo) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(error.message.into_owned()));
        *response.status_mut() =
            StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response
    }

    fn services(&self) -> &[&'static str] {
        &[]
    }

    fn stop(&self) {}
}
