//! Ten thousand slow connections and one neighbour. A measurement: run it by name, with `--release --ignored --nocapture`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use topiq::clock::SystemClock;
use topiq::http::{Settings, serve};
use topiq::ids::Ids;

use crate::harness::{Client, Echo, post};

const CROWD: usize = 10_000;
const REQUESTS: usize = 20_000;

#[expect(clippy::disallowed_methods, reason = "it measures the machine's time")]
fn now() -> Instant {
    Instant::now()
}

/// The middle and the 99th percentile of the neighbour's answers.
async fn measure(address: std::net::SocketAddr) -> (Duration, Duration) {
    let mut client = Client(tokio::net::TcpStream::connect(address).await.unwrap());
    let mut times = Vec::with_capacity(REQUESTS);
    let request = post("/", "hello");
    for _ in 0..REQUESTS {
        let start = now();
        assert_eq!(client.ask(&request).await.body, "hello");
        times.push(start.elapsed());
    }
    times.sort_unstable();
    (times[REQUESTS / 2], times[REQUESTS * 99 / 100])
}

#[test]
#[ignore = "measures; prints its numbers"]
#[expect(clippy::print_stdout, reason = "its numbers are what it is for")]
fn ten_thousand_slow_connections_do_not_slow_a_neighbour() {
    rlimit::increase_nofile_limit(2 * CROWD as u64 + 100).unwrap();
    let (told, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            told.send(listener.local_addr().unwrap()).unwrap();
            let _serving = serve(
                listener,
                Arc::new(Echo::default()),
                Settings::default(),
                Arc::new(SystemClock::new()),
                Arc::new(Ids::seeded(1)),
            );
            std::future::pending::<()>().await;
        });
    });
    let address = address.recv().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let alone = measure(address).await;
        let starts = [
            "",
            "POST / HT",
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ];
        let mut crowd = Vec::with_capacity(CROWD);
        let start = now();
        for n in 0..CROWD {
            let stream = tokio::net::TcpStream::connect(address).await.unwrap();
            let _ = stream.try_write(starts[n % starts.len()].as_bytes());
            crowd.push(stream);
        }
        println!("{CROWD} slow connections opened in {:?}", start.elapsed());
        let beside = measure(address).await;
        println!("alone (median, p99): {alone:?}; beside {CROWD} slow ones: {beside:?}");
    });
}
