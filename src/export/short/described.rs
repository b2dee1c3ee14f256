//! Resources that are held with the properties of a template: what names others by an ARN there names them here by a key of
//! the format's own.

use std::collections::BTreeMap;

use super::words::{
    API_DESTINATIONS, ARCHIVES, BUSES, CONNECTIONS, ENDPOINTS, LOG_GROUPS, REGISTRIES, RULES,
    STREAMS, TARGETS,
};
use super::{Writer, tags};
use crate::document::compose::{list, map, text};
use crate::document::{Key, Node, Value};
use crate::export::values::{document, of_json};
use crate::services::events::inspect::{
    API_DESTINATION, ARCHIVE, CONNECTION, ENDPOINT, EVENT_BUS, RULE,
};
use crate::services::kinesis::inspect::STREAM;
use crate::services::logs::inspect::LOG_GROUP;
use crate::services::resource::Resource;
use crate::services::schemas::inspect::{DISCOVERER, REGISTRY, SCHEMA};

/// The sections besides queues and topics whose resources are named by their own names, with their kinds.
pub(super) const SECTIONS: [(&str, &str); 9] = [
    (EVENT_BUS, BUSES),
    (RULE, RULES),
    (ARCHIVE, ARCHIVES),
    (CONNECTION, CONNECTIONS),
    (API_DESTINATION, API_DESTINATIONS),
    (ENDPOINT, ENDPOINTS),
    (LOG_GROUP, LOG_GROUPS),
    (STREAM, STREAMS),
    (REGISTRY, REGISTRIES),
];

/// Members of targets, and properties, that are data, which the format takes as they are.
const DATA: [&str; 3] = ["EventPattern", "InputPath", "InputTransformer"];

