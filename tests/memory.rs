//! What a queue's messages, archived events and a held poll take up, counted at the allocator: the bytes of its blocks, which are the same in
//! every run.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use mimalloc::MiMalloc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use topiq::aws::AccountId;
use topiq::aws::message::{Body, Sender};
use topiq::clock::{Clock, SystemClock, Timestamp};
use topiq::ids::MessageId;
use topiq::services;
use topiq::services::events::archive::record::Record;
use topiq::services::events::archive::store::{Cursor, Store, Window};
use topiq::services::sqs::queue::input::{Delete, Expire, Receive, Send};
use topiq::services::sqs::queue::{Kind, NewMessage, Queue, Settings};
use topiq::{Config, Server};

const MESSAGES: usize = 100_000;
const BODY: &str = "A body of a hundred bytes, as a small event or a job may have: who did what, \
                    when, where and why?";

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    /// What this thread has allocated, and not given back; less than nothing if it gave back what others allocated.
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// The program's allocator, whose blocks are counted: a block is often larger than what was asked for.
struct Counting;

#[expect(unsafe_code, reason = "an allocator cannot be had without")]
// SAFETY: all is done by the program's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.with(|held| held.set(held.get() + block(layout)));
        // SAFETY: as the caller promised.
        unsafe { MiMalloc.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.with(|held| held.set(held.get() - block(layout)));
        // SAFETY: as the caller promised.
        unsafe { MiMalloc.dealloc(pointer, layout) }
    }
}

#[expect(unsafe_code, reason = "the allocator is written in C")]
fn block(layout: Layout) -> isize {
    // SAFETY: it only computes.
    let size = unsafe { libmimalloc_sys::mi_good_size(layout.size()) };
    size.cast_signed()
}

/// How much more this thread holds than before.
fn held_since(before: isize) -> usize {
    usize::try_from(held() - before).expect("what is measured holds something")
}

fn held() -> isize {
    HELD.with(Cell::get)
}

fn at(millis: usize) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis as u64)
}

fn queue(kind: Kind) -> Queue {
    let settings = Settings {
        in_flight_limit: MESSAGES,
        ..Settings::default()
    };
    Queue::new(kind, "arn".into(), settings)
}

/// A queue with so many messages, of this many groups if it is FIFO; all came within a second.
fn filled(kind: Kind, groups: usize) -> Queue {
    let mut queue = queue(kind);
    let groups: Vec<Arc<str>> = (0..groups).map(|it| format!("group-{it}").into()).collect();
    for number in 0..MESSAGES {
        let is_fifo = kind == Kind::Fifo;
        let message = NewMessage {
            id: MessageId::from_u128(number as u128),
            body: Body::new(BODY),
            attributes: None,
            trace_header: None,
            sender: Sender::User(AccountId::DEFAULT),
            delay_seconds: None,
            group_id: groups.get(number % groups.len().max(1)).cloned(),
            deduplication_id: is_fifo.then(|| format!("{number:036}").into()),
        };
        queue.apply(at(number / 100), Send(message));
    }
    queue
}

/// The bytes that each message takes up beside its body.
fn overhead(kind: Kind, groups: usize) -> usize {
    let before = held();
    let mut queue = filled(kind, groups);
    // What a FIFO queue remembers of five minutes is another matter, and it forgets a thousand sends at a time.
    for _ in 0..=MESSAGES / 1000 {
        queue.apply(at(400_000), Expire { max_messages: 0 });
    }
    held_since(before) / MESSAGES - BODY.len()
}

#[test]
fn standard_message_takes_up_little_beside_its_body() {
    let overhead = overhead(Kind::Standard, 0);
    assert!(overhead <= 205, "{overhead}");
}

#[test]
fn fifo_message_takes_up_little_beside_its_body_and_its_ids() {
    let (one, many) = (overhead(Kind::Fifo, 1), overhead(Kind::Fifo, 10_000));
    assert!(one <= 270 && many <= 308, "{one} {many}");
}

