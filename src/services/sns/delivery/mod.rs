//! How a message leaves a topic: what SNS signs and writes to subscribers, and how it gets to them.
//!
//! In reading order: [`links`] are the addresses that notifications name; [`envelope`]
//! is the JSON text around a message, [`confirmation`] what asks and tells subscribers of their subscriptions, which
//! `confirm` sends, both written by [`json_text`]; [`lambda`], [`firehose`], [`email`], [`sms`] and [`push`] are what
//! those protocols get instead. [`capture`] makes what is kept where there is no target on this machine; [`direct`] is all that goes to phones and apps, through a topic or not. [`fan_out`] brings a message to its subscribers, by [`queue`], [`post`] and [`captures`], [`replay`] once
//! more; [`permission`] says whether it may where policies are enforced.
//!
//! What subscribers get is made when it is handed out, not when it is published.

pub(crate) mod capture;
mod captures;
mod confirm;
pub(crate) mod confirmation;
pub(crate) mod direct;
pub(crate) mod email;
pub(crate) mod envelope;
mod fan_out;
pub(crate) mod firehose;
mod json_text;
pub(crate) mod lambda;
pub(crate) mod links;
mod permission;
mod post;
pub(crate) mod push;
pub(crate) mod queue;
mod replay;
pub(crate) mod sms;
#[cfg(test)]
pub(crate) mod testing;
