//! HTTPS beside HTTP: which certificate a client is shown.
//!
//! In reading order: here are the user's settings, and the choice for one client; `authority` makes certificates, `files`
//! reads and keeps them, `page` lets clients fetch the one to trust.
//!
//! A certificate of topiq's own making has the name that the client asks for (SNI), if it is one that a request's `Host`
//! may have too. So every name by which topiq is reached just works, whether that of a compose service or an alias such as
//! `sns.eu-west-1.amazonaws.com`, and clients need to trust one authority only.

mod authority;
mod files;
mod page;

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::Acceptor;
use rustls::{AlertDescription, ServerConfig};
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use super::hosts::Hosts;
use authority::Authority;
pub(super) use page::Trust;

/// The port of HTTPS by default: the one after HTTP's. 443 must be asked for, since not every user may listen on it.
pub const DEFAULT_PORT: u16 = 4567;

/// How many names have a certificate ready at a time. More than a test environment has; beyond it all are forgotten, and
/// made again when they are asked for.
const NAMES: usize = 256;

/// The user's settings of HTTPS.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The port to listen on; 0 takes a free one.
    pub port: u16,
    /// The certificate that clients are shown.
    pub certificate: Certificate,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: DEFAULT_PORT,
            certificate: Certificate::Made,
        }
    }
}

/// Which certificate clients are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Certificate {
    /// One of topiq's own making, by an authority that is made at start.
    #[default]
    Made,
    /// One of topiq's own making, by an authority that is kept in this folder.
    KeptIn(PathBuf),
    /// The user's own, in PEM.
    Files {
        /// The certificate, followed by those that lead to its authority.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
}

/// A certificate to show, or the means to make one.
#[derive(Debug)]
pub struct Credentials(Source);

#[derive(Debug)]
enum Source {
    Made(Box<Authority>),
    Given(Arc<ServerConfig>),
}

impl Source {
    fn made(authority: Authority) -> Self {
        Self::Made(Box::new(authority))
    }
}

impl Credentials {
    /// Those of the settings: reads files, or makes an authority. An error names the file.
    pub fn load(certificate: &Certificate) -> io::Result<Self> {
        Ok(Self(match certificate {
            Certificate::Made => Source::made(Authority::new().map_err(io::Error::other)?),
            Certificate::KeptIn(folder) => Source::made(files::kept_authority(folder)?),
            Certificate::Files { certificate, key } => {
                let chain = files::certificates(certificate)?;
                let config = config(chain, files::private_key(key)?);
                Source::Given(config.map_err(|error| {
                    io::Error::other(format!(
                        "the certificate in {} and the key in {} cannot be used together: {error}",
                        certificate.display(),
                        key.display()
                    ))
                })?)
            }
        }))
    }
}

/// The name that a client has for the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Name {
    /// The name it asked for, in lower case.
    Dns(String),
    /// The address it connected to: a client that goes by address asks for no name.
    Address(IpAddr),
}

/// The server's side of TLS.
#[derive(Debug)]
pub(super) struct Tls {
    source: Source,
    hosts: Arc<Hosts>,
    ready: Mutex<HashMap<Name, Arc<ServerConfig>>>,
    has_complained: AtomicBool,
}

impl Tls {
    pub(super) fn new(credentials: Credentials, hosts: Arc<Hosts>) -> Self {
        Self {
            source: credentials.0,
            hosts,
            ready: Mutex::default(),
            has_complained: AtomicBool::new(false),
        }
    }

    /// The authority that clients must trust.
    pub(super) fn trust(&self) -> Trust {
        match &self.source {
            Source::Made(authority) => Trust::Authority(authority.pem().to_owned().into()),
            Source::Given(_) => Trust::Given,
        }
    }

    /// Does the handshake with a client.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let address = stream.local_addr()?.ip().to_canonical();
        let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let name = start.client_hello().server_name().map(str::to_owned);
        let config = self.config(name.as_deref(), address)?;
        let accepted = start.into_stream(config).await;
        accepted.inspect_err(|error| self.explain(error))
    }

    /// The configuration with the certificate for a client that asked for this name at this address.
    fn config(&self, name: Option<&str>, address: IpAddr) -> io::Result<Arc<ServerConfig>> {
        let authority = match &self.source {
            Source::Given(config) => return Ok(Arc::clone(config)),
            Source::Made(authority) => authority,
        };
        let name = match name.map(str::to_ascii_lowercase) {
            Some(name) if self.hosts.accepts(&name) => Name::Dns(name),
            // Shown a certificate of other names, the client says which one it missed.
            Some(_) | None => Name::Address(address),
        };
        if let Some(config) = self.ready.lock().get(&name) {
            return Ok(Arc::clone(config));
        }
        let (chain, key) = authority
            .certificate(&self.names(&name))
            .map_err(io::Error::other)?;
        let config = config(chain, key).map_err(io::Error::other)?;
        let mut ready = self.ready.lock();
        if ready.len() >= NAMES {
            ready.clear();
        }
        ready.insert(name, Arc::clone(&config));
        Ok(config)
    }

    /// The names of a certificate: `own`, and those that every client may use.
    fn names(&self, own: &Name) -> Vec<String> {
        let own = match own {
            Name::Dns(name) => name.clone(),
            Name::Address(address) => address.to_string(),
        };
        let mut names = vec![own];
        let usual = ["localhost", "*.localhost", "127.0.0.1", "::1"].map(str::to_owned);
        for name in usual.into_iter().chain(self.hosts.allowed()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Logs once what to do about clients that do not trust the certificate: their own errors are mostly obscure.
    fn explain(&self, error: &io::Error) {
        let is_distrust = error
            .get_ref()
            .and_then(|error| error.downcast_ref::<rustls::Error>())
            .is_some_and(is_distrust);
        if is_distrust && !self.has_complained.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "A client does not trust this server's certificate. Let it trust the one at {}, which is there by HTTP too.",
                page::PATH
            );
        }
    }
}

/// Whether the client said that it does not trust the certificate.
fn is_distrust(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::AlertReceived(
            AlertDescription::UnknownCA
                | AlertDescription::BadCertificate
                | AlertDescription::CertificateUnknown
        )
    )
}

fn config(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests;
