//! topiq as a library: servers that live in a test, with a clock that the test moves.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use futures_util::future::join_all;
use serde_json::json;
use tokio::time::timeout;
use topiq::clock::{Clock, ManualClock, Timestamp};
use topiq::services::Settings;
use topiq::{Config, Server};
use topiq_compat_tests::{
    PATIENCE, World, attributes, bodies, counts, delete, queue_arn, receive, receive_hidden,
    receive_one, refusal, send, sorted_bodies, system,
};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const START: Timestamp = Timestamp::from_secs(1_700_000_000);

/// A server of one test, which ends with it, and its clients.
struct Embedded {
    server: Server,
    world: World,
}

impl Embedded {
    async fn start(config: Config) -> Self {
        let server = Server::start(Config { port: 0, ..config }).await.unwrap();
        let world = World::retrying(server.url()).await;
        Self { server, world }
    }

    /// A server whose time stands still until the clock is moved.
    async fn with_clock(config: Config) -> (Self, ManualClock) {
        let clock = ManualClock::new(START);
        let config = Config {
            clock: Arc::new(clock.clone()),
            ..config
        };
        (Self::start(config).await, clock)
    }
}

async fn receive_at_once(world: &World, url: &str) -> Vec<Message> {
    receive(world, url, 0).await
}

#[tokio::test]
async fn server_serves_once_started_and_stops_on_request() {
    let embedded = Embedded::start(Config::default()).await;
    let (world, url) = (&embedded.world, embedded.server.url().to_owned());
    let queue = world.queue().await;
    assert!(queue.starts_with(&url), "{queue}");
    send(world, &queue, "hello").await;
    assert_eq!(receive_one(world, &queue).await.body(), Some("hello"));
    embedded.server.stop().await;
    assert!(
        World::at(&url)
            .await
            .sqs
            .list_queues()
            .send()
            .await
            .is_err(),
        "nobody answers"
    );
}

#[tokio::test]
async fn servers_in_one_process_share_nothing() {
    let servers = join_all((0..5).map(async |_| Embedded::start(Config::default()).await)).await;
    for (n, Embedded { world, .. }) in servers.iter().enumerate() {
        let queue = world
            .sqs
            .create_queue()
            .queue_name("same-name")
            .send()
            .await
            .unwrap()
            .queue_url
            .unwrap();
        send(world, &queue, &format!("of server {n}")).await;
    }
    for (n, Embedded { server, world }) in servers.into_iter().enumerate() {
        let queues = world
            .sqs
            .list_queues()
            .send()
            .await
            .unwrap()
            .queue_urls
            .unwrap();
        assert_eq!(queues.len(), 1);
        assert_eq!(
            bodies(&receive_at_once(&world, &queues[0]).await),
            [format!("of server {n}")]
        );
        server.stop().await;
    }
}

