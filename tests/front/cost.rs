//! The cost of the front, and of ten thousand slow connections for another client. Measurements: run them by name, with
//! `--release -- --ignored --nocapture`.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use topiq::clock::SystemClock;
use topiq::http::{Settings, serve};
use topiq::ids::Ids;

use crate::harness::{Client, Echo, post};

const SLOW_CLIENTS: usize = 10_000;
const REQUESTS: usize = 20_000;

#[expect(clippy::disallowed_methods, reason = "measures the machine's time")]
fn now() -> Instant {
    Instant::now()
}

/// The median and the 99th percentile of the times to an answer.
async fn measure(address: std::net::SocketAddr) -> (Duration, Duration) {
    let mut client = Client(tokio::net::TcpStream::connect(address).await.unwrap());
    let mut times = Vec::with_capacity(REQUESTS);
    let request = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";
    for _ in 0..REQUESTS {
        let start = now();
        assert!(client.ask(request).await.body.contains("running"));
        times.push(start.elapsed());
    }
    times.sort_unstable();
    (times[REQUESTS / 2], times[REQUESTS * 99 / 100])
}

#[test]
#[ignore = "measures; prints its numbers"]
#[expect(clippy::print_stdout, reason = "the numbers are its purpose")]
fn ten_thousand_slow_connections_do_not_slow_another() {
    // The server is a process of its own: a process may often open no more than twenty thousand files.
    rlimit::increase_nofile_limit(SLOW_CLIENTS as u64 + 100).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_topiq"))
        .args(["--port", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ready = String::new();
    let output = server.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut ready).unwrap();
    let url = ready.split("http://").nth(1).unwrap();
    let address = url.split(')').next().unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let alone = measure(address).await;
        // Stopped before the line; in the line; in the head; before a body; in a body; in a chunk; after HTTP/2's
        // preface; before reading an answer.
        let starts = [
            "",
            "POST / HT",
            "POST / HTTP/1.1\r\nhost: local",
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nabc",
            "POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n",
        ];
        let mut slow = Vec::with_capacity(SLOW_CLIENTS);
        let start = now();
        for n in 0..SLOW_CLIENTS {
            let stream = tokio::net::TcpStream::connect(address).await.unwrap();
            let _ = stream.try_write(starts[n % starts.len()].as_bytes());
            slow.push(stream);
        }
        println!(
            "{SLOW_CLIENTS} slow connections opened in {:?}",
            start.elapsed()
        );
        let beside = measure(address).await;
        println!("alone (median, p99): {alone:?}; beside {SLOW_CLIENTS} slow ones: {beside:?}");
    });
    server.kill().unwrap();
    server.wait().unwrap();
}

/// Nanoseconds that this thread has spent on a core (Linux).
fn thread_cpu() -> u64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split(' ').next().unwrap().parse().unwrap()
}

/// CPU per request of a server that `serve` starts on a thread of its own, from its first request to its last.
fn cpu_per_request<F: Future<Output = ()>>(
    serve: impl FnOnce(TcpListener) -> F + Send + 'static,
) -> u64 {
    let (tell_address, address) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let (starting, started) = tokio::sync::oneshot::channel::<()>();
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell_address.send(listener.local_addr().unwrap()).unwrap();
            let measured = async {
                let _ = started.await;
                let before = thread_cpu();
                let _ = stopped.await;
                thread_cpu() - before
            };
            tokio::select! {
                cpu = measured => cpu,
                () = serve(listener) => unreachable!("it never returns"),
            }
        })
    });
    let mut client = std::net::TcpStream::connect(address.recv().unwrap()).unwrap();
    client.set_nodelay(true).unwrap();
    let request = post("/", &"x".repeat(300));
    let mut answer = [0; 4096];
    let mut ask = |count: usize| {
        for _ in 0..count {
            std::io::Write::write_all(&mut client, request.as_bytes()).unwrap();
            let read = std::io::Read::read(&mut client, &mut answer).unwrap();
            assert!(
                answer[..read].ends_with(b"xxx"),
                "an answer comes in one piece"
            );
        }
    };
    ask(REQUESTS / 10);
    starting.send(()).unwrap();
    ask(REQUESTS);
    stop.send(()).unwrap();
    server.join().unwrap() / REQUESTS as u64
}

async fn bare_hyper(listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let service = service_fn(async |request: http::Request<hyper::body::Incoming>| {
            let body = request.into_body().collect().await?.to_bytes();
            Ok::<_, hyper::Error>(http::Response::new(Full::<Bytes>::new(body)))
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}

async fn front(listener: TcpListener) {
    let _serving = serve(
        listener,
        Arc::new(Echo::default()),
        Settings::default(),
        Arc::new(SystemClock::new()),
        Arc::new(Ids::seeded(1)),
    );
    std::future::pending::<()>().await;
}

#[test]
#[ignore = "measures; prints its numbers"]
#[expect(clippy::print_stdout, reason = "the numbers are its purpose")]
fn front_beside_bare_hyper() {
    for _ in 0..5 {
        let (bare, front) = (cpu_per_request(bare_hyper), cpu_per_request(front));
        println!("CPU per request: bare hyper {bare} ns, the front {front} ns");
    }
}
