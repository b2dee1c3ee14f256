//! What is legal in a policy and cannot have been meant: lists whose entries, which are alternatives, undo each other, and
//! patterns that nothing can match. Only what is certain whatever is sent.

use super::condition::{Condition, Decimal, Exclusion, Range, Word};
use super::dialect::Dialect;
use super::grammar::Leaf;
use super::policy::{Alternative, Policy};

/// The fields of an event's envelope: texts or lists of texts, and `detail`.
pub const ENVELOPE: [&str; 9] = [
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    DETAIL,
];

/// The one that is an object.
const DETAIL: &str = "detail";

/// The text that a replay adds.
const REPLAY_NAME: &str = "replay-name";

/// How the sources of AWS's own services begin.
const OF_AWS: &str = "aws.";

/// Two entries of a list that were meant as requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trap {
    /// The names that lead to the list, joined with dots.
    pub key: Box<str>,
    /// An entry, in JSON.
    pub one: Box<str>,
    /// Another one, in JSON.
    pub other: Box<str>,
    /// What is wrong with them.
    pub kind: TrapKind,
}

/// What is wrong with two entries of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrapKind {
    /// A lower and an upper bound that every number is on the right side of; with the entry that has both, in JSON.
    Bounds(Box<str>),
    /// The first, an `anything-but`, lets through all that the other one does.
    Redundant,
    /// The first is an `anything-but`, and the other one lets through what it excludes.
    Undone,
    /// The first is `exists: true`, which lets every value through.
    Presence,
}

/// Why no event can match a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// Events have no such field beside `detail`.
    NoSuchField(Box<str>),
    /// The pattern looks into a field of the envelope that is a text.
    InText(Box<str>),
    /// A field of the envelope is a text, and these entries, in JSON, match none.
    NoText {
        /// The field.
        key: Box<str>,
        /// The entries.
        wanted: Box<str>,
    },
    /// `detail` is an object, and the pattern lists values of it.
    Detail,
}

impl Policy {
    /// The traps of its lists, each once.
    pub fn traps(&self) -> Vec<Trap> {
        let leaves = self.alternatives().iter().flat_map(|one| &one.leaves);
        let mut traps = Vec::new();
        for trap in leaves.flat_map(Leaf::traps) {
            if !traps.contains(&trap) {
                traps.push(trap);
            }
        }
        traps
    }

    /// Why no event can match this event pattern, if none can.
    pub fn impossible_for_events(&self) -> Option<Impossible> {
        first_of_all(self.alternatives().iter().map(Alternative::impossible))
    }

    /// A key that no message attribute can have, without which this filter policy does not match.
    pub fn impossible_attribute(&self) -> Option<&str> {
        first_of_all(self.alternatives().iter().map(Alternative::unnameable))
    }

    /// Whether this event pattern matches no events but those of AWS's own services.
    pub fn wants_aws_sources(&self) -> bool {
        let is_aws = |condition: &Condition| match condition {
            Condition::Text(text) | Condition::Prefix(text) => text.starts_with(OF_AWS),
            _ => false,
        };
        self.alternatives().iter().all(|one| {
            let mut sources = one.leaves.iter().filter(|leaf| &*leaf.path == "source");
            sources.any(|leaf| leaf.conditions.iter().all(is_aws))
        })
    }
}

/// The first, if all are there.
fn first_of_all<T>(mut found: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = found.next()??;
    found.all(|one| one.is_some()).then_some(first)
}

/// Whether a message attribute can have this name. (SNS developer guide, "Message attribute items".)
fn is_attribute_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.chars().all(is_allowed)
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
}

impl Alternative {
    fn impossible(&self) -> Option<Impossible> {
        self.leaves.iter().find_map(Leaf::impossible_in_envelope)
    }

    fn unnameable(&self) -> Option<&str> {
        let mut leaves = self.leaves.iter();
        let leaf = leaves.find(|leaf| leaf.needs_value() && !is_attribute_name(&leaf.path))?;
        Some(&leaf.path)
    }
}

impl Leaf {
    fn needs_value(&self) -> bool {
        !self.conditions.iter().any(Condition::accepts_absence)
    }

