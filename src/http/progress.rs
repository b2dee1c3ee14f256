//! How far a connection has come: written by the socket and the requests it carries, read by its watch.
//!
//! All parts of a connection run in its own task (except for HTTP/2 streams), so these are plain loads and stores of a
//! cache line that no other core wants.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed, Ordering::SeqCst,
    fence,
};
use std::task::Waker;

use super::account::Account;
use crate::budget::{Budget, Purpose};
use crate::clock::Timestamp;

/// A head up to this, or the part of a body that comes with it, is not counted.
const HEAD_FREE: usize = 8 << 10;

/// What a request over HTTP/2 holds at least, with its stream and a small answer: there can be many on a connection.
const STREAM: usize = 8 << 10;

/// What a connection is waiting for. Two phases are equal only when nothing has moved on between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// For its first byte.
    FirstByte,
    /// For the end of a TLS handshake.
    Handshake,
    /// For the rest of a head; counted by the requests before it, so that a drip does not make a new phase.
    Head(u32),
    /// For nothing of the client's: requests are being answered, or read under deadlines of their own.
    Serving,
    /// For the client to take bytes; counted by the writes it has let through.
    Writing(u32),
    /// For the next request; counted by the ones before.
    Idle(u32),
    /// For the client to close.
    Closing,
}

impl Phase {
    /// Whether the connection can be closed without harm to a request that came whole.
    pub(super) const fn is_without_request(self) -> bool {
        matches!(
            self,
            Self::FirstByte | Self::Handshake | Self::Head(_) | Self::Idle(_) | Self::Closing
        )
    }
}

/// What the server wants of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Order {
    /// Go on.
    Stay = 0,
    /// Close as soon as nothing is being answered.
    Leave = 1,
    /// Close at once.
    Abort = 2,
}

/// A busy connection is not waiting for its client.
const NOT_WAITING: u64 = u64::MAX;

/// How far one connection has come.
#[derive(Debug)]
pub(super) struct Progress {
    account: Account,
    waker: OnceLock<Waker>,
    order: AtomicU8,
    waiting_since: AtomicU64,
    requests: AtomicU32,
    writes: AtomicU32,
    serving: AtomicU32,
    answers_unwritten: AtomicU32,
    /// How often the client has taken a part of an answer over HTTP/2.
    parts_taken: AtomicU32,
    head_begun: AtomicBool,
    /// The bytes read since the last request.
    head_bytes: AtomicUsize,
    /// What is held for them.
    head_held: AtomicUsize,
    write_blocked: AtomicBool,
    read_closed: AtomicBool,
    closing: AtomicBool,
}

impl Progress {
    pub(super) fn new(now: Timestamp, budget: Arc<Budget>) -> Self {
        Self {
            account: Account::new(budget),
            waker: OnceLock::new(),
            order: AtomicU8::new(Order::Stay as u8),
            waiting_since: AtomicU64::new(now.as_millis()),
            requests: AtomicU32::new(0),
            writes: AtomicU32::new(0),
            serving: AtomicU32::new(0),
            answers_unwritten: AtomicU32::new(0),
            parts_taken: AtomicU32::new(0),
            head_begun: AtomicBool::new(false),
            head_bytes: AtomicUsize::new(0),
            head_held: AtomicUsize::new(0),
            write_blocked: AtomicBool::new(false),
            read_closed: AtomicBool::new(false),
            closing: AtomicBool::new(false),
        }
    }

    /// Keeps the waker of the connection's task, which stays the same, so that orders reach it.
    pub(super) fn set_waker(&self, waker: &Waker) {
        self.waker.get_or_init(|| waker.clone());
        // Pairs with the fence in `give`: either the waker is seen there, or the order here.
        fence(SeqCst);
    }

    /// Gives an order; a weaker one than before changes nothing.
    pub(super) fn give(&self, order: Order) {
        self.order.fetch_max(order as u8, Relaxed);
        fence(SeqCst);
        if let Some(waker) = self.waker.get() {
            waker.wake_by_ref();
        }
    }

    pub(super) fn order(&self) -> Order {
        match self.order.load(Relaxed) {
            0 => Order::Stay,
            1 => Order::Leave,
            _ => Order::Abort,
        }
    }

