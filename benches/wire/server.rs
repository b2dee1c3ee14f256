//! Servers as processes of their own: starting them on their own core, and their cost according to `/proc`.

use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::time::{Moment, pause};

/// The cores of the servers and of the client.
const SERVER_CORE: &str = "0";
const CLIENT_CORE: &str = "1";

/// The server to start.
#[derive(Clone, Debug)]
pub(crate) enum Program {
    /// This program again, as the bare hyper server.
    Bare,
    /// topiq, or a server in its place.
    Topiq(PathBuf),
}

/// A running server. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
    pub(crate) is_bare: bool,
}

impl Server {
    /// Starts a server and waits until it reports that it is ready.
    pub(crate) fn start(program: &Program, pinning: Pinning) -> io::Result<Self> {
        let (output, input) = io::pipe()?;
        let mut process = command(program, pinning)?
            .stdin(Stdio::null())
            .stdout(input.try_clone()?)
            .stderr(input)
            .spawn()?;
        let mut output = BufReader::new(output);
        let address = match ready_address(&mut output) {
            Ok(address) => address,
            Err(error) => {
                let _ = process.kill();
                let _ = process.wait();
                return Err(error);
            }
        };
        // Its later output is warnings and errors; unread, it would fill the pipe and stop the server.
        std::thread::spawn(move || io::copy(&mut output, &mut io::stderr()));
        let is_bare = matches!(program, Program::Bare);
        Ok(Self {
            process,
            address,
            is_bare,
        })
    }

    /// The processor time that all its threads have had so far, to the nanosecond; `None` without `/proc`.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        let tasks = std::fs::read_dir(self.proc("task")).ok()?;
        let nanos = tasks
            .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
            .filter_map(|schedstat| schedstat.split(' ').next()?.parse::<u64>().ok())
            .sum();
        Some(Duration::from_nanos(nanos))
    }

    /// The processor time since `before`, an earlier `cpu_time`.
    pub(crate) fn cpu_since(&self, before: Option<Duration>) -> Option<Duration> {
        Some(self.cpu_time()?.saturating_sub(before?))
    }

    /// Waits until the server has nothing left to do, so that the cleanup of one measurement is not part of the next.
    pub(crate) async fn settle(&self) {
        let idle = Duration::from_micros(100);
        let started = Moment::now();
        while started.elapsed() < Duration::from_secs(5) {
            let before = self.cpu_time();
            pause(Duration::from_millis(4)).await;
            if self.cpu_since(before).is_none_or(|busy| busy < idle) {
                return;
            }
        }
    }

    /// Resident memory in bytes, and how much of it is the process's own.
    pub(crate) fn memory(&self) -> Option<Memory> {
        Some(Memory {
            resident: kilobytes(&self.proc("status"), "VmRSS:")?,
            own: kilobytes(&self.proc("smaps_rollup"), "Private_Dirty:")
                .zip(kilobytes(&self.proc("smaps_rollup"), "Private_Clean:"))
                .map_or(0, |(dirty, clean)| dirty + clean),
        })
    }

    fn proc(&self, file: &str) -> PathBuf {
        Path::new("/proc")
            .join(self.process.id().to_string())
            .join(file)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) resident: u64,
    pub(crate) own: u64,
}

/// Whether servers and the client have a core each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pinning {
    Apart,
    None,
}

impl Pinning {
    /// Moves this process to the client's core if the machine has two cores and `taskset`; servers get the other one.
    pub(crate) fn set_up() -> Self {
        let has_cores = std::thread::available_parallelism().is_ok_and(|cores| cores.get() >= 2);
        let process = std::process::id().to_string();
        let is_moved = has_cores
            && Command::new("taskset")
                .args(["-a", "-c", "-p", CLIENT_CORE, &process])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success());
        if is_moved { Self::Apart } else { Self::None }
    }
}

fn command(program: &Program, pinning: Pinning) -> io::Result<Command> {
    let (path, arguments) = match program {
        Program::Bare => (std::env::current_exe()?, vec!["--bare-server"]),
        Program::Topiq(path) => {
            let address = ["--host", "127.0.0.1", "--port", "0"];
            // As many as any row has.
            let arguments = address.into_iter().chain(["--rules-per-bus", "10000"]);
            (path.clone(), arguments.collect())
        }
    };
    let mut command = match pinning {
        Pinning::Apart => {
            let mut taskset = Command::new("taskset");
            taskset.args(["-c", SERVER_CORE]).arg(path);
            taskset
        }
        Pinning::None => Command::new(path),
    };
    command.args(arguments);
    Ok(command)
}

/// Reads to the line that ends in `Ready.` and finds the server's URL in it.
fn ready_address(output: &mut impl BufRead) -> io::Result<SocketAddr> {
    let mut line = String::new();
    while output.read_line(&mut line)? > 0 {
        if let Some(address) = line
            .trim_end()
            .ends_with("Ready.")
            .then(|| url_address(&line))
            .flatten()
        {
            return Ok(address);
        }
        line.clear();
    }
    Err(io::Error::other("the server ended before it was ready"))
}

fn url_address(line: &str) -> Option<SocketAddr> {
    let after = line.split_once("http://")?.1;
    let end = after
        .find(|letter: char| !letter.is_ascii_digit() && !".:".contains(letter))
        .unwrap_or(after.len());
    after[..end].trim_end_matches('.').parse().ok()
}

fn kilobytes(file: &Path, field: &str) -> Option<u64> {
    let text = std::fs::read_to_string(file).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(field))?;
    let kilobytes: u64 = value.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}
