//! The connection's socket: notes progress, gives back the bytes read to tell the protocol, and closes so that the last
//! answer arrives.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::connection::FULL;
use super::progress::{Order, Progress};
use super::stream::Stream;

/// The first bytes of HTTP/2 with prior knowledge (RFC 9113, 3.4). No HTTP/1 request begins with them.
pub(super) const HTTP2_PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What is read and thrown away at a time when closing.
const DISCARD: usize = 4096;

#[derive(Debug)]
pub(super) struct Socket {
    stream: Stream,
    progress: Arc<Progress>,
    prefix: [u8; HTTP2_PREFACE.len()],
    /// The part of `prefix` that is still to be given back.
    pending: std::ops::Range<usize>,
    /// Whether the client speaks HTTP/1.1, so that what is read between requests is a head.
    is_http1: bool,
    is_shut_down: bool,
}

impl Socket {
    pub(super) fn new(stream: Stream, progress: Arc<Progress>) -> Self {
        Self {
            stream,
            progress,
            prefix: [0; HTTP2_PREFACE.len()],
            pending: 0..0,
            is_http1: false,
            is_shut_down: false,
        }
    }

    /// Reads on until it is clear whether the client speaks HTTP/2; the bytes stay to be read.
    pub(super) fn poll_is_http2(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        loop {
            let known = self.pending.end;
            if self.prefix[..known] != HTTP2_PREFACE[..known] {
                return Poll::Ready(Ok(false));
            }
            if known == HTTP2_PREFACE.len() {
                return Poll::Ready(Ok(true));
            }
            let mut buffer = ReadBuf::new(&mut self.prefix[known..]);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
            let count = buffer.filled().len();
            if count == 0 {
                self.progress.note_read_closed();
                return Poll::Ready(Ok(false));
            }
            self.pending.end += count;
            self.progress.note_read();
        }
    }

    /// Says that the client speaks HTTP/1.1.
    pub(super) fn set_http1(&mut self) {
        self.is_http1 = true;
    }

    /// Whether a byte has come that is not read yet.
    pub(super) fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Writes as much of `bytes` as the client takes now: the last answer before it is cut off.
    pub(super) fn write_now(&mut self, bytes: &[u8]) {
        self.stream.write_now(bytes);
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.pending.is_empty() {
            let count = self.pending.len().min(buffer.remaining());
            let start = self.pending.start;
            buffer.put_slice(&self.prefix[start..start + count]);
            self.pending.start += count;
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let count = buffer.filled().len() - before;
        if count > 0 {
            self.progress.note_read();
            if self.is_http1 && !self.progress.holds_head(count) {
                self.write_now(FULL);
                return Poll::Ready(Err(io::ErrorKind::OutOfMemory.into()));
            }
        } else {
            self.progress.note_read_closed();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.progress.note_write(written.is_pending());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.progress.note_write(written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        if self.stream.holds_back() {
            self.progress.note_write(flushed.is_pending());
        }
        flushed
    }

    /// Tells the client that no more comes, then reads what it still sends until it closes too: closing with bytes unread
    /// makes the kernel reset the connection, and the client may lose the answer. The watch bounds this.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_shut_down {
            self.progress.note_closing();
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.is_shut_down = true;
        }
        let mut discard = [0; DISCARD];
        while !self.progress.is_read_closed() && self.progress.order() == Order::Stay {
            let mut buffer = ReadBuf::new(&mut discard);
            // What TLS would make of it does not matter any more.
            ready!(Pin::new(self.stream.tcp()).poll_read(cx, &mut buffer))?;
            if buffer.filled().is_empty() {
                self.progress.note_read_closed();
            }
        }
        Poll::Ready(Ok(()))
    }
}
