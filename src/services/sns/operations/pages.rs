//! What SNS's listings share: pages, most of them of a fixed size.

use crate::aws::page::{self, Page};
use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// The page that a request asks for of `items`, which are sorted by their `name`; `request` is what its other parameters
/// are.
pub(super) fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    next_token: Option<&str>,
    request: &str,
) -> Result<Page<T>, Error> {
    page_of(limits::PAGE, items, name, next_token, request)
}

/// The same, of `size` items at most.
pub(super) fn page_of<T>(
    size: usize,
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    next_token: Option<&str>,
    request: &str,
) -> Result<Page<T>, Error> {
    page::page(items, name, size, request, next_token).map_err(|_| Error::invalid("NextToken"))
}
