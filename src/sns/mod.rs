//! Amazon SNS.
//!
//! In reading order: [`topic_policy`] says which policies a topic takes; [`delivery`] is how messages leave; [`inspect`]
//! what the admin API may see.

pub mod delivery;
pub mod inspect;
pub mod topic_policy;

use delivery::captured::CapturedLog;

/// The service.
#[derive(Debug, Default)]
pub struct Sns {
    captured: CapturedLog,
}
