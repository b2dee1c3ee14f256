//! A server inside a test of your own, with a clock that the test advances: `cargo run --example embedded_server`.
//!
//! Hand [`Server::url`] to any AWS SDK as its endpoint. This example speaks AWS JSON by hand, to need no SDK.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

mod client;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use client::Client;
use topiq::clock::{ManualClock, Timestamp};
use topiq::{Config, Server};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start(Config {
        port: 0, // a free one, so that tests run side by side
        clock: Arc::new(ManualClock::new(Timestamp::from_secs(1_767_225_600))),
        ..Config::default()
    })
    .await?;
    let sqs = Client::new(server.address());

    let orders = r#"{"QueueName":"orders","Attributes":{"VisibilityTimeout":"43200"}}"#;
    sqs.json("CreateQueue", orders).await?;
    sqs.json(
        "SendMessage",
        r#"{"QueueUrl":"orders","MessageBody":"hello"}"#,
    )
    .await?;

    let receive = r#"{"QueueUrl":"orders"}"#;
    let first = sqs.json("ReceiveMessage", receive).await?;
    assert!(first.contains("hello"), "{first}");
    let hidden = sqs.json("ReceiveMessage", receive).await?;
    assert!(!hidden.contains("hello"), "{hidden}");

    // Twelve hours pass at once, and everything that fell due is done.
    server.advance(Duration::from_hours(12)).await?;
    let again = sqs.json("ReceiveMessage", receive).await?;
    assert!(again.contains("hello"), "{again}");

    server.stop().await;
    println!("The message came back when its visibility timeout ended.");
    Ok(())
}
