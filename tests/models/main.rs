//! Random histories, held against the simplest implementation there can be.

mod pattern;
mod queue;
