//! Queues and topics from a file, there before the first request: `cargo run --example resources_at_start`.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

mod client;

use std::error::Error;
use std::path::Path;

use client::Client;
use topiq::init::Init;
use topiq::{Config, Server};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/init.yaml");
    let server = Server::start(Config {
        port: 0,
        init: Init {
            paths: vec![file],
            ..Init::default()
        },
        ..Config::default()
    })
    .await?;
    let aws = Client::new(server.address());

    let topic = "TopicArn=arn:aws:sns:us-east-1:000000000000:order-events";
    aws.query("sns", &format!("Action=Publish&{topic}&Message=paid"))
        .await?;
    let received = aws
        .json("ReceiveMessage", r#"{"QueueUrl":"orders"}"#)
        .await?;
    assert!(received.contains(r#""Body":"paid""#), "{received}");

    server.stop().await;
    println!("The file's topic delivered to the file's queue.");
    Ok(())
}
