//! A server with HTTPS beside HTTP: its URLs, and messages whose certificate is fetched from
//! `sns.{region}.amazonaws.com`, as validators in SDKs require.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use rustls::SignatureScheme;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::ParsedCertificate;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use topiq::http::tls::Settings;
use topiq::{Config, services};

use crate::support::{Answer, Host, Request, settle};
use crate::tls;

/// HTTPS on a free port.
fn https() -> Settings {
    Settings {
        port: 0,
        ..Settings::default()
    }
}

async fn authority(host: &Host) -> String {
    let request = Request::new("GET /_topiq/ca.pem");
    host.ask(&request).await.body
}

/// Sends a request by HTTPS, as if `name` were an alias of the server.
async fn ask_as(host: &Host, name: &str, request: &Request) -> Answer {
    let url = host.server.tls_url().expect("HTTPS");
    let address = url.strip_prefix("https://").expect("a URL");
    let stream = TcpStream::connect(address).await.expect("it listens");
    let authority = authority(host).await;
    let connected = tls::connect(stream, name, &authority, &[]).await;
    let mut stream = connected.expect("a certificate of this name");
    let request = request.clone().header("Host", name);
    stream.write_all(&request.bytes()).await.expect("it reads");
    stream.flush().await.expect("it reads");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("it answers");
    Answer::parse(&bytes)
}

#[tokio::test]
async fn both_ports_serve_the_same_queues() {
    let host = Host::with(Config {
        tls: Some(https()),
        ..Config::default()
    })
    .await;
    let create = Request::json("CreateQueue", r#"{"QueueName":"q"}"#);
    let created = ask_as(&host, "topiq", &create).await;
    let url = created.value()["QueueUrl"].clone();
    assert_eq!(url, "https://topiq/000000000000/q");
    let message = json!({ "QueueUrl": url, "MessageBody": "by HTTPS" });
    let sent = ask_as(
        &host,
        "topiq",
        &Request::json("SendMessage", &message.to_string()),
    )
    .await;
    assert_eq!(sent.status(), 200, "{sent:?}");
    let receive = json!({ "QueueUrl": url }).to_string();
    let received = host.json("ReceiveMessage", &receive).await;
    assert_eq!(received.value()["Messages"][0]["Body"], "by HTTPS");
}

#[tokio::test]
async fn subcommands_find_a_server_by_https() {
    let host = Host::with(Config {
        tls: Some(https()),
        ..Config::default()
    })
    .await;
    let url = host.server.tls_url().expect("HTTPS");
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("subcommands.pem");
    std::fs::write(&file, authority(&host).await).expect("a folder for files");
    let health = |trusted: bool| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_topiq"));
        command.env_clear().args(["health", "--endpoint", url]);
        if trusted {
            command.env("SSL_CERT_FILE", &file);
        }
        tokio::task::spawn_blocking(move || command.output().expect("it runs"))
    };
    let answered = health(true).await.expect("it ends");
    assert!(answered.status.success(), "{answered:?}");
    assert!(String::from_utf8_lossy(&answered.stdout).contains("ready"));
    let refused = health(false).await.expect("it ends");
    assert!(!refused.status.success(), "{refused:?}");
    let words = String::from_utf8_lossy(&refused.stderr);
    assert!(words.contains("UnknownIssuer"), "{words}");
}

#[tokio::test]
async fn without_https_its_authority_says_how_to_get_it() {
    let host = Host::start().await;
    assert_eq!(host.server.tls_url(), None);
    let answer = host.ask(&Request::new("GET /_topiq/ca.pem")).await;
    assert_eq!(answer.status(), 404);
    assert!(answer.body.contains("--tls"), "{}", answer.body);
}

#[tokio::test]
async fn taken_port_is_named() {
    let host = Host::start().await;
    let port = host.server.address().port();
    let config = Config {
        port: 0,
        tls: Some(Settings {
            port,
            ..Settings::default()
        }),
        ..Config::default()
    };
    let error = topiq::Server::start(config).await.expect_err("it is taken");
    let expected = format!("cannot listen on 127.0.0.1:{port}: ");
    assert!(error.to_string().starts_with(&expected), "{error}");
}

