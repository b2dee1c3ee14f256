//! References by name: a bare name where AWS has an ARN, and `${queues.orders}`, `${rules.placed}`, `${account}`,
//! `${region}` and `${parameters.Key}` within texts.

use std::collections::BTreeMap;

use super::File;
use super::described::name_of;
use super::sections::{NAME, SECTIONS, SOURCE, Section};
use crate::document::{Node, Value};
use crate::export::short::words::{BUSES, DISCOVERERS, QUEUES, RULES, TOPICS};
use crate::init::plan::Context;
use crate::init::template::types::{Identity, discoverer_id};
use crate::services::resource::DATA;

/// The start of a variable that `--init-param` gives.
pub(super) const PARAMETER: &str = "parameters.";

/// The ARNs of resources, by section and name.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<(String, String), String>);

impl Names {
    fn insert(&mut self, section: &str, name: &str, arn: String) {
        self.0.insert((section.to_owned(), name.to_owned()), arn);
    }

    /// Adds a queue.
    pub fn insert_queue(&mut self, name: &str, context: &Context) {
        self.insert(QUEUES, name, context.arn("sqs", name));
    }

    /// Adds a topic.
    pub fn insert_topic(&mut self, name: &str, context: &Context) {
        self.insert(TOPICS, name, context.arn("sns", name));
    }

    /// Adds a resource of another type, if there is a section of it.
    pub fn insert_of_type(&mut self, type_name: &str, name: &str, arn: &str) {
        if let Some(section) = Section::of_type(type_name) {
            self.insert(section.key, name, arn.to_owned());
        }
    }

    fn arn(&self, section: &str, name: &str) -> Option<&str> {
        let key = (section.to_owned(), name.to_owned());
        self.0.get(&key).map(String::as_str)
    }
}

/// The names that can be referred to, and the context of their ARNs.
pub(super) struct Known<'a> {
    names: Names,
    context: &'a Context,
}