    fn impossible_in_envelope(&self) -> Option<Impossible> {
        if !self.needs_value() {
            return None;
        }
        let (field, is_within) = match self.path.split_once('.') {
            Some((field, _)) => (field, true),
            None => (&*self.path, false),
        };
        if field == DETAIL {
            return (!is_within).then_some(Impossible::Detail);
        }
        if !ENVELOPE.contains(&field) && field != REPLAY_NAME {
            return Some(Impossible::NoSuchField(self.path.clone()));
        }
        if is_within {
            return Some(Impossible::InText(self.path.clone()));
        }
        let matches_no_text = self.conditions.iter().all(Condition::matches_no_text);
        matches_no_text.then(|| Impossible::NoText {
            key: self.path.clone(),
            wanted: shown(&self.conditions),
        })
    }

    fn traps(&self) -> Vec<Trap> {
        let pairs = (0..self.conditions.len())
            .flat_map(|one| (one + 1..self.conditions.len()).map(move |other| (one, other)));
        let traps = pairs.filter_map(|(one, other)| {
            let (one, other) = (&self.conditions[one], &self.conditions[other]);
            let (one, other, kind) = match (trap(one, other), trap(other, one)) {
                (Some(kind), _) => (one, other, kind),
                (None, Some(kind)) => (other, one, kind),
                (None, None) => return None,
            };
            Some(Trap {
                key: self.path.clone(),
                one: one.to_string().into(),
                other: other.to_string().into(),
                kind,
            })
        });
        traps.collect()
    }
}

impl Condition {
    fn matches_no_text(&self) -> bool {
        matches!(
            self,
            Self::Number(_) | Self::Digits(_) | Self::Word(_) | Self::Range(_)
        )
    }

    /// Whether it asks for something that another condition may leave out on purpose: nothing, null or an empty text.
    fn is_for_emptiness(&self) -> bool {
        match self {
            Self::Absent | Self::Word(Word::Null) => true,
            Self::Text(text) => text.is_empty(),
            _ => false,
        }
    }
}

fn shown(conditions: &[Condition]) -> Box<str> {
    let conditions: Vec<_> = conditions.iter().map(ToString::to_string).collect();
    format!("[{}]", conditions.join(",")).into()
}

/// What is wrong with `one`, seen beside `other`.
fn trap(one: &Condition, other: &Condition) -> Option<TrapKind> {
    match (one, other) {
        (Condition::Range(bottom), Condition::Range(top)) => bounds(bottom, top),
        (Condition::Present, _) | (Condition::Filled, Condition::Absent) => {
            Some(TrapKind::Presence)
        }
        (Condition::Filled, other) => (!other.is_for_emptiness()).then_some(TrapKind::Presence),
        (_, Condition::Present | Condition::Filled) => None,
        (Condition::AnythingBut(one), Condition::AnythingBut(other)) => {
            one.shares_nothing_with(other).then_some(TrapKind::Undone)
        }
        (Condition::AnythingBut(exclusion), other) if !other.is_for_emptiness() => {
            exclusion.beside(other)
        }
        _ => None,
    }
}

fn bounds(bottom: &Range, top: &Range) -> Option<TrapKind> {
    let (Some(lower), None, None, Some(upper)) =
        (&bottom.bottom, &bottom.top, &top.bottom, &top.top)
    else {
        return None;
    };
    let both = Condition::Range(Range {
        bottom: bottom.bottom.clone(),
        top: top.top.clone(),
    });
    (lower.value < upper.value).then(|| TrapKind::Bounds(both.to_string().into()))
}