/// Does what every validator does: it fetches the certificate from the URL in the message, if that is AWS's by HTTPS,
/// and verifies the signature with it.
#[tokio::test]
async fn message_is_verified_by_the_certificate_at_awss_own_host() {
    let host = Host::with(Config {
        tls: Some(https()),
        services: services::Settings {
            sns_url: Some("https://sns.{region}.amazonaws.com/".to_owned()),
            ..services::Settings::default()
        },
        ..Config::default()
    })
    .await;
    for region in ["us-east-1", "eu-central-1"] {
        let envelope = published(&host, region).await;
        let aws = format!("sns.{region}.amazonaws.com");
        let url = envelope["SigningCertURL"].as_str().expect("a URL");
        let (name, path) = url
            .strip_prefix("https://")
            .and_then(|url| url.split_once('/'))
            .expect("by HTTPS");
        assert_eq!(name, aws);
        let id = path
            .strip_prefix("SimpleNotificationService-")
            .and_then(|path| path.strip_suffix(".pem"));
        assert!(id.is_some(), "{path}");
        let pem = ask_as(&host, name, &Request::new(&format!("GET /{path}"))).await;
        assert_eq!(pem.status(), 200);
        verify(&envelope, &pem.body);

        let url = envelope["UnsubscribeURL"].as_str().expect("a URL");
        let target = url.strip_prefix(&format!("https://{aws}")).expect("AWS's");
        let unsigned = Request::new(&format!("GET {target}")).header("Authorization", "none");
        let answer = ask_as(&host, &aws, &unsigned).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
    }
}

/// The envelope of a message that a topic of this region delivered to a queue.
async fn published(host: &Host, region: &str) -> Value {
    let signed = |service: &str| {
        crate::support::AUTHORIZATION
            .replace("us-east-1", region)
            .replace("/sqs/", &format!("/{service}/"))
    };
    let sqs = async |action: &str, input: Value| {
        let request = Request::json(action, &input.to_string());
        host.ask(&request.header("Authorization", &signed("sqs")))
            .await
            .value()
    };
    let sns = async |form: &str| {
        let request = Request::query(form).header("Authorization", &signed("sns"));
        let answer = host.ask(&request).await;
        assert_eq!(answer.status(), 200, "{answer:?}");
    };
    let created = sqs("CreateQueue", json!({ "QueueName": "q" })).await;
    let topic = format!("arn:aws:sns:{region}:000000000000:t");
    sns("Action=CreateTopic&Name=t&Attributes.entry.1.key=SignatureVersion&Attributes.entry.1.value=2").await;
    sns(&format!("Action=Subscribe&TopicArn={topic}&Protocol=sqs&Endpoint=arn:aws:sqs:{region}:000000000000:q")).await;
    sns(&format!("Action=Publish&TopicArn={topic}&Message=hello")).await;
    settle().await;
    let received = sqs("ReceiveMessage", json!({ "QueueUrl": created["QueueUrl"] })).await;
    let body = received["Messages"][0]["Body"].as_str().expect("a message");
    serde_json::from_str(body).expect("an envelope")
}

/// Verifies a notification's signature, of version 2, with the certificate.
fn verify(envelope: &Value, pem: &str) {
    let members = ["Message", "MessageId", "Timestamp", "TopicArn", "Type"];
    let mut signed = String::new();
    for member in members {
        signed.extend([
            member,
            "\n",
            envelope[member].as_str().expect("a text"),
            "\n",
        ]);
    }
    let signature = BASE64
        .decode(envelope["Signature"].as_str().expect("a signature"))
        .expect("Base64");
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate");
    let certificate = ParsedCertificate::try_from(&certificate).expect("X.509");
    let key = certificate.subject_public_key_info();
    // The key itself, of 2048 bits, is at the end of its description.
    let key = &key[key.len() - 270..];
    let known = ring::default_provider().signature_verification_algorithms;
    let (_, algorithms) = known
        .mapping
        .iter()
        .find(|(scheme, _)| *scheme == SignatureScheme::RSA_PKCS1_SHA256)
        .expect("ring has it");
    algorithms[0]
        .verify_signature(key, signed.as_bytes(), &signature)
        .expect("the certificate's key signed it");
}
