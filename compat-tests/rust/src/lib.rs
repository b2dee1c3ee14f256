//! Steps that many scenarios share, in a user's words.
//!
//! - `world`: clients, queues, topics and other resources of one scenario, which go away again after it
//! - `steps`: receiving, waiting, and the errors of calls

mod steps;
mod world;

pub use steps::*;
pub use world::*;
