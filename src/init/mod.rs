//! Initial resources: queues, topics and subscriptions that files describe, created before the server starts to serve.
//!
//! In reading order: [`plan`] is the result of all formats; `files` reads the files, `parameters` those with parameters;
//! `foreign` reads or names files of other tools; [`template`] resolves CloudFormation templates, with the [`library`] of
//! nested ones and the bound on their [`work`]; [`short`] is topiq's own format; [`invoke`] is the interface to the
//! services, `apply` creates the planned resources; [`error`] has the errors and their places, `one_line` words
//! them.

mod apply;
pub mod error;
mod files;
mod foreign;
pub mod invoke;
pub mod library;
mod one_line;
mod parameters;
pub mod plan;
pub mod short;
pub mod template;
#[cfg(test)]
mod tests;
pub mod work;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::aws::{Arn, Home};
use crate::document::Node;
use crate::names::did_you_mean;
use crate::services::Services;
use crate::services::sqs::inspect::dead_letter_queue;
use error::InitError;
use files::File;
use one_line::one_line;
use plan::{Context, Plan, Resource, Wanted};
use template::Stack;

/// The parameter by which a template's stack is named.
const STACK_NAME: &str = "AWS::StackName";

/// The files of `--init`, and the parameters of their templates.
#[derive(Clone, Debug, Default)]
pub struct Init {
    /// Files, and directories of YAML and JSON files; `-` is the standard input.
    pub paths: Vec<PathBuf>,
    /// Files of parameters; those of `parameters` override them.
    pub parameter_files: Vec<PathBuf>,
    /// Values of templates' parameters, by name.
    pub parameters: Vec<(String, String)>,
}

impl Init {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.parameters.is_empty() && self.parameter_files.is_empty()
    }
}

/// Creates everything that the files describe. `endpoint` is the start of URLs.
pub(crate) async fn start(
    services: &Services,
    init: &Init,
    home: Home,
    endpoint: &str,
) -> Result<(), InitError> {
    if init.is_empty() {
        return Ok(());
    }
    let plan = make(services, init, home, endpoint).await?;
    let count = |of: fn(&Wanted) -> bool| {
        let all = plan.resources.iter();
        all.filter(|resource| of(&resource.wanted)).count()
    };
    tracing::info!(
        "Resources from --init: {} queues, {} topics, {} subscriptions, {} others.",
        count(|wanted| matches!(wanted, Wanted::Queue { .. })),
        count(|wanted| matches!(wanted, Wanted::Topic { .. })),
        count(|wanted| matches!(wanted, Wanted::Subscription { .. })),
        count(|wanted| matches!(wanted, Wanted::Call(call) if call.made.is_some())),
    );
    Ok(())
}

/// The same, for those who want to know what was made.
pub(crate) async fn make(
    services: &Services,
    init: &Init,
    home: Home,
    endpoint: &str,
) -> Result<Plan, InitError> {
    let context = Context {
        home,
        endpoint: endpoint.to_owned(),
        ..Context::default()
    };
    let (context, plan) = planned(init.clone(), context).await?;
    for warning in &plan.warnings {
        tracing::warn!("{}", one_line(warning));
    }
    apply::apply(services, &context, &plan).await?;
    Ok(plan)
}

/// Reads the files and plans what they describe, on a thread where that may take its time. When the caller no longer waits,
/// the work stops.
async fn planned(init: Init, mut context: Context) -> Result<(Context, Plan), InitError> {
    let _stop = context.work.until_dropped();
    let planning = tokio::task::spawn_blocking(move || {
        context.parameters = parameters::read(&init)?;
        let files = files::read(&init.paths)?;
        let plan = plan_of(&files, &mut context)?;
        Ok((context, plan))
    });
    match planning.await {
        Ok(planned) => planned,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(InitError::Stopped),
        },
    }
}

/// A file, read.
struct Parsed {
    file: Arc<str>,
    root: Node,
    stack_name: String,
}

impl Parsed {
    fn stack(&self) -> Stack<'_> {
        Stack {
            file: &self.file,
            root: &self.root,
            name: &self.stack_name,
        }
    }
}

