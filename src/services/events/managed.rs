//! Rules that AWS's services keep on buses, and that nobody else changes: of archives, of global endpoints that replicate,
//! of other services.
//!
//! They are shown as AWS shows them, and deliver nothing: archives, endpoints and listeners get events by ways of their own.
//! But an archive whose rule has lost its target gets no more events, as on AWS.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Events;
use super::archive::Archive;
use super::bus::Bus;
use super::buses::BusName;
use super::endpoint::Endpoint;
use super::error::Error;
use super::rule::{Pattern, Rule, State};
use super::target::Target;
use crate::aws::tags::Tags;
use crate::delivery::{EventBuses, ManagedRule};

/// The principal of archives. (Recorded.)
pub(super) const ARCHIVES: &str = "prod.vhs.events.aws.internal";

/// The principal of endpoints. AWS's is not known.
const ENDPOINTS: &str = "events.amazonaws.com";

/// The pattern of an archive's rule: what the archive asks for, but nothing that is replayed. (Recorded.) A condition of its own
/// on that gives way, as the first of two of a name does in a pattern. One that is as long as it may be has room for a leaf more.
pub(super) fn pattern_of_archive(asked: Option<&Pattern>) -> Result<Arc<Pattern>, Error> {
    const NAME: &str = "replay-name";
    const NOT_REPLAYED: &str = r#""replay-name":[{"exists":false}]}"#;

    let others = asked.and_then(|asked| members_without(&asked.text, NAME));
    let text = others.or_else(|| asked.map(|asked| asked.text.clone()));
    let members = text.as_deref().map(str::trim_end);
    let members = members.and_then(|text| text.strip_suffix('}'));
    let text = match members {
        None | Some("{") => format!("{{{NOT_REPLAYED}"),
        Some(members) => format!("{members},{NOT_REPLAYED}"),
    };
    Pattern::read(text).map(Arc::new)
}

/// An object without its members of this name; none if it has no such one.
fn members_without(object: &str, name: &str) -> Option<String> {
    let Members(members) = serde_json::from_str(object).ok()?;
    let others = members.iter().filter(|(member, _)| member != name);
    let others: Vec<_> = others
        .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
        .collect();
    (others.len() < members.len()).then(|| format!("{{{}}}", others.join(",")))
}

/// The members of an object in their order, with values as they are written: `$or` may be there twice.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ReadMembers)
    }
}

struct ReadMembers;

impl<'de> Visitor<'de> for ReadMembers {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

impl Archive {
    /// The name of its rule.
    pub(super) fn rule_name(&self) -> String {
        format!("Events-Archive-{}", self.name.name)
    }

    /// Keeps its rule on its bus.
    pub(super) fn keep_rule(&self, bus: &Bus, pattern: Arc<Pattern>) {
        let name = self.rule_name();
        let (partition, region) = (bus.name.region.partition(), bus.name.region);
        let target = Target::managed(
            &name,
            format!("arn:{partition}:events:{region}:::"),
            None,
            Some(format!(
                r#"{{"archive-arn": "{}", "event": <aws.events.event.json>, "ingestion-time": <aws.events.event.ingestion-time>}}"#,
                self.arn
            )),
        );
        bus.keep_rule(managed(bus, &name, pattern, target, ARCHIVES));
    }
}

impl Events {
    /// Deletes an archive and its rule.
    pub(super) fn delete_archive(&self, archive: &Arc<Archive>) {
        let _changing = self.archives.changing();
        self.archives.remove(archive);
        if let Some(bus) = self.buses.present(&archive.bus) {
            bus.archiving.end(archive);
            bus.drop_rule(&archive.rule_name(), ARCHIVES);
        }
    }
}

impl Endpoint {
    fn rule_name(&self) -> String {
        format!("GlobalEndpointManagedRule-{}", self.id)
    }

    /// Keeps its rules on those of its buses that are there, if it replicates.
    pub(super) fn keep_rules(&self, events: &Events) -> Result<(), Error> {
        let buses = self.buses_with_rules();
        for (bus, other) in buses.iter().zip(buses.iter().rev()) {
            if let Some(bus) = events.buses.get(bus) {
                bus.keep_rule(self.rule(&bus, other)?);
            }
        }
        Ok(())
    }

    /// Takes its rules off these buses.
    pub(super) fn drop_rules(&self, events: &Events, buses: &[BusName]) {
        for bus in buses.iter().filter_map(|bus| events.buses.present(bus)) {
            bus.drop_rule(&self.rule_name(), ENDPOINTS);
        }
    }

    /// The rule for what is put in a bus's own region: a copy has the region that it comes from.
    fn rule(&self, bus: &Bus, other: &BusName) -> Result<Rule, Error> {
        let name = self.rule_name();
        let pattern = Pattern::read(format!(r#"{{"region":["{}"]}}"#, bus.name.region))?;
        let target = Target::managed(&name, other.arn(), self.state().settings.role_arn, None);
        Ok(managed(bus, &name, Arc::new(pattern), target, ENDPOINTS))
    }
}

impl EventBuses for Events {
    fn keep_rule(&self, bus: &str, rule: &ManagedRule<'_>) -> bool {
        let bus = BusName::parse(bus).and_then(|name| self.buses.get(&name));
        let pattern = Pattern::read(rule.pattern.to_owned());
        let (Some(bus), Ok(pattern)) = (bus, pattern) else {
            return false;
        };
        let target = Target::managed(rule.name, rule.target.to_owned(), None, None);
        let kept = Rule {
            description: Some(rule.description.to_owned()),
            ..managed(&bus, rule.name, Arc::new(pattern), target, rule.managed_by)
        };
        bus.keep_rule(kept);
        true
    }

    fn drop_rule(&self, bus: &str, name: &str, managed_by: &str) {
        let bus = BusName::parse(bus).and_then(|name| self.buses.present(&name));
        if let Some(bus) = bus {
            bus.drop_rule(name, managed_by);
        }
    }
}

fn managed(
    bus: &Bus,
    name: &str,
    pattern: Arc<Pattern>,
    target: Target,
    managed_by: &'static str,
) -> Rule {
    Rule {
        name: name.into(),
        arn: bus.name.rule_arn(name).into(),
        pattern: Some(pattern),
        schedule: None,
        state: State::Enabled,
        description: None,
        role_arn: None,
        created_by: bus.name.account,
        managed_by: Some(managed_by),
        tags: Tags::new(),
        targets: vec![Arc::new(target)],
    }
}
