//! `CreateSMSSandboxPhoneNumber`: adds a number to the sandbox, and sends it a one-time password. Since no message
//! leaves this machine, the password's message is among the captured ones.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::sandbox;
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::delivery::recipient::Recipient;
use crate::services::sns::error::Error;
use crate::services::sns::phones::PhoneNumber;
use crate::services::sns::protocol::Protocol;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateSmsSandboxPhoneNumberInput {
    phone_number: Option<String>,
    language_code: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct CreateSmsSandboxPhoneNumberOutput {}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: CreateSmsSandboxPhoneNumberInput,
) -> Result<CreateSmsSandboxPhoneNumberOutput, Error> {
    let mut validation = Validation::default();
    validation.check(
        "phoneNumber",
        input.phone_number.as_deref(),
        &sandbox::NUMBER,
    );
    validation.check(
        "languageCode",
        input.language_code.as_deref(),
        &sandbox::LANGUAGE,
    );
    validation.finish()?;
    let number = input.phone_number.unwrap_or_default();
    // Six digits, the first of them not zero, which people would leave out.
    let password = (100_000 + sns.ids.number() % 900_000).to_string();
    sns.phones.change(caller.account, caller.region, |phones| {
        let is_opted_out =
            PhoneNumber::parse(&number).is_some_and(|number| phones.opt_outs.contains(&number));
        if is_opted_out {
            // AWS's own text is not recorded.
            return Err(Error::OptedOut("The phone number is opted out."));
        }
        phones.sandbox.add(&number, password.clone())
    })?;
    // Not AWS's own text, which is not recorded.
    let text: Arc<str> = format!("Your verification code is {password}.").into();
    let recipient = Recipient::direct(caller, Protocol::Sms, number.into());
    sns.deliveries
        .captured
        .keep(recipient.plain_text(sns.now(), sns.ids.message_id(), text));
    Ok(CreateSmsSandboxPhoneNumberOutput {})
}