impl<'a> Known<'a> {
    pub(super) fn new(files: &[File<'_>], mut names: Names, context: &'a Context) -> Self {
        names.insert(BUSES, "default", context.arn("events", "event-bus/default"));
        for file in files {
            for (name, _) in section(file, QUEUES) {
                names.insert_queue(&name.text, context);
            }
            for (name, _) in section(file, TOPICS) {
                names.insert_topic(&name.text, context);
            }
        }
        let mut known = Self { names, context };
        // Rules come after their buses.
        for of in &SECTIONS {
            for file in files {
                for (key, node) in section(file, of.key) {
                    let written: Vec<_> = known.bus_of(of, node).into_iter().collect();
                    let name = name_of(of, &key.text, node.get(NAME));
                    // What it cannot be filled with is told where the rule is read.
                    let name = known.filled(&name).unwrap_or(name);
                    let arn = known.arn(of, &name, &written);
                    known.names.insert(of.key, &key.text, arn);
                }
            }
        }
        known
    }

    /// The bus of a rule, as the property that names it.
    fn bus_of(&self, section: &Section, node: &Node) -> Option<(&'static str, Node)> {
        let (key, property, other) = section.refers.filter(|_| section.key == RULES)?;
        let named = node.get(key)?;
        let arn = self.named(other, &named.value.scalar()?).ok()?;
        let line = named.line;
        let value = Value::Text(arn);
        Some((property, Node { line, value }))
    }

    /// The ARN of a resource of these properties.
    fn arn(&self, section: &Section, name: &str, written: &[(&'static str, Node)]) -> String {
        let of = section.of();
        let owner = of.owned_by().and_then(|property| {
            let mut written = written.iter();
            let (_, node) = written.find(|(name, _)| *name == property)?;
            node.value.scalar()
        });
        of.arn(self.context, owner.as_deref(), name, ["", name])
    }

    /// What names a resource of these properties.
    pub(super) fn identity(
        &self,
        section: &Section,
        key: &str,
        written: &[(&'static str, Node)],
    ) -> Identity {
        let property = |wanted: &str| {
            let mut written = written.iter();
            written
                .find(|(name, _)| *name == wanted)
                .map(|(_, node)| node)
        };
        let watched = property(SOURCE).filter(|_| section.key == DISCOVERERS);
        let watched = watched.and_then(|node| node.value.scalar());
        let watched = watched.map(|arn| discoverer_id(&arn));
        let name = watched.unwrap_or_else(|| name_of(section, key, property(NAME)));
        let arn = self.arn(section, &name, written);
        section.of().identity(&name, arn)
    }

    pub(super) fn topic_arn(&self, name: &str) -> String {
        self.context.arn("sns", name)
    }

    /// The ARN of the queue that a text names, by name or by ARN.
    pub(super) fn queue_arn(&self, text: &str) -> Result<String, String> {
        self.named(QUEUES, text)
    }

    /// The ARN of the resource of a section that a text names, by name or by ARN.
    pub(super) fn named(&self, section: &str, text: &str) -> Result<String, String> {
        if text.contains(':') || text.contains("${") {
            return self.filled(text);
        }
        self.of_section(section, text)
    }

    fn of_section(&self, section: &str, name: &str) -> Result<String, String> {
        let arn = self.names.arn(section, name);
        arn.map(str::to_owned)
            .ok_or_else(|| format!("there is no {} {name}", one_of(section)))
    }

    /// The value of a property with its references resolved: names where it has queues' ARNs, and `${…}` in all but data.
    pub(super) fn property(&self, name: &str, node: &Node) -> Result<Node, String> {
        if DATA.contains(&name) {
            return Ok(node.clone());
        }
        let filled = node.try_with_texts(&|text| self.filled(text).map(Value::Text).map(Some))?;
        if name != "DeadLetterConfig" {
            return Ok(filled);
        }
        let queue = |text: &str| self.queue_arn(text).map(Value::Text).map(Some);
        filled.try_with_texts_of("Arn", &queue)
    }

    /// A document with its references resolved: names where an attribute has ARNs, and `${…}` in access policies.
    pub(super) fn resolved(&self, attribute: &str, node: &Node) -> Result<Node, String> {
        let queue = |text: &str| self.queue_arn(text).map(Value::Text).map(Some);
        match attribute {
            "Policy" => node.try_with_texts(&|text| self.filled(text).map(Value::Text).map(Some)),
            "RedrivePolicy" => node.try_with_texts_of("deadLetterTargetArn", &queue),
            "RedriveAllowPolicy" => node.try_with_texts_of("sourceQueueArns", &queue),
            _ => Ok(node.clone()),
        }
    }

    /// A text with topiq's variables filled in. Others stay, such as IAM's `${aws:username}`.
    pub(super) fn filled(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let variable = after.split_once('}');
            let known = variable.and_then(|(name, after)| Some((self.variable(name)?, after)));
            if let Some((value, after)) = known {
                filled.push_str(&value?);
                rest = after;
            } else {
                filled.push_str("${");
                rest = after;
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// The value of `${name}`, if it is one of topiq's variables.
    fn variable(&self, name: &str) -> Option<Result<String, String>> {
        match name {
            "account" => return Some(Ok(self.context.home.account.to_string())),
            "region" => return Some(Ok(self.context.home.region.to_string())),
            _ => {}
        }
        if let Some(name) = name.strip_prefix(PARAMETER) {
            return Some(self.parameter(name));
        }
        let (section, name) = name.split_once('.')?;
        let is_known = [QUEUES, TOPICS].contains(&section) || Section::find(section).is_some();
        is_known.then(|| self.of_section(section, name))
    }

    /// The value that `--init-param` gives a parameter.
    fn parameter(&self, name: &str) -> Result<String, String> {
        let mut given = self.context.parameters.iter().rev();
        let given = given.find(|(known, _)| known == name);
        given
            .map(|(_, value)| value.clone())
            .ok_or_else(|| format!("the parameter {name} has no value: --init-param {name}=VALUE"))
    }
}

/// What one of a section is called.
fn one_of(section: &str) -> &str {
    match section {
        QUEUES => "queue",
        TOPICS => "topic",
        _ => Section::find(section).map_or(section, |section| section.one),
    }
}

/// The entries of a file's section.
fn section<'f>(file: &File<'f>, key: &str) -> &'f [(crate::document::Key, Node)] {
    let section: Option<&'f Node> = file.root.get(key);
    section.map(Node::entries).unwrap_or_default()
}

/// The names of the parameters that a file asks for.
pub fn parameters(root: &Node) -> Vec<String> {
    let texts = crate::init::library::texts(root).into_iter();
    let asked = texts.flat_map(|text| text.split("${").skip(1));
    let named = asked.filter_map(|rest| rest.split_once('}')?.0.strip_prefix(PARAMETER));
    named.map(str::to_owned).collect()
}
