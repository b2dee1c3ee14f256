//! `CreatePlatformApplication`: registers an app of a push service, or finds the existing one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::sns::Sns;
use crate::services::sns::error::Error;
use crate::services::sns::limits;
use crate::services::sns::platforms::{ApplicationAttributes, ApplicationName, Platform};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreatePlatformApplicationInput {
    name: Option<String>,
    platform: Option<String>,
    attributes: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreatePlatformApplicationOutput {
    platform_application_arn: String,
}

pub(super) fn call(
    sns: &Sns,
    caller: &Caller<'_>,
    input: CreatePlatformApplicationInput,
) -> Result<CreatePlatformApplicationOutput, Error> {
    let mut validation = Validation::default();
    let name = validation.required("name", input.name);
    let platform = validation.required("platform", input.platform);
    let asked = input.attributes.filter(|asked| !asked.is_empty());
    let asked = validation.required("attributes", asked);
    validation.finish()?;

    check_name(&name)?;
    let platform = Platform::parse(&platform).ok_or_else(|| {
        Error::invalid_because("Platform", format!("{platform} is not supported"))
    })?;
    let attributes = ApplicationAttributes::new(&asked)?;
    attributes.check_credentials(platform)?;
    let name = ApplicationName::new(caller.account, caller.region, platform, &name);
    let (application, is_new) = sns.platforms.get_or_insert(&name, attributes.clone());
    if !is_new && *application.attributes() != attributes {
        // A client library's tests saw AWS answer this.
        let reason = "An application with the same name but different properties already exists";
        return Err(Error::invalid_because("Name", reason));
    }
    Ok(CreatePlatformApplicationOutput {
        platform_application_arn: application.arn.to_string(),
    })
}

/// AWS's errors contain the name itself where other errors contain the parameter's (recorded).
fn check_name(name: &str) -> Result<(), Error> {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    let reason = if name.is_empty() {
        "cannot be empty"
    } else if name.chars().count() > limits::APPLICATION_NAME_LENGTH {
        "must be at most 256 characters long"
    } else if !name.chars().all(is_allowed) {
        "must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'"
    } else {
        return Ok(());
    };
    Err(Error::invalid_because(name, reason))
}
