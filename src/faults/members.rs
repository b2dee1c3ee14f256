//! The members of a JSON object, read with refusals that name the member and what was meant.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::names;

/// The members of an object that stands at `path`.
pub(super) struct Members<'a> {
    path: &'static str,
    members: &'a Map<String, Value>,
}

impl<'a> Members<'a> {
    /// The members of a value that must be an object with no others than those `known`.
    pub(super) fn of(
        value: &'a Value,
        path: &'static str,
        known: &[&'static str],
    ) -> Result<Self, String> {
        let Value::Object(members) = value else {
            let what = if path.is_empty() { "The body" } else { path };
            return Err(format!("{what} is a JSON object, not {value}."));
        };
        let members = Self { path, members };
        for name in members.members.keys() {
            if !known.contains(&&**name) {
                return Err(members.unknown(name, known));
            }
        }
        Ok(members)
    }

    fn unknown(&self, name: &str, known: &[&'static str]) -> String {
        let name_there = self.name(name);
        match names::nearest(name, known.iter().copied()) {
            Some(meant) => format!("There is no {name_there}: did you mean {meant}?"),
            None => format!(
                "There is no {name_there}: it is one of {}.",
                known.join(", ")
            ),
        }
    }

    /// A member's name with where it stands.
    pub(super) fn name(&self, name: &str) -> String {
        match self.path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name)
    }

    /// That a member is something else than it should be.
    pub(super) fn wrong<T>(&self, name: &str, expected: &str) -> Result<T, String> {
        let found = self.members.get(name).unwrap_or(&Value::Null);
        Err(format!("{} is {expected}, not {found}.", self.name(name)))
    }

    pub(super) fn text(&self, name: &str, expected: &str) -> Result<Option<&'a str>, String> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => self.wrong(name, expected),
        }
    }

    pub(super) fn pattern(&self, name: &str) -> Result<Option<String>, String> {
        let text = self.text(name, r#"a text such as "orders*""#)?;
        Ok(text.map(str::to_owned))
    }

    /// A whole number of at least `least`.
    pub(super) fn number(&self, name: &str, least: u64) -> Result<Option<u64>, String> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        match value.as_u64().filter(|number| *number >= least) {
            Some(number) => Ok(Some(number)),
            None => self.wrong(name, &format!("a whole number from {least}")),
        }
    }

    pub(super) fn probability(&self, name: &str) -> Result<Option<f64>, String> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        match value.as_f64().filter(|number| (0.0..=1.0).contains(number)) {
            Some(probability) => Ok(Some(probability)),
            None => self.wrong(name, "a number from 0 to 1"),
        }
    }

    /// A text such as `1h 30m`, or a number of seconds; `most` at most.
    pub(super) fn duration(&self, name: &str, most: Duration) -> Result<Option<Duration>, String> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let duration = match value {
            Value::String(text) => humantime::parse_duration(text).ok(),
            value => value.as_u64().map(Duration::from_secs),
        };
        if let Some(duration) = duration.filter(|duration| *duration <= most) {
            return Ok(Some(duration));
        }
        let most = humantime::format_duration(most);
        let expected = format!(
            r#"a duration such as "250ms" or "1m 30s", or a number of seconds, and {most} at most"#
        );
        self.wrong(name, &expected)
    }
}
