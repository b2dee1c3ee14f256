//! Words that AWS's services share: accounts, regions, ARNs, who calls, batches and pages.
//!
//! In reading order: [`account`], [`region`], [`arn`], [`caller`], [`batch`], [`page`], [`message`].

pub mod account;
pub mod arn;
pub mod batch;
pub mod caller;
pub mod message;
pub mod page;
pub mod region;

pub use account::AccountId;
pub use arn::Arn;
pub use caller::Caller;
pub use region::Region;
