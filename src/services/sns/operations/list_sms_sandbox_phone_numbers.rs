//! `ListSMSSandboxPhoneNumbers`: the numbers in the sandbox, and whether they are verified.

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
    let numbers = sns.phones.look(caller.account, caller.region, |phones| {
        let numbers = phones.sandbox.numbers();
        let shown = numbers.map(|(number, status)| SandboxPhoneNumber {
            phone_number: number.to_owned(),
            status,
        });
        shown.collect()
    });
    let number = |shown: &SandboxPhoneNumber| shown.phone_number.clone();
    let next_token = input.next_token.as_deref();
    let page = pages::page_of(size, numbers, number, next_token, "sandbox")?;
    Ok(ListSmsSandboxPhoneNumbersOutput {
        phone_numbers: page.items,
        next_token: page.next_token,
    })
}
