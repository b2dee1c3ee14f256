//! The section `Resources`: the declared ones, and those that topiq does not serve.

use std::collections::BTreeMap;

use super::error::{Consequence, Fault, Faults};
use super::evaluate::Need;
use super::source::{Template, entries};
use super::types::{self, Type};
use crate::document::{Key, Node, Value};
use crate::names::did_you_mean;

/// How topiq treats a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Queue,
    Topic,
    QueuePolicy,
    QueueInlinePolicy,
    TopicPolicy,
    TopicInlinePolicy,
    Subscription,
    EventBusPolicy,
    RegistryPolicy,
    ByTable(&'static Type),
    /// A nested stack whose template is at hand.
    Stack,
    Other,
}

/// The types that topiq makes.
const SERVED: [(&str, Kind); 9] = [
    ("AWS::SQS::Queue", Kind::Queue),
    ("AWS::SQS::QueuePolicy", Kind::QueuePolicy),
    ("AWS::SQS::QueueInlinePolicy", Kind::QueueInlinePolicy),
    ("AWS::SNS::Topic", Kind::Topic),
    ("AWS::SNS::Subscription", Kind::Subscription),
    ("AWS::SNS::TopicPolicy", Kind::TopicPolicy),
    ("AWS::SNS::TopicInlinePolicy", Kind::TopicInlinePolicy),
    ("AWS::Events::EventBusPolicy", Kind::EventBusPolicy),
    ("AWS::EventSchemas::RegistryPolicy", Kind::RegistryPolicy),
];

/// The services whose types topiq makes all of.
const WHOLE: [&str; 4] = [
    "AWS::SQS::",
    "AWS::SNS::",
    "AWS::Events::",
    "AWS::EventSchemas::",
];

/// The types of nested stacks, with the property that names the template: an application of AWS SAM is one too.
pub const NESTED_STACKS: [(&str, &str); 2] = [
    ("AWS::CloudFormation::Stack", "TemplateURL"),
    ("AWS::Serverless::Application", "Location"),
];

/// How many letters may be wrong in a type's name for it to be one of [`SERVED`], mistyped.
const MAX_SLIPS: usize = 2;

impl Kind {
    fn of(type_name: &str) -> Self {
        let served = SERVED.iter().find(|(name, _)| *name == type_name);
        let by_table = || types::find(type_name).map(Self::ByTable);
        let kind = served.map(|(_, kind)| *kind).or_else(by_table);
        kind.unwrap_or(Self::Other)
    }

    /// Its place in the order of creation, where no reference decides.
    pub(super) const fn turn(self) -> u8 {
        match self {
            Self::Queue => 0,
            Self::Topic => 1,
            Self::QueuePolicy => 2,
            Self::QueueInlinePolicy => 3,
            Self::TopicPolicy => 4,
            Self::TopicInlinePolicy => 5,
            Self::Subscription => 6,
            Self::EventBusPolicy | Self::RegistryPolicy => 7,
            Self::ByTable(_) => 8,
            Self::Stack => 9,
            Self::Other => 10,
        }
    }
}

/// A resource as it is written.
pub(super) struct Declared<'t> {
    pub(super) id: &'t str,
    pub(super) line: usize,
    pub(super) type_name: &'t str,
    type_line: usize,
    pub(super) kind: Kind,
    /// Its condition's name, and the line that names it.
    pub(super) condition: Option<(&'t str, usize)>,
    pub(super) properties: &'t [(Key, Node)],
    depends_on: Option<&'t Node>,
}

impl<'t> Declared<'t> {
    /// Its name in errors.
    pub(super) fn subject(&self) -> String {
        format!("resource {}", self.id)
    }

    /// Refuses a type that is one of topiq's, mistyped: a queue would be missing, and nobody would know why.
    pub(super) fn check_type(&self) -> Result<(), Fault> {
        let type_name = self.type_name;
        let names = || {
            let by_table = types::all().map(|known| known.name);
            SERVED.iter().map(|(name, _)| *name).chain(by_table)
        };
        let is_served = names().any(|name| name == type_name);
        let is_near = |name: &str| strsim::osa_distance(name, type_name) <= MAX_SLIPS;
        let is_of_services = WHOLE.iter().any(|service| type_name.starts_with(service));
        // Names that are much longer are not compared.
        let is_short = type_name.len() <= 64;
        if is_served || !(is_of_services || (is_short && names().any(is_near))) {
            return Ok(());
        }
        let meant = did_you_mean(type_name, names());
        let sentence = format!("there is no type {type_name}{meant}");
        Err(Fault::new(self.type_line, sentence).of(&self.subject()))
    }

