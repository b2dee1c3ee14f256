//! Types whose resources are made by calls of a service that take the properties as they are: a table for each service.
//!
//! In reading order: [`Type`] is a row; [`wanted`] makes the calls of a resource by it, `members` turns properties into
//! members; `buses` has the rows.

mod buses;
pub(super) mod members;

use super::error::Fault;
use super::evaluate::Evaluator;
use super::properties::{Properties, Schema};
use super::resources::Declared;
use super::source::Template;
use crate::document::{Node, Value, to_json};
use crate::init::plan::{Call, Change, Wanted};
use members::{Members, Shape};

/// A type of resource.
#[derive(Debug)]
pub(super) struct Type {
    /// `AWS::Events::Archive`.
    pub(super) name: &'static str,
    /// The service that makes it.
    service: &'static str,
    /// The property that names it, and the most characters of a name that is generated. A resource without a name can be
    /// referred to only by what topiq invents.
    named: Option<(&'static str, usize)>,
    /// Its ARN after account and region; `{n}` stands for its name, `{id}` for an id that the service gives it.
    arn: &'static str,
    /// What `Ref` gives.
    reference: Reference,
    /// The attributes of `Fn::GetAtt`, each with the member of the answer that tells it. The ARN's is first.
    attributes: &'static [(&'static str, Told)],
    /// Its properties, each with the member that it becomes.
    properties: &'static [Property],
    /// Properties that become calls of their own, or are only read.
    others: &'static [&'static str],
    /// The actions.
    actions: Actions,
    /// A further call, after the one that makes it.
    also: Option<Also>,
}

/// What `Ref` gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reference {
    Name,
    /// A rule's: its bus and its name, if it is not on the default bus.
    RuleId,
}

/// Where the value of an attribute comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Name,
    /// The ARN, which the answer has as this member.
    Arn(&'static str),
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
    Property {
        name,
        member: name,
        shape,
    }
}

/// The actions that make a resource, change it and find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Actions {
    make: &'static str,
    /// None where making it again changes it.
    change: Option<&'static str>,
    /// With the members that name it.
    find: Option<(&'static str, &'static [&'static str])>,
}

/// A resource whose own call is made.
struct Made<'a> {
    name: &'a str,
    /// The members of the call.
    members: &'a Members,
}

/// The type of this name.
pub(super) fn find(type_name: &str) -> Option<&'static Type> {
    all().find(|known| known.name == type_name)
}

/// The types of all services.
pub(super) fn all() -> impl Iterator<Item = &'static Type> {
    buses::TYPES.iter()
}

