//! The members that a connection adds to a body that is a JSON object.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object, in their order, each as the text that it is.
struct Members<'t>(Vec<(String, &'t RawValue)>);

/// The body with members added, in the place of those with their names; `None` if that changes nothing.
pub(super) fn with_members(body: &str, added: &[(&str, &str)]) -> Option<String> {
    if added.is_empty() {
        return None;
    }
    let Members(own) = serde_json::from_str(body).ok()?;
    let is_added = |name: &str| added.iter().any(|(other, _)| *other == name);
    let own = own.iter().filter(|(name, _)| !is_added(name));
    let own = own.map(|(name, value)| format!("{}:{value}", quoted(name)));
    let added = added
        .iter()
        .map(|(name, value)| format!("{}:{}", quoted(name), quoted(value)));
    let members: Vec<_> = own.chain(added).collect();
    Some(format!("{{{}}}", members.join(",")))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_added_to_objects_alone() {
        let added = [("a", "x\""), ("z", "1")];
        assert_eq!(
            with_members(r#"{"b": 1.50, "a": {"c":[]}}"#, &added).as_deref(),
            Some(r#"{"b":1.50,"a":"x\"","z":"1"}"#)
        );
        assert_eq!(
            with_members("{}", &added).as_deref(),
            Some(r#"{"a":"x\"","z":"1"}"#)
        );
        for body in ["[]", "\"a\"", "5", "", "{", "{} {}"] {
            assert_eq!(with_members(body, &added), None, "{body}");
        }
        assert_eq!(with_members("{}", &[]), None);
    }
}
