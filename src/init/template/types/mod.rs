//! Types whose resources are made by calls of a service that take the properties as they are: a table for each service.
//!
//! In reading order: [`Type`] is a row; `calls` makes the calls of a resource by it, of a template's [`wanted`];
//! `members` turns properties into members; `buses`, `registries`, `groups` and `streams` have the rows.

mod buses;
mod calls;
mod groups;
pub(in crate::init) mod members;
mod registries;
mod streams;

use super::error::Fault;
use super::evaluate::Evaluator;
use super::names;
use super::properties::{Form, Properties, Schema};
use super::resources::Declared;
use super::source::Template;
use crate::document::{Node, Value, to_json};
use crate::init::plan::{Context, Wanted};
pub(in crate::init) use calls::plain;
use calls::{Also, MadeBy};
use members::Shape;

/// A type of resource.
#[derive(Debug)]
pub(in crate::init) struct Type {
    /// `AWS::Events::Archive`.
    pub(in crate::init) name: &'static str,
    /// The service that makes it.
    pub(in crate::init) service: &'static str,
    /// What names it.
    naming: Naming,
    /// Its ARN after account and region; `{n}` stands for its name, `{id}` for an id that the service gives it.
    arn: &'static str,
    /// What `Ref` gives.
    reference: Reference,
    /// The attributes of `Fn::GetAtt`, each with where its value comes from.
    attributes: &'static [(&'static str, Told)],
    /// Its properties, each with the member that it becomes.
    properties: &'static [Property],
    /// Properties that become calls of their own, with what they become in these.
    others: &'static [(&'static str, Shape)],
    /// Properties that CloudFormation has, and topiq's service does not.
    left_out: &'static [&'static str],
    /// The actions.
    actions: Actions,
    /// Further calls, after the one that makes it.
    also: Option<Also>,
}

/// What names a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    /// A property, and the member that it becomes; with the most characters of a name that is generated.
    Property(&'static str, &'static str, usize),
    /// The bus that it watches: a discoverer's id, which has this member in all calls but the one that makes it.
    Watched(&'static str),
}

/// What `Ref` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    Name,
    Arn,
    /// A rule's: its bus and its name, if it is not on the default bus.
    RuleId,
}

/// Where the value of an attribute comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Name,
    /// The ARN, which the answer has as this member.
    Arn(&'static str),
    /// The ARN, which follows from the name, and this text.
    ArnWith(&'static str),
    /// What only the service knows: a member of the answer of `Actions::find`.
    Answer(&'static str),
}

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Property {
    name: &'static str,
    member: &'static str,
    shape: Shape,
}

/// A property that is a member of the same name.
const fn same(name: &'static str, shape: Shape) -> Property {
    as_member(name, name, shape)
}

const fn as_member(name: &'static str, member: &'static str, shape: Shape) -> Property {
    Property {
        name,
        member,
        shape,
    }
}

/// The actions that make a resource, change it and find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Actions {
    make: &'static str,
    /// None where making it again changes it, or only further calls do.
    change: Option<&'static str>,
    /// With the members that name it.
    find: Option<(&'static str, &'static [&'static str])>,
    /// What gives tags to one that is there already: the action, its members for the ARN and the tags, and the member that
    /// the tags are of the call that makes it.
    tag: Option<[&'static str; 4]>,
}

/// A resource of a type: what it is named, and what others name it by.
pub(in crate::init) struct Identity {
    pub(in crate::init) name: String,
    pub(in crate::init) arn: String,
    /// See [`Call::told`](crate::init::plan::Call::told).
    pub(in crate::init) told: Vec<(String, String)>,
}

/// The type of this name.
pub(in crate::init) fn find(type_name: &str) -> Option<&'static Type> {
    all().find(|known| known.name == type_name)
}

/// The types of all services, in the order in which resources of several files are made.
pub(super) fn all() -> impl Iterator<Item = &'static Type> {
    let before = groups::TYPES.iter().chain(&streams::TYPES);
    before.chain(&buses::TYPES).chain(&registries::TYPES)
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Type {}

impl Type {
    /// Its place among all.
    fn turn(&self) -> usize {
        all()
            .position(|of| of.name == self.name)
            .unwrap_or_default()
    }

    /// The property that names its resources.
    pub(in crate::init) const fn naming_property(&self) -> Option<&'static str> {
        match self.naming {
            Naming::Property(property, ..) => Some(property),
            Naming::Watched(_) => None,
        }
    }

    /// What its resources may have besides a name, each with what it becomes.
    pub(in crate::init) fn shapes(&self) -> impl Iterator<Item = (&'static str, Shape)> + use<> {
        let properties = self.properties.iter();
        let properties = properties.map(|property| (property.name, property.shape));
        properties.chain(self.others.iter().copied())
    }

    fn schema(&self) -> Vec<&'static str> {
        let named = self.naming_property().into_iter();
        let taken = named.chain(self.shapes().map(|(name, _)| name));
        taken.chain(self.left_out.iter().copied()).collect()
    }

    /// The properties of a resource that topiq's service does not have.
    pub(super) fn left_out(&self, declared: &Declared<'_>) -> Vec<&'static str> {
        let names = self.left_out.iter().copied();
        names
            .filter(|name| declared.property(name).is_some())
            .collect()
    }

    pub(super) fn name_of(
        &self,
        evaluator: &Evaluator<'_, '_>,
        declared: &Declared<'_>,
    ) -> Result<String, Fault> {
        match self.naming {
            Naming::Property(property, _, max_length) => {
                evaluator.name(declared, property, "", max_length)
            }
            Naming::Watched(_) => {
                let arn = evaluator.property(declared, "SourceArn", Form::Text)?;
                Ok(discoverer_id(&arn.unwrap_or_default()))
            }
        }
    }

    /// The value of `Ref`.
    pub(super) fn reference(&self, template: &Template<'_>, index: usize) -> Result<String, Fault> {
        match self.reference {
            Reference::Name => template.name_of(index),
            Reference::Arn => self.template_arn(template, index),
            Reference::RuleId => {
                let name = template.name_of(index)?;
                let bus = owner(template, index, "EventBusName")?;
                Ok(match bus.as_deref().map(bus_name) {
                    None | Some(DEFAULT_BUS) => name,
                    Some(bus) => format!("{bus}|{name}"),
                })
            }
        }
    }

    /// The value of `Fn::GetAtt`; none if it has no such attribute.
    pub(super) fn attribute(
        &self,
        template: &Template<'_>,
        index: usize,
        attribute: &str,
    ) -> Result<Option<String>, Fault> {
        let mut attributes = self.attributes.iter();
        let Some((name, told)) = attributes.find(|(name, _)| *name == attribute) else {
            return Ok(None);
        };
        Ok(Some(match told {
            Told::Name => template.name_of(index)?,
            Told::Arn(_) => self.template_arn(template, index)?,
            Told::ArnWith(ending) => self.template_arn(template, index)? + ending,
            Told::Answer(_) => foretold(&template.stack, &template.name_of(index)?, name),
        }))
    }

    /// The names of its attributes, for errors.
    pub(super) fn attributes(&self) -> String {
        let names: Vec<&str> = self.attributes.iter().map(|(name, _)| *name).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => "none".to_owned(),
        }
    }

    /// The ARN of a resource of a template.
    fn template_arn(&self, template: &Template<'_>, index: usize) -> Result<String, Fault> {
        let owner = match self.owned_by() {
            Some(property) => owner(template, index, property)?,
            None => None,
        };
        let name = template.name_of(index)?;
        let unique = [&*template.stack, template.resources[index].id];
        Ok(self.arn(template.context, owner.as_deref(), &name, unique))
    }

    /// The property that names what a resource's name is unique in, where that is not the account.
    pub(in crate::init) fn owned_by(&self) -> Option<&'static str> {
        let mut properties = self.properties.iter().map(|property| property.name);
        properties.find(|name| ["EventBusName", "RegistryName"].contains(name))
    }

    /// A resource's ARN, or, if the service gives it an id, a text that stands for it until it is made: `unique` tells it
    /// from others.
    pub(in crate::init) fn arn(
        &self,
        context: &Context,
        owner: Option<&str>,
        name: &str,
        [stack, id]: [&str; 2],
    ) -> String {
        let is_named = |owner: &&str| self.reference != Reference::RuleId || *owner != DEFAULT_BUS;
        let name = match owner.map(bus_name).filter(is_named) {
            Some(owner) => format!("{owner}/{name}"),
            None => name.to_owned(),
        };
        let id = names::uuid(stack, id);
        let resource = self.arn.replace("{n}", &name).replace("{id}", &id);
        context.arn(self.service, &resource)
    }

    /// A resource of no template, and of this ARN.
    pub(in crate::init) fn identity(&self, name: &str, arn: String) -> Identity {
        let told = self.attributes.iter().filter_map(|(_, told)| match told {
            Told::Arn(member) => Some(((*member).to_owned(), arn.clone())),
            _ => None,
        });
        Identity {
            name: name.to_owned(),
            told: told.collect(),
            arn,
        }
    }
}

