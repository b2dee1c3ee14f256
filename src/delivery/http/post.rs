//! One message on its way to one endpoint, and what can become of it.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use super::egress::Egress;
use crate::delivery::RetrySchedule;

/// One message to deliver.
pub struct Post {
    /// The `x-amz-sns-*` headers.
    pub headers: HeaderMap,
    /// The `Content-Type`, sent literally.
    pub content_type: HeaderValue,
    /// Makes the body. It is called once per attempt, when the attempt begins: neither the envelope nor its signature is
    /// made or kept for what only waits.
    pub body: Box<dyn Fn() -> Bytes + Send + Sync>,
    /// When to try again.
    pub schedule: Arc<RetrySchedule>,
    /// Called once if the message is not delivered: where it goes to the dead-letter queue. It must not block. It is not
    /// called for what the end of the server interrupts.
    pub on_failure: Box<dyn FnOnce(Failure) + Send + Sync>,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post")
            .field("headers", &self.headers)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// Why an attempt failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It answered, and not with success.
    #[error("it answered {0}")]
    Status(u16),
    /// There was no whole answer in time.
    #[error("no answer within {} seconds", super::limits::ATTEMPT.as_secs())]
    Timeout,
    /// Its name leads nowhere.
    #[error("cannot resolve its name: {0}")]
    Resolve(io::Error),
    /// Nobody listens, or the network does not lead there.
    #[error("cannot connect: {0}")]
    Connect(io::Error),
    /// The TLS handshake failed.
    #[error("TLS handshake: {0}")]
    Tls(io::Error),
    /// The connection ended early, or what came was not HTTP.
    #[error("no HTTP answer: {0}")]
    Exchange(#[from] hyper::Error),
    /// The address is not one that deliveries may connect to.
    #[error("deliveries to {address} are not permitted (--egress {egress})")]
    Forbidden {
        /// The address that was to be connected to.
        address: IpAddr,
        /// How far deliveries reach.
        egress: Egress,
    },
    /// Too many messages wait for this endpoint.
    #[error("too many messages wait for it")]
    LaneFull,
}

impl Failure {
    /// Whether another attempt can help. AWS tries again after 429, 5xx and whatever kept an answer from coming; every
    /// other status is final.
    pub(super) fn is_final(&self) -> bool {
        match self {
            Self::Status(status) => *status != 429 && *status < 500,
            Self::Forbidden { .. } | Self::LaneFull => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_429_and_server_errors_are_tried_again() {
        let is_final = |status| Failure::Status(status).is_final();
        assert_eq!([500, 503, 599, 429].map(is_final), [false; 4]);
        assert_eq!(
            [101, 301, 302, 307, 400, 404, 410, 499].map(is_final),
            [true; 8]
        );
        assert!(!Failure::Timeout.is_final());
    }
}
