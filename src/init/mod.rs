//! What exists from the start: files that describe queues, topics and subscriptions, made before the server serves.
//!
//! In reading order: [`plan`] is what both formats become; [`document`] reads YAML and JSON with their lines; `files`
//! reads what is named; [`short`] is topiq's own format, [`attributes`] what both it and exports know of attributes;
//! `apply` makes what is planned; [`error`] says what is wrong and where.

mod apply;
pub mod attributes;
pub mod document;
pub mod error;
mod files;
pub mod plan;
pub mod short;

use std::path::PathBuf;
use std::sync::Arc;

use crate::aws::{Caller, Home};
use crate::services::Services;
use document::Node;
use error::InitError;
use files::File;
use plan::{Plan, Scope};

/// What shall exist from the start.
#[derive(Clone, Debug, Default)]
pub struct Init {
    /// Files and directories that describe it; `-` is the standard input. Of a directory, the YAML and JSON files in it.
    pub paths: Vec<PathBuf>,
    /// Values of templates' parameters, by name.
    pub parameters: Vec<(String, String)>,
}

/// Makes all that is described. `endpoint` is what URLs start with.
pub(crate) async fn start(
    services: &Services,
    init: &Init,
    home: Home,
    endpoint: &str,
) -> Result<(), InitError> {
    let scope = Scope {
        account: home.account.to_string(),
        region: home.region.to_string(),
        endpoint: endpoint.to_owned(),
        parameters: init.parameters.clone(),
    };
    let files = files::read(&init.paths)?;
    let plan = plan_of(&files, &scope)?;
    for warning in &plan.warnings {
        tracing::warn!("{warning}");
    }
    let caller = Caller {
        account: home.account,
        region: home.region,
        action: "",
        is_signed: true,
        endpoint,
        trace_header: None,
        path: None,
    };
    apply::apply(services, caller, &plan).await
}

/// What all files describe together.
fn plan_of(files: &[File], scope: &Scope) -> Result<Plan, InitError> {
    let mut roots = Vec::new();
    for file in files {
        let root = document::read(&file.text).map_err(|error| InitError::Written {
            file: file.name.clone(),
            line: error.line,
            sentence: error.message,
        })?;
        roots.push((file.name.clone(), root));
    }
    check_parameters(&roots, scope)?;
    let own: Vec<_> = roots
        .iter()
        .map(|(name, root)| short::File {
            name: name.clone(),
            root,
        })
        .collect();
    let names = short::Names::default();
    let plan = short::plan(&own, names, scope)?;
    Ok(plan)
}

/// A parameter that nothing has was misspelt.
fn check_parameters(roots: &[(Arc<str>, Node)], scope: &Scope) -> Result<(), InitError> {
    for (name, _) in &scope.parameters {
        let has_it = |(_, root): &(_, Node)| {
            let parameters = root.get("Parameters");
            parameters.is_some_and(|parameters| parameters.get(name).is_some())
        };
        if !roots.iter().any(has_it) {
            return Err(InitError::NoSuchParameter(name.clone()));
        }
    }
    Ok(())
}
