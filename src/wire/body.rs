//! The body of an answer: bytes that are there, or parts that come one after another.

use std::fmt;
use std::task::{Context, Poll};

use bytes::Bytes;

/// Gives the parts of an answer that goes on. It is asked for the next part when the client has taken those before, or is
/// about to: it gathers what has come meanwhile, instead of a queue of parts, and is dropped as soon as its client is gone.
///
/// It ends by itself when its service lets no call wait any more: the server stops, or a reset replaces the service.
pub trait Source: fmt::Debug + Send {
    /// The next part, which has at least a byte; `None` at the end.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>>;
}

/// The body of an answer.
#[derive(Debug)]
pub enum Body<B> {
    /// All of it.
    Whole(B),
    /// What gives it, part by part.
    Stream(Box<dyn Source>),
}

impl<B> Body<B> {
    /// The same with the bytes in another type.
    pub fn map<C>(self, convert: impl FnOnce(B) -> C) -> Body<C> {
        match self {
            Self::Whole(bytes) => Body::Whole(convert(bytes)),
            Self::Stream(source) => Body::Stream(source),
        }
    }
}

impl<B: AsRef<[u8]>> Body<B> {
    /// The bytes that are there.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Whole(bytes) => bytes.as_ref(),
            Self::Stream(_) => &[],
        }
    }
}

impl<B> From<B> for Body<B> {
    fn from(bytes: B) -> Self {
        Self::Whole(bytes)
    }
}
