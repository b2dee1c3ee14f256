//! A server's configuration: a plain value, which only `main` reads from flags and environment.

use std::sync::Arc;

use crate::aws::Home;
use crate::budget;
use crate::clock::{Clock, ManualClock};
use crate::http::{Deadlines, Limits, tls};
use crate::init::Init;
use crate::services;

/// The default port: the one that users of AWS emulators expect.
pub const DEFAULT_PORT: u16 = 4566;

/// The settings of a [`Server`](crate::server::Server).
///
/// Build it from its default, since it gains fields in minor versions: `Config { port: 0, ..Config::default() }`. It is not
/// `#[non_exhaustive]`, which would forbid just this expression outside the crate.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address or name to listen on. Only this machine by default.
    pub host: String,
    /// The port to listen on; 0 picks a free one.
    pub port: u16,
    /// HTTPS beside HTTP; none by default.
    pub tls: Option<tls::Settings>,
    /// The account and region of requests that name none, and of the resources created at start.
    pub home: Home,
    /// The resources that exist when the server begins to serve.
    pub init: Init,
    /// The base of URLs in answers; by default `http://` or `https://` and the request's own `Host`.
    pub public_url: Option<String>,
    /// Whether the headers `X-Forwarded-Host`, `-Proto` and `-Port`, or `Forwarded`, say which address the client used:
    /// for a server that is reached only through a proxy.
    pub trust_forwarded: bool,
    /// Host names to accept besides those that no web page can have; `*.example.com` accepts all subdomains.
    pub allow_hosts: Vec<String>,
    /// Origins of web pages that may call topiq, besides this machine's own.
    pub allow_origins: Vec<String>,
    /// How the services differ from AWS's.
    pub services: services::Settings,
    /// How many connections and how large requests to accept.
    pub limits: Limits,
    /// How many bytes to hold for clients and endpoints that are slow or gone: requests that are not whole, answers that
    /// are not taken, messages for endpoints that do not answer.
    pub memory_budget: usize,
    /// How long to wait for clients.
    pub deadlines: Deadlines,
    /// The services' time: the machine's, until it is moved. The deadlines of connections follow the machine's time, whatever this clock shows.
    pub clock: Arc<dyn Clock>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: DEFAULT_PORT,
            tls: None,
            home: Home::default(),
            init: Init::default(),
            public_url: None,
            trust_forwarded: false,
            allow_hosts: Vec::new(),
            allow_origins: Vec::new(),
            services: services::Settings::default(),
            limits: Limits::default(),
            memory_budget: budget::DEFAULT_BYTES,
            deadlines: Deadlines::default(),
            clock: Arc::new(ManualClock::running()),
        }
    }
}
