//! One schema: its versions, each with its content as it was sent, and their code bindings.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::bindings::Language;
use super::discovery::Discovered;
use super::error::Error;
use crate::aws::tags::Tags;
use crate::clock::Timestamp;

/// The language of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Kind {
    OpenApi3,
    #[serde(rename = "JSONSchemaDraft4")]
    JsonSchemaDraft4,
}

/// A schema.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) name: String,
    pub(super) arn: String,
    pub(super) description: Option<String>,
    pub(super) tags: Tags,
    pub(super) modified_at: Timestamp,
    /// What its newest version was discovered as, if that was by a discoverer.
    pub(super) discovered: Option<Discovered>,
    /// The token of the last update, whose repetition changes nothing.
    pub(super) client_token: Option<String>,
    versions: BTreeMap<u64, Version>,
    /// The number of the newest version that there has been: none comes twice.
    last: u64,
}

/// A version, which never changes.
#[derive(Debug)]
pub(super) struct Version {
    pub(super) number: u64,
    pub(super) kind: Kind,
    pub(super) content: Arc<str>,
    pub(super) created_at: Timestamp,
    /// Its code bindings, each with when it was first and last asked for.
    pub(super) bindings: BTreeMap<Language, (Timestamp, Timestamp)>,
}

impl Kind {
    /// The kind of this name, which the model's constraints have let through.
    pub(super) fn named(name: &str) -> Self {
        if name == "OpenApi3" {
            Self::OpenApi3
        } else {
            Self::JsonSchemaDraft4
        }
    }

    /// Checks that a content is of this kind.
    pub(super) fn check(self, content: &str) -> Result<(), Error> {
        let Ok(Value::Object(content)) = serde_json::from_str(content) else {
            return Err(Error::bad("The schema's content is not a JSON object."));
        };
        let is_fine = match self {
            Self::OpenApi3 => {
                let version = content.get("openapi").and_then(Value::as_str);
                let has = |name| content.get(name).is_some_and(Value::is_object);
                version.is_some_and(|version| version.starts_with("3."))
                    && has("info")
                    && has("paths")
            }
            Self::JsonSchemaDraft4 => match content.get("$schema") {
                None => true,
                Some(url) => {
                    let url = url.as_str().map(|url| url.trim_end_matches('#'));
                    url == Some("http://json-schema.org/draft-04/schema")
                }
            },
        };
        if is_fine {
            return Ok(());
        }
        Err(Error::bad(match self {
            Self::OpenApi3 => "The schema's content is not an OpenAPI 3 document.",
            Self::JsonSchemaDraft4 => "The schema's content is not a JSON Schema of Draft 4.",
        }))
    }
}

impl Schema {
    /// A schema with its first version.
    pub(super) fn new(
        name: &str,
        arn: String,
        now: Timestamp,
        kind: Kind,
        content: Arc<str>,
    ) -> Self {
        let mut schema = Self {
            name: name.to_owned(),
            arn,
            description: None,
            tags: Tags::new(),
            modified_at: now,
            discovered: None,
            client_token: None,
            versions: BTreeMap::new(),
            last: 0,
        };
        schema.add(now, kind, content);
        schema
    }

    /// Adds a version.
    pub(super) fn add(&mut self, now: Timestamp, kind: Kind, content: Arc<str>) {
        self.last += 1;
        self.modified_at = now;
        let version = Version {
            number: self.last,
            kind,
            content,
            created_at: now,
            bindings: BTreeMap::new(),
        };
        self.versions.insert(self.last, version);
    }

    /// The newest version.
    pub(super) fn newest(&self) -> &Version {
        let newest = self.versions.values().next_back();
        newest.expect("the last version is not deleted without its schema")
    }

    /// The versions, the oldest first.
    pub(super) fn versions(&self) -> impl ExactSizeIterator<Item = &Version> {
        self.versions.values()
    }

    /// The version that a request names; the newest if it names none.
    pub(super) fn version(&self, asked: Option<&str>) -> Result<&Version, Error> {
        let Some(asked) = asked else {
            return Ok(self.newest());
        };
        let found = number(asked).and_then(|number| self.versions.get(&number));
        found.ok_or_else(|| self.no_version(asked))
    }

