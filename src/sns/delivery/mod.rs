//! How a message leaves a topic: what SNS signs and writes to subscribers, and how it gets to them.
//!
//! In reading order: [`signature`] has the [`Signer`](signature::Signer) of a server and what it signs, over [`rsa`],
//! its arithmetic [`montgomery`], and [`certificate`]; [`links`] are the addresses that notifications name; [`envelope`]
//! is the JSON text around a message, [`confirmation`] what asks and tells subscribers of their subscriptions, which
//! `confirm` sends, both written by [`json_text`]; [`lambda`], [`firehose`], [`email`], [`sms`] and [`push`] are what
//! those protocols get instead. [`http`] posts to HTTP and HTTPS endpoints, [`captured`] keeps what has no target on this
//! machine, as [`capture`] makes it; [`direct`] is all that goes to phones and apps, through a topic or not. [`fan_out`] brings a message to its subscribers, by [`queue`], [`post`] and [`captures`], [`replay`] once
//! more; [`permission`] says whether it may where policies are enforced.
//!
//! What subscribers get is made when it is handed out, not when it is published.

pub(crate) mod capture;
pub mod captured;
mod captures;
mod certificate;
mod confirm;
pub(crate) mod confirmation;
pub(crate) mod direct;
pub(crate) mod email;
pub(crate) mod envelope;
mod fan_out;
pub(crate) mod firehose;
pub mod http;
mod json_text;
pub(crate) mod lambda;
pub(crate) mod links;
mod montgomery;
mod permission;
mod post;
pub(crate) mod push;
pub(crate) mod queue;
mod replay;
mod rsa;
pub(crate) mod signature;
pub(crate) mod sms;
#[cfg(test)]
pub(crate) mod testing;
