//! Calls that run at the same time: a publish or a replay stands still somewhere, and others go on.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use parking_lot::Mutex;
use serde_json::{Value, json};

use super::delivery::testing::message;
use super::*;
use crate::clock::{ManualClock, Timestamp};
use crate::delivery::http::Lane;
use crate::delivery::{Delivered, Message, Outcome, Source, Target, TargetService, Undelivered};
use crate::ids::Id;
use crate::services::Operations;

fn caller() -> Caller<'static> {
    Caller::within(
        AccountId::DEFAULT,
        Region::default(),
        "",
        "http://localhost:4566",
    )
}
const STANDARD: &str = "arn:aws:sns:us-east-1:000000000000:t";
const FIFO: &str = "arn:aws:sns:us-east-1:000000000000:t.fifo";
const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:q.fifo";

/// The only queue there is: the bodies that it got.
#[derive(Clone, Debug, Default)]
struct Queue(Arc<Mutex<Vec<String>>>);

impl TargetService for Queue {
    fn target(&self, _: &str) -> Option<Arc<dyn Target>> {
        Some(Arc::new(self.clone()))
    }
}

impl Target for Queue {
    fn deliver(&self, _: Timestamp, message: Message<'_>) -> Outcome {
        let mut body = message.body.text().to_string();
        let attributes = message.attributes.iter();
        let mut attributes = attributes.flat_map(|all| all.attributes.iter());
        if attributes.any(|one| &*one.name == "Replayed") {
            body.push_str(" again");
        }
        self.0.lock().push(body);
        Ok(Delivered::As(Id::from_u128(7)))
    }

    fn permits(&self, _: &Source<'_>) -> Result<(), Undelivered> {
        Ok(())
    }
}

struct Fixture {
    sns: Sns,
    queue: Arc<Queue>,
}

impl Fixture {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_secs(1_767_312_000)));
        let environment = Environment::at(Arc::new(crate::agenda::Agenda::new(clock)));
        let queue = Arc::new(Queue::default());
        let service: std::sync::Weak<dyn TargetService> = Arc::<Queue>::downgrade(&queue);
        environment.deliveries.targets.register("sqs", service);
        Self {
            sns: Sns::new(&environment),
            queue,
        }
    }

    /// Calls an operation, which must succeed.
    async fn call(&self, operation: &str, input: Value) -> Value {
        let input = input.to_string();
        let id = self.sns.ids.request_id();
        let call = Call::within(Sns::MODEL, operation, caller(), id, input.as_bytes());
        let answer = self.sns.dispatch(&call).await.expect("it is served");
        assert_eq!(answer.status, 200, "{operation}: {answer:?}");
        serde_json::from_slice(answer.body.bytes()).unwrap_or_default()
    }

    async fn create_topic(&self, name: &str, attributes: Value) -> Arc<Topic> {
        let input = json!({"Name": name, "Attributes": attributes});
        let created = self.call("CreateTopic", input).await;
        let arn = created["TopicArn"].as_str().expect("an ARN");
        self.sns.topic(&caller(), arn).expect("it is there")
    }

    /// Subscribes so many endpoints by HTTP, which confirm: their lanes.
    async fn subscribe_endpoints(&self, topic: &Topic, count: usize) -> Vec<Lane> {
        for number in 0..count {
            // Nothing listens there, and nothing is sent before the test waits.
            let endpoint = format!("http://127.0.0.1:9/{number}");
            let input = json!({
                "TopicArn": STANDARD, "Protocol": "http", "Endpoint": endpoint, "ReturnSubscriptionArn": true,
            });
            let subscribed = self.call("Subscribe", input).await;
            let arn = subscribed["SubscriptionArn"].as_str().expect("an ARN");
            let token = self.sns.tokens.of_subscription(self.sns.now(), arn);
            let input = json!({"TopicArn": STANDARD, "Token": token.expect("a token")});
            self.call("ConfirmSubscription", input).await;
        }
        let subscribers = topic.subscribers.read();
        let lanes = subscribers.all().map(|one| one.identity.lane.clone());
        lanes.map(|lane| lane.expect("a lane")).collect()
    }

    async fn publish(&self, text: &str) {
        let input = json!({
            "TopicArn": FIFO, "Message": text, "MessageGroupId": "g", "MessageDeduplicationId": text,
        });
        self.call("Publish", input).await;
    }

    /// What the queue has got since it was asked last, in order.
    fn taken(&self) -> String {
        let bodies = std::mem::take(&mut *self.queue.0.lock());
        let shown: Vec<_> = bodies.iter().map(|body| format!("{body}; ")).collect();
        shown.concat()
    }
}

fn waiting(lanes: &[Lane]) -> usize {
    let counts = lanes.iter().map(Lane::counts);
    counts
        .map(|counts| counts.waiting + counts.in_flight + counts.retrying)
        .sum()
}

/// Lets a call go on until it lets others; whether it is not over.
async fn step<F: Future>(mut call: Pin<&mut F>) -> bool {
    poll_fn(|cx| Poll::Ready(call.as_mut().poll(cx).is_pending())).await
}

#[tokio::test]
async fn a_publish_to_a_topic_that_is_deleted_meanwhile_leaves_nothing_in_its_lanes() {
    let fixture = Fixture::new();
    let topic = fixture.create_topic("t", json!({})).await;
    let lanes = fixture.subscribe_endpoints(&topic, 3).await;
    let attributes = topic.attributes();
    let message = Arc::new(message("m"));
    fixture.sns.fan_out(&topic, &attributes, &message).await;
    assert_eq!(waiting(&lanes), 6, "confirmations and messages");
    fixture
        .call("DeleteTopic", json!({"TopicArn": STANDARD}))
        .await;
    assert_eq!(waiting(&lanes), 0);
    // This one had found the topic before.
    fixture.sns.fan_out(&topic, &attributes, &message).await;
    assert_eq!(waiting(&lanes), 0);
}