const DEFAULT_BUS: &str = "default";

/// The name of the bus that a text names by name or by ARN.
fn bus_name(text: &str) -> &str {
    text.rsplit_once("event-bus/")
        .map_or(text, |(_, name)| name)
}

/// The id of the discoverer of a bus.
pub(in crate::init) fn discoverer_id(bus_arn: &str) -> String {
    format!("events-event-bus-{}", bus_name(bus_arn).replace('/', "-"))
}

/// What a property names that a resource belongs to.
fn owner(template: &Template<'_>, index: usize, property: &str) -> Result<Option<String>, Fault> {
    let references = std::cell::RefCell::default();
    let evaluator = Evaluator::of_resource(template, &references);
    evaluator.property(&template.resources[index], property, Form::Text)
}

/// A text that stands for what a service is going to answer.
fn foretold(stack: &str, name: &str, attribute: &str) -> String {
    let id = names::uuid(stack, &format!("{name}.{attribute}"));
    format!("{name}-{attribute}-{id}")
}

/// The calls that make a resource of a template.
pub(super) fn wanted(
    evaluator: &Evaluator<'_, '_>,
    index: usize,
    of: &'static Type,
) -> Result<Vec<(usize, Wanted)>, Fault> {
    let template = evaluator.template;
    let declared = &template.resources[index];
    let schema = of.schema();
    let mut properties = Properties::read(evaluator, declared, Schema::of(&schema))?;
    let mut told = Vec::new();
    for (attribute, source) in of.attributes {
        if let Told::Arn(member) | Told::Answer(member) = source {
            let value = of.attribute(template, index, attribute)?;
            told.extend(value.map(|value| ((*member).to_owned(), value)));
        }
    }
    let identity = Identity {
        name: template.name_of(index)?,
        arn: of.template_arn(template, index)?,
        told,
    };
    let calls = of.calls(identity, &mut properties)?;
    let line = properties.line();
    let wanted = |call| (line, Wanted::Call(Box::new(call)));
    Ok(calls.into_iter().map(wanted).collect())
}

/// A node as the JSON text that a member takes which is a document.
pub(super) fn document(node: &Node) -> Result<String, Fault> {
    match &node.value {
        Value::Map(_) => Ok(to_json(node)),
        Value::Text(text) => Ok(text.clone()),
        _ => Err(super::properties::wants(node, "a mapping or its JSON text")),
    }
}
