//! What the requests about code bindings have.

use serde::Deserialize;

use crate::aws::Caller;
use crate::aws::validation::Validation;
use crate::clock::Timestamp;
use crate::services::schemas::Schemas;
use crate::services::schemas::bindings::Language;
use crate::services::schemas::constraints::LANGUAGES;
use crate::services::schemas::error::Error;
use crate::services::schemas::schema::{Schema, Version};

/// A request about a code binding. All but the version is in its path.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct OfBinding {
    language: String,
    pub(super) registry_name: String,
    pub(super) schema_name: String,
    pub(super) schema_version: Option<String>,
}

impl OfBinding {
    pub(super) fn language(&self) -> Result<Language, Error> {
        let mut validation = Validation::default();
        validation.check("language", Some(&*self.language), &LANGUAGES);
        validation.finish()?;
        Ok(Language::named(&self.language))
    }

    /// What `show` says of the binding, if it was put.
    pub(super) fn find<R>(
        &self,
        schemas: &Schemas,
        caller: &Caller<'_>,
        show: impl FnOnce(&Schema, &Version, (Timestamp, Timestamp)) -> R,
    ) -> Result<R, Error> {
        let language = self.language()?;
        let registry = schemas.registries.get(caller, &self.registry_name)?;
        let held = registry.held();
        let schema = held.schema(&self.schema_name)?;
        let version = schema.version(self.schema_version.as_deref())?;
        let binding = version.bindings.get(&language).copied();
        let binding = binding.ok_or_else(|| Error::NoBinding(self.language.clone()))?;
        Ok(show(schema, version, binding))
    }
}
