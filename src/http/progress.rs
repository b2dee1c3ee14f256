//! How far a connection has come: written by the socket and the requests it carries, read by its watch.
//!
//! All parts of a connection run in its own task (except for HTTP/2 streams), so these are plain loads and stores of a
//! cache line that no other core wants.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{
    AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed, Ordering::SeqCst, fence,
};
use std::task::Waker;

use crate::clock::Timestamp;

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
    waker: OnceLock<Waker>,
    order: AtomicU8,
    waiting_since: AtomicU64,
    requests: AtomicU32,
    writes: AtomicU32,
    serving: AtomicU32,
    answers_unwritten: AtomicU32,
    head_begun: AtomicBool,
    write_blocked: AtomicBool,
    read_closed: AtomicBool,
    closing: AtomicBool,
}

impl Progress {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            waker: OnceLock::new(),
            order: AtomicU8::new(Order::Stay as u8),
            waiting_since: AtomicU64::new(now.as_millis()),
            requests: AtomicU32::new(0),
            writes: AtomicU32::new(0),
            serving: AtomicU32::new(0),
            answers_unwritten: AtomicU32::new(0),
            head_begun: AtomicBool::new(false),
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

    /// The phase of an HTTP/2 connection. Its socket is never quiet for long (pings), so only its streams count.
    pub(super) fn phase_of_http2(&self) -> Phase {
        if self.closing.load(Relaxed) {
            Phase::Closing
        } else if self.serving.load(Relaxed) > 0 {
            Phase::Serving
        } else if self.answers_unwritten.load(Relaxed) > 0 {
            Phase::Writing(self.requests.load(Relaxed))
        } else {
            Phase::Idle(self.requests.load(Relaxed))
        }
    }
}

/// A request that is being read or answered; dropped when its answer is there or no longer wanted.
#[derive(Debug)]
pub(super) struct Served(Arc<Progress>);

impl Served {
    /// The head of a request is whole.
    pub(super) fn begin(progress: &Arc<Progress>) -> Self {
        progress.head_begun.store(false, Relaxed);
        progress.requests.fetch_add(1, Relaxed);
        progress.serving.fetch_add(1, Relaxed);
        Self(Arc::clone(progress))
    }

    /// The answer is there, and is to be written.
    pub(super) fn into_unwritten(self) -> Unwritten {
        self.0.answers_unwritten.fetch_add(1, Relaxed);
        Unwritten(Arc::clone(&self.0))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.0.serving.fetch_sub(1, Relaxed);
    }
}

/// An answer that HTTP/2's flow control may hold back.
#[derive(Debug)]
pub(super) struct Unwritten(Arc<Progress>);

impl Drop for Unwritten {
    fn drop(&mut self) {
        self.0.answers_unwritten.fetch_sub(1, Relaxed);
        // A new phase begins: the time without a request counts from here.
        self.0.requests.fetch_add(1, Relaxed);
    }
}
