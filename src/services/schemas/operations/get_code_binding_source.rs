//! `GetCodeBindingSource`: gives the code that was made of a version of a schema, as a zip archive.

use std::sync::Arc;

use serde::Serialize;

use super::code_binding::OfBinding;
use crate::aws::Caller;
use crate::services::schemas::Schemas;
use crate::services::schemas::error::Error;
use crate::wire::Blob;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetCodeBindingSourceOutput {
    body: Blob,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: OfBinding,
) -> Result<GetCodeBindingSourceOutput, Error> {
    let language = input.language()?;
    // The code is written when the registry is free again.
    let content = input.find(schemas, caller, |_, version, _| {
        Arc::clone(&version.content)
    })?;
    Ok(GetCodeBindingSourceOutput {
        body: Blob(language.source(&input.schema_name, &content)),
    })
}
