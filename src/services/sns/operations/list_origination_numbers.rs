//! `ListOriginationNumbers`: an account's own numbers to send from. There are none here.

use serde::{Deserialize, Serialize};

use super::{pages, sandbox};
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::limits;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListOriginationNumbersInput {
    next_token: Option<String>,
    max_results: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListOriginationNumbersOutput {
    phone_numbers: Vec<String>,
}

pub(super) fn call(
    _: &Sns,
    _: &Caller<'_>,
    input: ListOriginationNumbersInput,
) -> Result<ListOriginationNumbersOutput, Error> {
    let size = sandbox::page_size(input.max_results, limits::ORIGINATION_PAGE)?;
    let next_token = input.next_token.as_deref();
    let page = pages::page_of(size, Vec::new(), String::clone, next_token, "origination")?;
    Ok(ListOriginationNumbersOutput {
        phone_numbers: page.items,
    })
}