#[test]
fn nothing_is_kept_of_messages_that_were_received_and_deleted() {
    let before = held();
    let mut queue = filled(Kind::Standard, 0);
    let receive = Receive {
        max_messages: 10,
        visibility_timeout: None,
        attempt_id: None,
        target_exists: None,
        passed_over: 0,
    };
    for _ in 0..MESSAGES / 10 {
        let received = queue.apply(at(2000), &receive).output;
        for delivery in received.expect("not refused").deliveries {
            let receipt = delivery.receipt;
            let deleted = queue.apply(at(2000), Delete { receipt }).output;
            deleted.expect("a standard queue's receipts do not end");
        }
    }
    let kept = held_since(before);
    assert!(kept < 2048, "{kept}");
}

#[test]
fn few_messages_that_stay_keep_little_of_the_others() {
    let before = held();
    let mut queue = filled(Kind::Standard, 0);
    let receive = Receive {
        max_messages: MESSAGES,
        visibility_timeout: None,
        attempt_id: None,
        target_exists: None,
        passed_over: 0,
    };
    let received = queue.apply(at(2000), &receive).output;
    let deliveries = received.expect("not refused").deliveries;
    for delivery in deliveries.iter().filter(|it| it.receipt.serial % 100 != 0) {
        let receipt = delivery.receipt;
        let deleted = queue.apply(at(2000), Delete { receipt }).output;
        deleted.expect("a standard queue's receipts do not end");
    }
    drop(deliveries);
    let each = held_since(before) / (MESSAGES / 100);
    assert!(each < 1000, "{each}");
}

/// What a million archived events may take up, a publisher sent 300 bytes of each.
const ARCHIVED: usize = 450 << 20;

/// An archive with so many events, this many of which come in a minute. A publisher sends 300 bytes of each.
fn archived(count: usize, in_a_minute: usize) -> Store {
    let mut store = Store::default();
    let detail = "x".repeat(300 - "shop.orders".len() - "OrderPlaced".len() - r#"{"a":""}"#.len());
    for number in 0..count {
        let (minute, second) = (number / in_a_minute, number % 60);
        let (hour, minute) = (minute / 60, minute % 60);
        let (day, hour) = (1 + hour / 24, hour % 24);
        let envelope = format!(
            r#"{{"version":"0","id":"00000000-0000-0000-0000-{number:012}","detail-type":"OrderPlaced","source":"shop.orders","account":"111122223333","time":"2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}Z","region":"eu-central-1","resources":[],"detail":{{"a":"{detail}"}}}}"#
        );
        store.keep(at(number), &Record::of(&envelope).expect("an envelope"));
    }
    store
}

#[test]
fn archived_events_take_up_little_beside_their_bytes() {
    for in_a_minute in [10, 1000, MESSAGES] {
        let before = held();
        let mut store = archived(MESSAGES, in_a_minute);
        let each = held_since(before) / MESSAGES;
        assert!(each * 1_000_000 < ARCHIVED, "{in_a_minute}: {each}");

        let window = Window {
            time: [at(0), Timestamp::from_secs(u64::MAX / 1000)],
            received: [at(0), at(MESSAGES)],
        };
        let (mut cursor, mut count) = (Cursor::default(), 0);
        while let Some(found) = store.next(&mut cursor, &window, 1000) {
            count += found.len();
        }
        assert_eq!(count, MESSAGES);
        store.forget(at(MESSAGES), MESSAGES);
        let kept = held_since(before);
        assert!(kept < 1024, "{in_a_minute}: {kept}");
    }
}

/// Fewer than a backlog holds.
const POLLS: usize = 100;

/// hyper's buffers of a connection: what it reads into, the one before, which the head's values are of, and what it writes
/// from. Little of each is ever touched.
const BUFFERS: usize = 3 * (8 << 10);

#[test]
fn held_poll_takes_up_little_beside_its_buffers() {
    // The server's blocks are this thread's, since all of it runs here; plain sockets have none.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let each = runtime.block_on(async {
        let config = Config {
            port: 0,
            ..Config::default()
        };
        let server = Server::start(config).await.expect("a free port");
        let queue = format!("{}/000000000000/q", server.url());
        let mut first = send(&server, "CreateQueue", r#"{"QueueName":"q"}"#);
        first.set_nonblocking(true).expect("a socket");
        while first.read(&mut [0; 1024]).is_err() {
            pause().await;
        }
        let before = held();
        let input = format!(r#"{{"QueueUrl":"{queue}","WaitTimeSeconds":20}}"#);
        let polls: Vec<_> = (0..POLLS)
            .map(|_| send(&server, "ReceiveMessage", &input))
            .collect();
        // They wait when nothing is added any more.
        let mut now = held();
        let mut rounds_without_change = 0;
        while held_since(before) < POLLS * BUFFERS || rounds_without_change < 20 {
            pause().await;
            rounds_without_change = if held() == now {
                rounds_without_change + 1
            } else {
                0
            };
            now = held();
        }
        let each = held_since(before) / POLLS;
        drop(polls);
        server.stop().await;
        each
    });
    let beside = each - BUFFERS;
    assert!(beside <= 6900, "{beside}");
}

const RULES: usize = 2000;

/// With a pattern on two fields and a target, as most have. A bus with ten thousand of these takes up 20 MB at most.
#[test]
fn rule_takes_up_less_than_two_kibibytes() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let each = runtime.block_on(async {
        let config = Config {
            port: 0,
            services: services::Settings {
                rules_per_bus: 2 * RULES,
                // What rules were before they were changed is not theirs, and is bounded by itself.
                traces: 0,
                ..services::Settings::default()
            },
            ..Config::default()
        };
        let server = Server::start(config).await.expect("a free port");
        let mut connection = tokio::net::TcpStream::connect(server.address())
            .await
            .expect("it listens");
        // The first ones make what all share.
        add_rules(&mut connection, 0..10).await;
        let before = held();
        add_rules(&mut connection, 10..10 + RULES).await;
        let each = held_since(before) / RULES;
        server.stop().await;
        each
    });
    assert!(each <= 2048, "{each}");
}

