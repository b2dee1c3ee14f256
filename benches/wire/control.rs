//! The steps around the measurements: creating, filling, draining, purging and deleting queues, and creating topics.

use std::io;

use crate::client::Connection;
use crate::event_requests::EventRequests;
use crate::load::{Crew, Operation, Span};
use crate::requests::{self, BATCH, Protocol, Requests};
use crate::server::Server;
use crate::topic_requests::{self, TopicRequests};

/// Connections that fill a queue together.
const CONNECTIONS: usize = 8;

/// A connection for requests that are not measured.
#[derive(Debug)]
pub(crate) struct Control {
    connection: Connection,
    requests: Requests,
    topic_requests: TopicRequests,
    event_requests: EventRequests,
}

impl Control {
    pub(crate) async fn open(server: &Server) -> io::Result<Self> {
        Ok(Self {
            connection: Connection::open(server.address).await?,
            requests: Requests::new(server.address, Protocol::Json, 100, usize::MAX),
            topic_requests: TopicRequests::new(server.address, 100),
            event_requests: EventRequests::new(server.address, 100),
        })
    }

    /// Creates a queue and returns its URL. The bare server's answer has none, so it gets one like topiq's.
    pub(crate) async fn create_queue(&mut self, server: &Server, name: &str) -> io::Result<String> {
        let answer = self
            .connection
            .call(self.requests.create_queue(name))
            .await?;
        if server.is_bare {
            return Ok(format!("http://{}/000000000000/{name}", server.address));
        }
        requests::queue_url(answer).ok_or_else(|| io::Error::other("CreateQueue without QueueUrl"))
    }

    pub(crate) async fn delete_queue(&mut self, url: &str) -> io::Result<()> {
        self.on_queue("DeleteQueue", url).await
    }

    pub(crate) async fn purge_queue(&mut self, url: &str) -> io::Result<()> {
        self.on_queue("PurgeQueue", url).await
    }

    /// Creates a topic and returns its ARN.
    pub(crate) async fn create_topic(&mut self, name: &str) -> io::Result<String> {
        let request = self.topic_requests.create_topic(name);
        let arn = topic_requests::topic_arn(self.connection.call(request).await?);
        arn.ok_or_else(|| io::Error::other("CreateTopic without TopicArn"))
    }

    /// Subscribes a queue to a topic; if there is a `store`, only to its messages.
    pub(crate) async fn subscribe(
        &mut self,
        topic_arn: &str,
        queue_url: &str,
        is_raw: bool,
        store: Option<&str>,
    ) -> io::Result<()> {
        self.topic_requests.set_topic(topic_arn, None);
        let name = queue_url.rsplit('/').next().unwrap_or_default();
        let queue_arn = format!("arn:aws:sqs:us-east-1:000000000000:{name}");
        let request = self.topic_requests.subscribe(&queue_arn, is_raw, store);
        self.connection.call(request).await.map(|_| ())
    }

    /// A request to EventBridge.
    pub(crate) async fn events(
        &mut self,
        action: &str,
        input: &serde_json::Value,
    ) -> io::Result<()> {
        let request = self.event_requests.call(action, input);
        self.connection.call(request).await.map(|_| ())
    }

    /// One request that every server answers.
    pub(crate) async fn ask(&mut self) -> io::Result<()> {
        let request = self.requests.plain("ListQueues");
        self.connection.call(request).await.map(|_| ())
    }

    /// Receives and deletes until `messages` are gone or the queue returns none.
    pub(crate) async fn drain(&mut self, url: &str, messages: u64) -> io::Result<()> {
        self.requests.set_queue(url);
        let mut left = messages;
        while left > 0 {
            let max = usize::try_from(left).map_or(BATCH, |left| left.min(BATCH));
            let request = self.requests.receive(max, 0);
            let handles = requests::receipt_handles(self.connection.call(request).await?);
            if handles.is_empty() {
                break;
            }
            left = left.saturating_sub(handles.len() as u64);
            let request = self.requests.delete_batch(&handles);
            self.connection.call(request).await?;
        }
        Ok(())
    }

    async fn on_queue(&mut self, action: &str, url: &str) -> io::Result<()> {
        self.requests.set_queue(url);
        let request = self.requests.plain(action);
        self.connection.call(request).await.map(|_| ())
    }
}

/// Sends `messages` of `message_bytes` each; a multiple of ten.
pub(crate) async fn fill(
    server: &Server,
    url: &str,
    messages: u64,
    message_bytes: usize,
) -> io::Result<()> {
    let batches = Span::of(messages / BATCH as u64);
    let mut crew = Crew::open(server, Protocol::Json, CONNECTIONS, message_bytes).await?;
    crew.set_queue(url);
    crew.run(server, Operation::SendBatch, batches).await?;
    Ok(())
}
