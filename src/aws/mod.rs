//! Words that AWS's services share: accounts, regions, ARNs and who calls.
//!
//! In reading order: [`account`], [`region`], [`arn`], [`caller`].

pub mod account;
pub mod arn;
pub mod caller;
pub mod region;

pub use account::AccountId;
pub use arn::Arn;
pub use caller::Caller;
pub use region::Region;
