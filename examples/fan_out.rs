//! A topic that fans out to two queues, one of which filters: `cargo run --example fan_out`.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

mod client;

use std::error::Error;

use client::Client;
use topiq::{Config, Server};

const TOPIC: &str = "arn:aws:sns:us-east-1:000000000000:orders";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start(Config {
        port: 0,
        ..Config::default()
    })
    .await?;
    let aws = Client::new(server.address());

    aws.query("sns", "Action=CreateTopic&Name=orders").await?;
    for queue in ["audit", "shipping"] {
        aws.json("CreateQueue", &format!(r#"{{"QueueName":"{queue}"}}"#))
            .await?;
    }
    subscribe(&aws, "audit", "").await?;
    let paid = "&Attributes.entry.2.key=FilterPolicyScope&Attributes.entry.2.value=MessageBody\
                &Attributes.entry.3.key=FilterPolicy&Attributes.entry.3.value={\"kind\":[\"paid\"]}";
    subscribe(&aws, "shipping", paid).await?;

    for kind in ["created", "paid"] {
        let publish = format!("Action=Publish&TopicArn={TOPIC}&Message={{\"kind\":\"{kind}\"}}");
        aws.query("sns", &publish).await?;
    }

    assert_eq!(count(&aws, "audit").await?, 2);
    assert_eq!(count(&aws, "shipping").await?, 1);
    server.stop().await;
    println!(
        "The audit queue got both messages, the shipping queue the one that its filter policy matches."
    );
    Ok(())
}

async fn subscribe(aws: &Client, queue: &str, attributes: &str) -> Result<(), Box<dyn Error>> {
    let endpoint = format!("arn:aws:sqs:us-east-1:000000000000:{queue}");
    let form = format!(
        "Action=Subscribe&TopicArn={TOPIC}&Protocol=sqs&Endpoint={endpoint}\
         &Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true{attributes}"
    );
    aws.query("sns", &form).await?;
    Ok(())
}

/// How many messages a queue holds.
async fn count(aws: &Client, queue: &str) -> Result<u32, Box<dyn Error>> {
    let name = "ApproximateNumberOfMessages";
    let input = format!(r#"{{"QueueUrl":"{queue}","AttributeNames":["{name}"]}}"#);
    let answer: serde_json::Value =
        serde_json::from_str(&aws.json("GetQueueAttributes", &input).await?)?;
    let count = answer["Attributes"][name].as_str().unwrap_or_default();
    Ok(count.parse()?)
}