#[tokio::test]
async fn a_divided_publish_leaves_nothing_in_the_lanes_of_those_who_end_meanwhile() {
    let fixture = Fixture::new();
    let topic = fixture.create_topic("t", json!({})).await;
    let lanes = fixture.subscribe_endpoints(&topic, 2500).await;
    let attributes = topic.attributes();
    let message = Arc::new(message("m"));
    let mut publish = pin!(fixture.sns.fan_out(&topic, &attributes, &message));
    assert!(step(publish.as_mut()).await, "it is divided");
    assert_eq!(waiting(&lanes), 2500 + 1000);
    fixture
        .call("DeleteTopic", json!({"TopicArn": STANDARD}))
        .await;
    while step(publish.as_mut()).await {}
    assert_eq!(waiting(&lanes), 0);
}

#[tokio::test]
async fn nobody_subscribes_to_a_topic_that_is_deleted_meanwhile() {
    let fixture = Fixture::new();
    let topic = fixture.create_topic("t", json!({})).await;
    assert!(fixture.sns.topics.has(&topic));
    fixture
        .call("DeleteTopic", json!({"TopicArn": STANDARD}))
        .await;
    assert!(!fixture.sns.topics.has(&topic));
    let again = fixture.create_topic("t", json!({})).await;
    assert!(!fixture.sns.topics.has(&topic));
    assert!(fixture.sns.topics.has(&again));
}

/// A FIFO topic with so many archived messages, and a raw subscription of the queue.
async fn with_archive(count: usize) -> (Fixture, String) {
    let fixture = Fixture::new();
    let attributes =
        json!({"FifoTopic": "true", "ArchivePolicy": r#"{"MessageRetentionPeriod":"30"}"#});
    fixture.create_topic("t.fifo", attributes).await;
    for number in 0..count {
        fixture.publish(&number.to_string()).await;
    }
    let input = json!({
        "TopicArn": FIFO, "Protocol": "sqs", "Endpoint": QUEUE, "Attributes": {"RawMessageDelivery": "true"},
    });
    let subscribed = fixture.call("Subscribe", input).await;
    let arn = subscribed["SubscriptionArn"].as_str().expect("an ARN");
    (fixture, arn.to_owned())
}

fn replay_of_all(subscription: &str) -> Value {
    let policy = r#"{"PointType":"Timestamp","StartingPoint":"2026-01-01T00:00:00Z"}"#;
    json!({"SubscriptionArn": subscription, "AttributeName": "ReplayPolicy", "AttributeValue": policy})
}

/// `0 again; 1 again; …`
fn again(numbers: std::ops::Range<usize>) -> String {
    let again: Vec<_> = numbers.map(|number| format!("{number} again; ")).collect();
    again.concat()
}

#[tokio::test]
async fn a_replay_lets_others_publish_and_their_messages_come_after_it() {
    let (fixture, subscription) = with_archive(1200).await;
    let mut set = pin!(fixture.call("SetSubscriptionAttributes", replay_of_all(&subscription)));
    assert!(step(set.as_mut()).await, "it goes in turns");
    assert_eq!(fixture.taken(), again(0..500));
    fixture.publish("live").await;
    assert_eq!(fixture.taken(), "");
    assert!(step(set.as_mut()).await);
    fixture.publish("later").await;
    assert!(step(set.as_mut()).await);
    assert_eq!(fixture.taken(), again(500..1200) + "live; later; ");
    // Not before it has looked for more.
    fixture.publish("last").await;
    while step(set.as_mut()).await {}
    fixture.publish("afterwards").await;
    assert_eq!(fixture.taken(), "last; afterwards; ");
}

#[tokio::test]
async fn a_replay_goes_on_when_nobody_waits_for_it() {
    let (fixture, subscription) = with_archive(1200).await;
    {
        let mut set = pin!(fixture.call("SetSubscriptionAttributes", replay_of_all(&subscription)));
        assert!(step(set.as_mut()).await);
        fixture.publish("live").await;
    }
    assert_eq!(fixture.taken(), again(0..1200) + "live; ");
    fixture.publish("afterwards").await;
    assert_eq!(fixture.taken(), "afterwards; ");
}

#[tokio::test]
async fn another_replay_takes_the_place_of_the_one_under_way() {
    let (fixture, subscription) = with_archive(700).await;
    let mut first = pin!(fixture.call("SetSubscriptionAttributes", replay_of_all(&subscription)));
    assert!(step(first.as_mut()).await);
    fixture.publish("700").await;
    assert_eq!(fixture.taken(), again(0..500));
    fixture
        .call("SetSubscriptionAttributes", replay_of_all(&subscription))
        .await;
    while step(first.as_mut()).await {}
    assert_eq!(fixture.taken(), "700; ".to_owned() + &again(0..701));
}

#[tokio::test]
async fn a_replay_ends_with_its_subscription() {
    let (fixture, subscription) = with_archive(700).await;
    let mut set = pin!(fixture.call("SetSubscriptionAttributes", replay_of_all(&subscription)));
    assert!(step(set.as_mut()).await);
    fixture
        .call("Unsubscribe", json!({"SubscriptionArn": subscription}))
        .await;
    while step(set.as_mut()).await {}
    assert_eq!(fixture.taken(), again(0..500));
}
