//! `SetSMSAttributes`: sets how the caller's account wants its text messages sent: all attributes of the call, or none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
pub(super) struct SetSmsAttributesInput {
    attributes: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Serialize)]
pub(super) struct SetSmsAttributesOutput {}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: SetSmsAttributesInput,
) -> Result<SetSmsAttributesOutput, Error> {
    let asked = input
        .attributes
        .filter(|asked| !asked.is_empty())
        .ok_or_else(|| Error::missing("attributes"))?;
    sns.phones.change(caller.account, caller.region, |phones| {
        phones.preferences = phones.preferences.with(&asked)?;
        Ok(SetSmsAttributesOutput {})
    })
}
