//! Why a message does not match a policy, as a value.

use std::fmt;

use super::dialect::Dialect;
use super::event::{Contents, Event, Value};
use super::grammar::Leaf;
use super::json::Quoted;
use super::policy::{Alternative, Policy, Scope};
use super::work::Work;

/// How many values, and how much of each, the sentence shows.
const MAX_VALUES: usize = 5;
const MAX_VALUE: usize = 100;

/// What keeps a message from matching a policy. Displays a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// The message has nothing to filter by: no attribute that policies see, or a body that is not a JSON object.
    NothingToFilter(Scope),
    /// The event is not a JSON object.
    NotAnEvent,
    /// An attribute's value breaks the JSON document that AWS makes of all attributes, so that none can be read.
    Unreadable {
        /// The attribute's name.
        attribute: Box<str>,
        /// Whether it is a `String.Array`.
        is_list: bool,
    },
    /// A key whose conditions no value of the message meets.
    Unmet {
        /// The names that lead to the key, joined with dots.
        key: Box<str>,
        /// The conditions, in JSON; one of them would have to be met.
        wanted: Box<[Box<str>]>,
        /// The values that the message has of the key, in JSON.
        found: Box<[Box<str>]>,
    },
    /// Each key has values that meet its conditions, but those of these keys are never in the same element of an array.
    Apart {
        /// The names that lead to the keys, joined with dots.
        keys: Box<[Box<str>]>,
    },
}

impl Policy {
    /// Why a message does not match; nothing if it does. Of a policy with alternatives (`$or`), the one is looked at of
    /// which the fewest keys are unmet.
    ///
    /// It costs more than [`Policy::matches`]: call it where somebody reads the answer.
    pub fn explain(&self, event: &Event<'_>) -> Option<Mismatch> {
        match event.contents() {
            Contents::Some => {}
            Contents::None if event.dialect() == Dialect::EventPattern => {
                return Some(Mismatch::NotAnEvent);
            }
            Contents::None => return Some(Mismatch::NothingToFilter(self.scope())),
            Contents::Unreadable { attribute, is_list } => {
                return Some(Mismatch::Unreadable {
                    attribute: (*attribute).into(),
                    is_list: *is_list,
                });
            }
        }
        if self.matches(event) {
            return None;
        }
        let alternatives = self.alternatives().iter();
        let nearest = alternatives.min_by_key(|one| one.unmet(event).count())?;
        let unmet = nearest.unmet(event).next();
        Some(match unmet {
            Some(leaf) => Mismatch::unmet(leaf, event),
            None => Mismatch::Apart {
                keys: nearest
                    .leaves_in_arrays(event)
                    .map(|leaf| leaf.path.clone())
                    .collect(),
            },
        })
    }
}

impl Alternative {
    fn unmet<'a>(&'a self, event: &'a Event<'_>) -> impl Iterator<Item = &'a Leaf> {
        let is_met = |leaf: &Leaf| leaf.is_met(event, &mut Work::unlimited());
        self.leaves.iter().filter(move |leaf| !is_met(leaf))
    }
}

impl Mismatch {
    fn unmet(leaf: &Leaf, event: &Event<'_>) -> Self {
        let values = event.values(&leaf.path).iter();
        Self::Unmet {
            key: leaf.path.clone(),
            wanted: boxed(leaf.conditions.iter()),
            found: boxed(values.map(|found| &found.value)),
        }
    }
}

fn boxed(shown: impl Iterator<Item: fmt::Display>) -> Box<[Box<str>]> {
    shown.map(|one| one.to_string().into()).collect()
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => Quoted(text).fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Digits(digits) => f.write_str(digits),
            Self::Word(word) => word.fmt(f),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingToFilter(Scope::MessageAttributes) => {
                f.write_str("the message has no attribute to filter by")
            }
            Self::NothingToFilter(Scope::MessageBody) => {
                f.write_str("the message's body is not a JSON object")
            }
            Self::NotAnEvent => f.write_str("the event is not a JSON object"),
            Self::Unreadable {
                attribute,
                is_list: true,
            } => write!(
                f,
                "no attribute can be read, because {attribute}, a String.Array, is not JSON"
            ),
            Self::Unreadable {
                attribute,
                is_list: false,
            } => write!(
                f,
                "no attribute can be read, because {attribute} is not valid between the quotes of a JSON string: \
                 it has a quote, a backslash or a control character that is not escaped"
            ),
            Self::Unmet { key, wanted, found } => {
                let found = match &**found {
                    [] => "absent".to_owned(),
                    found => some_of(found, " and "),
                };
                write!(f, "{key} is {found}, wanted is {}", some_of(wanted, " or "))
            }
            Self::Apart { keys } => {
                let keys = some_of(keys, " and ");
                write!(f, "no element of an array has all of {keys} as wanted")
            }
        }
    }
}

/// The first values, each cut to a length that can be read.
fn some_of(values: &[Box<str>], separator: &str) -> String {
    let shown = values.iter().take(MAX_VALUES);
    let shown: Vec<_> = shown
        .map(|value| match value.char_indices().nth(MAX_VALUE) {
            Some((end, _)) => format!("{}…", &value[..end]),
            None => value.to_string(),
        })
        .collect();
    let shown = shown.join(separator);
    match values.len().saturating_sub(MAX_VALUES) {
        0 => shown,
        others => format!("{shown}{separator}{others} more"),
    }
}
