//! Accepts connections, serves each in a task of its own, and stops them all.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use super::body::BodyReader;
use super::connection::{self, Protocols};
use super::front::{Front, Scheme, Session};
use super::hosts::Hosts;
use super::limits::Deadlines;
use super::origins::Origins;
use super::progress::{Order, Progress};
use super::registry::Registry;
use super::timer::ClockTimer;
use super::tls::{self, Tls};
use super::watch::Watch;
use super::{Application, Settings};
use crate::budget::Budget;
use crate::clock::{Clock, SystemClock};
use crate::ids::Ids;

/// How long to wait after `accept` failed because the machine has run out of something.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A front that serves; it stops when dropped.
#[derive(Debug)]
pub struct Serving {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Accepts no more connections, lets requests under way end, and returns when all connections are closed: within a
    /// second.
    pub async fn stop(self) {
        drop(self.stop);
        let _ = self.task.await;
    }
}

/// Where clients connect.
#[derive(Debug)]
pub struct Listeners {
    /// For HTTP.
    pub http: TcpListener,
    /// For HTTPS, if it is served, with the certificate or the means to make one.
    pub https: Option<(TcpListener, tls::Credentials)>,
}

impl From<TcpListener> for Listeners {
    /// HTTP alone.
    fn from(http: TcpListener) -> Self {
        Self { http, https: None }
    }
}

/// Serves `application` to all clients. Connections keep their deadlines by `clock`: the machine's, except in tests.
pub fn serve<A: Application>(
    listeners: impl Into<Listeners>,
    application: Arc<A>,
    settings: Settings,
    clock: Arc<dyn Clock>,
    ids: Arc<Ids>,
) -> Serving {
    let (stop, stopped) = oneshot::channel();
    let Listeners { http, https } = listeners.into();
    let (https, credentials) = https.unzip();
    let acceptor = Acceptor::new(application, settings, credentials, clock, ids);
    let task = tokio::spawn(acceptor.run(http, https, stopped));
    Serving { stop, task }
}

struct Acceptor<A> {
    front: Arc<Front<A>>,
    protocols: Arc<Protocols>,
    tls: Option<Arc<Tls>>,
    deadlines: Arc<Deadlines>,
    clock: Arc<dyn Clock>,
    registry: Arc<Registry>,
    budget: Arc<Budget>,
    connections: JoinSet<()>,
}

impl<A: Application> Acceptor<A> {
    fn new(
        application: Arc<A>,
        settings: Settings,
        credentials: Option<tls::Credentials>,
        clock: Arc<dyn Clock>,
        ids: Arc<Ids>,
    ) -> Self {
        let public_url = settings
            .public_url
            .as_deref()
            .map(|url| url.trim_end_matches('/'));
        let deadlines = Arc::new(settings.deadlines);
        let protocols = Protocols::new(
            &settings.limits,
            &deadlines,
            ClockTimer::new(Arc::clone(&clock)),
        );
        let hosts = Arc::new(Hosts::new(&settings.allow_hosts, public_url, A::is_at_aws));
        let tls = credentials.map(|credentials| Tls::new(credentials, Arc::clone(&hosts)));
        let front = Front {
            application,
            hosts,
            origins: Origins::new(&settings.allow_origins),
            public_url: public_url.map(Arc::from),
            trusts_forwarded: settings.trust_forwarded,
            trust: tls.as_ref().map(Tls::trust).unwrap_or_default(),
            ids,
            bodies: BodyReader {
                limits: settings.limits.clone(),
                deadlines: Arc::clone(&deadlines),
                clock: Arc::clone(&clock),
            },
        };
        Self {
            front: Arc::new(front),
            protocols: Arc::new(protocols),
            tls: tls.map(Arc::new),
            deadlines,
            clock,
            registry: Arc::new(Registry::new(settings.limits.connections)),
            budget: settings.budget,
            connections: JoinSet::new(),
        }
    }

    async fn run(
        mut self,
        http: TcpListener,
        https: Option<TcpListener>,
        mut stopped: oneshot::Receiver<()>,
    ) {
        loop {
            let (accepted, scheme) = tokio::select! {
                _ = &mut stopped => break,
                accepted = http.accept() => (accepted, Scheme::Http),
                accepted = accept(https.as_ref()) => (accepted, Scheme::Https),
                Some(_) = self.connections.join_next() => continue,
            };
            match accepted {
                Ok((stream, _)) => self.admit(stream, scheme),
                Err(error) => self.recover(&error).await,
            }
        }
        drop((http, https));
        self.stop().await;
    }

    fn admit(&mut self, stream: TcpStream, scheme: Scheme) {
        let progress = Arc::new(Progress::new(self.clock.now(), Arc::clone(&self.budget)));
        let Some(place) = self.registry.admit(&progress) else {
            tracing::warn!("turned a connection away: all open connections are busy");
            if scheme == Scheme::Http {
                let _ = connection::turn_away(&stream);
            }
            return;
        };
        let watch = Watch::new(
            Arc::clone(&self.clock),
            Arc::clone(&self.deadlines),
            Arc::clone(&progress),
        );
        let session = Session::new(Arc::clone(&self.front), progress, scheme);
        let tls = self.tls.clone().filter(|_| scheme == Scheme::Https);
        let protocols = Arc::clone(&self.protocols);
        self.connections.spawn(connection::serve(
            stream, tls, session, protocols, watch, place,
        ));
    }

    /// Makes room when file descriptors have run out. Other errors concern one connection that is already gone.
    async fn recover(&self, error: &io::Error) {
        if matches!(
            error.kind(),
            io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::Interrupted
        ) {
            return;
        }
        tracing::warn!(%error, "cannot accept connections; closing those that have waited longest");
        self.registry.make_room();
        // Real files must become free, even where a test's clock stands still.
        let clock = SystemClock::new();
        clock.sleep_until(clock.now() + ACCEPT_PAUSE).await;
    }

    async fn stop(mut self) {
        self.front.application.stop();
        self.registry.order_all(Order::Leave);
        let clock = SystemClock::new();
        let grace = clock.sleep_until(clock.now() + self.deadlines.stop);
        tokio::select! {
            () = grace => {}
            () = async { while self.connections.join_next().await.is_some() {} } => return,
        }
        self.registry.order_all(Order::Abort);
        self.connections.shutdown().await;
    }
}

/// The next connection to a listener that may not be there.
async fn accept(listener: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match listener {
        Some(listener) => listener.accept().await,
        None => std::future::pending().await,
    }
}
