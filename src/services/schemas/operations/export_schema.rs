//! `ExportSchema`: gives a discovered schema as a JSON Schema of Draft 4.

use serde::{Deserialize, Serialize};

use serde_json::Value;

use crate::aws::Caller;
use crate::aws::validation::{Rule, Validation};
use crate::services::schemas::Schemas;
use crate::services::schemas::discovery::draft4;
use crate::services::schemas::error::Error;
use crate::services::schemas::schema::Kind;

/// The only type that there is an export to. (`ExportSchema`.)
static TYPES: [Rule; 1] = [Rule::OneOf(&["JSONSchemaDraft4"])];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExportSchemaInput {
    registry_name: Option<String>,
    schema_name: Option<String>,
    schema_version: Option<String>,
    #[serde(rename = "Type")]
    kind: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ExportSchemaOutput {
    content: String,
    schema_arn: String,
    schema_name: String,
    schema_version: String,
    #[serde(rename = "Type")]
    kind: Kind,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: ExportSchemaInput,
) -> Result<ExportSchemaOutput, Error> {
    let mut validation = Validation::default();
    validation.required_text("type", input.kind.as_deref(), &TYPES);
    validation.finish()?;
    let registry = input.registry_name.unwrap_or_default();
    let registry = schemas.registries.get(caller, &registry)?;
    let name = input.schema_name.unwrap_or_default();
    let (schema_arn, number, kind, content) = {
        let held = registry.held();
        let schema = held.schema(&name)?;
        let version = schema.version(input.schema_version.as_deref())?;
        let content = version.content.clone();
        (schema.arn.clone(), version.number, version.kind, content)
    };
    if !registry.is_built_in() {
        return Err(Error::NotExported);
    }
    let content = match kind {
        Kind::JsonSchemaDraft4 => content.to_string(),
        Kind::OpenApi3 => {
            let document: Value = serde_json::from_str(&content).unwrap_or_default();
            draft4::of_open_api(&document).to_string()
        }
    };
    Ok(ExportSchemaOutput {
        content,
        schema_arn,
        schema_name: name,
        schema_version: number.to_string(),
        kind: Kind::JsonSchemaDraft4,
    })
}
