//! Clients, queues, topics, event buses and other resources of one scenario, which are deleted after it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Mutex;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_sqs::config::SharedHttpClient;
use aws_sdk_sqs::config::retry::RetryConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, tls};
use futures_util::FutureExt;
use serde_json::json;
use uuid::Uuid;

use crate::steps::{name_of, queue_arn};

/// The region of every scenario.
pub const REGION: &str = "us-east-1";
/// The account of every scenario, except against AWS itself.
pub const ACCOUNT: &str = "123456789012";

/// One scenario's clients, and what it has created.
#[derive(Debug)]
pub struct World {
    /// The client of SQS.
    pub sqs: aws_sdk_sqs::Client,
    /// The client of SNS.
    pub sns: aws_sdk_sns::Client,
    /// The client of EventBridge.
    pub events: aws_sdk_eventbridge::Client,
    /// The client of EventBridge's schema registry.
    pub schemas: aws_sdk_schemas::Client,
    /// The client of CloudWatch Logs.
    pub logs: aws_sdk_cloudwatchlogs::Client,
    /// The client of Kinesis.
    pub kinesis: aws_sdk_kinesis::Client,
    queues: Mutex<Vec<String>>,
    topics: Mutex<Vec<String>>,
    buses: Mutex<Vec<String>>,
    registries: Mutex<Vec<String>>,
    log_groups: Mutex<Vec<String>>,
    streams: Mutex<Vec<String>>,
}

/// Runs a scenario against `TOPIQ_ENDPOINT`, and deletes what it created, whatever its outcome.
pub async fn scenario(story: impl AsyncFnOnce(&World)) {
    scenario_at("TOPIQ_ENDPOINT", story).await;
}

/// Runs a scenario against a server that keeps AWS's waits, as AWS itself does.
pub async fn strict_scenario(story: impl AsyncFnOnce(&World)) {
    scenario_at("TOPIQ_STRICT_ENDPOINT", story).await;
}

/// Runs a scenario against a server that enforces access policies, as AWS itself does.
pub async fn enforcing_scenario(story: impl AsyncFnOnce(&World)) {
    scenario_at("TOPIQ_ENFORCING_ENDPOINT", story).await;
}

