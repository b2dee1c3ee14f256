//! What the requests about policies have. A policy belongs to a registry, and is kept and shown.

use std::sync::Arc;

use serde::Serialize;

use crate::aws::Caller;
use crate::aws::validation::Violations;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;
use crate::services::schemas::registry::{Policy, Registry};

/// A policy in an answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ShownPolicy {
    policy: String,
    revision_id: String,
}

impl From<Policy> for ShownPolicy {
    fn from(policy: Policy) -> Self {
        Self {
            policy: policy.text,
            revision_id: policy.revision_id,
        }
    }
}

/// The registry whose policy a request is about. The model lets its name be absent; there is no policy of none.
pub(super) fn registry(
    schemas: &Schemas,
    caller: &Caller<'_>,
    name: Option<&str>,
) -> Result<Arc<Registry>, Error> {
    let name = name.ok_or_else(|| Violations::null("registryName"))?;
    schemas.registries.get(caller, name)
}