    /// Since when it has been waiting for its client, if it is.
    pub(super) fn waiting_since(&self) -> Option<u64> {
        match self.waiting_since.load(Relaxed) {
            NOT_WAITING => None,
            since => Some(since),
        }
    }

    pub(super) fn set_waiting(&self, since: Option<Timestamp>) {
        let millis = since.map_or(NOT_WAITING, Timestamp::as_millis);
        self.waiting_since.store(millis, Relaxed);
    }

    pub(super) fn note_read(&self) {
        if self.serving.load(Relaxed) == 0 {
            self.head_begun.store(true, Relaxed);
        }
    }

    /// Counts bytes read for a head of HTTP/1.1. False when there is no room for them.
    #[must_use]
    pub(super) fn holds_head(&self, bytes: usize) -> bool {
        if self.serving.load(Relaxed) > 0 {
            return true;
        }
        let before = self.head_bytes.load(Relaxed);
        let after = before + bytes;
        self.head_bytes.store(after, Relaxed);
        if after <= HEAD_FREE {
            return true;
        }
        // Its buffer grows by doubling.
        let more = 2 * (after - before.max(HEAD_FREE));
        let is_held = self.account.hold(more, Purpose::Requests);
        if is_held {
            self.head_held.fetch_add(more, Relaxed);
        }
        is_held
    }

    /// Counts what any connection of HTTP/2 may hold, such as a head without its end. False when there is no room.
    #[must_use]
    pub(super) fn holds_http2(&self, head: usize) -> bool {
        let is_held = self.account.hold(head, Purpose::Requests);
        if is_held {
            self.head_held.fetch_add(head, Relaxed);
        }
        is_held
    }

    /// Whether calls must not begin: there may be no room for their answers.
    pub(super) fn is_used_up(&self) -> bool {
        self.account.is_used_up()
    }

    pub(super) fn note_read_closed(&self) {
        self.read_closed.store(true, Relaxed);
    }

    pub(super) fn is_read_closed(&self) -> bool {
        self.read_closed.load(Relaxed)
    }

    pub(super) fn note_write(&self, blocked: bool) {
        if blocked {
            self.write_blocked.store(true, Relaxed);
        } else {
            // Only this task writes: no read-modify-write is needed.
            self.writes
                .store(self.writes.load(Relaxed).wrapping_add(1), Relaxed);
            self.write_blocked.store(false, Relaxed);
        }
    }

    pub(super) fn note_closing(&self) {
        self.closing.store(true, Relaxed);
    }

    /// The phase of an HTTP/1.1 connection.
    pub(super) fn phase_of_http1(&self) -> Phase {
        if self.closing.load(Relaxed) {
            Phase::Closing
        } else if self.write_blocked.load(Relaxed) {
            Phase::Writing(self.writes.load(Relaxed))
        } else if self.serving.load(Relaxed) > 0 {
            Phase::Serving
        } else if self.head_begun.load(Relaxed) {
            Phase::Head(self.requests.load(Relaxed))
        } else {
            Phase::Idle(self.requests.load(Relaxed))
        }
    }

    /// The phase of an HTTP/2 connection. Its socket is never quiet for long (pings), so only its streams count. Requests
    /// that wait do not keep one that takes no answer.
    pub(super) fn phase_of_http2(&self) -> Phase {
        if self.closing.load(Relaxed) {
            Phase::Closing
        } else if self.answers_unwritten.load(Relaxed) > 0 {
            Phase::Writing(self.parts_taken.load(Relaxed))
        } else if self.serving.load(Relaxed) > 0 {
            Phase::Serving
        } else {
            Phase::Idle(self.requests.load(Relaxed))
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.account.give_back(self.head_held.load(Relaxed));
    }
}

/// A request: first being read or answered, then an answer that is not yet taken. Dropped when it is taken, or no longer
/// wanted. One whose answer goes on is being answered until its end; each part is an answer of its own.
#[derive(Debug)]
pub(super) struct Served {
    progress: Arc<Progress>,
    /// What it holds of the budget.
    bytes: usize,
    is_http2: bool,
    is_answered: bool,
}

impl Served {
    /// The head of a request is whole.
    pub(super) fn begin(progress: &Arc<Progress>, is_http2: bool) -> Self {
        progress.head_begun.store(false, Relaxed);
        progress.requests.fetch_add(1, Relaxed);
        progress.serving.fetch_add(1, Relaxed);
        let mut bytes = 0;
        if !is_http2 {
            progress.head_bytes.store(0, Relaxed);
            bytes = progress.head_held.load(Relaxed);
            if bytes > 0 {
                progress.head_held.store(0, Relaxed);
            }
        }
        Self {
            progress: Arc::clone(progress),
            bytes,
            is_http2,
            is_answered: false,
        }
    }