impl Exclusion {
    /// What is wrong with a condition beside this. Nothing, if it lets some of what is excluded through on purpose:
    /// `test-smoke` beside all that does not begin with `test-`.
    fn beside(&self, other: &Condition) -> Option<TrapKind> {
        if other.matches_no_text() {
            return self.beside_no_text(other);
        }
        match (self, other) {
            // Compared by what they mean, not by how they are written.
            (_, Condition::Address(_) | Condition::Cidr(_)) => None,
            (Self::Numbers(_), _) => Some(TrapKind::Redundant),
            // What is let through need not be listed in the first place.
            (Self::Texts(texts), _) => {
                let mut items = texts.items().iter();
                let accepts = |text: &str| other.accepts_text(text, Dialect::EventPattern);
                Some(kind_of(items.any(|text| accepts(text))))
            }
            (Self::FoldedTexts(texts), Condition::FoldedText(text)) => {
                Some(kind_of(texts.items().contains(text)))
            }
            (Self::Prefixes(prefixes), Condition::Prefix(wanted)) => {
                beside_affixes(prefixes.items(), wanted, |text, start| {
                    text.starts_with(start)
                })
            }
            (Self::Suffixes(suffixes), Condition::Suffix(wanted)) => {
                beside_affixes(suffixes.items(), wanted, |text, end| text.ends_with(end))
            }
            (_, Condition::Text(text)) => (!self.names_text(text)).then_some(TrapKind::Redundant),
            _ => None,
        }
    }

    /// The same of a condition that no text meets.
    fn beside_no_text(&self, other: &Condition) -> Option<TrapKind> {
        let Self::Numbers(numbers) = self else {
            return Some(TrapKind::Redundant);
        };
        let mut items = numbers.items().iter();
        match other {
            Condition::Number(number) => Some(kind_of(items.any(|one| one == number))),
            Condition::Range(range) => {
                let is_within = |one: &Decimal| !range.is_below(one) && !range.is_above(one);
                Some(kind_of(items.any(is_within)))
            }
            Condition::Word(_) => Some(TrapKind::Redundant),
            _ => None,
        }
    }

    /// Whether nothing is excluded by both, for certain.
    fn shares_nothing_with(&self, other: &Self) -> bool {
        let is_of_numbers = |one: &Self| matches!(one, Self::Numbers(_));
        match (self, other) {
            (Self::Texts(one), Self::Texts(other)) => share_nothing(one.items(), other.items()),
            (Self::Numbers(one), Self::Numbers(other)) => share_nothing(one.items(), other.items()),
            (Self::FoldedTexts(one), Self::FoldedTexts(other)) => {
                share_nothing(one.items(), other.items())
            }
            (Self::Texts(texts), affixes @ (Self::Prefixes(_) | Self::Suffixes(_)))
            | (affixes @ (Self::Prefixes(_) | Self::Suffixes(_)), Self::Texts(texts)) => {
                !texts.items().iter().any(|text| affixes.names_text(text))
            }
            (Self::Prefixes(one), Self::Prefixes(other)) => {
                let overlap =
                    |one: &str, other: &str| one.starts_with(other) || other.starts_with(one);
                let mut items = one.items().iter();
                !items.any(|prefix| other.items().iter().any(|other| overlap(prefix, other)))
            }
            (one, other) => is_of_numbers(one) != is_of_numbers(other),
        }
    }
}

/// What is wrong with a prefix or suffix beside excluded ones; `has` says whether a text has one.
fn beside_affixes(
    excluded: &[Box<str>],
    wanted: &str,
    has: fn(&str, &str) -> bool,
) -> Option<TrapKind> {
    if excluded.iter().all(|affix| has(affix, wanted)) {
        return Some(TrapKind::Undone);
    }
    let mut affixes = excluded.iter();
    let overlap = affixes.any(|affix| has(affix, wanted) || has(wanted, affix));
    (!overlap).then_some(TrapKind::Redundant)
}

fn share_nothing<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    !one.iter().any(|item| other.contains(item))
}

