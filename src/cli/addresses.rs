//! The arguments for further addresses at which clients reach topiq: HTTPS, proxies, the links in SNS's messages.

use std::io;

use clap::Args;
use topiq::http::tls::{Certificate, DEFAULT_PORT, Settings};
use topiq::{Config, services};

use super::values::{regional_url, switch};

#[derive(Clone, Debug, Args)]
pub(super) struct AddressArguments {
    /// Serve HTTPS too, with a certificate that topiq makes: let clients trust the authority at /_topiq/ca.pem
    #[arg(long, env = "TOPIQ_TLS", value_parser = switch)]
    tls: bool,
    /// Port for HTTPS; 0 picks a free one and prints it
    #[arg(long, env = "TOPIQ_TLS_PORT", value_name = "PORT", default_value_t = DEFAULT_PORT)]
    tls_port: u16,
    /// Serve HTTPS with this certificate and its chain, in PEM
    #[arg(long, env = "TOPIQ_TLS_CERT", value_name = "FILE")]
    tls_cert: Option<String>,
    /// The private key of --tls-cert, in PEM
    #[arg(long, env = "TOPIQ_TLS_KEY", value_name = "FILE")]
    tls_key: Option<String>,
    /// Serve HTTPS, and keep topiq's certificate authority in this folder, so that clients need to trust it only once
    #[arg(long, env = "TOPIQ_TLS_CA_DIR", value_name = "FOLDER")]
    tls_ca_dir: Option<String>,
    /// Take the address that clients used from a proxy's X-Forwarded-Host, -Proto and -Port, or Forwarded
    #[arg(long, env = "TOPIQ_TRUST_FORWARDED", value_parser = switch)]
    trust_forwarded: bool,
    /// Base URL of the links in SNS messages; `{region}` is the topic's region. By default that of queue URLs
    #[arg(long, env = "TOPIQ_SNS_URL", value_name = "URL", value_parser = regional_url)]
    sns_url: Option<String>,
}

impl AddressArguments {
    /// Whether the system picks the port for HTTPS.
    pub(super) fn picks_port(&self) -> bool {
        let is_served = self.tls || self.tls_cert.is_some() || self.tls_ca_dir.is_some();
        is_served && self.tls_port == 0
    }

    /// `config` with these settings.
    pub(super) fn apply_to(self, config: Config) -> io::Result<Config> {
        Ok(Config {
            tls: self.tls()?,
            trust_forwarded: self.trust_forwarded,
            services: services::Settings {
                sns_url: given(self.sns_url),
                ..config.services
            },
            ..config
        })
    }

    /// HTTPS, if one of these arguments asks for it.
    fn tls(&self) -> io::Result<Option<Settings>> {
        let files = (given(self.tls_cert.clone()), given(self.tls_key.clone()));
        let certificate = match (files, given(self.tls_ca_dir.clone())) {
            ((None, None), None) if !self.tls => return Ok(None),
            ((None, None), None) => Certificate::Made,
            ((None, None), Some(folder)) => Certificate::KeptIn(folder.into()),
            ((Some(certificate), Some(key)), None) => Certificate::Files {
                certificate: certificate.into(),
                key: key.into(),
            },
            ((Some(_), Some(_)), Some(_)) => {
                return refused(
                    "--tls-ca-dir is for certificates that topiq makes: leave out either it or --tls-cert",
                );
            }
            ((Some(file), None), _) => {
                return refused(&format!(
                    "--tls-cert {file} needs its key: --tls-key (or TOPIQ_TLS_KEY)"
                ));
            }
            ((None, Some(file)), _) => {
                return refused(&format!(
                    "--tls-key {file} needs its certificate: --tls-cert (or TOPIQ_TLS_CERT)"
                ));
            }
        };
        Ok(Some(Settings {
            port: self.tls_port,
            certificate,
        }))
    }
}

/// Compose files set a variable to an empty text to mean that it is not set.
fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

fn refused<T>(message: &str) -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Words {
        #[command(flatten)]
        addresses: AddressArguments,
    }

    fn tls(words: &[&str]) -> io::Result<Option<Settings>> {
        let words = Words::try_parse_from([&["topiq"], words].concat()).unwrap();
        let config = words.addresses.apply_to(Config::default())?;
        Ok(config.tls)
    }

    #[track_caller]
    fn check(words: &[&str], port: u16, certificate: &Certificate) {
        let settings = tls(words).unwrap().expect("HTTPS");
        assert_eq!((settings.port, &settings.certificate), (port, certificate));
    }

    #[test]
    fn https_is_served_when_asked_for() {
        assert!(tls(&[]).unwrap().is_none());
        assert!(tls(&["--tls-port", "443"]).unwrap().is_none());
        check(&["--tls"], 4567, &Certificate::Made);
        check(&["--tls", "--tls-port", "0"], 0, &Certificate::Made);
        check(
            &["--tls-ca-dir", "d"],
            4567,
            &Certificate::KeptIn("d".into()),
        );
        let files = Certificate::Files {
            certificate: "c".into(),
            key: "k".into(),
        };
        check(&["--tls-cert", "c", "--tls-key", "k"], 4567, &files);
        check(
            &["--tls", "--tls-cert", "", "--tls-key", " "],
            4567,
            &Certificate::Made,
        );
    }

    #[test]
    fn half_of_a_pair_is_refused() {
        for (words, expected) in [
            (
                &["--tls-cert", "c.pem"][..],
                "--tls-cert c.pem needs its key",
            ),
            (
                &["--tls-key", "k.pem"],
                "--tls-key k.pem needs its certificate",
            ),
            (
                &["--tls-ca-dir", "d", "--tls-cert", "c", "--tls-key", "k"],
                "--tls-ca-dir is for",
            ),
        ] {
            let error = tls(words).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
