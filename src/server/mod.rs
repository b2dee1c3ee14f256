//! A server: binds its ports, serves the services through the front, and stops.
//!
//! In reading order: here, [`Server`]; `application` is what the front serves, `world` the services with their state, which
//! a reset replaces.

mod application;
mod world;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::agenda::Agenda;
use crate::budget::Budget;
use crate::clock::{NotManual, SystemClock};
use crate::config::Config;
use crate::http::tls::{self, Credentials};
use crate::http::{self, Limits, Listeners, Serving, Settings};
use crate::ids::Ids;
use crate::services::Services;
use application::Served;
use world::World;

/// File descriptors that are not connections: the listener, the runtime's, the standard streams, and some to spare.
const OTHER_FILES: u64 = 64;

/// A running topiq. It stops when dropped; [`Server::stop`] also waits until it has.
///
/// ```
/// # tokio_test(async {
/// use topiq::{Config, Server};
///
/// let server = Server::start(Config { port: 0, ..Config::default() }).await?;
/// println!("point your SDK at {}", server.url());
/// server.stop().await;
/// # Ok::<_, std::io::Error>(())
/// # });
/// # fn tokio_test(test: impl Future<Output = std::io::Result<()>>) {
/// #     tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test).unwrap();
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    url: String,
    tls_url: Option<String>,
    address: SocketAddr,
    serving: Serving,
    world: Arc<World>,
    agenda: Arc<Agenda>,
    background: JoinSet<()>,
}

impl Server {
    /// Starts a server within the current tokio runtime. It serves when this returns; no request is served before all
    /// initial resources exist.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listeners = listen(&config).await?;
        let address = listeners.http.local_addr()?;
        let url = format!("http://{}", reachable(address));
        let tls_url = tls_url(&listeners)?;
        let budget = Arc::new(Budget::new(config.memory_budget));
        let settings = Settings {
            public_url: config.public_url.clone(),
            trust_forwarded: config.trust_forwarded,
            allow_hosts: config.allow_hosts.clone(),
            allow_origins: config.allow_origins.clone(),
            limits: within_file_limit(
                config.limits.clone(),
                config.services.deliveries.connections,
            ),
            deadlines: config.deadlines.clone(),
            budget: Arc::clone(&budget),
        };
        let ids = Arc::new(Ids::from_entropy());
        let agenda = Arc::new(Agenda::new(config.clock.clone()));
        let services = Services::new(
            agenda.clone(),
            ids.clone(),
            config.home,
            budget,
            config.services.clone(),
        );
        let endpoint = config.public_url.as_ref().unwrap_or(&url).clone();
        let world = World::new(services, config.init.clone(), endpoint).await?;
        let world = Arc::new(world);
        let mut background = JoinSet::new();
        let running = agenda.clone();
        background.spawn(async move { running.run().await });
        // Clients are real, whatever time it is for the services.
        let clock = Arc::new(SystemClock::new());
        Ok(Self {
            url,
            tls_url,
            address,
            serving: http::serve(
                listeners,
                Arc::new(Served::new(world.clone())),
                settings,
                clock,
                ids,
            ),
            world,
            agenda,
            background,
        })
    }

    /// The URL for programs on this machine, without a final slash: `http://127.0.0.1:4566`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The same for HTTPS, where it is served: `https://127.0.0.1:4567`.
    pub fn tls_url(&self) -> Option<&str> {
        self.tls_url.as_deref()
    }

    /// The address that it listens on for HTTP.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Moves the services' time on by `duration`, from one moment at which something falls due to the next: messages
    /// become visible, waits end, move tasks go on, failed deliveries are retried. At each moment it waits until all of
    /// that is done, so that nothing is due and no delivery is under way when this returns.
    ///
    /// Only a server whose [`Config::clock`] is a [`ManualClock`](crate::clock::ManualClock) can do this. Connections
    /// are not affected: their deadlines follow the machine's time, and so does the wait for an endpoint that does not
    /// answer. Nor does it wait for callers: what they do in response to a message happens when their request arrives.
    ///
    /// ```
    /// # tokio_test(async {
    /// use std::sync::Arc;
    /// use std::time::Duration;
    ///
    /// use topiq::clock::{Clock, ManualClock, Timestamp};
    /// use topiq::{Config, Server};
    ///
    /// let clock = ManualClock::new(Timestamp::from_secs(1_800_000_000));
    /// let config = Config { port: 0, clock: Arc::new(clock.clone()), ..Config::default() };
    /// let server = Server::start(config).await?;
    /// // A message is sent with `DelaySeconds=300`, and a receive waits for it…
    /// server.advance(Duration::from_mins(10)).await?;
    /// assert_eq!(clock.now(), Timestamp::from_secs(1_800_000_600));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # });
    /// # fn tokio_test(test: impl Future<Output = Result<(), Box<dyn std::error::Error>>>) {
    /// #     tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test).unwrap();
    /// # }
    /// ```
    pub async fn advance(&self, duration: Duration) -> Result<(), NotManual> {
        self.agenda.advance(duration).await
    }

    /// Deletes all resources, messages and captured deliveries, and creates the initial resources again, from their files
    /// as they are now. Long polls are answered as empty; the time stays as it is, and faults are those of the start. If an
    /// initial resource cannot be created, nothing changes.
    pub async fn reset(&self) -> io::Result<()> {
        self.world.reset().await
    }

    /// Stops within a second: accepts no more connections, answers long polls as empty, lets other requests finish.
    pub async fn stop(mut self) {
        self.serving.stop().await;
        self.world.services().stop().await;
        self.background.shutdown().await;
    }
}

/// Binds the ports; an error names the one that cannot be bound.
async fn listen(config: &Config) -> io::Result<Listeners> {
    let http = listen_at(&config.host, config.port).await?;
    let https = match &config.tls {
        None => None,
        Some(tls::Settings { port, certificate }) => {
            let credentials = Credentials::load(certificate)?;
            Some((listen_at(&config.host, *port).await?, credentials))
        }
    };
    Ok(Listeners { http, https })
}

async fn listen_at(host: &str, port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((host, port)).await.map_err(|error| {
        let message = format!("cannot listen on {host}:{port}: {error}");
        io::Error::new(error.kind(), message)
    })
}

fn tls_url(listeners: &Listeners) -> io::Result<Option<String>> {
    let Some((listener, _)) = &listeners.https else {
        return Ok(None);
    };
    let address = reachable(listener.local_addr()?);
    Ok(Some(format!("https://{address}")))
}

/// An address to connect to, for an `address` that may mean "all of this machine's".
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, address.port())
}

/// Raises the process's limit on open files towards what the caps on connections need, and lowers the cap on accepted ones
/// to fit that limit: otherwise accepting would fail before the cap makes room.
fn within_file_limit(mut limits: Limits, deliveries: usize) -> Limits {
    let others = deliveries as u64 + OTHER_FILES;
    let wanted = limits.connections as u64 + others;
    let files = rlimit::increase_nofile_limit(wanted).unwrap_or(wanted);
    let connections = usize::try_from(files.saturating_sub(others)).unwrap_or(usize::MAX);
    limits.connections = limits.connections.min(connections.max(1));
    limits
}
