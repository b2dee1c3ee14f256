//! Initial resources: queues, topics and subscriptions that files describe, created before the server starts to serve.
//!
//! In reading order: [`plan`] is the result of both formats; `files` reads the files; [`template`] resolves
//! CloudFormation templates; [`short`] is topiq's own format; [`invoke`] is the interface to the services, `apply`
//! creates the planned resources; [`error`] has the errors and their places.

mod apply;
pub mod error;
mod files;
pub mod invoke;
pub mod plan;
pub mod short;
pub mod template;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::aws::{Arn, Home};
use crate::document::{self, Node};
use crate::services::Services;
use crate::services::sqs::inspect::dead_letter_queue;
use error::InitError;
use files::File;
use plan::{Context, Plan, Wanted};

/// The files of `--init`, and the parameters of their templates.
#[derive(Clone, Debug, Default)]
pub struct Init {
    /// Files, and directories of YAML and JSON files; `-` is the standard input.
    pub paths: Vec<PathBuf>,
    /// Values of templates' parameters, by name.
    pub parameters: Vec<(String, String)>,
}

/// Creates everything that the files describe. `endpoint` is the start of URLs.
pub(crate) async fn start(
    services: &Services,
    init: &Init,
    home: Home,
    endpoint: &str,
) -> Result<(), InitError> {
    if init.paths.is_empty() && init.parameters.is_empty() {
        return Ok(());
    }
    let context = Context {
        home,
        endpoint: endpoint.to_owned(),
        parameters: init.parameters.clone(),
        exports: BTreeMap::new(),
    };
    let files = files::read(&init.paths)?;
    let plan = plan_of(&files, &context)?;
    for warning in &plan.warnings {
        tracing::warn!("{warning}");
    }
    apply::apply(services, &context, &plan).await?;
    let count = |of: fn(&Wanted) -> bool| {
        let all = plan.resources.iter();
        all.filter(|resource| of(&resource.wanted)).count()
    };
    tracing::info!(
        "Resources from --init: {} queues, {} topics, {} subscriptions.",
        count(|wanted| matches!(wanted, Wanted::Queue { .. })),
        count(|wanted| matches!(wanted, Wanted::Topic { .. })),
        count(|wanted| matches!(wanted, Wanted::Subscription { .. })),
    );
    Ok(())
}

/// A file, read.
struct Parsed {
    file: Arc<str>,
    root: Node,
}

/// The plan of all files together: each may refer to resources of another.
fn plan_of(files: &[File], context: &Context) -> Result<Plan, InitError> {
    let documents = files.iter().map(document_of);
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    let (templates, others): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .partition(|document| template::is_template(&document.root));
    check_parameters(&templates, context)?;
    let context = &with_exports(context, &templates);
    let mut plan = Plan::default();
    for Parsed { file, root } in &templates {
        let planned = template::plan(file, root, context, stack_name(file));
        add(&mut plan, planned.map_err(InitError::template)?);
    }
    let own: Vec<_> = others
        .iter()
        .map(|document| short::File {
            name: document.file.clone(),
            root: &document.root,
        })
        .collect();
    let planned = short::plan(&own, names(&plan), context)?;
    add(&mut plan, planned);
    let dead_letter_queues = DeadLetterQueues::of(&plan);
    plan.resources
        .sort_by_key(|resource| turn(&resource.wanted, &dead_letter_queues));
    Ok(plan)
}

fn document_of(file: &File) -> Result<Parsed, InitError> {
    let root = document::read(&file.text).map_err(|error| InitError::Written {
        file: file.name.clone(),
        line: error.line,
        sentence: error.message,
    })?;
    Ok(Parsed {
        file: file.name.clone(),
        root,
    })
}

/// A parameter that no template has must be misspelt.
fn check_parameters(templates: &[Parsed], context: &Context) -> Result<(), InitError> {
    let has = |name: &str| {
        let mut all = templates.iter();
        all.any(|document| template::parameters(&document.root).contains(&name))
    };
    match context.parameters.iter().find(|(name, _)| !has(name)) {
        Some((name, _)) => Err(InitError::NoSuchParameter(name.clone())),
        None => Ok(()),
    }
}

/// The context with the templates' exports to each other. An export may depend on imports: each round resolves those
/// whose imports the previous round has resolved.
fn with_exports(context: &Context, templates: &[Parsed]) -> Context {
    let mut context = context.clone();
    loop {
        let all = templates.iter();
        let exports: BTreeMap<_, _> = all
            .flat_map(|Parsed { file, root }| template::exports(root, &context, stack_name(file)))
            .collect();
        if exports == context.exports {
            return context;
        }
        context.exports = exports;
    }
}

/// The stack's name, with which generated names begin. `cdk synth` writes the stack `Shop` to `Shop.template.json`.
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

/// The dead-letter queue of each queue, by name.
struct DeadLetterQueues(HashMap<String, String>);

impl DeadLetterQueues {
    fn of(plan: &Plan) -> Self {
        let queues = plan.resources.iter().filter_map(|resource| {
            let Wanted::Queue {
                name, attributes, ..
            } = &resource.wanted
            else {
                return None;
            };
            let mut attributes = attributes.iter();
            let policy = attributes.find(|attribute| attribute.name == "RedrivePolicy")?;
            let arn = dead_letter_queue(&policy.value)?;
            let arn = Arn::parse(&arn)?;
            Some((name.clone(), arn.resource.to_owned()))
        });
        Self(queues.collect())
    }

    /// How many dead-letter queues follow a queue: each must exist before the queue that names it.
    fn after(&self, name: &str) -> usize {
        // A circle has no end: the service refuses it.
        let next = |name: &&String| self.0.get(*name);
        let all = std::iter::successors(self.0.get(name), next);
        all.take(self.0.len()).count()
    }
}

/// The turn in which a resource is created; those of one turn keep their order.
fn turn(wanted: &Wanted, dead_letter_queues: &DeadLetterQueues) -> (u8, usize) {
    match wanted {
        Wanted::Queue { name, .. } => (0, dead_letter_queues.after(name)),
        Wanted::QueueAttributes { .. } => (1, 0),
        Wanted::Topic { .. } => (2, 0),
        Wanted::TopicAttributes { .. } => (3, 0),
        Wanted::Subscription { .. } => (4, 0),
    }
}
