//! The pages of SNS's listings, most of them of a fixed size.

use crate::aws::page::{self, Page};
use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// The page of `items` that a request asks for. Items are sorted by their `name`; `request` stands for its other
/// parameters.
pub(super) fn page<T>(
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    next_token: Option<&str>,
    request: &str,
) -> Result<Page<T>, Error> {
    page_of(limits::PAGE, items, name, next_token, request)
}

/// The same, of at most `size` items.
pub(super) fn page_of<T>(
    size: usize,
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    next_token: Option<&str>,
    request: &str,
) -> Result<Page<T>, Error> {
    page::page(items, name, size, request, next_token).map_err(|_| Error::invalid("NextToken"))
}
