//! How a message leaves a topic: what SNS signs and writes to subscribers, and how it gets to them.
//!
//! In reading order: [`links`] are the URLs in notifications; [`envelope`] is the JSON text around a message,
//! [`confirmation`] the messages about subscriptions, which `confirm` sends, both written by [`json_text`]; [`lambda`],
//! [`firehose`], [`email`], [`sms`] and [`push`] are the forms of those protocols. [`fan_out`] brings a message to its
//! subscribers: by [`queue`], by [`post`], or into the log by [`captured`], where a [`recipient`] is not on this
//! machine; [`direct`] delivers to phones and apps, through a topic or not. [`dead_letter`] handles undelivered
//! messages, [`replay`] delivers archived ones again; [`log`] says who does not get one.
//!
//! Messages are written when subscribers receive them, not when they are published.

mod captured;
mod confirm;
pub(crate) mod confirmation;
mod dead_letter;
pub(crate) mod direct;
pub(crate) mod email;
pub(crate) mod envelope;
pub(crate) mod fan_out;
pub(crate) mod firehose;
mod json_text;
pub(crate) mod lambda;
pub(crate) mod links;
mod log;
mod post;
pub(crate) mod push;
pub(crate) mod queue;
pub(crate) mod recipient;
pub(crate) mod replay;
pub(crate) mod sms;
#[cfg(test)]
pub(crate) mod testing;
