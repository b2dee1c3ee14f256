//! `ListPhoneNumbersOptedOut`: the numbers that have opted out of the caller's account's messages, a hundred at a time.

use serde::{Deserialize, Serialize};

use super::pages;
use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::limits;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListPhoneNumbersOptedOutInput {
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListPhoneNumbersOptedOutOutput {
    phone_numbers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: ListPhoneNumbersOptedOutInput,
) -> Result<ListPhoneNumbersOptedOutOutput, Error> {
    let numbers = sns.phones.look(caller.account, caller.region, |phones| {
        phones.opt_outs.numbers().map(ToString::to_string).collect()
    });
    let next_token = input.next_token.as_deref();
    let page = pages::page_of(
        limits::PAGE,
        numbers,
        String::clone,
        next_token,
        "opted out",
    )?;
    Ok(ListPhoneNumbersOptedOutOutput {
        phone_numbers: page.items,
        next_token: page.next_token,
    })
}