/// A resource's entries.
type Entries = Vec<(&'static str, Node)>;

impl Writer<'_> {
    /// All sections but queues and topics.
    pub(super) fn sections(&mut self) -> Vec<(&'static str, Vec<(String, Node)>)> {
        let held = self.held;
        let mut sections = Vec::new();
        for (kind, section) in SECTIONS {
            let mut named = Vec::new();
            for resource in held.described(kind) {
                let (_, key) = self.keys[resource.arn.as_str()].clone();
                named.push((key, self.described(resource)));
            }
            if kind == REGISTRY {
                named = self.with_schemas(named);
            }
            let named = named.into_iter();
            sections.push((
                section,
                named.map(|(key, entries)| (key, map(entries))).collect(),
            ));
        }
        let discoverers = held.described(DISCOVERER).map(|discoverer| {
            let bus = discoverer.text("SourceArn").unwrap_or_default();
            let bus = bus.rsplit_once("event-bus/").map_or("", |(_, name)| name);
            (bus.to_owned(), map(self.described(discoverer)))
        });
        let discoverers = discoverers.collect();
        sections.push(("discoverers", discoverers));
        sections
    }

    /// Registries with their schemas, and those that every account has if they have any.
    fn with_schemas(&mut self, registries: Vec<(String, Entries)>) -> Vec<(String, Entries)> {
        let held = self.held;
        let mut schemas: BTreeMap<String, Vec<(String, Node)>> = BTreeMap::new();
        for schema in held.described(SCHEMA) {
            let (registry, name) = schema.name.split_once('/').unwrap_or_default();
            let described = map(self.described(schema));
            let of_registry = schemas.entry(registry.to_owned()).or_default();
            of_registry.push((name.to_owned(), described));
        }
        let mut registries: BTreeMap<_, _> = registries.into_iter().collect();
        for (registry, schemas) in schemas {
            let entries = registries.entry(registry).or_default();
            entries.push(("schemas", map(schemas)));
        }
        registries.into_iter().collect()
    }

    fn described(&mut self, resource: &Resource) -> Entries {
        let mut entries = Entries::new();
        let (_, key) = self.keys.get(resource.arn.as_str()).cloned().unzip();
        if resource.kind == RULE && key.as_ref() != Some(&resource.name) {
            entries.push(("Name", text(&resource.name)));
        }
        for (name, json) in &resource.properties {
            let value = of_json(json);
            entries.extend(self.property(resource, name, &value));
        }
        entries.extend(tags(&resource.tags));
        entries
    }

    fn property(
        &mut self,
        resource: &Resource,
        name: &'static str,
        value: &Node,
    ) -> Option<(&'static str, Node)> {
        let refers = |key, section| (key, self.named(section, value));
        Some(match (resource.kind, name) {
            (RULE, "EventBusName") => ("bus", value.clone()),
            (ARCHIVE, "SourceArn") => {
                // An archive that names no bus is of the default one.
                let is_default =
                    matches!(&value.value, Value::Text(arn) if arn.ends_with(":event-bus/default"));
                return (!is_default).then(|| refers("bus", BUSES));
            }
            (API_DESTINATION, "ConnectionArn") => refers("connection", CONNECTIONS),
            (RULE, "Targets") => ("targets", self.targets(value)),
            // Their place says it, or there is no word for it.
            (SCHEMA, "RegistryName" | "SchemaName") | (DISCOVERER, "SourceArn" | "State") => {
                return None;
            }
            (SCHEMA, "Content") => (name, as_document(value)),
            (CONNECTION, "AuthParameters") => {
                let variable = |name: &str| text(format!("${{parameters.{name}}}"));
                let parameters = self.secrets.put_into(&resource.name, value, variable);
                (name, parameters.with_texts(&|text| self.portable(text)))
            }
            (_, "DeadLetterConfig") => (name, self.dead_letters(value)),
            (_, name) if DATA.contains(&name) => (name, value.clone()),
            (_, name) => (name, value.with_texts(&|text| self.portable(text))),
        })
    }

    /// The key of the resource that a value is the ARN of, or else the ARN with variables.
    fn named(&self, section: &str, value: &Node) -> Node {
        let replace = |arn: &str| self.name_of(section, arn).or_else(|| self.portable(arn));
        value.with_texts(&replace)
    }

    fn dead_letters(&self, config: &Node) -> Node {
        let queue = |arn: &str| self.queue_name(arn).or_else(|| self.portable(arn));
        config.with_texts_of("Arn", &queue)
    }

    fn targets(&self, targets: &Node) -> Node {
        let Value::List(targets) = &targets.value else {
            return targets.clone();
        };
        let targets = targets.iter().enumerate();
        list(targets.map(|(place, target)| self.target(place, target)))
    }

    /// A target: the name of a queue, if that is all of it.
    fn target(&self, place: usize, target: &Node) -> Node {
        let arn = target.get("Arn").and_then(|arn| arn.value.scalar());
        let arn = arn.unwrap_or_default();
        let found = TARGETS.iter().find_map(|(key, section)| {
            let name = self.name_of(section, &arn)?;
            Some((
                *key,
                Node {
                    line: 1,
                    value: name,
                },
            ))
        });
        let is_written = |(key, value): &&(Key, Node)| match key.text.as_str() {
            "Arn" => false,
            // The id of a target that is given none.
            "Id" => value.value != Value::Text(format!("Target{place}")),
            _ => true,
        };
        let members = target.entries().iter().filter(is_written);
        let members: Vec<_> = members
            .map(|(key, value)| (key.text.clone(), self.member(&key.text, value)))
            .collect();
        let named = match found {
            Some(("queue", name)) if members.is_empty() => return name,
            Some((key, name)) => (key, name),
            None => ("Arn", text(&arn).with_texts(&|text| self.portable(text))),
        };
        let named = (named.0.to_owned(), named.1);
        map([named].into_iter().chain(members))
    }

    fn member(&self, name: &str, value: &Node) -> Node {
        match name {
            "Input" => as_document(value),
            "DeadLetterConfig" => self.dead_letters(value),
            name if DATA.contains(&name) => value.clone(),
            _ => value.with_texts(&|text| self.portable(text)),
        }
    }
}

/// A text that is a document as that, if it is one in the form in which it would be read back.
fn as_document(value: &Node) -> Node {
    match &value.value {
        Value::Text(written) => document(written).unwrap_or_else(|| value.clone()),
        _ => value.clone(),
    }
}
