//! Resource policies: may this principal do this to this queue or topic?
//!
//! In reading order: [`document`] reads a policy's text; [`request`] is the request to decide about; `evaluate` answers
//! with the statement that decided, or the one that comes closest to allowing it; `principal`, `condition` and
//! `pattern` are the parts of a statement that match or do not. [`edit`] changes a policy's text.
//!
//! It follows AWS (IAM user guide, "Policy evaluation logic" and "JSON policy elements"): an explicit deny wins over
//! every allow, and what no statement allows is left to the calling code, which knows whether the account owns the
//! resource: see [`Decision::permits`]. Pure: all that is known about a request comes in with it.
//!
//! Policy variables (`${aws:username}`) are not expanded; they are taken as they stand.

pub mod condition;
pub mod document;
pub mod edit;
mod evaluate;
mod pattern;
mod principal;
pub mod request;
#[cfg(test)]
mod tests;

pub use document::{Document, Malformed};
pub use evaluate::{Decision, Mismatch, NearMiss, NoStatement};
pub(crate) use pattern::matches as matches_pattern;
pub use request::{Principal, Request};