async fn add_rules(connection: &mut tokio::net::TcpStream, numbers: Range<usize>) {
    for number in numbers {
        let pattern = format!(
            r#"{{\"source\":[\"shop.orders\"],\"detail\":{{\"customer\":[{{\"prefix\":\"customer-{number:05}-\"}}]}}}}"#
        );
        let rule = format!("rule-of-customer-{number:05}");
        ask(
            connection,
            "PutRule",
            &format!(r#"{{"Name":"{rule}","EventPattern":"{pattern}"}}"#),
        )
        .await;
        let target = format!(
            r#"{{"Id":"queue","Arn":"arn:aws:sqs:us-east-1:000000000000:queue-{number:05}"}}"#
        );
        ask(
            connection,
            "PutTargets",
            &format!(r#"{{"Rule":"{rule}","Targets":[{target}]}}"#),
        )
        .await;
    }
}

/// Sends a request on a connection that stays, and waits for the answer.
async fn ask(connection: &mut tokio::net::TcpStream, operation: &str, input: &str) {
    let length = input.len();
    let request = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AWSEvents.{operation}\r\ncontent-length: {length}\r\n\r\n{input}"
    );
    connection
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut answer = [0; 4096];
    let length = connection.read(&mut answer).await.expect("it answers");
    assert!(answer[..length].starts_with(b"HTTP/1.1 200"), "{operation}");
}

async fn pause() {
    let clock = SystemClock::new();
    clock
        .sleep_until(clock.now() + Duration::from_millis(2))
        .await;
}

/// Sends a request with the headers of an SDK, on a connection of its own.
fn send(server: &Server, operation: &str, input: &str) -> TcpStream {
    let address = server.address();
    let length = input.len();
    let mut connection = TcpStream::connect(address).expect("the server listens");
    let request = format!(
        "POST / HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-amz-json-1.0\r\n\
         x-amz-target: AmazonSQS.{operation}\r\nuser-agent: an-sdk\r\namz-sdk-request: attempt=1\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request\r\n\
         content-length: {length}\r\n\r\n{input}"
    );
    connection.write_all(request.as_bytes()).expect("it reads");
    connection
}
