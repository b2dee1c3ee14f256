//! What exists from the start: files that describe queues, topics and subscriptions, made before the server serves.
//!
//! In reading order: [`plan`] is what both formats become; `files`
//! reads what is named; [`template`] resolves CloudFormation's templates; [`short`] is topiq's own format,
//! [`attributes`] what both it and exports know of attributes; `apply` makes what is planned; [`error`] says what is wrong
//! and where.

mod apply;
pub mod attributes;
pub mod error;
mod files;
pub mod plan;
pub mod short;
pub mod template;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::aws::{Arn, Caller, Home};
use crate::document::{self, Node};
use crate::services::Services;
use crate::services::sqs::redrive_policy::RedrivePolicy;
use error::InitError;
use files::File;
use plan::{Plan, Scope, Wanted};

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
    if init.paths.is_empty() && init.parameters.is_empty() {
        return Ok(());
    }
    let scope = Scope {
        home,
        endpoint: endpoint.to_owned(),
        parameters: init.parameters.clone(),
        exports: BTreeMap::new(),
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
    apply::apply(services, caller, &plan).await?;
    let count = |of: fn(&Wanted) -> bool| {
        let all = plan.resources.iter();
        all.filter(|resource| of(&resource.wanted)).count()
    };
    tracing::info!(
        "Made as described: {} queues, {} topics, {} subscriptions.",
        count(|wanted| matches!(wanted, Wanted::Queue { .. })),
        count(|wanted| matches!(wanted, Wanted::Topic { .. })),
        count(|wanted| matches!(wanted, Wanted::Subscription { .. })),
    );
    Ok(())
}

/// A file, read.
struct Document {
    file: Arc<str>,
    root: Node,
}

/// What all files describe together: each may refer to what another has.
fn plan_of(files: &[File], scope: &Scope) -> Result<Plan, InitError> {
    let documents = files.iter().map(document_of);
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    let (templates, others): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .partition(|document| template::is_template(&document.root));
    check_parameters(&templates, scope)?;
    let scope = &with_exports(scope, &templates);
    let mut plan = Plan::default();
    for Document { file, root } in &templates {
        let planned = template::plan(file, root, scope, stack_name(file));
        add(&mut plan, planned.map_err(InitError::template)?);
    }
    let own: Vec<_> = others
        .iter()
        .map(|document| short::File {
            name: document.file.clone(),
            root: &document.root,
        })
        .collect();
    let planned = short::plan(&own, names(&plan), scope)?;
    add(&mut plan, planned);
    let dead_letters = DeadLetters::of(&plan);
    plan.resources
        .sort_by_key(|resource| turn(&resource.wanted, &dead_letters));
    Ok(plan)
}

fn document_of(file: &File) -> Result<Document, InitError> {
    let root = document::read(&file.text).map_err(|error| InitError::Written {
        file: file.name.clone(),
        line: error.line,
        sentence: error.message,
    })?;
    Ok(Document {
        file: file.name.clone(),
        root,
    })
}

/// A parameter that nothing has was misspelt.
fn check_parameters(templates: &[Document], scope: &Scope) -> Result<(), InitError> {
    let has = |name: &str| {
        let mut all = templates.iter();
        all.any(|document| template::parameters(&document.root).contains(&name))
    };
    match scope.parameters.iter().find(|(name, _)| !has(name)) {
        Some((name, _)) => Err(InitError::NoSuchParameter(name.clone())),
        None => Ok(()),
    }
}

/// The scope with what the templates export for each other. What one exports may be made of what it imports: each round
/// tells what the one before has made possible.
fn with_exports(scope: &Scope, templates: &[Document]) -> Scope {
    let mut scope = scope.clone();
    loop {
        let all = templates.iter();
        let exports: BTreeMap<_, _> = all
            .flat_map(|Document { file, root }| template::exports(root, &scope, stack_name(file)))
            .collect();
        if exports == scope.exports {
            return scope;
        }
        scope.exports = exports;
    }
}

/// What names begin with that a template does not give. `cdk synth` writes the stack `Shop` to `Shop.template.json`.
fn stack_name(file: &str) -> &str {
    let name = Path::new(file).file_stem().and_then(|name| name.to_str());
    let name = name.unwrap_or_default();
    name.strip_suffix(".template").unwrap_or(name)
}

fn add(plan: &mut Plan, other: Plan) {
    plan.resources.extend(other.resources);
    plan.warnings.extend(other.warnings);
}

fn names(plan: &Plan) -> short::Names {
    let mut names = short::Names::default();
    for resource in &plan.resources {
        match &resource.wanted {
            Wanted::Queue { name, .. } => names.queues.insert(name.clone()),
            Wanted::Topic { name, .. } => names.topics.insert(name.clone()),
            _ => false,
        };
    }
    names
}

/// Which queue's dead letters go to which, by name.
struct DeadLetters(HashMap<String, String>);

impl DeadLetters {
    fn of(plan: &Plan) -> Self {
        let targets = plan.resources.iter().filter_map(|resource| {
            let Wanted::Queue {
                name, attributes, ..
            } = &resource.wanted
            else {
                return None;
            };
            let mut attributes = attributes.iter();
            let policy = attributes.find(|attribute| attribute.name == "RedrivePolicy")?;
            let policy = RedrivePolicy::parse(&policy.value).ok()?;
            let arn = Arn::parse(&policy.dead_letter_target_arn)?;
            Some((name.clone(), arn.resource.to_owned()))
        });
        Self(targets.collect())
    }

    /// How many queues a queue's messages may still pass: its dead-letter queue must exist before it.
    fn after(&self, name: &str) -> usize {
        // A circle has no beginning: the service says so.
        let next = |name: &&String| self.0.get(*name);
        let all = std::iter::successors(self.0.get(name), next);
        all.take(self.0.len()).count()
    }
}

/// What comes first when several files are made; within its turn each keeps its place.
fn turn(wanted: &Wanted, dead_letters: &DeadLetters) -> (u8, usize) {
    match wanted {
        Wanted::Queue { name, .. } => (0, dead_letters.after(name)),
        Wanted::QueueAttributes { .. } => (1, 0),
        Wanted::Topic { .. } => (2, 0),
        Wanted::TopicAttributes { .. } => (3, 0),
        Wanted::Subscription { .. } => (4, 0),
    }
}
