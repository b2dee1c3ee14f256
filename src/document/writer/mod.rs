//! Trees as texts for people to read.
//!
//! In reading order: [`json`] and [`yaml`].

pub mod json;
pub mod yaml;

#[cfg(test)]
mod tests;
