//! The core of a topic.

pub(crate) mod archive;
pub(crate) mod deduplication;
pub(crate) mod message;
pub(crate) mod protocol;
pub(crate) mod subscribers;
