//! What a queue's messages take up, counted at the allocator: the bytes of its blocks, which are the same in every run.

use std::alloc::{GlobalAlloc, Layout};
use std::cell::Cell;
use std::sync::Arc;

use mimalloc::MiMalloc;
use topiq::aws::AccountId;
use topiq::aws::message::{Body, Sender};
use topiq::clock::Timestamp;
use topiq::ids::MessageId;
use topiq::services::sqs::queue::input::{Delete, Expire, Receive, Send};
use topiq::services::sqs::queue::{Kind, NewMessage, Queue, Settings};

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
