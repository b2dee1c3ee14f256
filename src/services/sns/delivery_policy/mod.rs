//! Delivery policies: how HTTP deliveries are retried, throttled and labelled.
//!
//! A topic and each HTTP subscription may have a `DeliveryPolicy`; both show the result as `EffectiveDeliveryPolicy`.
//! The JSON of all four has AWS's key order. In reading order: `documents` are the two policies as they are set and
//! shown, `reader` parses their JSON and words the refusals, [`effective`] is the policy that applies.

mod documents;
pub mod effective;
mod reader;

pub use documents::{RetryPolicy, SubscriptionPolicy, TopicPolicy};
pub use effective::{Effective, effective_topic_policy};

/// Why a document is refused: AWS's text after the `Invalid parameter: ` (or `… Reason: `) of the operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("DeliveryPolicy: {0}")]
pub struct Refused(String);