/// The further call of a resource, if its properties ask for one.
type Also = fn(&Made<'_>, &mut Properties) -> Result<Option<Call>, Fault>;

impl Type {
    /// Its place among all, in which resources of several files are made.
    fn turn(&self) -> usize {
        all()
            .position(|of| of.name == self.name)
            .unwrap_or_default()
    }

    /// What its resources may have.
    fn schema(&self) -> Vec<&'static str> {
        let properties = self.properties.iter().map(|property| property.name);
        properties.chain(self.others.iter().copied()).collect()
    }

    pub(super) fn name_of(
        &self,
        evaluator: &Evaluator<'_, '_>,
        declared: &Declared<'_>,
    ) -> Result<String, Fault> {
        let (property, max_length) = self.named.unwrap_or(("", super::names::MADE_UP_LENGTH));
        evaluator.name(declared, property, "", max_length)
    }

    /// The value of `Ref`.
    pub(super) fn reference(&self, template: &Template<'_>, index: usize) -> Result<String, Fault> {
        let name = template.name_of(index)?;
        Ok(match self.reference {
            Reference::Name => name,
            Reference::RuleId => {
                let bus = buses::bus_of(template, index)?;
                if bus == buses::DEFAULT_BUS {
                    name
                } else {
                    format!("{bus}|{name}")
                }
            }
        })
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
            Told::Arn(_) => self.arn(template, index)?,
            Told::Answer(_) => foretold(template, index, name)?,
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

    /// Its ARN, or, if the service gives it an id, a text that stands for it until it is made.
    fn arn(&self, template: &Template<'_>, index: usize) -> Result<String, Fault> {
        let name = match self.reference {
            Reference::Name => template.name_of(index)?,
            Reference::RuleId => self.reference(template, index)?.replace('|', "/"),
        };
        let id = super::names::uuid(&template.stack, template.resources[index].id);
        let resource = self.arn.replace("{n}", &name).replace("{id}", &id);
        Ok(template.context.arn(self.service, &resource))
    }
}

/// A text that stands for what a service is going to answer.
fn foretold(template: &Template<'_>, index: usize, attribute: &str) -> Result<String, Fault> {
    let name = template.name_of(index)?;
    let id = super::names::uuid(&template.stack, &format!("{name}.{attribute}"));
    Ok(format!("{name}-{attribute}-{id}"))
}

/// The calls that make a resource.
pub(super) fn wanted(
    evaluator: &Evaluator<'_, '_>,
    index: usize,
    of: &'static Type,
) -> Result<Vec<(usize, Wanted)>, Fault> {
    let template = evaluator.template;
    let declared = &template.resources[index];
    let others = of.schema();
    let schema = Schema {
        attributes: &[],
        others: &others,
    };
    let mut properties = Properties::read(evaluator, declared, schema)?;
    let name = template.name_of(index)?;
    let mut members = Members::default();
    if let Some((property, _)) = of.named {
        properties.take(property);
        let mut named = of.properties.iter();
        let member = named.find(|known| known.name == property);
        members.text(member.map_or(property, |known| known.member), &name);
    }
    for property in of.properties {
        if let Some(node) = properties.take(property.name) {
            let member = members::member(node, property.shape);
            let member = member.map_err(|fault| fault.within(property.name))?;
            members.put(property.member, member);
        }
    }
    let mut told = Vec::new();
    for (attribute, source) in of.attributes {
        let member = match source {
            Told::Name => continue,
            Told::Arn(member) | Told::Answer(member) => member,
        };
        let value = of.attribute(template, index, attribute)?;
        told.extend(value.map(|value| ((*member).to_owned(), value)));
    }
    let input = members.to_json();
    let find = of.actions.find.map(|(action, naming)| Change {
        action,
        input: members.only(naming).to_json(),
    });
    let call = Call {
        service: of.service,
        turn: 0,
        arn: of
            .named
            .is_some()
            .then(|| of.arn(template, index))
            .transpose()?,
        find,
        make: Change {
            action: of.actions.make,
            input: input.clone(),
        },
        change: of.actions.change.map(|action| Change { action, input }),
        told,
    };
    let made = Made {
        name: &name,
        members: &members,
    };
    let mut calls = vec![call];
    if let Some(also) = of.also {
        calls.extend(also(&made, &mut properties)?);
    }
    for call in &mut calls {
        call.turn = of.turn();
    }
    let line = properties.line();
    let wanted = |call| (line, Wanted::Call(Box::new(call)));
    Ok(calls.into_iter().map(wanted).collect())
}

/// A call that may be made again without harm, and whose answer tells nothing.
pub(super) fn plain(service: &'static str, action: &'static str, members: &Members) -> Call {
    Call {
        service,
        turn: all().count(),
        arn: None,
        find: None,
        make: Change {
            action,
            input: members.to_json(),
        },
        change: None,
        told: Vec::new(),
    }
}

/// A node as the JSON text that a member takes which is a document.
pub(super) fn document(node: &Node) -> Result<String, Fault> {
    match &node.value {
        Value::Map(_) => Ok(to_json(node)),
        Value::Text(text) => Ok(text.clone()),
        _ => Err(super::properties::wants(node, "a mapping or its JSON text")),
    }
}
