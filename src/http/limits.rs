//! Every number of the front: how much it accepts, and how long it waits. Each with its unit and its reason.

use std::time::Duration;

/// How much the front accepts.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of one request's body. The largest call that AWS takes is a batch of 1 MiB, and a form may need three
    /// bytes for each of them; 16 MiB leaves room for any encoding.
    pub body: usize,
    /// Bytes of a request's line and headers. A URI alone may have 64 KiB.
    pub head: usize,
    /// Open connections. Beyond it, those that have waited longest for their client are closed to make room.
    pub connections: usize,
    /// Requests at a time on one HTTP/2 connection. Long polls hold theirs, so it is well above a client's pool.
    pub streams: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 16 << 20,
            head: 96 << 10,
            connections: 16_384,
            streams: 256,
        }
    }
}

/// How long the front waits for a client, by the machine's time. A request that is being answered has no deadline here: a
/// long poll may last.
#[derive(Clone, Debug)]
pub struct Deadlines {
    /// For the first byte of a connection. Pools open connections ahead of need, so it is as long as `idle`.
    pub first_byte: Duration,
    /// For the whole head of a request, from its first byte: however slowly it drips. For a TLS handshake too.
    pub head: Duration,
    /// For the next byte of a body.
    pub body_byte: Duration,
    /// For a whole body: one that drips could keep within `body_byte` forever.
    pub body: Duration,
    /// For the client to take any byte of an answer. Long enough for one that is stopped in a debugger for a moment.
    pub write: Duration,
    /// For the next request on a kept connection. SDK pools hold theirs for 60 to 90 seconds and must not find them
    /// closed.
    pub idle: Duration,
    /// Between two HTTP/2 pings: they find peers that are gone or have stopped in the middle of a frame.
    pub ping: Duration,
    /// For the answer to an HTTP/2 ping.
    pub pong: Duration,
    /// For the client to close after the last answer. Closing earlier, with bytes of it still unread, would reset the
    /// connection and lose the answer.
    pub linger: Duration,
    /// For requests under way when the server stops. Long polls are answered at once, so stopping takes well under a
    /// second.
    pub stop: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_mins(2),
            head: Duration::from_secs(30),
            body_byte: Duration::from_secs(20),
            body: Duration::from_mins(2),
            write: Duration::from_mins(1),
            idle: Duration::from_mins(2),
            ping: Duration::from_secs(30),
            pong: Duration::from_secs(30),
            linger: Duration::from_secs(2),
            stop: Duration::from_millis(800),
        }
    }
}
