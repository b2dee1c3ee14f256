//! The pages of listings of groups and streams.

use crate::aws::page::{self, Page};
use crate::aws::validation::Validation;
use crate::services::logs::constraints::{PAGES, TOKENS};
use crate::services::logs::error::Error;
use crate::services::logs::limits;

/// Checks the two members that both listings have.
pub(super) fn validate(validation: &mut Validation, next_token: Option<&str>, limit: Option<i32>) {
    validation.check("nextToken", next_token, &TOKENS);
    validation.check("limit", limit, &PAGES);
}

/// The page that a request asks for. `list` gives so many items after the one of a name, in the order of their `name`s;
/// `request` stands for the request's other parameters.
///
/// A stream's name may have line breaks, which tokens do not: they hold names as JSON.
pub(super) fn page<T>(
    limit: Option<i32>,
    next_token: Option<&str>,
    request: &str,
    name: impl Fn(&T) -> String,
    list: impl FnOnce(Option<&str>, usize) -> Vec<T>,
) -> Result<Page<T>, Error> {
    let size = limit.and_then(|limit| usize::try_from(limit).ok());
    let size = size.unwrap_or(limits::PAGE);
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let unquoted = |json: &str| serde_json::from_str::<String>(json).unwrap_or_default();
    let name = |item: &T| quoted(&name(item));
    let list = |last: Option<&str>, count| list(last.map(unquoted).as_deref(), count);
    let page = page::page(size, &quoted(request), next_token, name, list);
    page.map_err(|_| Error::InvalidToken)
}

/// The number of events of a page.
pub(super) fn events(limit: Option<i32>) -> usize {
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    limit.unwrap_or(limits::PAGE_EVENTS)
}