/// The plan of all files together: each may refer to resources of another. The context gets what the files say of it.
fn plan_of(files: &[File], context: &mut Context) -> Result<Plan, InitError> {
    let mut plan = Plan::default();
    let mut errors = Vec::new();
    let mut documents = Vec::new();
    for file in files {
        match parsed(file, context, &mut plan.warnings) {
            Ok(document) => documents.push(document),
            Err(error) => errors.push(error),
        }
    }
    let (templates, others): (Vec<_>, Vec<_>) = documents
        .into_iter()
        .partition(|document| template::is_template(&document.root));
    let mut nested = files::nested::Reader::new(&|file| {
        let read = foreign::read(&file.name, &file.text);
        read.map(|read| read.root)
            .map_err(|error| syntax(file, error))
    });
    for document in &templates {
        nested.read(&document.file, &document.root);
    }
    errors.append(&mut nested.errors);
    plan.warnings.append(&mut nested.warnings);
    context.library = nested.library();
    errors.extend(check_parameters(&templates, &others, context));
    InitError::unless_none(std::mem::take(&mut errors))?;
    context.exports = exports(context, &templates);
    for document in &templates {
        match template::plan(&document.stack(), context) {
            Ok(planned) => add(&mut plan, planned),
            Err(found) => errors.extend(found.into_iter().map(InitError::template)),
        }
    }
    // A template in error has no names that the short files could refer to.
    InitError::unless_none(errors)?;
    let own: Vec<_> = others
        .iter()
        .map(|document| short::File {
            name: document.file.clone(),
            root: &document.root,
        })
        .collect();
    let planned = short::plan(&own, names(&plan, context), context);
    add(&mut plan, planned.map_err(InitError::Several)?);
    leave_out_others(&mut plan, context);
    let turns = Turns::of(&plan);
    plan.resources
        .sort_by_key(|resource| turns.of_resource(&resource.wanted));
    Ok(plan)
}

fn parsed(file: &File, context: &Context, warnings: &mut Vec<String>) -> Result<Parsed, InitError> {
    let read = foreign::read(&file.name, &file.text).map_err(|error| syntax(file, error))?;
    let name = &file.name;
    let sentences = read.warnings.into_iter();
    warnings.extend(sentences.map(|(line, sentence)| format!("{name}:{line}: {sentence}")));
    let mut given = context.parameters.iter().rev();
    let given = given.find(|(name, _)| name == STACK_NAME);
    let stack_name = match (&file.stack_name, given) {
        (Some(name), _) | (None, Some((_, name))) => name,
        (None, None) => stack_name(name),
    };
    Ok(Parsed {
        file: name.clone(),
        stack_name: stack_name.to_owned(),
        root: read.root,
    })
}

fn syntax(file: &File, error: crate::document::SyntaxError) -> InitError {
    InitError::Written {
        file: file.name.clone(),
        line: error.line,
        sentence: error.message,
    }
}

/// A parameter that no file asks for must be misspelt.
fn check_parameters(templates: &[Parsed], others: &[Parsed], context: &Context) -> Vec<InitError> {
    let children = context.library.children().map(|child| &child.root);
    let roots = templates.iter().map(|document| &document.root);
    let asked = others.iter().map(|document| &document.root);
    let asked: Vec<_> = asked.flat_map(short::parameters).collect();
    let known: Vec<&str> = roots
        .chain(children)
        .flat_map(template::parameters)
        .chain(asked.iter().map(String::as_str))
        .chain([STACK_NAME])
        .collect();
    let given = context.parameters.iter().map(|(name, _)| name.as_str());
    let unknown = given
        .filter(|name| !known.contains(name) && !name.starts_with(template::DYNAMIC_REFERENCE));
    unknown
        .map(|name| InitError::NoSuchParameter {
            name: name.to_owned(),
            meant: did_you_mean(name, known.iter().copied()),
        })
        .collect()
}

