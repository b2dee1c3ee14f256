//! Bodies: reading a request's under its limits and deadlines, and the body of an answer.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::alarm::Alarm;
use super::limits::{Deadlines, Limits};
use super::progress::Unwritten;
use super::refusals::Refusal;
use crate::clock::{Clock, Timestamp};

/// A declared length up to this is believed, and reserved at once; memory for a longer body grows as it arrives.
const TRUSTED_LENGTH: usize = 256 << 10;

/// The bytes that all bodies being read may have together.
#[derive(Debug)]
pub(super) struct Budget {
    free: AtomicUsize,
}

impl Budget {
    pub(super) fn new(bytes: usize) -> Self {
        Self {
            free: AtomicUsize::new(bytes),
        }
    }
}

/// A body's part of the budget; given back when dropped.
#[derive(Debug)]
struct Share<'a> {
    budget: &'a Budget,
    bytes: usize,
}

impl Share<'_> {
    fn grow(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.budget
            .free
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |free| {
                free.checked_sub(bytes)
            })
            .map_err(|_| Refusal::Overloaded)?;
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.budget.free.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

/// How bodies are read.
#[derive(Debug)]
pub(super) struct BodyReader {
    pub(super) limits: Limits,
    pub(super) deadlines: Arc<Deadlines>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) budget: Budget,
}

impl BodyReader {
    /// Reads `body` to its end. One that is there at once and in one piece is passed on without a copy, a timer or a look
    /// at the clock.
    pub(super) async fn read(&self, mut body: Incoming) -> Result<Bytes, Refusal> {
        if body.is_end_stream() {
            return Ok(Bytes::new());
        }
        let declared = body.size_hint().lower();
        if declared > self.limits.body as u64 {
            return Err(self.too_large());
        }
        let mut frames = Frames::new(&mut body, self);
        let Some(first) = frames.next().await? else {
            return Ok(Bytes::new());
        };
        if frames.body.is_end_stream() {
            return self.within_limit(first.len()).map(|()| first);
        }
        let expected =
            usize::try_from(declared).map_or(TRUSTED_LENGTH, |length| length.min(TRUSTED_LENGTH));
        self.join(frames, first, expected).await
    }

    async fn join(
        &self,
        mut frames: Frames<'_>,
        first: Bytes,
        expected: usize,
    ) -> Result<Bytes, Refusal> {
        let mut share = Share {
            budget: &self.budget,
            bytes: 0,
        };
        self.take(&mut share, first.len())?;
        // A chunked body in one chunk: only its end had to come.
        let Some(second) = frames.next().await? else {
            return Ok(first);
        };
        let mut whole = BytesMut::with_capacity(expected.max(first.len() + second.len()));
        whole.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(frame) = next {
            self.take(&mut share, frame.len())?;
            whole.extend_from_slice(&frame);
            next = if frames.body.is_end_stream() {
                None
            } else {
                frames.next().await?
            };
        }
        Ok(whole.freeze())
    }

    fn take(&self, share: &mut Share<'_>, bytes: usize) -> Result<(), Refusal> {
        self.within_limit(share.bytes + bytes)?;
        share.grow(bytes)
    }

    fn within_limit(&self, length: usize) -> Result<(), Refusal> {
        if length > self.limits.body {
            return Err(self.too_large());
        }
        Ok(())
    }

    const fn too_large(&self) -> Refusal {
        Refusal::TooLarge {
            limit: self.limits.body,
        }
    }
}

/// A body's frames, under its deadlines.
struct Frames<'a> {
    body: &'a mut Incoming,
    reader: &'a BodyReader,
    /// When the first wait began, and when the last byte came; nothing until there is a wait.
    waiting: Option<(Timestamp, Timestamp)>,
    has_moved: bool,
    alarm: Alarm,
}

impl<'a> Frames<'a> {
    fn new(body: &'a mut Incoming, reader: &'a BodyReader) -> Self {
        Self {
            body,
            reader,
            waiting: None,
            has_moved: false,
            alarm: Alarm::default(),
        }
    }

    /// The next bytes; none at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        std::future::poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Refusal>> {
        loop {
            match Pin::new(&mut *self.body).poll_frame(cx) {
                Poll::Ready(None) => return Poll::Ready(Ok(None)),
                Poll::Ready(Some(Err(_))) => return Poll::Ready(Err(Refusal::BrokenBody)),
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) if !bytes.is_empty() => {
                        self.has_moved = true;
                        return Poll::Ready(Ok(Some(bytes)));
                    }
                    // Trailers and empty frames mean nothing here.
                    Ok(_) | Err(_) => {}
                },
                Poll::Pending => return self.poll_deadline(cx).map(|()| Err(Refusal::TooSlow)),
            }
        }
    }

    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let clock = &self.reader.clock;
        let deadlines = &self.reader.deadlines;
        let (begun, mut last_byte) = *self.waiting.get_or_insert_with(|| {
            let now = clock.now();
            (now, now)
        });
        if std::mem::take(&mut self.has_moved) {
            last_byte = clock.now();
            self.waiting = Some((begun, last_byte));
        }
        let deadline = (last_byte + deadlines.body_byte).min(begun + deadlines.body);
        self.alarm.poll(cx, &**clock, deadline)
    }
}

/// The body of an answer: one piece.
#[derive(Debug)]
pub(super) struct AnswerBody {
    bytes: Bytes,
    /// Dropped with the body, once HTTP/2's flow control has let the bytes through.
    _unwritten: Option<Unwritten>,
}

impl AnswerBody {
    pub(super) const fn new(bytes: Bytes, unwritten: Option<Unwritten>) -> Self {
        Self {
            bytes,
            _unwritten: unwritten,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = std::mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}
