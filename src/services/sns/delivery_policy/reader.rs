//! Reads the members of a delivery policy by type and range, and words what is wrong with them as AWS does.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::Refused;

/// A JSON object within the document, and its path for errors.
#[derive(Clone, Debug)]
pub(super) struct Object {
    path: String,
    members: Map<String, Value>,
}

impl Object {
    /// The document itself.
    pub(super) fn parse(text: &str) -> Result<Self, Refused> {
        let value =
            serde_json::from_str(text).map_err(|_| Refused("failed to parse JSON.".to_owned()))?;
        match value {
            Value::Object(members) => Ok(Self {
                path: String::new(),
                members,
            }),
            _ => Err(Refused(
                "failed to parse JSON. Not a JSON object.".to_owned(),
            )),
        }
    }

    /// Refuses members that are not among `known`.
    pub(super) fn has_only(&self, known: &[&str]) -> Result<(), Refused> {
        match self
            .members
            .keys()
            .find(|name| !known.contains(&name.as_str()))
        {
            Some(name) => Err(Refused(format!("Unexpected JSON member: {name}"))),
            None => Ok(()),
        }
    }

    /// The object `name`; `None` when it is absent or null.
    pub(super) fn object(&self, name: &str) -> Result<Option<Self>, Refused> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Object(members)) => Ok(Some(Self {
                path: self.path_of(name),
                members: members.clone(),
            })),
            Some(other) => Err(self.mismatch(name, "object", other)),
        }
    }

    /// The integer `name`, within `range`.
    pub(super) fn integer(
        &self,
        name: &str,
        range: &RangeInclusive<u32>,
    ) -> Result<Option<u32>, Refused> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        let Some(number) = value.as_i64() else {
            return Err(self.mismatch(name, "integer", value));
        };
        if number < i64::from(*range.start()) {
            let bound = range.start();
            return Err(self.problem(name, &format!("must be greater than or equal to {bound}")));
        }
        match u32::try_from(number) {
            Ok(number) if number <= *range.end() => Ok(Some(number)),
            _ => {
                let bound = range.end();
                Err(self.problem(name, &format!("must be less than or equal to {bound}")))
            }
        }
    }

    /// The integer `name`, which is required.
    pub(super) fn required_integer(
        &self,
        name: &str,
        range: &RangeInclusive<u32>,
    ) -> Result<u32, Refused> {
        self.integer(name, range)?
            .ok_or_else(|| self.problem(name, "must be specified"))
    }

    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>, Refused> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(other) => Err(self.mismatch(name, "boolean", other)),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refused> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.mismatch(name, "string", other)),
        }
    }

    /// The error for the member `name`.
    pub(super) fn problem(&self, name: &str, problem: &str) -> Refused {
        Refused(format!("{} {problem}", self.path_of(name)))
    }

    /// A null stands for an absent member.
    fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    fn mismatch(&self, name: &str, expected: &str, value: &Value) -> Refused {
        let received = match value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(number) if number.is_f64() => "a double",
            Value::Number(_) => "an integer",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        self.problem(
            name,
            &format!("type mismatch, expecting {expected}, received {received}"),
        )
    }

    fn path_of(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }
}
