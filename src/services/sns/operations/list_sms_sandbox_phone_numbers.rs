//! `ListSMSSandboxPhoneNumbers`: the numbers of the sandbox, and which are verified.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{pages, sandbox};
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::limits;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSmsSandboxPhoneNumbersInput {
    next_token: Option<String>,
    max_results: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSmsSandboxPhoneNumbersOutput {
    phone_numbers: Vec<SandboxPhoneNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SandboxPhoneNumber {
    phone_number: String,
    status: &'static str,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListSmsSandboxPhoneNumbersInput,
) -> Result<ListSmsSandboxPhoneNumbersOutput, Error> {
    let size = sandbox::page_size(input.max_results, limits::SANDBOX_PAGE)?;
    let status: BTreeMap<_, _> = sns.phones.look(caller.account, caller.region, |phones| {
        let numbers = phones.sandbox.numbers();
        numbers
            .map(|(number, status)| (number.to_owned(), status))
            .collect()
    });
    let numbers = status.keys().cloned().collect();
    let page = pages::page_of(size, numbers, input.next_token.as_deref(), "sandbox")?;
    let shown = page.names.into_iter().map(|number| SandboxPhoneNumber {
        status: status[&number],
        phone_number: number,
    });
    Ok(ListSmsSandboxPhoneNumbersOutput {
        phone_numbers: shown.collect(),
        next_token: page.next_token,
    })
}
