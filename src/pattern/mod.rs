//! The matcher: which messages a pattern lets through. One engine for two [`Dialect`]s: SNS's filter policies and
//! EventBridge's event patterns.
//!
//! In reading order: `policy.rs` is a policy from its text to its answer, and the straightforward evaluator;
//! `mismatch.rs` says why a message does not match, `traps.rs` what a policy cannot have meant; `index/` answers for very many policies at once, with the evaluator's
//! answers. `grammar/` reads a policy, `condition/` is what a policy can ask of a value, `event/` what policies look at.
//! `json/` reads JSON with positions, `refused.rs` has AWS's texts, `limits.rs`, `complexity.rs` and
//! `wildcard_score.rs` its limits, `dialect.rs` what languages differ in, `work.rs` counts what matching costs.
//!
//! Pure: no clock, no I/O, no lock. No function recurses deeper than a small limit, whatever it is given.

mod complexity;
mod condition;
mod dialect;
mod event;
mod grammar;
mod index;
mod json;
mod limits;
mod mismatch;
mod policy;
mod refused;
#[cfg(test)]
mod tests;
mod traps;
mod wildcard_score;
mod work;

pub use dialect::Dialect;
pub use event::Event;
pub use index::Index;
pub use json::{JsonRefused, check_json};
pub use mismatch::Mismatch;
pub use policy::{Policy, Scope};
pub use refused::{JsonMistake, PolicyRefused};
pub use traps::{ENVELOPE, Impossible, Trap, TrapKind};
pub use work::Work;
