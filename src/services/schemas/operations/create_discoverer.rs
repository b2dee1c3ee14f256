//! `CreateDiscoverer`: watches a bus, and writes what its events look like into `discovered-schemas`.

use serde::Deserialize;

use super::shown::ShownDiscoverer;
use super::tags;
use crate::aws::Caller;
use crate::aws::tags::Tags;
use crate::aws::validation::{Rule, Validation};
use crate::services::schemas::Schemas;
use crate::services::schemas::constraints::DESCRIPTIONS;
use crate::services::schemas::discoverers::{Described, State};
use crate::services::schemas::error::Error;

static SOURCES: [Rule; 2] = [Rule::LengthAtLeast(20), Rule::LengthAtMost(1600)];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateDiscovererInput {
    description: Option<String>,
    source_arn: Option<String>,
    cross_account: Option<bool>,
    #[serde(rename = "tags")]
    tags: Option<Tags>,
}

pub(super) fn call(
    schemas: &Schemas,
    caller: &Caller<'_>,
    input: CreateDiscovererInput,
) -> Result<ShownDiscoverer, Error> {
    let mut validation = Validation::default();
    validation.check("description", input.description.as_deref(), &DESCRIPTIONS);
    let source = validation.required_text("sourceArn", input.source_arn.as_deref(), &SOURCES);
    validation.finish()?;
    let described = Described {
        description: input.description,
        tags: tags::of_new(input.tags)?,
        state: State::Started,
        cross_account: input.cross_account.unwrap_or(true),
    };
    let discoverer = schemas.discoverers.add(caller, source, described)?;
    Ok(ShownDiscoverer::of(&discoverer))
}
