//! `PutResourcePolicy`: replaces a registry's policy.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::policies::{self, ShownPolicy};
use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;
use crate::services::schemas::registry::Policy;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutResourcePolicyInput {
    policy: Option<String>,
    registry_name: Option<String>,
    revision_id: Option<String>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: PutResourcePolicyInput,
) -> Result<ShownPolicy, Error> {
    let mut validation = Validation::default();
    let text = validation.required("policy", input.policy);
    validation.finish()?;
    let registry = policies::registry(schemas, caller, input.registry_name.as_deref())?;
    if serde_json::from_str::<Map<String, Value>>(&text).is_err() {
        return Err(Error::bad("The policy is not a JSON object."));
    }
    let mut held = registry.writable()?;
    let present = held.policy.as_ref().map(|policy| &policy.revision_id);
    if input.revision_id.is_some() && input.revision_id.as_ref() != present {
        return Err(Error::OtherRevision);
    }
    let policy = Policy {
        text,
        revision_id: schemas.ids.message_id().to_string(),
    };
    held.policy = Some(policy.clone());
    Ok(policy.into())
}