    /// The same, to be bound to code.
    pub(super) fn version_mut(&mut self, asked: Option<&str>) -> Result<&mut Version, Error> {
        let number = match asked {
            None => self.newest().number,
            Some(asked) => match number(asked) {
                Some(number) if self.versions.contains_key(&number) => number,
                Some(1..) if number(asked) <= Some(self.last) => {
                    return Err(Error::VersionGone {
                        schema: self.name.clone(),
                        version: asked.to_owned(),
                    });
                }
                _ => return Err(self.no_version(asked)),
            },
        };
        Ok(self.versions.get_mut(&number).expect("it was just found"))
    }

    /// Deletes a version.
    pub(super) fn delete_version(&mut self, asked: &str) -> Result<(), Error> {
        let number = self.version(Some(asked))?.number;
        if self.versions.len() == 1 {
            return Err(Error::bad(format!(
                "Version {number} is the only one of schema {}: delete the schema.",
                self.name
            )));
        }
        if number == self.last {
            self.discovered = None;
        }
        self.versions.remove(&number);
        Ok(())
    }

    fn no_version(&self, asked: &str) -> Error {
        Error::NoVersion {
            schema: self.name.clone(),
            version: asked.to_owned(),
        }
    }
}

/// The number of a version: `1`, and no other form of it.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(versions: u64) -> Schema {
        let content = || Arc::from("{}");
        let now = Timestamp::from_millis(1);
        let mut schema = Schema::new("s", "arn".to_owned(), now, Kind::OpenApi3, content());
        for millis in 2..=versions {
            schema.add(Timestamp::from_millis(millis), Kind::OpenApi3, content());
        }
        schema
    }

    #[test]
    fn numbers_do_not_come_back() {
        let mut schema = schema(3);
        assert_eq!(schema.delete_version("3"), Ok(()));
        assert_eq!(schema.newest().number, 2);
        schema.add(Timestamp::from_millis(9), Kind::OpenApi3, Arc::from("{}"));
        let numbers: Vec<_> = schema.versions().map(|version| version.number).collect();
        assert_eq!(numbers, [1, 2, 4]);
        assert_eq!(schema.modified_at, Timestamp::from_millis(9));
    }

    #[test]
    fn the_only_version_stays() {
        let mut schema = schema(1);
        assert!(matches!(schema.delete_version("1"), Err(Error::Bad(_))));
        assert!(matches!(
            schema.delete_version("2"),
            Err(Error::NoVersion { .. })
        ));
    }

    #[test]
    fn a_version_is_there_gone_or_never_was() {
        let mut schema = schema(3);
        assert_eq!(schema.delete_version("2"), Ok(()));
        assert_eq!(schema.version(None).map(|version| version.number), Ok(3));
        assert_eq!(schema.version(Some("1")).map(|v| v.number), Ok(1));
        for absent in ["0", "4", "01", "+1", "x", ""] {
            let error = schema.version_mut(Some(absent)).map(|_| ());
            assert!(matches!(error, Err(Error::NoVersion { .. })), "{absent}");
        }
        let gone = schema.version_mut(Some("2")).map(|_| ());
        assert!(matches!(gone, Err(Error::VersionGone { .. })));
    }

    #[test]
    fn contents_are_of_their_kind() {
        use Kind::{JsonSchemaDraft4, OpenApi3};
        for (kind, content, is_fine) in [
            (
                OpenApi3,
                r#"{"openapi":"3.0.0","info":{},"paths":{}}"#,
                true,
            ),
            (OpenApi3, r#"{"openapi":"2.0","info":{},"paths":{}}"#, false),
            (OpenApi3, r#"{"openapi":"3.0.0","info":{}}"#, false),
            (OpenApi3, "openapi: 3.0.0", false),
            (JsonSchemaDraft4, "{}", true),
            (
                JsonSchemaDraft4,
                r#"{"$schema":"http://json-schema.org/draft-04/schema#"}"#,
                true,
            ),
            (
                JsonSchemaDraft4,
                r#"{"$schema":"http://json-schema.org/draft-07/schema#"}"#,
                false,
            ),
            (JsonSchemaDraft4, "[]", false),
        ] {
            assert_eq!(kind.check(content).is_ok(), is_fine, "{content}");
        }
    }
}
