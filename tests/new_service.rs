//! Adding a service takes a folder under `src/services` and a line in the list of services. This test adds one to a
//! copy of the sources, builds that, and calls it.
//!
//! It links no part of topiq; the copy shares the dependencies that are already built.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// The line that begins the list of services, in `src/services/mod.rs`.
const LIST: &str = "services! {\n";
/// The line to add.
const LINE: &str = "    glue: Glue,\n";
/// The folder to add.
const FOLDER: [(&str, &str); 3] = [
    ("mod.rs", include_str!("fixtures/new_service/mod.rs")),
    (
        "operations/mod.rs",
        include_str!("fixtures/new_service/operations/mod.rs"),
    ),
    (
        "operations/list_nothing.rs",
        include_str!("fixtures/new_service/operations/list_nothing.rs"),
    ),
];

#[test]
fn a_service_is_a_folder_and_a_line() {
    let copy = copy_of_sources();
    let list = copy.join("src/services/mod.rs");
    let text = fs::read_to_string(&list).expect("the list of services");
    assert_eq!(text.matches(LIST).count(), 1, "one list");
    fs::write(&list, text.replace(LIST, &format!("{LIST}{LINE}"))).expect("a writable copy");
    for (name, text) in FOLDER {
        let file = copy.join("src/services/glue").join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a writable copy");
        fs::write(file, text).expect("a writable copy");
    }

    let server = Server::start(&build(&copy));
    let list = server.call("AWSGlue.ListNothing");
    assert!(list.starts_with("HTTP/1.1 200 "), "{list}");
    assert!(
        list.contains("content-type: application/x-amz-json-1.1"),
        "{list}"
    );
    assert!(list.ends_with(r#"{"Nothing":[]}"#), "{list}");

    let unknown = server.call("AWSGlue.ListAll");
    assert!(unknown.starts_with("HTTP/1.1 400 "), "{unknown}");
    assert!(unknown.contains("UnknownOperationException"), "{unknown}");
    assert!(!unknown.contains("x-amzn-query-error"), "{unknown}");

    let queues = server.call("AmazonSQS.ListQueues");
    assert!(queues.starts_with("HTTP/1.1 200 "), "{queues}");
    let health = server.ask("GET /_localstack/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert!(health.contains(r#""glue": "running""#), "{health}");
}

/// A copy of the package's sources, under another name: its program must not replace that of this build.
fn copy_of_sources() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("new_service");
    let _ = fs::remove_dir_all(&copy);
    copy_folder(&root.join("src"), &copy.join("src"));
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock")).expect("a lock file");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("a manifest");
    let manifest = without_targets(&manifest).replacen(
        "edition =",
        "autobenches = false\nautotests = false\nedition =",
        1,
    ) + "\n[[bin]]\nname = \"topiq-with-glue\"\npath = \"src/main.rs\"\n";
    fs::write(copy.join("Cargo.toml"), manifest).expect("a writable copy");
    copy
}

/// A manifest without its benches and tests, which the copy lacks.
fn without_targets(manifest: &str) -> String {
    let sections = manifest.split("\n[");
    let kept = sections
        .filter(|section| !section.starts_with("[bench]]") && !section.starts_with("[test]]"));
    kept.collect::<Vec<_>>().join("\n[")
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a writable target");
    for entry in fs::read_dir(from).expect("a folder of sources") {
        let path = entry.expect("a readable folder").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            // A copied file keeps its modification time, so that cargo rebuilds only what has changed.
            let modified = fs::metadata(&path).and_then(|file| file.modified());
            fs::copy(&path, &target).expect("a readable source");
            let copied = fs::File::options().write(true).open(&target);
            copied
                .and_then(|copied| copied.set_modified(modified?))
                .expect("a file's time can be set");
        }
    }
}

/// Builds the copy and returns the path of its program.
fn build(copy: &Path) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("cargo's target folder");
    let built = Command::new(env!("CARGO"))
        .args(["build", "--offline", "--bin", "topiq-with-glue"])
        .arg("--manifest-path")
        .arg(copy.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    assert!(!said.contains("warning"), "{said}");
    target.join("debug/topiq-with-glue")
}

/// The copy's program, which runs until this is dropped.
struct Server {
    program: Child,
    address: String,
    // Kept open, so that the program can go on writing its log.
    _log: BufReader<ChildStdout>,
}

impl Server {
    fn start(program: &Path) -> Self {
        let settings = std::env::vars().map(|(name, _)| name);
        let mut command = Command::new(program);
        for name in settings.filter(|name| name.starts_with("TOPIQ_")) {
            command.env_remove(name);
        }
        let mut program = command
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut log = BufReader::new(program.stdout.take().expect("a pipe"));
        let mut line = String::new();
        while !line.contains("Ready.") {
            line.clear();
            let read = log.read_line(&mut line).expect("a log of lines");
            assert_ne!(read, 0, "it ended before it was ready");
        }
        let (_, rest) = line.split_once("http://").expect("the line names its URL");
        let end = rest.find([' ', ')']).unwrap_or(rest.len());
        Self {
            program,
            address: rest[..end].to_owned(),
            _log: log,
        }
    }

    /// The answer to a call in AWS JSON.
    fn call(&self, target: &str) -> String {
        self.ask(&format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {target}\r\nContent-Length: 2\r\n\r\n{{}}"
        ))
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("the server listens");
        let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        stream
            .write_all(request.as_bytes())
            .expect("the server reads");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .expect("the server answers");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
