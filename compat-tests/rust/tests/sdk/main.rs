//! The AWS SDK for Rust against the server at `TOPIQ_ENDPOINT`: one file per story.

mod batches;
mod concurrency;
mod dead_letters;
mod errors;
mod events;
mod fifo;
mod logs;
mod long_polls;
mod messages;
mod odd_input;
mod pages;
mod queues;
mod schemas;
mod streams;
mod topic_errors;
mod topics;
mod topics_to_queues;
mod visibility;
