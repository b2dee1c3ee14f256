//! Resources that are held with the properties of a template: event buses and what belongs to them, log groups, streams,
//! registries.

use std::collections::BTreeMap;

use super::{Properties, Template, tags};
use crate::document::compose::{list, map, text};
use crate::document::{Node, Value};
use crate::export::held::Held;
use crate::export::logical_ids::LogicalIds;
use crate::export::references::Referable;
use crate::export::values::of_json;
use crate::services::events::inspect::{
    API_DESTINATION, ARCHIVE, CONNECTION, ENDPOINT, EVENT_BUS, RULE,
};
use crate::services::kinesis::inspect::STREAM;
use crate::services::logs::inspect::LOG_GROUP;
use crate::services::resource::{DATA, Resource};
use crate::services::schemas::inspect::{DISCOVERER, REGISTRY, SCHEMA};

/// The bus that is there in any case: templates cannot make it.
const DEFAULT_BUS: &str = "default";

/// Of each kind the end of its logical ids, and the property that names it.
const KINDS: [(&str, &str, Option<&str>); 11] = [
    (EVENT_BUS, "Bus", Some("Name")),
    (RULE, "Rule", Some("Name")),
    (ARCHIVE, "Archive", Some("ArchiveName")),
    (CONNECTION, "Connection", Some("Name")),
    (API_DESTINATION, "ApiDestination", Some("Name")),
    (ENDPOINT, "Endpoint", Some("Name")),
    (LOG_GROUP, "LogGroup", Some("LogGroupName")),
    (STREAM, "Stream", Some("Name")),
    (REGISTRY, "Registry", Some("RegistryName")),
    (SCHEMA, "Schema", None),
    (DISCOVERER, "Discoverer", None),
];

/// Gives a resource its logical id.
pub(super) fn refer(
    resource: &Resource,
    ids: &mut LogicalIds,
    referables: &mut BTreeMap<String, Referable>,
) {
    let kind = resource.kind;
    if is_default_bus(resource) {
        return;
    }
    let (end, _) = words_of(kind);
    let id = ids.give(&resource.name, end);
    let referable = match kind {
        LOG_GROUP => {
            let all = format!("{}:*", resource.arn);
            referables.insert(all, Referable::Attribute(id.clone()));
            Referable::Name(id)
        }
        REGISTRY | SCHEMA | DISCOVERER => Referable::Reference(id),
        _ => Referable::Attribute(id),
    };
    referables.insert(resource.arn.clone(), referable);
}

/// The ARNs of the resources that others name, by kind and name.
pub(super) fn arns(held: &Held) -> BTreeMap<(&'static str, &str), &str> {
    let named = [EVENT_BUS, REGISTRY].into_iter();
    let named = named.flat_map(|kind| held.described(kind));
    named
        .map(|one| ((one.kind, one.name.as_str()), one.arn.as_str()))
        .collect()
}

/// The end of the logical ids of a kind, and the property that names it.
fn words_of(kind: &str) -> (&'static str, Option<&'static str>) {
    let mut kinds = KINDS.into_iter();
    let found = kinds.find(|(known, ..)| *known == kind);
    let (_, end, naming) = found.expect("each kind is in the table");
    (end, naming)
}

fn is_default_bus(resource: &Resource) -> bool {
    resource.kind == EVENT_BUS && resource.name == DEFAULT_BUS
}

