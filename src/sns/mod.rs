//! Amazon SNS.

#[doc(hidden)]
pub mod bench;
#[allow(dead_code, reason = "the service that delivers comes next")]
pub(crate) mod delivery;
#[allow(dead_code, reason = "the service that delivers comes next")]
pub(crate) mod message;
