//! All that is HTTP and nothing that is AWS: connections, bodies, deadlines, and which web pages may call.
//!
//! It serves an [`Application`], which it knows only by this trait. In reading order: [`server`] accepts and stops;
//! `connection` serves one connection over its `socket`, whose `progress` the `watch` compares with its deadlines; `front` is a request's way, through `hosts`, `origins`,
//! `body` and `health`; `refusals` are the front's own errors; [`limits`] has every number.
//!
//! What always holds: no client's slowness or silence keeps anything for ever, and the way of a request touches nothing
//! that connections share but counters of ids.

mod alarm;
mod body;
mod connection;
mod forwarded;
mod front;
mod handshake;
mod health;
mod hosts;
pub mod limits;
mod origins;
mod progress;
mod refusals;
mod registry;
pub mod server;
mod socket;
mod stream;
mod timer;
pub mod tls;
mod watch;

use std::future::Future;

use bytes::Bytes;
use http::request::Parts;

use crate::ids::RequestId;
use crate::wire::ErrorInfo;

pub use limits::{Deadlines, Limits};
pub use server::{Listeners, Serving, serve};

/// What the front serves: the AWS services.
pub trait Application: Send + Sync + 'static {
    /// Answers one AWS request, whose body is whole.
    fn answer(&self, request: Request<'_>) -> impl Future<Output = http::Response<Bytes>> + Send;

    /// Puts an error of the front's own into the protocol that `head` asks for.
    fn refuse(
        &self,
        head: &Parts,
        request_id: RequestId,
        error: ErrorInfo,
    ) -> http::Response<Bytes>;

    /// The names of the services it has, as `/_localstack/health` lists them.
    fn services(&self) -> &[&'static str];

    /// Answers all calls that wait, empty, and lets none wait from now on.
    fn stop(&self);
}

/// One AWS request.
#[derive(Debug)]
pub struct Request<'a> {
    /// Its line and headers.
    pub head: &'a Parts,
    /// Its whole body.
    pub body: Bytes,
    /// Its id, which the front adds to the answer as `x-amzn-RequestId`.
    pub request_id: RequestId,
    /// What URLs in its answer start with, without a final slash: the public URL if there is one, else `http://` or
    /// `https://` and the request's own `Host`.
    pub endpoint: &'a str,
}

/// Whom the front serves, and within which bounds.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What URLs in answers start with, where that is not the request's own `Host`.
    pub public_url: Option<String>,
    /// Whether a proxy's headers say by which address the client came.
    pub trust_forwarded: bool,
    /// Host names accepted besides the ones that cannot be a web page's.
    pub allow_hosts: Vec<String>,
    /// Origins of web pages that may call.
    pub allow_origins: Vec<String>,
    /// How much the front takes in.
    pub limits: Limits,
    /// How long the front waits.
    pub deadlines: Deadlines,
}
