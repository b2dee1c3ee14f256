//! Every action through a socket, bytes in, bytes out, in both protocols: the cases in `tests/wire/`.
//!
//! A case is a text file `tests/wire/<service>/<operation>/<case>.txt`. A line `==== json`, `==== query` or
//! `==== rest-json` begins the same sequence in one protocol, each on a fresh server whose clock stands still at 2026-01-02
//! 03:04:05.678 UTC. In it, `>>>` stands above a request in HTTP's form, and `<<<` above the answer that it must get;
//! `~~~ 30s` moves the clock. Lines that begin with `#` are for the reader; `@strict-timing`, `@enforce-policies` and
//! `@public-url <URL>` at the top start the server with these settings. A case about the protocols themselves, not an
//! operation, is in the folder `protocol`.
//!
//! Requests are completed with the headers that are always the same (see `support::Request::bytes`), signed for the
//! service of the folder, or for SQS if only that has the action. Only the significant headers of an answer are shown;
//! each answer must also have its request id and its date.
//!
//! Bodies in CBOR, which a request's `Content-Type` says, are hexadecimal digits here. Streams of events are shown frame by
//! frame, each with its headers in a line, once their checksums are verified.
//!
//! Values that differ from run to run have names instead: `{{request}}` is the answer's own request id, as its header
//! says it; `{{id-1}}`, `{{handle-1}}`, `{{task-1}}`, `{{token-1}}`, `{{iterator-1}}` are the first message id, receipt
//! handle, task handle, confirmation token and shard iterator in the answers, and so on; `{{page-1}}` is the first token
//! of a listing of shards, `{{digest-1}}` the digest of the first of EventBridge's messages, whose texts have ids,
//! `{{secret-1}}` the end of the first ARN of a connection's secret. Requests may use these names. `{{x*1024}}` in a request
//! stands for that many of that character.
//!
//! Each case is a test with its path as its name, so `cargo test --test wire sqs/send_message` runs one action's cases.
//! With `TOPIQ_REWRITE=1` before it, the actual answers are written into the files of those cases, and no others.
//! Read that diff as code: the specification decides what is right, not the server.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use support::{Answer, CBOR, Host, Request, bytes};
use tokio::runtime;
use topiq::Config;
use topiq::services::Settings;
use topiq::services::sns::Sns;
use topiq::services::sqs::Sqs;

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire");
    let trials = case_files(&folder).into_iter().map(|path| {
        let name = path.strip_prefix(&folder).expect("a case's folder");
        let name = name.with_extension("").display().to_string();
        Trial::test(name, move || check(&path))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}

/// Plays a case on a runtime of one thread, as `support::settle` requires.
fn check(path: &Path) -> Result<(), Failed> {
    let written = fs::read_to_string(path)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let answered = runtime.block_on(play(&written, service_of(path)));
    if written == answered {
        return Ok(());
    }
    if std::env::var_os("TOPIQ_REWRITE").is_some() {
        fs::write(path, answered)?;
        return Ok(());
    }
    let difference = first_difference(&written, &answered);
    Err(format!("{}\n{difference}", path.display()).into())
}

fn case_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the cases' folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(case_files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// The service whose folder a case is in.
fn service_of(path: &Path) -> &str {
    let folder = path.ancestors().nth(2).and_then(Path::file_name);
    let name = folder.and_then(|name| name.to_str());
    name.expect("tests/wire/<service>/<operation>/<case>.txt")
}

fn first_difference(written: &str, answered: &str) -> String {
    let mut lines = written.lines().zip(answered.lines()).enumerate();
    match lines.find(|(_, (written, answered))| written != answered) {
        Some((number, (written, answered))) => format!(
            "line {}\n  written:  {written}\n  answered: {answered}",
            number + 1
        ),
        None => "one is longer than the other".to_owned(),
    }
}

/// Plays a case, and writes it again with the actual answers.
async fn play(case: &str, service: &str) -> String {
    let mut played = String::new();
    let mut stage = None;
    let mut lines = case.lines().peekable();
    while let Some(line) = lines.next() {
        played.extend([line, "\n"]);
        if line.starts_with("==== ") {
            stage = Some(Stage::new(config(case), service).await);
        } else if let Some(time) = line.strip_prefix("~~~ ") {
            let stage = stage.as_ref().expect("a protocol is named first");
            stage.host.advance(duration(time)).await;
        } else if line == ">>>" {
            let mut request = Vec::new();
            for line in lines.by_ref().take_while(|line| *line != "<<<") {
                played.extend([line, "\n"]);
                request.push(line);
            }
            // The answer in the file is only to compare with: the actual one takes its place.
            while lines.next_if(|line| !begins_a_step(line)).is_some() {}
            let stage = stage.as_mut().expect("a protocol is named first");
            played.extend(["<<<\n", &stage.ask(&request).await, "\n"]);
        }
    }
    played.truncate(played.trim_end().len());
    played + "\n"
}

/// The settings of a case's servers.
fn config(case: &str) -> Config {
    let public_url = case
        .lines()
        .find_map(|line| line.strip_prefix("@public-url "));
    let says = |word| case.lines().any(|line| line == word);
    Config {
        services: Settings {
            strict_timing: says("@strict-timing"),
            enforce_policies: says("@enforce-policies"),
            ..Settings::default()
        },
        public_url: public_url.map(str::to_owned),
        ..Config::default()
    }
}

fn begins_a_step(line: &str) -> bool {
    line == ">>>"
        || ["==== ", "~~~ ", "# "]
            .iter()
            .any(|start| line.starts_with(start))
}

fn duration(text: &str) -> Duration {
    let number = |digits: &str| digits.parse().expect("a number");
    match text.strip_suffix("ms") {
        Some(millis) => Duration::from_millis(number(millis)),
        None => Duration::from_secs(number(text.strip_suffix('s').expect("seconds"))),
    }
}

/// A server in the middle of a case, and the names for parts of its answers.
struct Stage<'a> {
    host: Host,
    service: &'a str,
    names: Vec<(String, String)>,
}

