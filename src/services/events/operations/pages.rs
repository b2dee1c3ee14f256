//! The pages of EventBridge's listings.

use crate::aws::page::{self, Page};
use crate::aws::validation::Validation;
use crate::services::events::constraints::{PAGES, TOKENS};
use crate::services::events::error::Error;
use crate::services::events::limits;

/// Checks the two members that all listings have.
pub(super) fn validate(validation: &mut Validation, next_token: Option<&str>, limit: Option<i32>) {
    validation.check("nextToken", next_token, &TOKENS);
    validation.check("limit", limit, &PAGES);
}

/// Refuses more than one of the filters that exclude each other.
pub(super) fn check_filters(action: &str, filters: [Option<&str>; 3]) -> Result<(), Error> {
    if filters.into_iter().flatten().count() > 1 {
        return Err(Error::invalid(format!(
            "At most one filter is allowed for {action}. Use either : State, EventSourceArn, or NamePrefix."
        )));
    }
    Ok(())
}

/// The page that a request asks for. `list` gives so many items after the one of a name, in the order of their `name`s;
/// `request` stands for the request's other parameters.
pub(super) fn page<T>(
    limit: Option<i32>,
    next_token: Option<&str>,
    request: &str,
    name: impl Fn(&T) -> String,
    list: impl FnOnce(Option<&str>, usize) -> Vec<T>,
) -> Result<Page<T>, Error> {
    let size = limit.and_then(|limit| usize::try_from(limit).ok());
    let size = size.unwrap_or(limits::PAGE);
    page::page(size, request, next_token, name, list).map_err(|_| Error::InvalidToken)
}