async fn scenario_at(variable: &str, story: impl AsyncFnOnce(&World)) {
    let endpoint = std::env::var(variable)
        .unwrap_or_else(|_| panic!("name an endpoint in {variable}: a URL, or aws"));
    let world = World::at(&endpoint).await;
    let outcome = AssertUnwindSafe(story(&world)).catch_unwind().await;
    world.clean_up().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// A client's configuration as a user writes it; against topiq the access key names the account.
async fn configuration(endpoint: &str, retries: RetryConfig) -> SdkConfig {
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .http_client(http_client(endpoint))
        .retry_config(retries);
    if endpoint == "aws" {
        return loader.load().await;
    }
    let credentials = Credentials::new(ACCOUNT, "anything", None, None, "compat-tests");
    loader
        .endpoint_url(endpoint)
        .credentials_provider(credentials)
        .load()
        .await
}

/// Reading this machine's certificates takes a while: only clients that speak TLS need them.
fn http_client(endpoint: &str) -> SharedHttpClient {
    if endpoint.starts_with("http:") {
        Builder::new().build_http()
    } else {
        Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https()
    }
}

impl World {
    /// A scenario at an endpoint: a URL, or `aws` for AWS itself with the caller's own credentials.
    pub async fn at(endpoint: &str) -> Self {
        // A failure hidden by a retry is still a failure.
        Self::with(endpoint, RetryConfig::disabled()).await
    }

    /// As [`World::at`], but calls are repeated as the SDK does by itself: a server whose clock is moved by hours
    /// closes its idle connections.
    pub async fn retrying(endpoint: &str) -> Self {
        Self::with(endpoint, RetryConfig::standard()).await
    }

    async fn with(endpoint: &str, retries: RetryConfig) -> Self {
        let config = configuration(endpoint, retries).await;
        Self {
            sqs: aws_sdk_sqs::Client::new(&config),
            sns: aws_sdk_sns::Client::new(&config),
            events: aws_sdk_eventbridge::Client::new(&config),
            schemas: aws_sdk_schemas::Client::new(&config),
            logs: aws_sdk_cloudwatchlogs::Client::new(&config),
            kinesis: aws_sdk_kinesis::Client::new(&config),
            queues: Mutex::default(),
            topics: Mutex::default(),
            buses: Mutex::default(),
            registries: Mutex::default(),
            log_groups: Mutex::default(),
            streams: Mutex::default(),
        }
    }

    /// Creates a queue and returns its URL.
    pub async fn queue(&self) -> String {
        self.queue_with([]).await
    }

    /// Creates a FIFO queue that deduplicates by ids.
    pub async fn fifo_queue(&self) -> String {
        self.queue_with([("FifoQueue", "true")]).await
    }

    /// Creates a queue with attributes.
    pub async fn queue_with<const N: usize>(&self, attributes: [(&str, &str); N]) -> String {
        let attributes = texts(attributes);
        let created = self
            .sqs
            .create_queue()
            .queue_name(new_name(attributes.contains_key("FifoQueue")))
            .set_attributes(Some(
                attributes
                    .into_iter()
                    .map(|(name, value)| (name.as_str().into(), value))
                    .collect(),
            ))
            .send()
            .await
            .unwrap();
        let url = created.queue_url.unwrap();
        self.queues.lock().unwrap().push(url.clone());
        url
    }

    /// Creates a topic and returns its ARN.
    pub async fn topic(&self) -> String {
        self.topic_with([]).await
    }

    /// Creates a topic with attributes.
    pub async fn topic_with<const N: usize>(&self, attributes: [(&str, &str); N]) -> String {
        let attributes = texts(attributes);
        let created = self
            .sns
            .create_topic()
            .name(new_name(attributes.contains_key("FifoTopic")))
            .set_attributes(Some(attributes))
            .send()
            .await
            .unwrap();
        let arn = created.topic_arn.unwrap();
        self.topics.lock().unwrap().push(arn.clone());
        arn
    }

    /// Subscribes a queue to a topic, with attributes of the subscription.
    pub async fn subscribe<const N: usize>(
        &self,
        topic: &str,
        queue: &str,
        attributes: [(&str, &str); N],
    ) -> String {
        self.allow(queue, "sns.amazonaws.com", topic).await;
        let subscribed = self
            .sns
            .subscribe()
            .topic_arn(topic)
            .protocol("sqs")
            .endpoint(queue_arn(self, queue).await)
            .set_attributes(Some(texts(attributes)))
            .send()
            .await
            .unwrap();
        subscribed.subscription_arn.unwrap()
    }

    /// Creates an event bus and returns its ARN.
    pub async fn bus(&self) -> String {
        let call = self.events.create_event_bus().name(new_name(false));
        let arn = call.send().await.unwrap().event_bus_arn.unwrap();
        self.buses.lock().unwrap().push(arn.clone());
        arn
    }

    /// Creates a registry of schemas and returns its name.
    pub async fn registry(&self) -> String {
        let name = new_name(false);
        let call = self.schemas.create_registry().registry_name(&name);
        call.send().await.unwrap();
        self.registries.lock().unwrap().push(name.clone());
        name
    }

    /// Creates a log group and returns its name.
    pub async fn log_group(&self) -> String {
        let name = new_name(false);
        let call = self.logs.create_log_group().log_group_name(&name);
        call.send().await.unwrap();
        self.log_groups.lock().unwrap().push(name.clone());
        name
    }

    /// Creates a stream of one shard and returns its name.
    pub async fn stream(&self) -> String {
        let name = new_name(false);
        let call = self.kinesis.create_stream().stream_name(&name);
        call.shard_count(1).send().await.unwrap();
        self.streams.lock().unwrap().push(name.clone());
        name
    }

    /// Lets a topic, or a rule, of a service send to a queue: AWS requires that, topiq only with --enforce-policies.
    pub async fn allow(&self, queue: &str, service: &str, source: &str) {
        let policy = allowing(service, source, &queue_arn(self, queue).await);
        self.sqs
            .set_queue_attributes()
            .queue_url(queue)
            .attributes("Policy".into(), policy)
            .send()
            .await
            .unwrap();
    }

    /// Deletes what was created, unless the scenario has deleted it itself.
    async fn clean_up(&self) {
        let [queues, topics, buses] = [&self.queues, &self.topics, &self.buses]
            .map(|created| created.lock().unwrap().clone());
        for url in queues {
            if let Err(error) = self.sqs.delete_queue().queue_url(url).send().await {
                assert!(error.into_service_error().is_queue_does_not_exist());
            }
        }
        for arn in topics {
            self.sns.delete_topic().topic_arn(arn).send().await.unwrap();
        }
        for arn in buses {
            self.delete_bus(&arn).await;
        }
        self.clean_up_others().await;
    }

    async fn clean_up_others(&self) {
        let [registries, log_groups, streams] = [&self.registries, &self.log_groups, &self.streams]
            .map(|created| created.lock().unwrap().clone());
        for name in registries {
            let call = self.schemas.delete_registry().registry_name(name);
            call.send().await.unwrap();
        }
        for name in log_groups {
            let call = self.logs.delete_log_group().log_group_name(name);
            call.send().await.unwrap();
        }
        for name in streams {
            let call = self.kinesis.delete_stream().stream_name(name);
            let call = call.enforce_consumer_deletion(true);
            call.send().await.unwrap();
        }
    }

    /// Deletes a bus with its archives and rules. An archive has a rule of its own, which goes with it.
    async fn delete_bus(&self, arn: &str) {
        let call = self.events.list_archives().event_source_arn(arn);
        for archive in call.send().await.unwrap().archives() {
            let call = self.events.delete_archive();
            let name = archive.archive_name().unwrap();
            call.archive_name(name).send().await.unwrap();
        }
        let call = self.events.list_rules().event_bus_name(arn);
        for rule in call.send().await.unwrap().rules() {
            self.delete_rule(arn, rule.name().unwrap()).await;
        }
        let call = self.events.delete_event_bus().name(name_of(arn));
        call.send().await.unwrap();
    }

    /// Deletes a rule with its targets: AWS deletes none that has some.
    async fn delete_rule(&self, bus: &str, name: &str) {
        let call = self.events.list_targets_by_rule();
        let call = call.event_bus_name(bus).rule(name);
        let targets = call.send().await.unwrap().targets.unwrap_or_default();
        let ids: Vec<_> = targets.into_iter().map(|target| target.id).collect();
        if !ids.is_empty() {
            let call = self.events.remove_targets().event_bus_name(bus);
            let call = call.rule(name).set_ids(Some(ids));
            call.send().await.unwrap();
        }
        let call = self.events.delete_rule().event_bus_name(bus);
        call.name(name).send().await.unwrap();
    }
}

/// A name that no other scenario uses.
pub fn new_name(is_fifo: bool) -> String {
    format!(
        "compat-{}{}",
        Uuid::new_v4(),
        if is_fifo { ".fifo" } else { "" }
    )
}

fn texts<const N: usize>(attributes: [(&str, &str); N]) -> HashMap<String, String> {
    attributes
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

fn allowing(service: &str, source: &str, queue: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": service },
            "Action": "sqs:SendMessage",
            "Resource": queue,
            "Condition": { "ArnEquals": { "aws:SourceArn": source } },
        }],
    })
    .to_string()
}
