//! A machine that trusts no authority at all, such as a container from scratch: topiq starts, delivers by HTTP, and
//! says what is missing for a delivery by HTTPS.

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{AlertDescription, ServerConfig, ServerConnection};

use crate::support::{Answer, Request};

/// The program itself; it ends with the test.
struct Program {
    child: Child,
    log: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_topiq"))
            .args(["--port", "0"])
            .env("SSL_CERT_FILE", "/there/is/no/such/file.pem")
            .env("SSL_CERT_DIR", "/there/is/no/such/folder")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program");
        let stdout = child.stdout.take().expect("a pipe");
        let mut program = Self {
            child,
            log: BufReader::new(stdout).lines(),
            address: String::new(),
        };
        let ready = program.line("Ready.");
        let (_, rest) = ready.split_once("http://").expect("its URL");
        let end = rest.find(')').expect("its end");
        rest[..end].clone_into(&mut program.address);
        program
    }

    /// The next line of the log that contains `text`.
    fn line(&mut self, text: &str) -> String {
        self.log
            .find_map(|line| line.ok().filter(|line| line.contains(text)))
            .unwrap_or_else(|| panic!("the program ended without logging {text:?}"))
    }

    fn sns(&self, form: &str) {
        let request = Request::query(form).signed_for("sns");
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.write_all(&request.bytes()).expect("it reads");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers");
        let answer = Answer::parse(&bytes);
        assert_eq!(answer.status(), 200, "{answer:?}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("its address").port();
    (listener, port)
}

fn server() -> ServerConnection {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions that ring has")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .expect("a key of its own");
    ServerConnection::new(Arc::new(config)).expect("a configuration")
}

#[test]
fn without_roots_deliveries_by_http_work_and_by_https_say_what_is_missing() {
    let mut program = Program::start();
    program.sns("Action=CreateTopic&Name=t");
    let subscribe = |protocol: &str, port: u16| {
        program.sns(&format!(
            "Action=Subscribe&TopicArn=arn:aws:sns:us-east-1:000000000000:t\
             &Protocol={protocol}&Endpoint={protocol}://localhost:{port}/"
        ));
    };
    let (https, sealed_port) = listener();
    subscribe("https", sealed_port);
    let (mut stream, _) = https.accept().expect("an attempt");
    let refused = server().complete_io(&mut stream).expect_err("no trust");
    let alert = refused.get_ref().and_then(|error| error.downcast_ref());
    assert_eq!(
        alert,
        Some(&rustls::Error::AlertReceived(AlertDescription::UnknownCA))
    );

    let (http, plain_port) = listener();
    subscribe("http", plain_port);
    let (stream, _) = http.accept().expect("a delivery");
    let first = BufReader::new(stream).lines().next();
    let first = first.expect("a request").expect("a request");
    assert_eq!(first, "POST / HTTP/1.1");

    let line = program.line("trusts no certificate authorities");
    assert!(line.contains("SSL_CERT_FILE"), "{line}");
    assert!(line.contains("/there/is/no/such/file.pem"), "{line}");
}