impl<'a> Stage<'a> {
    async fn new(config: Config, service: &'a str) -> Self {
        Self {
            host: Host::with(config).await,
            service,
            names: Vec::new(),
        }
    }

    /// Sends a request as written, and writes the answer.
    async fn ask(&mut self, lines: &[&str]) -> String {
        let request = self.request(lines);
        let answer = self.host.ask(&request).await;
        support::settle().await;
        self.shown(&answer)
    }

    fn request(&self, lines: &[&str]) -> Request {
        let (line, lines) = lines.split_first().expect("a request line");
        let head = lines.iter().take_while(|line| !line.is_empty());
        let headers: Vec<_> = head
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let body = lines
            .get(headers.len() + 1..)
            .unwrap_or_default()
            .join("\n");
        let is_rest = self.service == "schemas";
        let is_form = !is_rest && !headers.iter().any(|(name, _)| name == "X-Amz-Target");
        let request = Request {
            line: self.filled(line, is_form),
            headers,
            body: self.filled(&body, is_form).into_bytes(),
        };
        if request.get("content-type") == Some(CBOR) {
            let body = std::str::from_utf8(&request.body).expect("digits");
            return request.clone().body(bytes(body));
        }
        if is_rest || is_form && self.service == "sns" && !is_of_sqs_alone(&body) {
            request.signed_for(self.service)
        } else {
            request
        }
    }

    /// Replaces names by their values, percent-encoded in forms.
    fn filled(&self, text: &str, is_form: bool) -> String {
        let mut filled = text.to_owned();
        for (value, name) in &self.names {
            let value = if is_form {
                percent_encoded(value)
            } else {
                value.clone()
            };
            filled = filled.replace(name, &value);
        }
        while let Some((start, rest)) = filled.split_once("{{") {
            let (inside, end) = rest.split_once("}}").expect("a name ends");
            let (letter, count) = inside
                .split_once('*')
                .unwrap_or_else(|| panic!("nothing is called {inside}"));
            let repeated = letter.repeat(count.parse().expect("a number"));
            filled = format!("{start}{repeated}{end}");
        }
        filled
    }

    /// The answer with its significant headers, and names in place of values that differ from run to run.
    fn shown(&mut self, answer: &Answer) -> String {
        assert!(answer.header("date").is_some(), "no date: {answer:?}");
        let mut shown = format!("{}\n", answer.status_line);
        for name in [
            "content-type",
            "x-amzn-errortype",
            "x-amzn-query-error",
            "content-length",
        ] {
            if let Some(value) = answer.header(name) {
                shown.extend([name, ": ", value, "\n"]);
            }
        }
        if answer.body.is_empty() {
            return shown;
        }
        let body = answer.body.replace(answer.request_id(), "{{request}}");
        format!("{shown}\n{}\n", self.named(&body))
    }

    fn kind_of(&self, word: &str) -> Option<&'static str> {
        let is_digest = word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        if self.service == "events" && is_digest {
            return Some("digest");
        }
        // A secret's name ends with an id and six characters.
        if self.service == "events" && word.len() == 43 && kind_of(&word[..36]) == Some("id") {
            return Some("secret");
        }
        kind_of(word)
    }

    /// Names every new message id, receipt handle, task handle and confirmation token.
    fn named(&mut self, body: &str) -> String {
        for word in body.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=-".contains(c))) {
            // Slashes belong to handles, or stand before the id in an ARN.
            let last = word.rsplit('/').next().unwrap_or(word);
            let found = [word, last].map(|word| Some((word, self.kind_of(word)?)));
            let Some((word, kind)) = found.into_iter().flatten().next() else {
                continue;
            };
            if self.names.iter().all(|(value, _)| value != word) {
                let prefix = format!("{{{{{kind}-");
                let count = self
                    .names
                    .iter()
                    .filter(|(_, name)| name.starts_with(&prefix))
                    .count();
                self.names
                    .push((word.to_owned(), format!("{prefix}{}}}}}", count + 1)));
            }
        }
        let mut named = body.to_owned();
        for (value, name) in &self.names {
            named = named.replace(value, name);
        }
        named
    }
}

/// Whether a form's action is SQS's and no other service's.
fn is_of_sqs_alone(form: &str) -> bool {
    let action = form
        .split('&')
        .find_map(|pair| pair.strip_prefix("Action="));
    let is_of = |operations: &[&str]| action.is_some_and(|action| operations.contains(&action));
    is_of(Sqs::OPERATIONS) && !is_of(Sns::OPERATIONS)
}

/// The kind of a word in an answer, if it differs from run to run.
fn kind_of(word: &str) -> Option<&'static str> {
    let is_id = word.len() == 36
        && word.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        });
    // Receipt handles begin like AWS's; task handles with the Base64 of `{"taskId":"`.
    if is_id {
        Some("id")
    } else if word.starts_with("AAAAAAAAAA") {
        Some("iterator")
    } else if word.starts_with("eyJtYWRlIjo") {
        // The Base64 of `{"made":`.
        Some("page")
    } else if word.starts_with("AQEB") {
        Some("handle")
    } else if word.starts_with("eyJ0YXNrSWQiOi") {
        Some("task")
    } else if word.len() == 288 && word.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Some("token")
    } else {
        None
    }
}

fn percent_encoded(text: &str) -> String {
    text.replace('%', "%25")
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D")
}