fn kind_of(is_excluded: bool) -> TrapKind {
    if is_excluded {
        TrapKind::Undone
    } else {
        TrapKind::Redundant
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Scope;

    /// The traps of a list, as `kind one other`.
    fn traps(list: &str) -> Vec<String> {
        let policy = format!(r#"{{"a":{list}}}"#);
        let policy = Policy::parse(&policy, Scope::MessageBody).expect(list);
        let traps = policy.traps().into_iter();
        traps
            .map(|trap| format!("{:?} {} {}", trap.kind, trap.one, trap.other))
            .collect()
    }

    #[test]
    fn two_bounds_that_every_number_keeps_are_told() {
        assert_eq!(
            traps(r#"[{"numeric":[">",0]},{"numeric":["<=",5]}]"#),
            [
                r#"Bounds("{\"numeric\":[\">\",0,\"<=\",5]}") {"numeric":[">",0]} {"numeric":["<=",5]}"#
            ]
        );
        assert_eq!(
            traps(r#"[{"numeric":["<",5]},{"numeric":[">",0]}]"#).len(),
            1
        );
        for fine in [
            r#"[{"numeric":["<",0]},{"numeric":[">",5]}]"#,
            r#"[{"numeric":["<",5]},{"numeric":[">",5]}]"#,
            r#"[{"numeric":[">",0,"<",5]},{"numeric":[">",10]}]"#,
            r#"[{"numeric":[">",0,"<",5]}]"#,
            r#"[1,{"numeric":[">",0]}]"#,
        ] {
            assert_eq!(traps(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn what_stands_beside_anything_but_is_told_unless_it_is_an_exception() {
        for (list, kind) in [
            (r#"[{"prefix":"a"},{"anything-but":"b"}]"#, "Redundant"),
            (r#"[{"prefix":"a"},{"anything-but":"ab"}]"#, "Undone"),
            (r#"["x",{"anything-but":"y"}]"#, "Redundant"),
            (r#"["x",{"anything-but":["x","y"]}]"#, "Undone"),
            (r#"[5,{"anything-but":"y"}]"#, "Redundant"),
            (r#"["y",{"anything-but":[5]}]"#, "Redundant"),
            (r#"[5,{"anything-but":[5]}]"#, "Undone"),
            (r#"[{"numeric":[">",0]},{"anything-but":[5]}]"#, "Undone"),
            (r#"[{"numeric":[">",9]},{"anything-but":[5]}]"#, "Redundant"),
            (r#"[true,{"anything-but":[5]}]"#, "Redundant"),
            (r#"["x",{"anything-but":{"prefix":"y"}}]"#, "Redundant"),
            (
                r#"[{"prefix":"a"},{"anything-but":{"prefix":"ab"}}]"#,
                "Undone",
            ),
            (
                r#"[{"prefix":"a"},{"anything-but":{"prefix":"b"}}]"#,
                "Redundant",
            ),
            (
                r#"[{"suffix":"a"},{"anything-but":{"suffix":"ba"}}]"#,
                "Undone",
            ),
            (
                r#"["X",{"anything-but":{"equals-ignore-case":"y"}}]"#,
                "Redundant",
            ),
            (r#"[{"anything-but":"x"},{"anything-but":"y"}]"#, "Undone"),
            (r#"[{"anything-but":"x"},{"anything-but":[5]}]"#, "Undone"),
            (
                r#"[{"anything-but":"x"},{"anything-but":{"prefix":"y"}}]"#,
                "Undone",
            ),
        ] {
            let found = traps(list);
            assert_eq!(found.len(), 1, "{list}");
            assert!(found[0].starts_with(kind), "{list} {found:?}");
        }
        for fine in [
            r#"[{"exists":false},{"anything-but":"x"}]"#,
            r#"[null,{"anything-but":"x"}]"#,
            r#"["",{"anything-but":"x"}]"#,
            r#"["test-smoke",{"anything-but":{"prefix":"test-"}}]"#,
            r#"[{"prefix":"test-smoke"},{"anything-but":{"prefix":"test-"}}]"#,
            r#"["a.keep",{"anything-but":{"suffix":".keep"}}]"#,
            r#"[{"suffix":"z"},{"anything-but":{"prefix":"a"}}]"#,
            r#"["X",{"anything-but":{"equals-ignore-case":"x"}}]"#,
            r#"["ab",{"anything-but":{"wildcard":"a*"}}]"#,
            r#"[{"anything-but":{"prefix":"a"}},{"anything-but":{"suffix":"z"}}]"#,
            r#"["10.0.0.1",{"anything-but":"10.0.0.2"}]"#,
            r#"["a","b",{"prefix":"c"}]"#,
        ] {
            assert_eq!(traps(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn what_stands_beside_presence_is_told() {
        for list in [
            r#"[{"exists":true},"x"]"#,
            r#"["x",{"exists":true}]"#,
            r#"[{"exists":true},{"exists":false}]"#,
            r#"[{"exists":true},{"anything-but":"x"}]"#,
        ] {
            let found = traps(list);
            assert_eq!(found.len(), 1, "{list}");
            assert!(
                found[0].starts_with(r#"Presence {"exists":true}"#),
                "{found:?}"
            );
        }
        // In filter policies, these are no values that are there.
        assert_eq!(traps(r#"[{"exists":true},null,""]"#), [""; 0]);
    }

    #[test]
    fn a_trap_in_all_alternatives_is_told_once() {
        let text = r#"{"a":["x",{"anything-but":"y"}],"$or":[{"b":["1"]},{"c":["1"]}]}"#;
        let policy = Policy::parse(text, Scope::MessageAttributes).expect(text);
        assert_eq!(policy.traps().len(), 1);
    }

    fn impossible(pattern: &str) -> Option<Impossible> {
        let policy = Policy::parse_event_pattern(pattern).expect(pattern);
        policy.impossible_for_events()
    }

    #[test]
    fn patterns_that_no_event_matches_are_told() {
        let no_text = |key: &str, wanted: &str| Impossible::NoText {
            key: key.into(),
            wanted: wanted.into(),
        };
        for (pattern, reason) in [
            (
                r#"{"detailType":["x"]}"#,
                Impossible::NoSuchField("detailType".into()),
            ),
            (
                r#"{"detial":{"a":["x"]}}"#,
                Impossible::NoSuchField("detial.a".into()),
            ),
            (
                r#"{"source":{"prefix":["x"]}}"#,
                Impossible::InText("source.prefix".into()),
            ),
            (
                r#"{"account":[123456789012,1]}"#,
                no_text("account", "[123456789012,1]"),
            ),
            (r#"{"detail":["x"]}"#, Impossible::Detail),
            (
                r#"{"$or":[{"Source":["x"]},{"detail-type":[1]}]}"#,
                Impossible::NoSuchField("Source".into()),
            ),
        ] {
            assert_eq!(impossible(pattern), Some(reason), "{pattern}");
        }
        for fine in [
            r#"{"source":["x"],"detail":{"a":[1]},"replay-name":[{"exists":false}]}"#,
            r#"{"detailType":[{"exists":false}]}"#,
            r#"{"account":["1",1]}"#,
            r#"{"source":[{"anything-but":[1]}]}"#,
            r#"{"$or":[{"source":["x"]},{"detailType":["x"]}]}"#,
        ] {
            assert_eq!(impossible(fine), None, "{fine}");
        }
    }

    #[test]
    fn keys_that_no_attribute_has_are_told() {
        let impossible = |text: &str| {
            let policy = Policy::parse(text, Scope::MessageAttributes).expect(text);
            policy.impossible_attribute().map(str::to_owned)
        };
        assert_eq!(
            impossible(r#"{"order type":["x"]}"#).as_deref(),
            Some("order type")
        );
        assert_eq!(impossible(r#"{"$.a":["x"]}"#).as_deref(), Some("$.a"));
        assert_eq!(impossible(r#"{"a b":[{"exists":false}]}"#), None);
        assert_eq!(impossible(r#"{"order.type-1_":["x"]}"#), None);
    }

    #[test]
    fn patterns_of_aws_sources_alone_are_known() {
        let is_aws = |text: &str| {
            Policy::parse_event_pattern(text)
                .expect(text)
                .wants_aws_sources()
        };
        assert!(is_aws(r#"{"source":["aws.s3",{"prefix":"aws.e"}]}"#));
        assert!(!is_aws(r#"{"source":["aws.s3","shop"]}"#));
        assert!(!is_aws(r#"{"source":[{"prefix":"aws"}]}"#));
        assert!(!is_aws(r#"{"detail-type":["x"]}"#));
    }
}