    /// A nested stack's template, as it is named.
    pub(super) fn template(&self) -> Option<&'t Node> {
        let mut known = NESTED_STACKS.iter();
        let (_, property) = known.find(|(type_name, _)| *type_name == self.type_name)?;
        self.property(property)
    }

    /// A property as it is written.
    pub(super) fn property(&self, name: &str) -> Option<&'t Node> {
        self.properties
            .iter()
            .find(|(key, _)| key.text == name)
            .map(|(_, node)| node)
    }
}

pub(super) fn read<'t>(section: &'t [(Key, Node)], faults: &mut Faults) -> Vec<Declared<'t>> {
    let mut resources = Vec::with_capacity(section.len());
    for (key, node) in section {
        let read = declared(key, node).map_err(|fault| fault.of(&subject(key)));
        resources.extend(faults.keep(read));
        if faults.is_over() {
            break;
        }
    }
    resources
}

fn subject(key: &Key) -> String {
    format!("resource {}", key.text)
}

fn declared<'t>(key: &'t Key, node: &'t Node) -> Result<Declared<'t>, Fault> {
    entries(node, "a resource")?;
    let (type_name, type_line) = match node.get("Type") {
        Some(Node {
            value: Value::Text(type_name),
            line,
        }) => (type_name.as_str(), *line),
        Some(other) => {
            return Err(Fault::new(
                key.line,
                format!("Type takes a text, not {}", other.value.kind()),
            ));
        }
        None => {
            return Err(Fault::new(key.line, "the Type is missing"));
        }
    };
    let condition = match node.get("Condition") {
        None => None,
        Some(Node {
            value: Value::Text(name),
            line,
        }) => Some((name.as_str(), *line)),
        Some(other) => {
            return Err(Fault::new(
                other.line,
                format!("Condition takes a name, not {}", other.value.kind()),
            ));
        }
    };
    let kind = Kind::of(type_name);
    let properties = match node.get("Properties") {
        Some(properties) if kind != Kind::Other => entries(properties, "Properties")?,
        // Resources that are not served are not checked.
        Some(Node {
            value: Value::Map(properties),
            ..
        }) => properties,
        _ => &[],
    };
    Ok(Declared {
        id: &key.text,
        line: key.line,
        type_name,
        type_line,
        kind,
        condition,
        properties,
        depends_on: node.get("DependsOn"),
    })
}

impl Template<'_> {
    /// The resources that `DependsOn` names.
    pub(super) fn depends_on(&self, index: usize) -> Result<Vec<usize>, Fault> {
        let Some(node) = self.resources[index].depends_on else {
            return Ok(Vec::new());
        };
        let named = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let index_of = |node: &Node| match &node.value {
            Value::Text(name) => self.index_of(name).ok_or_else(|| {
                Fault::new(
                    node.line,
                    format!("DependsOn: there is no resource named {name}"),
                )
            }),
            other => Err(Fault::new(
                node.line,
                format!("DependsOn takes names, not {}", other.kind()),
            )),
        };
        named.iter().map(index_of).collect()
    }

    /// A sentence for each type that topiq does not serve, with the resources that are left out.
    pub(super) fn unserved(&self, faults: &mut Faults) -> Vec<String> {
        let mut by_type: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (index, declared) in self.resources.iter().enumerate() {
            // Every template of the AWS CDK has it, for usage statistics.
            let is_silent = declared.type_name == "AWS::CDK::Metadata";
            if declared.kind != Kind::Other || is_silent {
                continue;
            }
            let is_dropped = match self.is_dropped(index, Need::Optional) {
                Err(fault) if fault.consequence == Consequence::MissingParameter => Some(false),
                is_dropped => faults.keep(is_dropped),
            };
            if is_dropped == Some(false) {
                by_type
                    .entry(declared.type_name)
                    .or_default()
                    .push(declared.id);
            }
        }
        let sentence = |(type_name, ids): (&str, Vec<&str>)| {
            let ids = ids.join(", ");
            if type_name.starts_with("AWS::Serverless::") {
                format!(
                    "topiq does not serve {type_name}, and makes only the queues, topics, subscriptions and policies of {ids}"
                )
            } else {
                format!("topiq does not serve {type_name}, and leaves out {ids}")
            }
        };
        by_type.into_iter().map(sentence).collect()
    }
}
