//! Bodies: reading a request's under its limits and deadlines, and the body of an answer.

use std::fmt;
use std::io::IoSlice;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::alarm::Alarm;
use super::limits::{Deadlines, Limits};
use super::progress::Served;
use super::quiet;
use super::refusals::Refusal;
use crate::clock::{Clock, Timestamp};
use crate::wire::Source;
use crate::wire::body as answer;

/// A declared length up to this is believed, and reserved at once; memory for a longer body grows as it arrives.
const TRUSTED_LENGTH: usize = 256 << 10;

/// A body up to this that is there at once is not counted.
const SMALL: usize = 4 << 10;

/// How bodies are read.
#[derive(Debug)]
pub(super) struct BodyReader {
    pub(super) limits: Limits,
    pub(super) deadlines: Arc<Deadlines>,
    pub(super) clock: Arc<dyn Clock>,
}

impl BodyReader {
    /// Reads `body` to its end; `served` then holds it. One that is there at once and in one piece is passed on without a
    /// copy, a timer or a look at the clock.
    pub(super) async fn read(
        &self,
        mut body: Incoming,
        served: &mut Served,
    ) -> Result<Bytes, Refusal> {
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
            self.within_limit(first.len())?;
            if first.len() > SMALL && !served.holds_whole(first.len()) {
                return Err(Refusal::Overloaded);
            }
            return Ok(first);
        }
        let expected =
            usize::try_from(declared).map_or(TRUSTED_LENGTH, |length| length.min(TRUSTED_LENGTH));
        self.join(frames, first, expected, served).await
    }

    async fn join(
        &self,
        mut frames: Frames<'_>,
        first: Bytes,
        expected: usize,
        served: &mut Served,
    ) -> Result<Bytes, Refusal> {
        let mut length = 0;
        self.take(&mut length, first.len(), served)?;
        // A chunked body in one chunk: only its end had to come.
        let Some(second) = frames.next().await? else {
            return Ok(first);
        };
        let mut whole = BytesMut::with_capacity(expected.max(first.len() + second.len()));
        whole.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(frame) = next {
            self.take(&mut length, frame.len(), served)?;
            whole.extend_from_slice(&frame);
            next = if frames.body.is_end_stream() {
                None
            } else {
                frames.next().await?
            };
        }
        Ok(whole.freeze())
    }

    fn take(&self, length: &mut usize, bytes: usize, served: &mut Served) -> Result<(), Refusal> {
        *length += bytes;
        self.within_limit(*length)?;
        if served.holds(bytes) {
            Ok(())
        } else {
            Err(Refusal::Overloaded)
        }
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
            let body = &mut *self.body;
            let frame = quiet::read(cx, |cx| {
                let frame = Pin::new(&mut *body).poll_frame(cx);
                (frame, body.is_end_stream())
            });
            match frame {
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

/// The body of an answer.
#[derive(Debug)]
pub(super) enum AnswerBody {
    /// One piece, until it is taken.
    Whole(Option<Piece>),
    /// Piece by piece: the request is being served to the end.
    Stream {
        source: Box<dyn Source>,
        served: Served,
    },
}

/// An answer that goes on is broken off: there is no room for its next part. Its reader finds the answer incomplete, and
/// asks again.
#[derive(Debug)]
pub(super) struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the memory budget is used up")
    }
}

impl std::error::Error for BrokenOff {}

impl AnswerBody {
    pub(super) fn new(body: answer::Body<Bytes>, served: Served) -> Self {
        match body {
            answer::Body::Whole(bytes) => {
                let served = served.answer(bytes.len());
                Self::Whole((!bytes.is_empty()).then_some(Piece { bytes, served }))
            }
            answer::Body::Stream(source) => {
                let served = served.go_on();
                Self::Stream { source, served }
            }
        }
    }
}

/// An answer's bytes. They are held until the client has taken them, and each part that it takes is progress: HTTP/2 takes
/// the whole piece over and keeps it until its flow control has let all of it through.
#[derive(Debug)]
pub(super) struct Piece {
    bytes: Bytes,
    served: Served,
}

impl Buf for Piece {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        self.bytes.chunks_vectored(slices)
    }

    fn advance(&mut self, count: usize) {
        self.served.note_taken();
        self.bytes.advance(count);
    }
}

impl Body for AnswerBody {
    type Data = Piece;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Piece>, BrokenOff>>> {
        let (source, served) = match &mut *self {
            Self::Whole(piece) => return Poll::Ready(piece.take().map(|it| Ok(Frame::data(it)))),
            Self::Stream { source, served } => (source, served),
        };
        let part = ready!(source.poll_next(cx));
        Poll::Ready(part.map(|bytes| {
            let Some(served) = served.part(bytes.len()) else {
                tracing::warn!("broke an answer off: the memory budget is used up");
                return Err(BrokenOff);
            };
            Ok(Frame::data(Piece { bytes, served }))
        }))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(piece) => {
                let length = piece.as_ref().map_or(0, |piece| piece.bytes.len());
                SizeHint::with_exact(length as u64)
            }
            Self::Stream { .. } => SizeHint::new(),
        }
    }
}
