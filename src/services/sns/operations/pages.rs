//! What SNS's listings share: pages, most of them of a fixed size.

use crate::aws::page::{self, Page};
use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// The page of the sorted `names` that a request asks for; `request` is what its other parameters are.
pub(super) fn page(
    names: Vec<String>,
    next_token: Option<&str>,
    request: &str,
) -> Result<Page, Error> {
    page_of(limits::PAGE, names, next_token, request)
}

/// The same, of `size` names at most.
pub(super) fn page_of(
    size: usize,
    names: Vec<String>,
    next_token: Option<&str>,
    request: &str,
) -> Result<Page, Error> {
    page::page(names, size, request, next_token).map_err(|_| Error::invalid("NextToken"))
}
