//! The pages of SNS's listings, most of them of a fixed size.

use crate::aws::page::{self, Page};
use crate::services::sns::error::Error;
use crate::services::sns::limits;

/// The page of items that a request asks for. `list` gives so many items after the one of a name, in the order of their
/// `name`s; `request` stands for the request's other parameters.
pub(super) fn page<T>(
    next_token: Option<&str>,
    request: &str,
    name: impl Fn(&T) -> String,
    list: impl FnOnce(Option<&str>, usize) -> Vec<T>,
) -> Result<Page<T>, Error> {
    let page = page::page(limits::PAGE, request, next_token, name, list);
    page.map_err(|_| Error::invalid("NextToken"))
}

/// The page of `items`, which are few, at most `size` of them. They are sorted by their `name`.
pub(super) fn page_of<T>(
    size: usize,
    items: Vec<T>,
    name: impl Fn(&T) -> String,
    next_token: Option<&str>,
    request: &str,
) -> Result<Page<T>, Error> {
    let list = |last: Option<&str>, _| page::after(items, &name, last);
    let page = page::page(size, request, next_token, &name, list);
    page.map_err(|_| Error::invalid("NextToken"))
}
