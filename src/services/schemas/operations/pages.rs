//! The pages of the schema registry's listings.

use crate::aws::page::{self, Page};
use crate::aws::validation::{Rule, Validation};
use crate::services::schemas::error::Error;
use crate::services::schemas::limits;

/// The page that a request asks for. `list` gives so many items after the one of a name, in the order of their `name`s;
/// `request` stands for the request's other parameters.
pub(super) fn page<T>(
    limit: Option<i32>,
    next_token: Option<&str>,
    request: &str,
    name: impl Fn(&T) -> String,
    list: impl FnOnce(Option<&str>, usize) -> Vec<T>,
) -> Result<Page<T>, Error> {
    let mut validation = Validation::default();
    validation.check("limit", limit, &[Rule::AtLeast(1)]);
    validation.finish()?;
    let size = limit.and_then(|limit| usize::try_from(limit).ok());
    let size = size.unwrap_or(limits::PAGE).min(limits::PAGE);
    page::page(size, request, next_token, name, list)
        .map_err(|_| Error::bad("The pagination token is not valid."))
}
