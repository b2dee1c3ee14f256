//! How a message leaves a topic: what SNS signs and writes to subscribers, and how it gets to them.
//!
//! In reading order: [`links`] are the addresses that notifications name; [`envelope`] is the JSON text around a message,
//! [`confirmation`] the messages about subscriptions, which `confirm` sends, both written by [`json_text`]; [`lambda`],
//! [`firehose`], [`email`], [`sms`] and [`push`] are what those protocols get instead. [`fan_out`] brings a message to its
//! subscribers: by [`queue`], by [`post`], or into the log by [`captured`], where a [`recipient`] is not on this machine;
//! [`direct`] is all that goes to phones and apps, through a topic or not. [`dead_letter`] is for what was not delivered,
//! [`replay`] delivers once more.
//!
//! What subscribers get is written when they receive it, not when it is published.

mod captured;
mod confirm;
pub(crate) mod confirmation;
mod dead_letter;
pub(crate) mod direct;
pub(crate) mod email;
pub(crate) mod envelope;
mod fan_out;
pub(crate) mod firehose;
mod json_text;
pub(crate) mod lambda;
pub(crate) mod links;
mod post;
pub(crate) mod push;
pub(crate) mod queue;
pub(crate) mod recipient;
mod replay;
pub(crate) mod sms;
#[cfg(test)]
pub(crate) mod testing;
