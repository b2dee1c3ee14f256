//! Random histories, compared with the simplest possible implementation.

mod pattern;
mod queue;
