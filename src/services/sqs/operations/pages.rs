//! The pages of the two listings of queues.

use std::sync::Arc;

use crate::aws::page::{self, Page, TokenRefused};
use crate::services::sqs::error::Error;
use crate::services::sqs::limits;

/// The page of names that a request asks for; `request` stands for its other parameters, `list` gives so many names after
/// one. Each page may have another size (recorded).
///
/// Without `MaxResults` AWS returns 1,000 at most and never a token.
pub(super) fn page(
    max_results: Option<i32>,
    next_token: Option<&str>,
    request: &str,
    list: impl FnOnce(Option<&str>, usize) -> Vec<Arc<str>>,
) -> Result<Page<Arc<str>>, Error> {
    let name = |name: &Arc<str>| name.to_string();
    let sentence = |sentence: &'static str| Error::InvalidParameter(sentence.into());
    let Some(max_results) = max_results else {
        if next_token.is_some() {
            return Err(sentence(
                "MaxResults is a mandatory parameter when you provide a value for NextToken.",
            ));
        }
        let largest = usize::try_from(*limits::PAGE.end()).unwrap_or(usize::MAX);
        let mut page =
            page::page(largest, request, None, name, list).expect("no token, none refused");
        page.next_token = None;
        return Ok(page);
    };
    let size = usize::try_from(max_results)
        .ok()
        .filter(|_| limits::PAGE.contains(&max_results));
    let size = size.ok_or_else(|| {
        sentence(
            "Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.",
        )
    })?;
    page::page(size, request, next_token, name, list).map_err(|refused| match refused {
        TokenRefused::Unreadable => sentence("Invalid or expired next token."),
        TokenRefused::OtherRequest => sentence(
            "Invalid NextToken value. If you are passing in NextToken, you must not change the other request parameters.",
        ),
    })
}
