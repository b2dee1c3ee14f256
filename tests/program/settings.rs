//! Settings of the program itself: flag, variable, file and default in their order, and the settings that it refuses.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The program, with no setting from this process's environment.
fn topiq(words: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_topiq"));
    for (name, _) in std::env::vars_os() {
        let is_setting = name.to_string_lossy().starts_with("TOPIQ_");
        if is_setting || name == "AWS_ENDPOINT_URL" {
            command.env_remove(name);
        }
    }
    command.args(words).envs(variables.iter().copied());
    command
}

/// A file of settings that is removed with the test.
struct File(PathBuf);

impl File {
    fn new(text: &str) -> Self {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let name = format!("topiq-settings-{}-{number}.yaml", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// A server that ends with the test.
struct Server {
    process: Child,
    /// The log until it was ready.
    log: String,
}

impl Server {
    fn start(words: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut process = topiq(words, variables)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut log = String::new();
        while !log.contains("Ready.") {
            let read = output.read_line(&mut log).unwrap();
            assert!(read > 0, "the program ended: {log}");
        }
        Self { process, log }
    }

    fn address(&self) -> &str {
        let (_, rest) = self.log.split_once("http://").unwrap();
        rest.split(')').next().unwrap()
    }

    /// Creates a queue as a caller of this account, and gives the answer.
    fn create_queue(&self, account: &str) -> String {
        self.call(account, "CreateQueue", r#"{"QueueName":"q"}"#)
    }

    /// Calls an action of SQS as a caller of this account, and gives the answer.
    fn call(&self, account: &str, action: &str, input: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        write!(
            stream,
            "POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.0\r\n\
             authorization: AWS4-HMAC-SHA256 Credential={account}/20260102/us-east-1/sqs/aws4_request, \
             SignedHeaders=host, Signature=0\r\n\
             x-amz-target: AmazonSQS.{action}\r\ncontent-length: {}\r\n\r\n{input}",
            input.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The base of its queue URLs.
    fn public_url(&self) -> String {
        let answer = self.create_queue("000000000000");
        let (_, url) = answer.split_once("QueueUrl\":\"").expect(&answer);
        url.split("/000000000000").next().unwrap().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn refusal(words: &[&str], variables: &[(&str, &str)]) -> String {
    let Output { status, stderr, .. } = topiq(words, variables).output().unwrap();
    assert_eq!(status.code(), Some(2));
    String::from_utf8(stderr).unwrap()
}

#[test]
fn flag_beats_variable_beats_file_beats_default() {
    let file = File::new("port: 0\npublic-url: http://file\n");
    let words = ["--config", file.path()];
    let flag = [&words[..], &["--public-url", "http://flag"]].concat();
    let variable = [("TOPIQ_PUBLIC_URL", "http://variable")];
    let public_url = |words: &[&str], variables| Server::start(words, variables).public_url();
    assert_eq!(public_url(&["--port", "0"], &[]), "http://localhost");
    assert_eq!(public_url(&words, &[]), "http://file");
    assert_eq!(public_url(&words, &variable), "http://variable");
    assert_eq!(public_url(&flag, &variable), "http://flag");
}

#[test]
fn file_may_be_named_by_its_variable_and_hold_all_kinds_of_settings() {
    let file = File::new(
        r#"{"port": 0, "strict-timing": true, "allow-host": ["a.test", "b.test"], "log-format": "json"}"#,
    );
    for words in [&[][..], &["run"]] {
        let server = Server::start(words, &[("TOPIQ_CONFIG", file.path())]);
        assert!(server.log.starts_with('{'), "{}", server.log);
    }
}

#[test]
fn empty_variable_is_not_set() {
    let file = File::new("port: 0\npublic-url: http://file\n");
    let empty = [("TOPIQ_PORT", ""), ("TOPIQ_PUBLIC_URL", " ")];
    let server = Server::start(&["--config", file.path()], &empty);
    assert_eq!(server.public_url(), "http://file");
}

#[test]
fn port_that_kubernetes_injects_is_ignored_with_a_warning() {
    let file = File::new("port: 0\n");
    let injected = [
        ("TOPIQ_PORT", "tcp://10.0.0.11:4566"),
        ("TOPIQ_SERVICE_HOST", "10.0.0.11"),
        ("TOPIQ_PORT_4566_TCP_ADDR", "10.0.0.11"),
    ];
    let server = Server::start(&["--config", file.path()], &injected);
    assert!(server.log.contains("WARN"), "{}", server.log);
    assert!(server.log.contains("Kubernetes"), "{}", server.log);
}

#[test]
fn unknown_setting_is_refused_with_its_place() {
    let file = File::new("# A comment.\nprot: 1\n");
    assert_eq!(
        refusal(&["--config", file.path()], &[]),
        format!(
            "topiq: {}:2: unknown setting prot: did you mean port?\n",
            file.path()
        )
    );
    assert_eq!(
        refusal(&[], &[("TOPIQ_PROT", "1")]),
        "topiq: unknown environment variable TOPIQ_PROT: did you mean TOPIQ_PORT?\n"
    );
    let refused = refusal(&["--prot", "1"], &[]);
    assert!(
        refused.contains("unexpected argument '--prot'"),
        "{refused}"
    );
    let refused = refusal(&["--config", "/no/such/file"], &[]);
    assert!(refused.contains("cannot read /no/such/file"), "{refused}");
}

/// The switches, as flags.
const SWITCHES: [&str; 5] = [
    "enforce-policies",
    "insecure-deliveries",
    "strict-timing",
    "tls",
    "trust-forwarded",
];

#[test]
fn switch_is_true_or_false_wherever_it_is_set() {
    for name in SWITCHES {
        let variable = format!("TOPIQ_{}", name.to_uppercase().replace('-', "_"));
        let refused = refusal(&[], &[(&variable, "flase")]);
        let expected = format!(
            "invalid value 'flase' for '--{name}': it is true or false: did you mean false?"
        );
        assert!(refused.contains(&expected), "{refused}");
        let file = File::new(&format!("port: 0\n{name}: flase\n"));
        let refused = refusal(&["--config", file.path()], &[]);
        let expected = format!(":2: {name}: expected true or false, found a text");
        assert!(refused.contains(&expected), "{refused}");
    }
}

#[test]
fn values_are_as_strict_as_names_wherever_they_are_set() {
    for (name, value, advice) in [
        (
            "log",
            "verbose",
            "there is no level verbose: it is off, error",
        ),
        ("log", "topic=debug", "did you mean topiq?"),
        ("public-url", "foo", "did you mean http://foo?"),
        (
            "allow-origin",
            "localhost:3000",
            "did you mean http://localhost:3000?",
        ),
        ("in-flight-limit", "0", "0 is not in 1.."),
        ("egress", "al", "[possible values: "),
    ] {
        let variable = format!("TOPIQ_{}", name.to_uppercase().replace('-', "_"));
        let file = File::new(&format!("port: 0\n{name}: '{value}'\n"));
        let flag = refusal(&[&format!("--{name}={value}")], &[]);
        let variable = refusal(&[], &[(&variable, value)]);
        let file = refusal(&["--config", file.path()], &[]);
        assert!(file.contains(":2: "), "{file}");
        for refused in [flag, variable, file] {
            assert!(refused.contains(advice), "{refused}");
        }
    }
}

#[test]
fn variables_of_a_test_harness_are_named_in_one_warning() {
    let harness = [("TOPIQ_BIN", "target/topiq"), ("TOPIQ_URL", "http://a")];
    let server = Server::start(&["--port", "0"], &harness);
    let warnings = server.log.matches("WARN").count();
    assert_eq!(warnings, 1, "{}", server.log);
    assert!(
        server.log.contains(": TOPIQ_BIN, TOPIQ_URL"),
        "{}",
        server.log
    );
}

#[test]
fn port_that_was_picked_is_printed_whatever_is_logged() {
    for words in [
        &["--port", "0", "--log", "off"][..],
        &["--port", "0", "--log", "error", "--log-format", "json"],
        &["--port", "0", "--log", "h2=trace"],
    ] {
        let server = Server::start(words, &[]);
        assert!(TcpStream::connect(server.address()).is_ok());
        assert_eq!(server.log.lines().count(), 1, "{}", server.log);
    }
}

/// A path in the folder for temporary files at which there is nothing.
fn free_path() -> PathBuf {
    static PATHS: AtomicUsize = AtomicUsize::new(0);
    let number = PATHS.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("topiq-port-{}-{number}", std::process::id()))
}

#[test]
fn port_file_has_the_port_of_a_ready_server_and_goes_with_it() {
    let path = free_path();
    // Left by a server that was killed.
    fs::write(&path, "1\n").unwrap();
    let name = path.to_str().unwrap();
    let words = ["--port", "0", "--log", "off", "--port-file", name];
    let mut server = Server::start(&words, &[]);
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        server
            .address()
            .ends_with(&format!(":{}", written.trim_end()))
    );
    assert!(written.ends_with('\n'));
    // A health check has the server's variables.
    let variables = [("TOPIQ_PORT", "0"), ("TOPIQ_PORT_FILE", name)];
    let health = topiq(&["health"], &variables).output().unwrap();
    assert!(health.status.success(), "{health:?}");

    let id = server.process.id().to_string();
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    assert!(server.process.wait().unwrap().success());
    assert!(!path.exists());
    let folder = fs::read_dir(std::env::temp_dir()).unwrap();
    let unfinished = format!("{}.", path.file_name().unwrap().to_str().unwrap());
    for entry in folder {
        let name = entry.unwrap().file_name();
        assert!(!name.to_string_lossy().starts_with(&unfinished), "{name:?}");
    }
}

#[test]
fn port_file_that_cannot_be_written_stops_the_start() {
    let words = ["--port", "0", "--port-file", "/no/such/folder/port"];
    let output = topiq(&words, &[]).output().unwrap();
    assert!(!output.status.success());
    let log = String::from_utf8(output.stdout).unwrap();
    let expected = "cannot write --port-file /no/such/folder/port: ";
    assert!(log.contains(expected), "{log}");
    assert!(!log.contains("Ready."), "{log}");
}

#[cfg(unix)]
#[test]
fn port_file_that_is_no_file_is_left_alone() {
    let (kept, link) = (free_path(), free_path());
    fs::write(&kept, "kept").unwrap();
    std::os::unix::fs::symlink(&kept, &link).unwrap();
    let words = ["--port", "0", "--port-file", link.to_str().unwrap()];
    let output = topiq(&words, &[]).output().unwrap();
    assert!(!output.status.success());
    let log = String::from_utf8(output.stdout).unwrap();
    assert!(log.contains("it is not a regular file"), "{log}");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&kept).unwrap(), "kept");
}

#[test]
fn health_refuses_settings_that_the_server_would_refuse() {
    for (name, value, expected) in [
        ("TOPIQ_PORT", "abc", "invalid value 'abc' for '--port"),
        (
            "TOPIQ_ENDPOINT",
            "localhost",
            "did you mean http://localhost?",
        ),
        ("TOPIQ_ENDPONT", "http://a", "did you mean TOPIQ_ENDPOINT?"),
        ("TOPIQ_CONFIG", "/no/such/file", "cannot read /no/such/file"),
    ] {
        let refused = refusal(&["health"], &[(name, value)]);
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn health_looks_where_the_settings_say() {
    let server = Server::start(&["--port", "0"], &[]);
    let (_, port) = server.address().rsplit_once(':').unwrap();
    let file = File::new(&format!("port: {port}\n"));
    // A container's health check has the server's variables in its environment.
    let variables = [
        ("TOPIQ_HOST", "0.0.0.0"),
        ("TOPIQ_PORT", "tcp://10.0.0.11:4566"),
        ("TOPIQ_CONFIG", file.path()),
        ("TOPIQ_SOMETHING_ELSE", "1"),
    ];
    let output = topiq(&["health"], &variables).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let status = topiq(&["health"], &[("TOPIQ_PORT", port)])
        .output()
        .unwrap();
    assert!(status.status.success(), "{status:?}");
}

#[test]
fn export_says_what_other_accounts_hold() {
    let server = Server::start(&["--port", "0"], &[]);
    let endpoint = format!("http://{}", server.address());
    let export = |words: &[&str]| {
        let words = [&["export", "--format", "topiq"], words].concat();
        let variables = [("TOPIQ_ENDPOINT", &*endpoint)];
        let Output { stdout, stderr, .. } = topiq(&words, &variables).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(stdout), text(stderr))
    };
    server.create_queue("000000000042");
    let hint = |account| {
        format!("topiq: not exported: 1 AWS::SQS::Queue (--account {account} --region us-east-1)\n")
    };
    let (file, said) = export(&[]);
    assert!(!file.contains("q:"), "{file}");
    assert_eq!(said, hint("000000000042"));
    let (file, said) = export(&["--account", "000000000042"]);
    assert!(file.contains("q:"), "{file}");
    assert_eq!(said, "");
    server.create_queue("000000000000");
    let (_, said) = export(&["--account", "000000000042"]);
    assert_eq!(said, hint("000000000000"));
}

#[test]
fn why_tells_what_became_of_a_message() {
    let server = Server::start(&["--port", "0"], &[]);
    let endpoint = format!("http://{}", server.address());
    let why = |words: &[&str]| {
        let words = [&["why", "--endpoint", &*endpoint], words].concat();
        let output = topiq(&words, &[]).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (code, _, said) = why(&["--last"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("nothing has been sent"), "{said}");
    server.create_queue("000000000000");
    let input = r#"{"QueueUrl":"q","MessageBody":"m"}"#;
    let sent = server.call("000000000000", "SendMessage", input);
    let (_, id) = sent.split_once("MessageId\":\"").unwrap();
    let (id, _) = id.split_once('"').unwrap();
    let (code, told, said) = why(&["--last"]);
    assert_eq!((code, &*said), (Some(0), ""));
    let [first, last] = told.lines().collect::<Vec<_>>()[..] else {
        panic!("{told}");
    };
    let end = format!(" sent to the queue q by account 000000000000: message {id}");
    assert!(first.ends_with(&end), "{told}");
    assert!(
        last.starts_with(&format!("Now: message {id} is ready in the queue q")),
        "{told}"
    );
    assert_eq!(why(&[id]), (code, told, said));
    let (code, _, said) = why(&["00000000-0000-4000-8000-000000000000"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("No step of it is kept"), "{said}");
    assert_eq!(why(&[]).0, Some(2));
}

#[test]
fn explain_says_what_keeps_a_rule_from_an_event() {
    let template = File::new(
        r#"
Resources:
  Large:
    Type: AWS::Events::Rule
    Properties:
      Name: large
      EventPattern: { detail: { amount: [{ numeric: [">", 100] }] } }
"#,
    );
    let server = Server::start(&["--port", "0", "--init", template.path()], &[]);
    let endpoint = format!("http://{}", server.address());
    let explain = |words: &[&str]| {
        let words = [&["explain", "--endpoint", &*endpoint], words].concat();
        let output = topiq(&words, &[]).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    for (amount, expected) in [
        (
            7,
            "large: does not match: detail.amount is 7, wanted is {\"numeric\":[\">\",100]}\n",
        ),
        (101, "large: matches\n"),
    ] {
        let event = File::new(&format!(r#"{{"detail":{{"amount":{amount}}}}}"#));
        assert_eq!(
            explain(&[event.path()]),
            (Some(0), expected.to_owned(), String::new())
        );
    }
    let event = File::new("{}");
    let (code, _, said) = explain(&["--bus", "nowhere", event.path()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("The bus does not exist."), "{said}");
    assert_eq!(explain(&["/no/such/file"]).0, Some(2));
}
