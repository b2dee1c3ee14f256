//! TLS to HTTPS endpoints.
//!
//! The trusted authorities are loaded at the first HTTPS delivery: reading the platform's certificates takes time, and
//! most servers never deliver by HTTPS. A machine without any (a bare container) is no error until then; then the
//! handshake fails.

use std::io;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio::net::TcpStream;
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// The certificates that are accepted.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// Those of the authorities that this machine trusts; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others.
    #[default]
    Platform,
    /// Those of these authorities.
    Roots(Arc<RootCertStore>),
    /// All: for receivers with self-signed certificates.
    Anyone,
}

pub(super) struct Tls {
    trust: Trust,
    connector: OnceCell<TlsConnector>,
}

impl Tls {
    pub(super) fn new(trust: Trust) -> Self {
        Self {
            trust,
            connector: OnceCell::new(),
        }
    }

    pub(super) async fn handshake(
        &self,
        host: &str,
        stream: TcpStream,
    ) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let connector = self
            .connector
            .get_or_try_init(|| connector(self.trust.clone()))
            .await?;
        connector.connect(name, stream).await
    }
}

async fn connector(trust: Trust) -> io::Result<TlsConnector> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?;
    let config = match trust {
        Trust::Platform => builder.with_root_certificates(platform_roots().await?),
        Trust::Roots(roots) => builder.with_root_certificates(roots),
        Trust::Anyone => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAnyone::new(&provider))),
    };
    Ok(TlsConnector::from(Arc::new(config.with_no_client_auth())))
}

/// Reads files, so it runs on a thread of its own, not on those that serve.
async fn platform_roots() -> io::Result<RootCertStore> {
    let loaded = tokio::task::spawn_blocking(rustls_native_certs::load_native_certs).await?;
    let mut roots = RootCertStore::empty();
    let (count, _) = roots.add_parsable_certificates(loaded.certs);
    if count == 0 {
        let reasons: Vec<_> = loaded.errors.iter().map(ToString::to_string).collect();
        tracing::warn!(
            reasons = reasons.join("; "),
            "This machine trusts no certificate authorities: HTTPS deliveries fail. Install ca-certificates, name a file \
             in SSL_CERT_FILE, or start topiq with --insecure-deliveries."
        );
    }
    Ok(roots)
}

/// Accepts any certificate; the handshake's signatures must still be right, as TLS requires.
#[derive(Debug)]
struct AcceptAnyone(WebPkiSupportedAlgorithms);

impl AcceptAnyone {
    fn new(provider: &CryptoProvider) -> Self {
        Self(provider.signature_verification_algorithms)
    }
}

impl ServerCertVerifier for AcceptAnyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