    /// Holds the request itself: nothing more over HTTP/1.1, its stream and its head over HTTP/2. False when there is no
    /// room, for it or for what may be its answer.
    #[must_use]
    pub(super) fn holds_itself(&mut self, head: &http::HeaderMap) -> bool {
        if self.progress.is_used_up() {
            return false;
        }
        !self.is_http2 || {
            let fields = head
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len());
            self.holds(STREAM + fields.sum::<usize>())
        }
    }

    /// Holds `bytes` of its body. False when there is no room.
    #[must_use]
    pub(super) fn holds(&mut self, bytes: usize) -> bool {
        let is_held = self.progress.account.hold(bytes, Purpose::Requests);
        if is_held {
            self.bytes += bytes;
        }
        is_held
    }

    /// Holds a body that was there at once, which may have come in one piece with the head. False when there is no room.
    #[must_use]
    pub(super) fn holds_whole(&mut self, length: usize) -> bool {
        length <= self.bytes || self.holds(length - self.bytes)
    }

    /// Holds its answer too. False when there is no room.
    #[must_use]
    pub(super) fn holds_answer(&mut self, length: usize) -> bool {
        let more = self.needed(length).saturating_sub(self.bytes);
        let is_held = more == 0 || self.progress.account.hold(more, Purpose::Answers);
        if is_held {
            self.bytes += more;
        }
        is_held
    }

    /// The answer is there, and is to be taken; the request is gone.
    pub(super) fn answer(mut self, length: usize) -> Self {
        let (needed, account) = (self.needed(length), &self.progress.account);
        if needed < self.bytes {
            account.give_back(self.bytes - needed);
        } else if needed > self.bytes {
            // It is small: others are refused where there is no room.
            account.force(needed - self.bytes);
        }
        self.bytes = needed;
        if self.is_http2 {
            self.progress.answers_unwritten.fetch_add(1, Relaxed);
        }
        self.progress.serving.fetch_sub(1, Relaxed);
        self.is_answered = true;
        self
    }

    /// The answer goes on: it is served until its end, and holds what its parts hold. The request is gone.
    pub(super) fn go_on(mut self) -> Self {
        let needed = self.needed(0);
        if needed < self.bytes {
            self.progress.account.give_back(self.bytes - needed);
            self.bytes = needed;
        }
        self
    }

    /// A part of an answer that goes on, which is to be taken; nothing when there is no room.
    #[must_use]
    pub(super) fn part(&self, length: usize) -> Option<Self> {
        let progress = &self.progress;
        if !progress.account.hold(length, Purpose::Answers) {
            return None;
        }
        if self.is_http2 {
            progress.answers_unwritten.fetch_add(1, Relaxed);
        }
        Some(Self {
            progress: Arc::clone(progress),
            bytes: length,
            is_http2: self.is_http2,
            is_answered: true,
        })
    }

    /// The client has taken a part of the answer.
    pub(super) fn note_taken(&self) {
        if self.is_http2 {
            self.progress.parts_taken.fetch_add(1, Relaxed);
        }
    }

    fn needed(&self, length: usize) -> usize {
        let least = if self.is_http2 { STREAM } else { 0 };
        length.max(least)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let progress = &*self.progress;
        if self.bytes > 0 {
            progress.account.give_back(self.bytes);
        }
        if !self.is_answered {
            progress.serving.fetch_sub(1, Relaxed);
        } else if self.is_http2 {
            progress.answers_unwritten.fetch_sub(1, Relaxed);
            // A new phase begins: the time without a request counts from here.
            progress.requests.fetch_add(1, Relaxed);
        }
    }
}
