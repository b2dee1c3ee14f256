//! Tags: their checks, and the resources that have them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::aws::tags::{self, Tags};
use crate::aws::validation::{Rule, Validation};
use crate::aws::{AccountId, Arn, Region};
use crate::services::events::Events;
use crate::services::events::bus::Bus;
use crate::services::events::buses::{BusName, DEFAULT};
use crate::services::events::error::Error;

static KEYS: [Rule; 2] = [Rule::LengthAtLeast(1), Rule::LengthAtMost(128)];
static VALUES: [Rule; 1] = [Rule::LengthAtMost(256)];

/// A tag as it is sent and shown.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    key: Option<String>,
    value: Option<String>,
}

/// What has tags.
#[derive(Debug)]
pub(super) enum Tagged {
    Bus(Arc<Bus>),
    Rule(Arc<Bus>, String),
}

impl Tagged {
    /// The resource that a request names.
    pub(super) fn find(events: &Events, arn: &str) -> Result<Self, Error> {
        let unknown = || {
            Error::invalid(format!(
                "Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."
            ))
        };
        let parts = Arn::parse(arn).filter(|arn| arn.service == "events");
        let parts = parts.ok_or_else(unknown)?;
        let account = AccountId::parse(parts.account).ok_or_else(unknown)?;
        let region = Region::parse(parts.region).ok_or_else(unknown)?;
        let (kind, resource) = parts.resource.split_once('/').ok_or_else(unknown)?;
        // A partner's bus has slashes in its name, a rule has none.
        let (bus, rule) = match (kind, resource.rsplit_once('/')) {
            ("event-bus", _) => (resource, None),
            ("rule", Some((bus, rule))) => (bus, Some(rule)),
            ("rule", None) => (DEFAULT, Some(resource)),
            _ => return Err(unknown()),
        };
        let name = BusName {
            account,
            region,
            name: bus.into(),
        };
        let bus = events.buses.get(&name);
        let Some(rule) = rule else {
            let bus = bus.ok_or_else(|| Error::BusDoesNotExist(name.name.into()))?;
            return Ok(Self::Bus(bus));
        };
        let bus = bus.ok_or_else(|| Error::RuleDoesNotExist {
            rule: rule.to_owned(),
            bus: name.name.into(),
        })?;
        bus.rule(rule)?;
        Ok(Self::Rule(bus, rule.to_owned()))
    }

    pub(super) fn tags(&self) -> Result<Vec<Tag>, Error> {
        let tags = match self {
            Self::Bus(bus) => bus.look(|described| described.tags.clone()),
            Self::Rule(bus, rule) => bus.rule(rule)?.tags.clone(),
        };
        let shown = tags.into_iter().map(|(key, value)| Tag {
            key: Some(key),
            value: Some(value),
        });
        Ok(shown.collect())
    }

    pub(super) fn change(
        &self,
        change: impl FnOnce(&mut Tags) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self {
            Self::Bus(bus) => bus.change(|described| change(&mut described.tags)),
            Self::Rule(bus, rule) => bus.change_rule(rule, false, |rule| change(&mut rule.tags)),
        }
    }
}

/// Checks the constraints of the model.
pub(super) fn validate(validation: &mut Validation, tags: &[Tag]) {
    for (place, tag) in (1..).zip(tags) {
        for (member, value, rules) in [
            ("key", &tag.key, &KEYS[..]),
            ("value", &tag.value, &VALUES[..]),
        ] {
            let path = format_args!("tags.{place}.member.{member}");
            match value {
                Some(value) => validation.check(path, Some(value.as_str()), rules),
                None => validation.refuse_null(path),
            }
        }
    }
}

/// Checks the constraints of keys without values.
pub(super) fn validate_keys(validation: &mut Validation, keys: &[String]) {
    for (place, key) in (1..).zip(keys) {
        let path = format_args!("tagKeys.{place}.member");
        validation.check(path, Some(key.as_str()), &KEYS);
    }
}

/// The tags of a request, by key. The sentences of refusals are those of `aws::tags`, except for the one about equal keys.
pub(super) fn check(sent: Vec<Tag>) -> Result<Tags, Error> {
    let mut checked = Tags::new();
    for tag in sent {
        let (key, value) = (tag.key.unwrap_or_default(), tag.value.unwrap_or_default());
        tags::check(&key, &value).map_err(|refused| Error::invalid(refused.to_string()))?;
        if checked.insert(key, value).is_some() {
            return Err(Error::invalid(
                "Invalid parameter: Duplicated keys are not allowed.",
            ));
        }
    }
    Ok(checked)
}

/// Adds `tags` to those of a resource, replacing those with the same keys; all or none.
pub(super) fn add(present: &mut Tags, tags: Tags) -> Result<(), Error> {
    tags::add(present, tags).map_err(|_| Error::LimitExceeded)
}
