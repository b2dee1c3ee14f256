//! What exists from the start: files that describe queues, topics and subscriptions, made before the server serves.
//!
//! In reading order: [`plan`] is what both formats become; [`document`] reads YAML and JSON with their lines; `files`
//! reads what is named, `apply` makes what is planned, [`error`] says what is wrong and where.

pub(crate) mod apply;
pub mod document;
pub mod error;
mod files;
pub mod plan;

use std::path::PathBuf;

use crate::aws::{Caller, Home};
use crate::services::Services;
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

fn plan_of(_files: &[File], _scope: &Scope) -> Result<Plan, InitError> {
    Ok(Plan::default())
}
