//! Reads the sections that [`sections`](super::sections) lists: a resource is made of the properties that a template has of it.

use super::Parts;
use super::reader::{Position, Reader};
use super::sections::{NAME, SCHEMAS, SOURCE, Section, TARGET_MEMBERS};
use crate::document::compose::{list, map, text};
use crate::document::{Key, Node, Value, to_json};
use crate::export::short::words::{
    ARCHIVES, BUSES, DISCOVERERS, QUEUES, REGISTRIES, RULES, TARGETS,
};
use crate::init::error::InitError;
use crate::init::plan::Wanted;
use crate::init::template::error::Fault;
use crate::init::template::policy;
use crate::init::template::properties::{Properties, Schema};

/// A resource's properties, as they are read.
type Written = Vec<(&'static str, Node)>;

/// What a resource belongs to, and how its name in the file begins.
pub(super) struct Place<'a> {
    pub(super) section: &'static Section,
    /// `registries.shop.`, or nothing.
    pub(super) within: &'a str,
    /// The registry of a schema.
    pub(super) registry: Option<&'a str>,
}

impl Reader<'_> {
    /// One resource of a section.
    pub(super) fn described(
        self,
        place: &Place<'_>,
        key: &Key,
        entries: &Node,
        parts: &mut Parts,
    ) -> Result<(), InitError> {
        let section = place.section;
        let path = format!("{}{}.{}", place.within, section.key, key.text);
        let mut written = self.properties(section, key, entries, &path, parts)?;
        let position = Position {
            path: &path,
            line: key.line,
        };
        let watched = match section.key {
            DISCOVERERS => Some(key.text.as_str()),
            ARCHIVES if !written.iter().any(|(name, _)| *name == SOURCE) => Some("default"),
            _ => None,
        };
        if let Some(bus) = watched {
            let bus = self.known.named(BUSES, bus);
            let bus = bus.map_err(|sentence| self.at(&position, &sentence))?;
            written.push((SOURCE, text(bus)));
        }
        if let Some(registry) = place.registry {
            written.push(("RegistryName", text(registry)));
        }
        self.call(section, key, written, &position, parts)
    }

    /// The calls that make a resource of these properties.
    fn call(
        self,
        section: &'static Section,
        key: &Key,
        mut written: Written,
        position: &Position<'_>,
        parts: &mut Parts,
    ) -> Result<(), InitError> {
        let policy = written.iter().position(|(name, _)| *name == "Policy");
        let policy = policy.filter(|_| section.key == REGISTRIES);
        let policy = policy.map(|place| written.remove(place).1);
        let identity = self.known.identity(section, &key.text, &written);
        let refused = |fault: Fault| self.error(fault.line, fault.at(position.path));
        let of = section.of();
        let names: Vec<_> = written.iter().map(|(name, _)| *name).collect();
        let written = Node {
            line: position.line,
            ..map(written)
        };
        let properties = Properties::of(written, Schema::of(&names), of.name);
        let mut properties = properties.map_err(refused)?;
        let calls = of.calls(identity, &mut properties).map_err(refused)?;
        let wanted = calls.into_iter().map(|call| Wanted::Call(Box::new(call)));
        let mut wanted: Vec<_> = wanted.collect();
        if let Some(policy) = policy {
            let properties = map([("RegistryName", text(&key.text)), ("Policy", policy)]);
            let properties = Properties::of(properties, policy::OF_REGISTRY, of.name);
            let made = properties.and_then(policy::of_registry).map_err(refused)?;
            wanted.extend(made.into_iter().map(|(_, wanted)| wanted));
        }
        let resources = wanted
            .into_iter()
            .map(|wanted| self.resource(position.line, position.path, wanted));
        parts.calls.extend(resources);
        Ok(())
    }

    /// The properties of a resource, with keys of topiq's own as the properties that they stand for.
    fn properties(
        self,
        section: &'static Section,
        key: &Key,
        entries: &Node,
        path: &str,
        parts: &mut Parts,
    ) -> Result<Written, InitError> {
        let own = section.own_keys();
        let mut written = Written::new();
        for (name, value) in self.entries(entries, path)? {
            match name.text.as_str() {
                own_key if !own.contains(&own_key) => {
                    written.push(self.property(section, name, value, path)?);
                }
                "tags" => written.push(("Tags", tags(self.tags(value, path)?))),
                "targets" => written.push(("Targets", self.targets(value, path)?)),
                "schemas" => {
                    for (name, schema) in self.entries(value, &format!("{path}.schemas"))? {
                        let place = Place {
                            section: &SCHEMAS,
                            within: &format!("{path}."),
                            registry: Some(&key.text),
                        };
                        let read = self.described(&place, name, schema, parts);
                        parts.errors.extend(read.err());
                    }
                }
                _ => written.extend(self.reference(section, name, value, path)?),
            }
        }
        Ok(written)
    }

    /// The resource of another section that a key names.
    fn reference(
        self,
        section: &Section,
        key: &Key,
        value: &Node,
        path: &str,
    ) -> Result<Option<(&'static str, Node)>, InitError> {
        let Some((_, property, other)) = section.refers else {
            return Ok(None);
        };
        let named = self.arn(other, key, value, path)?;
        Ok(Some((property, text(named))))
    }

    /// The ARN of a resource of a section that a value names.
    fn arn(self, section: &str, key: &Key, value: &Node, path: &str) -> Result<String, InitError> {
        let name = self.text(key, value, path)?;
        self.known.named(section, &name).map_err(|sentence| {
            let path = &format!("{path}.{}", key.text);
            let line = value.line;
            self.at(&Position { path, line }, &sentence)
        })
    }

    fn property(
        self,
        section: &Section,
        key: &Key,
        value: &Node,
        path: &str,
    ) -> Result<(&'static str, Node), InitError> {
        let mut known = section.properties();
        let found = known.find(|(name, _)| *name == key.text);
        let Some((name, _)) = found else {
            let names = section.properties().map(|(name, _)| name);
            let names = names.chain(section.own_keys());
            return Err(self.unknown(key, names, path));
        };
        let resolved = self.resolved(key, value, path)?;
        let value = match (name, &resolved.value) {
            // AWS takes a schema as a text.
            ("Content", Value::Map(_)) => Node {
                line: resolved.line,
                value: Value::Text(to_json(&resolved)),
            },
            (NAME, _) => text(self.text(key, &resolved, path)?),
            _ => resolved,
        };
        Ok((name, value))
    }

    /// A value with its references resolved.
    fn resolved(self, key: &Key, value: &Node, path: &str) -> Result<Node, InitError> {
        self.known.property(&key.text, value).map_err(|sentence| {
            let path = &format!("{path}.{}", key.text);
            let line = value.line;
            self.at(&Position { path, line }, &sentence)
        })
    }

    fn targets(self, value: &Node, path: &str) -> Result<Node, InitError> {
        let path = format!("{path}.targets");
        let items = self.items(value, &path)?.iter().enumerate();
        let targets = items.map(|(place, item)| self.target(place, item, &path));
        let targets: Result<Vec<_>, _> = targets.collect();
        let line = value.line;
        let value = Value::List(targets?);
        Ok(Node { line, value })
    }

    /// A target: a queue's name, or a mapping.
    fn target(self, place: usize, item: &Node, path: &str) -> Result<Node, InitError> {
        let path = format!("{path}[{place}]");
        let position = Position {
            path: &path,
            line: item.line,
        };
        let mut arns = Vec::new();
        let mut members = Written::new();
        if let Value::Text(queue) = &item.value {
            let arn = self.known.named(QUEUES, queue);
            arns.push(text(arn.map_err(|sentence| self.at(&position, &sentence))?));
        } else {
            for (key, value) in self.entries(item, &path)? {
                let mut kinds = TARGETS.into_iter();
                if let Some((_, section)) = kinds.find(|(kind, _)| *kind == key.text) {
                    arns.push(text(self.arn(section, key, value, &path)?));
                    continue;
                }
                let mut known = TARGET_MEMBERS.into_iter();
                let Some(name) = known.find(|name| *name == key.text) else {
                    let kinds = TARGETS.iter().map(|(kind, _)| *kind);
                    return Err(self.unknown(key, TARGET_MEMBERS.into_iter().chain(kinds), &path));
                };
                match (name, self.resolved(key, value, &path)?) {
                    ("Arn", arn) => arns.push(arn),
                    ("Input", document) if matches!(document.value, Value::Map(_)) => {
                        members.push((name, text(to_json(&document))));
                    }
                    (name, value) => members.push((name, value)),
                }
            }
        }
        let [arn] = <[Node; 1]>::try_from(arns).map_err(|_| {
            let kinds = TARGETS.map(|(kind, _)| kind).join(", ");
            self.error(item.line, format!("{path} has one of {kinds} and Arn"))
        })?;
        if !members.iter().any(|(name, _)| *name == "Id") {
            members.insert(0, ("Id", text(target_id(place))));
        }
        members.push(("Arn", arn));
        Ok(Node {
            line: item.line,
            ..map(members)
        })
    }
}

/// The id of a target that is given none, by its place.
fn target_id(place: usize) -> String {
    format!("Target{place}")
}

fn tags(tags: Vec<(String, String)>) -> Node {
    let tag = |(key, value): (String, String)| map([("Key", text(key)), ("Value", text(value))]);
    list(tags.into_iter().map(tag))
}

/// The name of a rule: its key, unless it is given another one.
pub(super) fn name_of(section: &Section, key: &str, written: Option<&Node>) -> String {
    let given = written.filter(|_| section.key == RULES);
    let given = given.and_then(|node| node.value.scalar());
    given.unwrap_or_else(|| key.to_owned())
}
