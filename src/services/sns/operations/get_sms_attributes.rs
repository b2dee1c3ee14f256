//! `GetSMSAttributes`: how the caller's account wants its text messages sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;

#[derive(Debug, Deserialize)]
pub(super) struct GetSmsAttributesInput {
    attributes: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
pub(super) struct GetSmsAttributesOutput {
    attributes: BTreeMap<&'static str, String>,
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "an action's answer can be an error, this one's alone cannot"
)]
pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: GetSmsAttributesInput,
) -> Result<GetSmsAttributesOutput, Error> {
    let mut attributes = sns.phones.look(caller.account, caller.region, |phones| {
        phones.preferences.shown()
    });
    if let Some(asked) = input.attributes.filter(|asked| !asked.is_empty()) {
        attributes.retain(|name, _| asked.iter().any(|asked| asked == name));
    }
    Ok(GetSmsAttributesOutput { attributes })
}