/// The templates' exports to each other. An export may depend on imports: each round resolves those whose imports the
/// previous round has resolved.
fn exports(context: &Context, templates: &[Parsed]) -> BTreeMap<String, String> {
    let mut context = context.clone();
    loop {
        let all = templates.iter();
        let exports: BTreeMap<_, _> = all
            .flat_map(|document| template::exports(&document.stack(), &context))
            .collect();
        if exports == context.exports || context.work.is_stopped() {
            return exports;
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
    plan.invented.extend(other.invented);
}

/// Leaves out what belongs to topics of other accounts and regions, with a warning each: they are somebody else's.
fn leave_out_others(plan: &mut Plan, context: &Context) {
    let Plan {
        resources,
        warnings,
        ..
    } = plan;
    resources.retain(|resource| {
        let (what, arn) = match &resource.wanted {
            Wanted::Subscription { topic_arn, .. } => ("subscription to", topic_arn),
            Wanted::TopicAttributes { arn, .. } => ("policy of", arn),
            _ => return true,
        };
        let is_others = Arn::parse(arn).is_some_and(|arn| {
            let home = context.home;
            arn.service == "sns"
                && (arn.account != home.account.to_string() || arn.region != home.region.as_str())
        });
        if is_others {
            let Resource {
                file, line, name, ..
            } = resource;
            warnings.push(format!(
                "{file}:{line}: resource {name} is left out: it is the {what} a topic of another account or region, {arn}"
            ));
        }
        !is_others
    });
}

fn names(plan: &Plan, context: &Context) -> short::Names {
    let mut names = short::Names::default();
    for resource in &plan.resources {
        match &resource.wanted {
            Wanted::Queue { name, .. } => names.insert_queue(name, context),
            Wanted::Topic { name, .. } => names.insert_topic(name, context),
            Wanted::Call(call) => {
                if let Some(made) = &call.made {
                    names.insert_of_type(made.type_name, &made.name, &made.arn);
                }
            }
            _ => {}
        }
    }
    names
}

/// The order in which resources of all files are created.
struct Turns {
    /// How many dead-letter queues follow each queue: they must exist before the queue that names them.
    dead_letter_queues: HashMap<String, usize>,
}

impl Turns {
    fn of(plan: &Plan) -> Self {
        let next: HashMap<&str, String> = plan
            .resources
            .iter()
            .filter_map(|resource| dead_letters_of(&resource.wanted))
            .collect();
        Self {
            dead_letter_queues: followers(&next),
        }
    }

    /// The turn of a resource; those of one turn keep their order.
    fn of_resource(&self, wanted: &Wanted) -> (u8, usize) {
        match wanted {
            Wanted::Queue { name, .. } => {
                let following = self.dead_letter_queues.get(name);
                (0, following.copied().unwrap_or_default())
            }
            Wanted::QueueAttributes { .. } => (1, 0),
            Wanted::Topic { .. } => (2, 0),
            Wanted::TopicAttributes { .. } => (3, 0),
            Wanted::Subscription { .. } => (4, 0),
            Wanted::Call(call) => (5, call.turn),
            Wanted::BusStatement { .. } => (6, 0),
        }
    }
}

/// The name of a queue, and of its dead-letter queue.
fn dead_letters_of(wanted: &Wanted) -> Option<(&str, String)> {
    let Wanted::Queue {
        name, attributes, ..
    } = wanted
    else {
        return None;
    };
    let mut attributes = attributes.iter();
    let policy = attributes.find(|attribute| attribute.name == "RedrivePolicy")?;
    let arn = dead_letter_queue(&policy.value)?;
    let arn = Arn::parse(&arn)?;
    Some((name, arn.resource.to_owned()))
}

/// How many follow each name when `next` is followed to its end. A circle has none: the service refuses it, and all that
/// leads into it comes last.
fn followers(next: &HashMap<&str, String>) -> HashMap<String, usize> {
    let mut known: HashMap<String, usize> = HashMap::new();
    for start in next.keys() {
        let mut path = Vec::new();
        let mut name: &str = start;
        let following = loop {
            if let Some(count) = known.get(name) {
                break *count;
            }
            let Some(after) = next.get(name) else { break 0 };
            // A name that is passed again before it is known closes a circle.
            known.insert(name.to_owned(), next.len());
            path.push(name);
            name = after;
        };
        for (steps, name) in path.iter().rev().enumerate() {
            let count = following + steps + 1;
            known.insert((*name).to_owned(), count.min(next.len()));
        }
    }
    known
}