impl Template<'_> {
    pub(super) fn described(&mut self, resource: &Resource) {
        if is_default_bus(resource) {
            return self.default_bus(resource);
        }
        let referable = self.references.referables[&resource.arn].clone();
        let (_, naming) = words_of(resource.kind);
        let mut properties: Properties = naming
            .map(|naming| (naming, text(&resource.name)))
            .into_iter()
            .collect();
        let mut policy = None;
        for (name, json) in &resource.properties {
            let value = of_json(json);
            match (resource.kind, *name) {
                (REGISTRY, "Policy") => policy = Some(self.portable(&value)),
                (DISCOVERER, "State") => {
                    let note = format!("State of discoverer {}: {json}", resource.name);
                    self.notes.push(note);
                }
                (_, name) => properties.push((name, self.property(resource, name, &value))),
            }
        }
        properties.extend(tags(&resource.tags));
        let id = self.add(&referable, resource.kind, properties);
        if let Some(policy) = policy {
            let registry = list([text(&id), text("RegistryName")]);
            let properties = vec![
                ("Policy", policy),
                ("RegistryName", map([("Fn::GetAtt", registry)])),
            ];
            let policy_id = self.ids.give(&id, "Policy");
            self.push(policy_id, "AWS::EventSchemas::RegistryPolicy", properties);
        }
    }

    fn property(&mut self, resource: &Resource, name: &str, value: &Node) -> Node {
        match name {
            // The rules that it lets somebody make, and the bus itself, would refer to it in a circle.
            "Policy" => value.with_texts(&|text| self.references.portable(text)),
            "AuthParameters" => {
                let reference = |name: &str| map([("Ref", text(name))]);
                let secrets = &mut self.secrets;
                let parameters = secrets.put_into(&resource.name, value, reference);
                self.portable(&parameters)
            }
            "EventBusName" => self.named(EVENT_BUS, value, Referable::reference),
            "RegistryName" => self.named(REGISTRY, value, |registry| {
                let attribute = list([text(registry.id()), text("RegistryName")]);
                map([("Fn::GetAtt", attribute)])
            }),
            "Targets" => match &value.value {
                Value::List(targets) => list(targets.iter().map(|target| self.target(target))),
                _ => value.clone(),
            },
            name if DATA.contains(&name) => value.clone(),
            _ => self.portable(value),
        }
    }

    /// What `refer` makes of the resource of this kind and name, or its name if it is not in the template.
    fn named(&self, kind: &'static str, name: &Node, refer: fn(&Referable) -> Node) -> Node {
        let Value::Text(named) = &name.value else {
            return name.clone();
        };
        let arn = self.arns.get(&(kind, named.as_str()));
        let referable = arn.and_then(|arn| self.references.referables.get(*arn));
        referable.map_or_else(|| name.clone(), refer)
    }

    fn target(&self, target: &Node) -> Node {
        let member = |(key, value): &(crate::document::Key, Node)| {
            let value = if DATA.contains(&key.text.as_str()) {
                value.clone()
            } else {
                self.portable(value)
            };
            (key.text.clone(), value)
        };
        map(target.entries().iter().map(member))
    }

    /// Of the bus that templates cannot make: its policy by statement, and notes.
    fn default_bus(&mut self, bus: &Resource) {
        for (name, json) in &bus.properties {
            if *name != "Policy" {
                self.notes
                    .push(format!("{name} of bus {DEFAULT_BUS}: {json}"));
                continue;
            }
            let policy = of_json(json);
            let statements = match policy.get("Statement").map(|node| &node.value) {
                Some(Value::List(statements)) => statements.clone(),
                Some(_) => policy.get("Statement").cloned().into_iter().collect(),
                None => Vec::new(),
            };
            for statement in statements {
                self.bus_statement(&statement);
            }
        }
        for (key, value) in &bus.tags {
            self.notes
                .push(format!("Tag {key} of bus {DEFAULT_BUS}: {value}"));
        }
    }

    fn bus_statement(&mut self, statement: &Node) {
        let Some(id) = statement.get("Sid").and_then(|id| id.value.scalar()) else {
            let statement = crate::document::to_json(statement);
            return self.notes.push(format!(
                "Statement without Sid of the policy of bus {DEFAULT_BUS}: {statement}"
            ));
        };
        let rest = statement.entries().iter();
        let rest = rest.filter(|(key, _)| key.text != "Sid");
        let rest = map(rest.map(|(key, value)| (key.text.clone(), value.clone())));
        let statement = self.portable(&rest);
        let logical_id = self.ids.give(&format!("{DEFAULT_BUS} bus {id}"), "Policy");
        let properties = vec![("StatementId", text(&id)), ("Statement", statement)];
        self.push(logical_id, "AWS::Events::EventBusPolicy", properties);
    }
}
