//! The core of a queue: pure. No HTTP, no JSON, no lock, no clock of its own; the time is an argument.
//!
//! In reading order: [`message`] is what goes in and comes out, [`settings`] what a queue is told.

mod message;
mod settings;

pub use message::{
    Attribute, AttributeValue, DeadLetter, Delivery, MessageAttributes, NewMessage, Receipt,
    Sender, SequenceNumber,
};
pub use settings::{DeduplicationScope, Kind, Redrive, Settings};
