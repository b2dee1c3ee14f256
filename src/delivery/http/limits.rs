//! The numbers of HTTP deliveries.

use std::time::Duration;

/// How much of an answer is read beyond the wanted part: reading it whole lets the connection be reused.
pub(super) const ANSWER_BYTES: usize = 64 * 1024;

/// How large the head of an answer may be. hyper's minimum is 8 KiB.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

/// How long an idle connection is kept. Shorter than servers keep theirs (5 seconds is a common default), so that none
/// is used just as the other side closes it.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(3);

/// What a request that waits holds besides its message: its headers, and what makes its body and judges its outcome.
pub(super) const REQUEST_BYTES: usize = 2048;

/// How long to wait for one of a name's addresses before the next is tried.
pub(super) const CONNECT: Duration = Duration::from_secs(5);
