//! A policy's text, read into statements.

use serde_json::{Map, Value};
use thiserror::Error;

use super::condition::Condition;
pub use super::principal::PrincipalEntry;

/// A policy. The default one has no statements.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub(super) statements: Vec<Statement>,
}

/// Why a text is not a policy.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// Not a JSON object.
    #[error("a policy is a JSON object")]
    NotAnObject,
    /// A version that AWS does not know.
    #[error("Version is 2008-10-17 or 2012-10-17")]
    Version,
    /// An element that is required.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// An element that does not have AWS's shape.
    #[error("{0} is not what AWS takes there")]
    Invalid(&'static str),
    /// An element that stands beside its opposite.
    #[error("{0} and Not{0} exclude each other")]
    Both(&'static str),
    /// An element, kind of principal or condition operator that AWS does not know.
    #[error("AWS knows no {0}")]
    Unknown(String),
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its `Sid`; without one, its place: `#1`.
    pub name: String,
    /// Whether it denies instead of allowing.
    pub denies: bool,
    /// The principals that it applies to.
    pub principals: Listed<PrincipalEntry>,
    /// The actions that it applies to, with wildcards.
    pub actions: Listed<String>,
    /// The resources that it applies to, with wildcards. None: the one that the policy is attached to.
    pub resources: Option<Listed<String>>,
    pub(super) conditions: Vec<Condition>,
}

/// The entries that an element lists, or everything else (`NotAction`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The entries.
    pub entries: Vec<T>,
    /// Whether everything but these is meant.
    pub is_negated: bool,
}

impl<T> Listed<T> {
    pub(super) fn matches(&self, is_meant: impl Fn(&T) -> bool) -> bool {
        self.entries.iter().any(is_meant) != self.is_negated
    }
}

impl Document {
    /// The policy whose text is `text`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let document: Map<String, Value> =
            serde_json::from_str(text).map_err(|_| Malformed::NotAnObject)?;
        only(&document, &["Version", "Id", "Statement"])?;
        match document.get("Version").map(Value::as_str) {
            None | Some(Some("2008-10-17" | "2012-10-17")) => {}
            Some(_) => return Err(Malformed::Version),
        }
        let id = document.get("Id");
        if id.is_some_and(|id| !id.is_string()) {
            return Err(Malformed::Invalid("Id"));
        }
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.as_slice(),
            Some(statement) => std::slice::from_ref(statement),
            None => return Err(Malformed::Missing("Statement")),
        };
        let statements = statements.iter().enumerate();
        let statements =
            statements.map(|(place, statement)| Statement::parse(statement, place + 1));
        Ok(Self {
            statements: statements.collect::<Result<_, _>>()?,
        })
    }

    /// The statements, in their order.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }
}

impl Statement {
    /// How many comparisons its `Condition` makes.
    pub fn condition_count(&self) -> usize {
        self.conditions.len()
    }

    fn parse(statement: &Value, place: usize) -> Result<Self, Malformed> {
        let Value::Object(statement) = statement else {
            return Err(Malformed::Invalid("Statement"));
        };
        let known = [
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ];
        only(statement, &known)?;
        let name = match statement.get("Sid") {
            None => format!("#{place}"),
            Some(Value::String(sid)) if sid.is_empty() => format!("#{place}"),
            Some(Value::String(sid)) => sid.clone(),
            Some(_) => return Err(Malformed::Invalid("Sid")),
        };
        let denies = match statement.get("Effect").map(Value::as_str) {
            Some(Some("Allow")) => false,
            Some(Some("Deny")) => true,
            Some(_) => return Err(Malformed::Invalid("Effect")),
            None => return Err(Malformed::Missing("Effect")),
        };
        Ok(Self {
            name,
            denies,
            principals: listed(statement, "Principal", "NotPrincipal", principals)?
                .ok_or(Malformed::Missing("Principal"))?,
            actions: listed(statement, "Action", "NotAction", |value| {
                texts(value, "Action")
            })?
            .ok_or(Malformed::Missing("Action"))?,
            resources: listed(statement, "Resource", "NotResource", |value| {
                texts(value, "Resource")
            })?,
            conditions: conditions(statement.get("Condition"))?,
        })
    }
}

/// The element `name` or its opposite, whichever is present.
fn listed<T>(
    statement: &Map<String, Value>,
    name: &'static str,
    opposite: &str,
    read: impl Fn(&Value) -> Result<Vec<T>, Malformed>,
) -> Result<Option<Listed<T>>, Malformed> {
    let (value, is_negated) = match (statement.get(name), statement.get(opposite)) {
        (None, None) => return Ok(None),
        (Some(value), None) => (value, false),
        (None, Some(value)) => (value, true),
        (Some(_), Some(_)) => return Err(Malformed::Both(name)),
    };
    let entries = read(value)?;
    Ok(Some(Listed {
        entries,
        is_negated,
    }))
}

fn principals(value: &Value) -> Result<Vec<PrincipalEntry>, Malformed> {
    const INVALID: Malformed = Malformed::Invalid("Principal");
    match value {
        Value::String(name) if name == "*" => Ok(vec![PrincipalEntry::Everyone]),
        Value::Object(kinds) if !kinds.is_empty() => {
            let mut entries = Vec::new();
            for (kind, names) in kinds {
                for name in texts(names, "Principal")? {
                    let entry = PrincipalEntry::new(kind, &name);
                    entries.push(entry.ok_or_else(|| Malformed::Unknown(kind.clone()))?);
                }
            }
            Ok(entries)
        }
        _ => Err(INVALID),
    }
}

/// A text, or a list of one or more.
fn texts(value: &Value, element: &'static str) -> Result<Vec<String>, Malformed> {
    let one = std::slice::from_ref(value);
    let values = value.as_array().map_or(one, Vec::as_slice);
    let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
    match texts.collect::<Option<Vec<_>>>() {
        Some(texts) if !texts.is_empty() => Ok(texts),
        _ => Err(Malformed::Invalid(element)),
    }
}

/// `{"ArnEquals": {"aws:SourceArn": "…"}}`: operators, under each its keys, under each a value or a list.
fn conditions(value: Option<&Value>) -> Result<Vec<Condition>, Malformed> {
    const INVALID: Malformed = Malformed::Invalid("Condition");
    let Some(value) = value else {
        return Ok(Vec::new());
    };
    let mut conditions = Vec::new();
    for (operator, keys) in value.as_object().ok_or(INVALID)? {
        for (key, values) in keys.as_object().ok_or(INVALID)? {
            let one = std::slice::from_ref(values);
            let values = values.as_array().map_or(one, Vec::as_slice);
            let values = values.iter().map(plain_text).collect::<Option<_>>();
            let condition = Condition::new(operator, key, values.ok_or(INVALID)?);
            conditions.push(condition.ok_or_else(|| Malformed::Unknown(operator.clone()))?);
        }
    }
    Ok(conditions)
}

/// A condition's value: AWS takes `true` and `5` for `"true"` and `"5"`.
fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), Malformed> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(unknown) => Err(Malformed::Unknown(unknown.clone())),
        None => Ok(()),
    }
}
