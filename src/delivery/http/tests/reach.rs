//! The endpoints that deliveries reach: egress levels and TLS.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig};

use super::receiver::Receiver;
use super::{Bench, until_counts};
use crate::delivery::http::{Egress, Settings, Trust};

async fn refusal(egress: Egress, url: &str) -> String {
    let mut bench = Bench::with(Settings {
        egress,
        ..Settings::default()
    });
    bench.lane(url).send(bench.request("kept"));
    bench.failure().await
}

#[tokio::test]
async fn link_local_addresses_are_refused_at_every_level() {
    for egress in Egress::ALL {
        for host in [
            "169.254.169.254",
            "[::ffff:169.254.169.254]",
            "[fe80::1]",
            "[fd00:ec2::254]",
        ] {
            let refusal = refusal(egress, &format!("http://{host}/latest/meta-data")).await;
            assert!(
                refusal.starts_with("kept: deliveries to ")
                    && refusal.contains("are not permitted"),
                "{refusal}"
            );
        }
    }
}

#[tokio::test]
async fn addresses_beyond_the_level_are_refused() {
    assert_eq!(
        refusal(Egress::Private, "http://192.0.2.1/").await,
        "kept: deliveries to 192.0.2.1 are not permitted (--egress private)"
    );
    assert_eq!(
        refusal(Egress::Loopback, "http://10.0.0.1/").await,
        "kept: deliveries to 10.0.0.1 are not permitted (--egress loopback)"
    );
    // The address that the name leads to decides.
    let refusal = refusal(Egress::None, "http://localhost:9/").await;
    assert!(
        refusal.ends_with("are not permitted (--egress none)"),
        "{refusal}"
    );
}

#[tokio::test]
async fn names_of_this_machine_are_reached_by_default() {
    let bench = Bench::new();
    let mut receiver = Receiver::start(&bench.clock, &[]).await;
    let url = format!("http://localhost:{}/", receiver.address.port());
    bench.lane(&url).send(bench.request("here"));
    assert_eq!(receiver.next().await.body, "here");
}

#[tokio::test]
async fn without_egress_no_name_is_resolved() {
    let mut bench = Bench::with(Settings {
        egress: Egress::None,
        ..Settings::default()
    });
    // A look-up would fail, and be tried again.
    bench
        .lane("http://nobody.invalid/")
        .send(bench.request("secret"));
    assert_eq!(
        bench.failure().await,
        "secret: deliveries to nobody.invalid are not permitted (--egress none)"
    );
}

/// A certificate for `localhost`: a server's configuration, and a client's trust anchor.
fn certificate() -> (ServerConfig, RootCertStore) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (config, roots)
}

async fn https(trust: Trust, config: ServerConfig) -> (Bench, Receiver, super::Lane) {
    let bench = Bench::with(Settings {
        trust,
        ..Settings::default()
    });
    let receiver = Receiver::start_tls(&bench.clock, config).await;
    let lane = bench.lane(&format!("https://localhost:{}/", receiver.address.port()));
    lane.send(bench.request("sealed"));
    (bench, receiver, lane)
}

#[tokio::test]
async fn https_endpoints_need_a_trusted_certificate() {
    let (config, roots) = certificate();
    let (_bench, mut receiver, lane) = https(Trust::Roots(Arc::new(roots)), config.clone()).await;
    assert_eq!(receiver.next().await.body, "sealed");
    until_counts(&lane, 0, 0, 0).await;

    let (_bench, receiver, lane) = https(Trust::Platform, config).await;
    until_counts(&lane, 0, 0, 1).await;
    assert!(receiver.is_quiet());
}

#[tokio::test]
async fn the_check_of_certificates_can_be_switched_off() {
    let (config, _) = certificate();
    let (_bench, mut receiver, lane) = https(Trust::Anyone, config).await;
    assert_eq!(receiver.next().await.body, "sealed");
    until_counts(&lane, 0, 0, 0).await;
}
