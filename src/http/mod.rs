//! Everything that is HTTP and nothing that is AWS: connections, bodies, deadlines, and which web pages may call.
//!
//! It serves an [`Application`], which it knows only by this trait. In reading order: [`server`] accepts and stops;
//! `connection` serves one connection over its `socket`, whose `progress` the `watch` compares with its deadlines, and
//! whose `account` says what it holds of the budget, while `quiet` saves it a wake a request; `front`
//! takes a request through `hosts`, `origins`, `body` and `health` to its [`Reply`]; `refusals` are the front's own errors;
//! [`limits`] has every number.
//!
//! Clients are real, so their deadlines go by the machine's time, whatever time it is for the services. Tests of the front
//! give it a manual clock instead.
//!
//! What always holds: a slow or silent client holds nothing forever, and serving an ordinary request
//! changes nothing that connections share except for counters of ids; a large one, the budget.

mod account;
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
mod quiet;
mod refusals;
mod registry;
mod reply;
pub mod server;
mod socket;
mod stream;
mod timer;
pub mod tls;
mod watch;

use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;

use crate::budget::Budget;
use crate::head::Head;
use crate::ids::RequestId;
use crate::wire::ErrorInfo;

pub use limits::{Deadlines, Limits};
pub use reply::Reply;
pub use server::{Listeners, Serving, serve};

/// What the front serves: the AWS services, and topiq's own API.
pub trait Application: Send + Sync + 'static {
    /// Answers one request, whose body is whole.
    fn answer(&self, request: &Request<'_>) -> impl Future<Output = Reply> + Send;

    /// Encodes one of the front's own errors in the protocol that `head` asks for.
    fn refuse(&self, head: &Head<'_>, request_id: RequestId, error: ErrorInfo) -> Reply;

    /// Whether AWS itself has one of the services at a host of this name.
    fn is_at_aws(name: &str) -> bool;

    /// Answers all waiting calls empty, and lets none wait from now on.
    fn stop(&self);
}

/// One request.
#[derive(Debug)]
pub struct Request<'a> {
    /// Its line and headers.
    pub head: &'a Head<'a>,
    /// Its whole body.
    pub body: Bytes,
    /// Its id, which the front adds to the answer as `x-amzn-RequestId`.
    pub request_id: RequestId,
    /// The start of URLs in its answer, without a final slash: the public URL if there is one, else `http://` or
    /// `https://` and the request's own `Host`.
    pub endpoint: &'a str,
}

/// Which requests the front accepts, and within which bounds.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The start of URLs in answers, where that is not the request's own `Host`.
    pub public_url: Option<String>,
    /// Whether to take the client's address for the server from a proxy's headers.
    pub trust_forwarded: bool,
    /// Host names to accept besides those that no web page can have.
    pub allow_hosts: Vec<String>,
    /// Origins of web pages that may call.
    pub allow_origins: Vec<String>,
    /// How much the front takes in.
    pub limits: Limits,
    /// How long the front waits.
    pub deadlines: Deadlines,
    /// What of the memory is left for requests that are not whole and answers that are not taken.
    pub budget: Arc<Budget>,
}