#[tokio::test]
async fn stop_answers_a_long_poll() {
    let Embedded { server, world } = Embedded::start(Config::default()).await;
    let queue = world.queue().await;
    let poll = tokio::spawn({
        let call = world
            .sqs
            .receive_message()
            .queue_url(queue)
            .wait_time_seconds(20);
        async move { call.send().await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.stop().await;
    // Empty, or the connection's end, should the poll have come too late.
    let answer = timeout(PATIENCE / 3, poll)
        .await
        .expect("the poll must end")
        .unwrap();
    assert!(answer.is_err() || answer.unwrap().messages().is_empty());
}

#[tokio::test]
async fn hidden_message_comes_back_when_the_clock_says_so() {
    let (embedded, clock) = Embedded::with_clock(Config::default()).await;
    let world = &embedded.world;
    let queue = world.queue_with([("VisibilityTimeout", "43200")]).await;
    send(world, &queue, "x").await;
    assert_eq!(receive_at_once(world, &queue).await.len(), 1);
    clock.advance(12 * HOUR - Duration::from_millis(1)).await;
    assert_eq!(receive_at_once(world, &queue).await, []);
    clock.advance(Duration::from_millis(1)).await;
    let messages = receive_at_once(world, &queue).await;
    assert_eq!(
        system(
            &messages[0],
            MessageSystemAttributeName::ApproximateReceiveCount
        ),
        "2"
    );
    let first = (START.as_millis()).to_string();
    assert_eq!(
        system(
            &messages[0],
            MessageSystemAttributeName::ApproximateFirstReceiveTimestamp
        ),
        first
    );
}

#[tokio::test]
async fn delayed_message_comes_when_the_clock_says_so() {
    let (embedded, clock) = Embedded::with_clock(Config::default()).await;
    let world = &embedded.world;
    let queue = world.queue_with([("DelaySeconds", "900")]).await;
    send(world, &queue, "late").await;
    clock.advance(15 * MINUTE - Duration::from_millis(1)).await;
    assert_eq!(receive_at_once(world, &queue).await, []);
    clock.advance(Duration::from_millis(1)).await;
    assert_eq!(bodies(&receive_at_once(world, &queue).await), ["late"]);
}

#[tokio::test]
async fn message_is_gone_when_its_retention_ends() {
    let (embedded, clock) = Embedded::with_clock(Config::default()).await;
    let world = &embedded.world;
    let queue = world.queue().await; // keeps messages for four days
    send(world, &queue, "forgotten").await;
    clock.advance(2 * DAY).await;
    send(world, &queue, "kept").await;
    assert_eq!(counts(world, &queue).await.0, "2");
    clock.advance(2 * DAY).await;
    assert_eq!(bodies(&receive_at_once(world, &queue).await), ["kept"]);
}

#[tokio::test]
async fn duplicate_is_one_for_five_minutes() {
    let (embedded, clock) = Embedded::with_clock(Config::default()).await;
    let world = &embedded.world;
    let topic = world.topic_with([("FifoTopic", "true")]).await;
    let queue = world.fifo_queue().await;
    world
        .subscribe(&topic, &queue, [("RawMessageDelivery", "true")])
        .await;
    let publish = async |text: &str| {
        let call = world
            .sns
            .publish()
            .topic_arn(&topic)
            .message(text)
            .message_group_id("g");
        call.message_deduplication_id("same").send().await.unwrap();
    };
    publish("first").await;
    clock.advance(5 * MINUTE - Duration::from_secs(1)).await;
    publish("duplicate").await;
    clock.advance(Duration::from_secs(2)).await;
    publish("second").await;
    let messages = receive_at_once(world, &queue).await;
    assert_eq!(bodies(&messages), ["first", "second"]);
}

#[tokio::test]
async fn clock_wakes_a_long_poll() {
    let (embedded, clock) = Embedded::with_clock(Config::default()).await;
    let world = &embedded.world;
    let queue = world.queue().await;
    let call = world
        .sqs
        .send_message()
        .queue_url(&queue)
        .message_body("late")
        .delay_seconds(10);
    call.send().await.unwrap();
    let poll = tokio::spawn({
        let call = world
            .sqs
            .receive_message()
            .queue_url(&queue)
            .wait_time_seconds(20);
        async move { call.send().await.unwrap().messages.unwrap_or_default() }
    });
    let move_on = async {
        while !poll.is_finished() {
            clock.advance(Duration::from_secs(1)).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, move_on).await.expect("the poll must end");
    assert_eq!(bodies(&poll.await.unwrap()), ["late"]);
    assert!(clock.now() >= START + Duration::from_secs(10));
}

#[tokio::test]
async fn a_fortnight_of_failures_takes_no_time() {
    let (embedded, clock) = Embedded::with_clock(Config::default()).await;
    let world = &embedded.world;
    let dead_letters = world
        .queue_with([("MessageRetentionPeriod", "1209600")])
        .await;
    let arn = queue_arn(world, &dead_letters).await;
    let policy = json!({ "deadLetterTargetArn": arn, "maxReceiveCount": 13 }).to_string();
    let source = world
        .queue_with([
            ("RedrivePolicy", &policy),
            ("MessageRetentionPeriod", "1209600"),
        ])
        .await;
    send(world, &source, "poison").await;
    for count in 1..=13 {
        let messages = receive_hidden(world, &source, 0, Some(43_200)).await;
        assert_eq!(
            system(
                &messages[0],
                MessageSystemAttributeName::ApproximateReceiveCount
            ),
            count.to_string()
        );
        clock.advance(DAY).await;
    }
    assert_eq!(receive_at_once(world, &source).await, []);
    let dead = receive_at_once(world, &dead_letters).await;
    assert_eq!(bodies(&dead), ["poison"]);
    // In a standard queue, a dead letter keeps its original time of sending: its fortnight ends soon.
    clock.advance(DAY).await;
    assert_eq!(
        counts(world, &dead_letters).await,
        ("0".to_owned(), "0".to_owned())
    );
}

#[tokio::test]
async fn awss_minute_between_purges_is_over_when_the_clock_says_so() {
    let config = Config {
        services: Settings {
            strict_timing: true,
            ..Settings::default()
        },
        ..Config::default()
    };
    let (embedded, clock) = Embedded::with_clock(config).await;
    let world = &embedded.world;
    let queue = world.queue().await;
    let purge = async || world.sqs.purge_queue().queue_url(&queue).send().await;
    purge().await.unwrap();
    clock.advance(MINUTE - Duration::from_secs(1)).await;
    assert!(refusal(purge().await).error.is_purge_queue_in_progress());
    clock.advance(Duration::from_secs(1)).await;
    purge().await.unwrap();
}

#[tokio::test]
async fn limits_can_be_made_small_enough_to_reach() {
    let embedded = Embedded::start(Config {
        services: Settings {
            in_flight_limit: 2,
            ..Settings::default()
        },
        ..Config::default()
    })
    .await;
    let world = &embedded.world;
    let queue = world.queue().await;
    for text in ["a", "b", "c"] {
        send(world, &queue, text).await;
    }
    let received = receive_at_once(world, &queue).await;
    assert_eq!(received.len(), 2);
    let refused = refusal(
        world
            .sqs
            .receive_message()
            .queue_url(&queue)
            .wait_time_seconds(0)
            .send()
            .await,
    );
    assert!(refused.error.is_over_limit());
    delete(world, &queue, &received[0]).await;
    assert_eq!(receive_at_once(world, &queue).await.len(), 1);
}

#[tokio::test]
async fn twenty_servers_work_at_once() {
    let work = async |n: usize| {
        let Embedded { server, world } = Embedded::start(Config::default()).await;
        let (topic, queue) = (world.topic().await, world.queue().await);
        world
            .subscribe(&topic, &queue, [("RawMessageDelivery", "true")])
            .await;
        for text in ["a", "b"] {
            world
                .sns
                .publish()
                .topic_arn(&topic)
                .message(format!("{text}{n}"))
                .send()
                .await
                .unwrap();
        }
        let messages = receive(&world, &queue, 20).await;
        assert_eq!(sorted_bodies(&messages), [format!("a{n}"), format!("b{n}")]);
        assert_eq!(
            attributes(&world, &queue).await.len(),
            13,
            "with its policy"
        );
        server.stop().await;
    };
    join_all((0..20).map(work)).await;
}
