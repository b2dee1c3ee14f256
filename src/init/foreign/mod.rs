//! Files of other tools. Two kinds are read, because they say no more than the short format does: ElasticMQ's and GoAws's
//! configurations become files of that format, with the lines that they are written in. Others are named, with what to
//! do instead.
//!
//! In reading order: [`read`]; `elasticmq`, over `hocon`, the syntax it is written in; `goaws`.

mod elasticmq;
mod goaws;
mod hocon;
#[cfg(test)]
mod tests;

use std::path::Path;

use crate::document::{self, Key, Node, SyntaxError, Value};

/// What a file says in topiq's terms.
#[derive(Debug)]
pub(super) struct Content {
    /// A template, or a file of the short format.
    pub(super) root: Node,
    /// Sentences about what is left out, each with its line.
    pub(super) warnings: Vec<(usize, String)>,
}

/// Reads a file of any kind that topiq takes.
pub(super) fn read(name: &str, text: &str) -> Result<Content, SyntaxError> {
    if let Some(what) = named(name, text) {
        return Err(fail(1, what));
    }
    if is_hocon(name, text) {
        return elasticmq::short(&hocon::read(text)?);
    }
    let read = document::read(text);
    let others = match &read {
        Ok(root) => recognised(root),
        // Files of several documents, or with tags of their own, are known all the same.
        Err(_) => recognised(&top_keys(text)),
    };
    if let Some((line, what)) = others {
        return Err(fail(line, what));
    }
    let root = read?;
    if goaws::is_goaws(&root) {
        return goaws::short(&root);
    }
    Ok(Content {
        root,
        warnings: Vec::new(),
    })
}

const TERRAFORM: &str = "this is a configuration of Terraform, which topiq does not read: start topiq without it, apply it with \
     the provider's endpoints for sqs and sns at topiq, and topiq export writes a file for --init";

const SCRIPT: &str = "this is a script, which topiq does not run: start topiq without it, run it against topiq, and topiq export \
     writes a file for --init";

/// What to do with a file that is not YAML.
fn named(name: &str, text: &str) -> Option<&'static str> {
    let ending = Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str());
    match ending {
        Some("tf" | "tfvars" | "tfstate" | "hcl") => Some(TERRAFORM),
        Some("sh" | "bash" | "py" | "js" | "ts") => Some(SCRIPT),
        _ if text.starts_with("#!") => Some(SCRIPT),
        _ if is_terraform(text) => Some(TERRAFORM),
        _ => None,
    }
}

/// A block such as `resource "aws_sqs_queue" "orders" {`.
fn is_terraform(text: &str) -> bool {
    text.lines().any(|line| {
        let word = line.split_once(" \"").map(|(word, _)| word);
        matches!(word, Some("resource" | "provider" | "module" | "variable"))
            && line.trim_end().ends_with('{')
    })
}

fn is_hocon(name: &str, text: &str) -> bool {
    let opens =
        |line: &str| line.starts_with("include classpath(") || line.trim_end() == "queues {";
    Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "conf")
        || text.lines().any(opens)
}

/// The keys that begin a line of a text, without values.
fn top_keys(content: &str) -> Node {
    let key_of = |(index, line): (usize, &str)| {
        let (name, _) = line.split_once(':')?;
        let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric());
        let line = index + 1;
        let value = Value::Null;
        (is_name && !name.is_empty()).then(|| (key(line, name), Node { line, value }))
    };
    map(1, content.lines().enumerate().filter_map(key_of).collect())
}

/// What to do with a file of another tool, and the line by which it is recognised.
fn recognised(root: &Node) -> Option<(usize, &'static str)> {
    let line = |key: &str| {
        let mut entries = root.entries().iter();
        entries
            .find(|(known, _)| known.text == key)
            .map(|(key, _)| key.line)
    };
    let is_topiq =
        line("queues").is_some() || line("topics").is_some() || line("Resources").is_some();
    let is_compose = |services: &Node| {
        let mut services = services.entries().iter();
        services.any(|(_, service)| service.get("image").or(service.get("build")).is_some())
    };
    if let (Some(at), Some(_)) = (line("service"), line("provider")) {
        return Some((
            at,
            "this is a configuration of the Serverless Framework: run serverless package, and give \
             .serverless/cloudformation-template-update-stack.json to --init",
        ));
    }
    if is_topiq {
        return None;
    }
    if root.get("services").is_some_and(is_compose) {
        return Some((
            line("services")?,
            "this is a compose file, which says what runs: give --init the file with queues and topics, or a template",
        ));
    }
    if let (Some(at), Some(_)) = (line("apiVersion"), line("kind")) {
        return Some((
            at,
            "this is a manifest of Kubernetes, which says what runs: give --init the file with queues and topics, or a template",
        ));
    }
    if let (Some(at), Some(Value::Text(_))) = (line("app"), root.get("app").map(|app| &app.value)) {
        return Some((
            at,
            "this is the AWS CDK's cdk.json: run cdk synth, and give its folder cdk.out to --init",
        ));
    }
    if let (Some(_), Some(at)) = (line("version"), line("artifacts")) {
        return Some((
            at,
            "this is the manifest of a cloud assembly of the AWS CDK: give its folder, cdk.out, to --init",
        ));
    }
    if let (Some(at), Some(_)) = (line("runtime"), line("name")) {
        return Some((
            at,
            "this is a project of Pulumi, which topiq does not read: start topiq without it, run pulumi up against topiq, and \
             topiq export writes a file for --init",
        ));
    }
    line("terraform")
        .or(line("resource"))
        .map(|at| (at, TERRAFORM))
}

fn fail(line: usize, message: impl Into<String>) -> SyntaxError {
    SyntaxError {
        line,
        message: message.into(),
    }
}

/// A file of the short format, as it is put together from another one.
#[derive(Default)]
struct Short {
    queues: Vec<(Key, Node)>,
    topics: Vec<(Key, Node)>,
}

impl Short {
    fn into_root(self) -> Node {
        let section = |text: &str, entries| {
            let node = map(1, entries);
            (key(1, text), node)
        };
        let sections = vec![
            section("queues", self.queues),
            section("topics", self.topics),
        ];
        map(1, sections)
    }
}

fn key(line: usize, text: impl Into<String>) -> Key {
    Key {
        line,
        text: text.into(),
    }
}

fn map(line: usize, entries: Vec<(Key, Node)>) -> Node {
    let value = Value::Map(entries);
    Node { line, value }
}

fn text(line: usize, text: impl Into<String>) -> Node {
    let value = Value::Text(text.into());
    Node { line, value }
}

/// The scalar of an entry, as text.
fn scalar(key: &Key, node: &Node) -> Result<String, SyntaxError> {
    let text = node.value.scalar();
    text.ok_or_else(|| {
        let kind = node.value.kind();
        fail(node.line, format!("{} takes a text, not {kind}", key.text))
    })
}
