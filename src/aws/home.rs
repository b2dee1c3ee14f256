//! The account and region of what does not name its own: requests, and what is created at start.

use super::{AccountId, Region};

/// The server's own account and region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// The account of callers whose access key id does not name one.
    pub account: AccountId,
    /// The region of requests that name none.
    pub region: Region,
}
