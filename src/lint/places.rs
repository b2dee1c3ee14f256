//! Where the resources of a plan are described: file and line, of their attributes too.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::init::plan::{Attribute, Plan, Resource as Planned, Wanted};
use crate::services::resource::Resource;
use crate::services::sns::inspect::{SUBSCRIPTION, TOPIC};
use crate::services::sqs::inspect::QUEUE;

/// A line of a file.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) file: Arc<str>,
    pub(super) line: usize,
}

/// Where a resource is described.
#[derive(Debug)]
pub(super) struct Place {
    /// Its name in the file.
    pub(super) name: String,
    /// Whether AWS can be given the file too.
    pub(super) is_of_a_template: bool,
    own: Line,
    attributes: BTreeMap<String, Line>,
}

/// The places of resources, by type and what identifies them.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<(&'static str, String), Place>);

impl Place {
    /// Where an attribute is written; where the resource is, if none is asked for or it is not written.
    pub(super) fn line(&self, attribute: Option<&str>) -> &Line {
        attribute
            .and_then(|name| self.attributes.get(name))
            .unwrap_or(&self.own)
    }

    fn note(&mut self, file: &Arc<str>, attributes: &[Attribute]) {
        for attribute in attributes {
            let line = Line {
                file: file.clone(),
                line: attribute.line,
            };
            self.attributes.insert(attribute.name.clone(), line);
        }
    }
}

impl Places {
    pub(super) fn of(plan: &Plan) -> Self {
        let mut places = Self::default();
        for planned in &plan.resources {
            places.add(planned);
        }
        places
    }

    pub(super) fn find(&self, held: &Resource) -> Option<&Place> {
        self.0.get(&key(held))
    }

    fn add(&mut self, planned: &Planned) {
        let (key, attributes): (_, &[Attribute]) = match &planned.wanted {
            Wanted::Queue {
                name, attributes, ..
            } => ((QUEUE, name.clone()), attributes),
            Wanted::Topic {
                name, attributes, ..
            } => ((TOPIC, name.clone()), attributes),
            Wanted::Subscription {
                topic_arn,
                protocol,
                endpoint,
                attributes,
            } => (subscription(topic_arn, protocol, endpoint), attributes),
            Wanted::QueueAttributes { name, attributes } => {
                return self.note(&(QUEUE, name.clone()), planned, attributes);
            }
            Wanted::TopicAttributes { arn, attributes } => {
                let name = arn.rsplit(':').next().unwrap_or_default();
                return self.note(&(TOPIC, name.to_owned()), planned, attributes);
            }
            Wanted::Call(call) => {
                let Some(made) = &call.made else { return };
                ((made.type_name, made.arn.clone()), &[])
            }
            Wanted::BusStatement { .. } => return,
        };
        let mut place = Place {
            name: planned.name.clone(),
            is_of_a_template: planned.is_of_a_template(),
            own: at(planned, planned.line),
            attributes: BTreeMap::new(),
        };
        place.note(&planned.file, attributes);
        if let Wanted::Call(call) = &planned.wanted {
            let made = call.made.iter().flat_map(|made| &made.lines);
            let lines = made.map(|(name, line)| (name.clone(), at(planned, *line)));
            place.attributes.extend(lines);
        }
        self.0.insert(key, place);
    }

    /// Attributes that another resource of the file sets, such as a policy.
    fn note(&mut self, key: &(&'static str, String), planned: &Planned, attributes: &[Attribute]) {
        if let Some(place) = self.0.get_mut(key) {
            place.note(&planned.file, attributes);
        }
    }
}

fn at(planned: &Planned, line: usize) -> Line {
    Line {
        file: planned.file.clone(),
        line,
    }
}

/// A subscription's ARN has an id that no plan knows.
fn subscription(topic: &str, protocol: &str, endpoint: &str) -> (&'static str, String) {
    (SUBSCRIPTION, format!("{topic} {protocol} {endpoint}"))
}

fn key(held: &Resource) -> (&'static str, String) {
    match held.kind {
        QUEUE | TOPIC => (held.kind, held.name.clone()),
        SUBSCRIPTION => {
            let attribute = |name| held.attribute(name).unwrap_or_default();
            subscription(
                attribute("TopicArn"),
                attribute("Protocol"),
                attribute("Endpoint"),
            )
        }
        kind => (kind, held.arn.clone()),
    }
}
