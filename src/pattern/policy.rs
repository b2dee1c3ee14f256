//! A policy: read, checked against AWS's limits, spread out into alternatives, and matched.

use core::ops::ControlFlow;

use super::complexity;
use super::condition::Condition;
use super::dialect::Dialect;
use super::event::{Event, Field, PlaceId, ROOT};
use super::grammar::{self, Leaf, Term};
use super::json::{Document, JsonRefused, Token};
use super::limits;
use super::refused::{ATTRIBUTE, Fault, PolicyRefused, Reason};
use super::work::Work;

/// What it costs to combine a place, in steps.
const PLACE: usize = 8;

/// The part of a message that a policy looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scope {
    /// Its message attributes.
    #[default]
    MessageAttributes,
    /// The JSON object in its body.
    MessageBody,
}

impl Scope {
    /// As SNS names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MessageAttributes => "MessageAttributes",
            Self::MessageBody => "MessageBody",
        }
    }
}

/// A filter policy, or an event pattern, that has been checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    scope: Scope,
    alternatives: Vec<Alternative>,
}

/// Leaves that must all be met; no two of them have one path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Alternative {
    pub(super) leaves: Vec<Leaf>,
}

impl Policy {
    /// Reads the value of the attribute `FilterPolicy`. `{}` is refused like other empty objects: a caller for which it
    /// means "no policy" asks [`Policy::is_removal`] first.
    pub fn parse(text: &str, scope: Scope) -> Result<Self, PolicyRefused> {
        if text.len() > limits::SIZE {
            return Err(PolicyRefused::semantic(
                Reason::TooLarge(limits::SIZE).into(),
                text,
            ));
        }
        let document = Document::parse(text)
            .map_err(|error| PolicyRefused::syntax(JsonRefused::new(ATTRIBUTE, text, &error)))?;
        // SNS rewrites the document before it reads it as a policy; positions count in the rewritten text.
        let source = document.compact();
        let document = Document::parse(&source).expect("what was written is JSON");
        let terms = grammar::parse(document.root(), Dialect::FilterPolicy)
            .map_err(|fault| PolicyRefused::semantic(fault, &source))?;
        let is_nested = |leaf: &&Leaf| leaf.depth > 1;
        if scope == Scope::MessageAttributes && complexity::leaves(&terms).iter().any(is_nested) {
            return Err(PolicyRefused::nested());
        }
        complexity::check(&terms)
            .map_err(|reason| PolicyRefused::semantic(reason.into(), &source))?;
        Ok(Self {
            scope,
            alternatives: spread(&terms),
        })
    }

    /// Reads an event pattern of EventBridge, to be held against events of [`Event::from_json`]. AWS reads a pattern as far
    /// as the first mistake, whether that is in its syntax or in what it says; what stands behind it does not matter.
    pub fn parse_event_pattern(text: &str) -> Result<Self, PolicyRefused> {
        let refused = |fault: Fault| PolicyRefused::pattern(&fault, text);
        let (document, mistake) = Document::parse_start(text);
        if let Some(mistake) = mistake {
            let fault = if document.is_empty() && mistake.is_empty_text() {
                Some(Fault::at(mistake.at(), Reason::NotAnObject))
            } else if document.is_empty() {
                None
            } else {
                grammar::parse(document.root(), Dialect::EventPattern).err()
            };
            return Err(match fault {
                Some(fault) if !fault.is_cut() => refused(fault),
                fault => {
                    let is_twice = fault.is_some_and(|fault| fault.is_twice());
                    PolicyRefused::pattern_syntax(&mistake, is_twice, text)
                }
            });
        }
        let terms = grammar::parse(document.root(), Dialect::EventPattern).map_err(refused)?;
        complexity::check_event_pattern(&terms).map_err(|reason| refused(reason.into()))?;
        Ok(Self {
            scope: Scope::MessageBody,
            alternatives: spread(&terms),
        })
    }

    /// Whether a value of the attribute removes the policy: an empty text or object.
    pub fn is_removal(text: &str) -> bool {
        let is_empty = |document: Document<'_>| {
            let root = document.root();
            *root.token() == Token::ObjectStart && root.members().next().is_none()
        };
        text.is_empty() || Document::parse(text).is_ok_and(is_empty)
    }

    /// The part of a message that the policy looks at: the event given to it must be made of that.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Whether a message matches.
    pub fn matches(&self, event: &Event<'_>) -> bool {
        self.matches_within(event, &mut Work::unlimited())
    }

    /// The same, counting the work. One policy is always answered for, so that it may take more than is left.
    pub fn matches_within(&self, event: &Event<'_>, work: &mut Work) -> bool {
        work.spend(1);
        event.is_usable()
            && self
                .alternatives
                .iter()
                .any(|alternative| alternative.is_met(event, work))
    }

    pub(super) fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }
}

impl Alternative {
    /// Whether each leaf has a value that meets it, and these values can be had together. [`Policy::explain`] says what
    /// is missing.
    pub(super) fn is_met(&self, event: &Event<'_>, work: &mut Work) -> bool {
        self.is_met_at(event, work, |place| event.at(&self.leaves[place].path))
    }

    /// The same, where the field of each leaf is known.
    pub(super) fn is_met_at<'e>(
        &self,
        event: &'e Event<'_>,
        work: &mut Work,
        field: impl Fn(usize) -> Option<&'e Field<'e>>,
    ) -> bool {
        let dialect = event.dialect();
        if let [leaf] = &*self.leaves {
            return leaf.is_met_by(field(0), dialect, work);
        }
        let mut in_arrays = Vec::new();
        for (place, leaf) in self.leaves.iter().enumerate() {
            match leaf.places(field(place), dialect, work) {
                Places::None => return false,
                Places::Anywhere => {}
                Places::InArrays(places) => in_arrays.push(places),
            }
        }
        if in_arrays.len() > 1 {
            work.spend(PLACE * in_arrays.iter().map(Vec::len).sum::<usize>());
        }
        event.places().can_combine(&in_arrays)
    }

    /// The leaves that only values in arrays meet.
    pub(super) fn leaves_in_arrays<'a>(
        &'a self,
        event: &'a Event<'_>,
    ) -> impl Iterator<Item = &'a Leaf> {
        let is_in_array = |leaf: &&Leaf| {
            let field = event.at(&leaf.path);
            let places = leaf.places(field, event.dialect(), &mut Work::unlimited());
            matches!(places, Places::InArrays(_))
        };
        self.leaves.iter().filter(is_in_array)
    }
}

/// Where a leaf finds what meets it.
enum Places {
    None,
    /// In no array, or by absence: it combines with everything.
    Anywhere,
    InArrays(Vec<PlaceId>),
}

impl Leaf {
    /// Whether a value meets it, or its absence.
    pub(super) fn is_met(&self, event: &Event<'_>, work: &mut Work) -> bool {
        self.is_met_by(event.at(&self.path), event.dialect(), work)
    }

    fn is_met_by(&self, field: Option<&Field<'_>>, dialect: Dialect, work: &mut Work) -> bool {
        let visited = self.visit(field, dialect, work, |_| ControlFlow::Break(()));
        visited.is_break()
    }

    fn places(&self, field: Option<&Field<'_>>, dialect: Dialect, work: &mut Work) -> Places {
        let mut places = Vec::new();
        let visited = self.visit(field, dialect, work, |place| {
            if place == ROOT {
                return ControlFlow::Break(());
            }
            places.push(place);
            ControlFlow::Continue(())
        });
        match places.is_empty() {
            _ if visited.is_break() => Places::Anywhere,
            true => Places::None,
            false => Places::InArrays(places),
        }
    }

    /// Visits the places of the values of its field that meet it; the root for absence. Places may come more than once.
    fn visit(
        &self,
        field: Option<&Field<'_>>,
        dialect: Dialect,
        work: &mut Work,
        mut visit: impl FnMut(PlaceId) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(field) = field.filter(|field| !field.values.is_empty()) else {
            if self.conditions.iter().any(Condition::accepts_absence) {
                return visit(ROOT);
            }
            return ControlFlow::Continue(());
        };
        let Some(sorted) = field.sorted() else {
            for found in &field.values {
                work.spend(self.conditions.len());
                if self
                    .conditions
                    .iter()
                    .any(|one| one.accepts(&found.value, dialect))
                {
                    visit(found.place)?;
                }
            }
            return ControlFlow::Continue(());
        };
        // A value that meets several conditions is visited for the first.
        let mut is_visited = vec![false; sorted.len()];
        for condition in &self.conditions {
            work.spend(1);
            for distinct in sorted.candidates(&field.values, condition) {
                work.spend(condition.cost());
                let value = sorted.value(&field.values, distinct);
                if is_visited[distinct] || !condition.accepts(value, dialect) {
                    continue;
                }
                is_visited[distinct] = true;
                for place in sorted.places(&field.values, distinct) {
                    work.spend(1);
                    visit(place)?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// All ways to take one branch of each `$or`. There are no more than combinations allowed.
fn spread(terms: &[Term]) -> Vec<Alternative> {
    let mut alternatives = vec![Alternative { leaves: Vec::new() }];
    for term in terms {
        match term {
            Term::Leaf(leaf) => alternatives.iter_mut().for_each(|one| one.set(leaf)),
            Term::Or(branches) => {
                let branches: Vec<_> = branches.iter().flat_map(|branch| spread(branch)).collect();
                let joined = alternatives.iter().flat_map(|one| {
                    branches.iter().map(|branch| {
                        let mut joined = one.clone();
                        branch.leaves.iter().for_each(|leaf| joined.set(leaf));
                        joined
                    })
                });
                alternatives = joined.collect();
            }
        }
    }
    alternatives
}

impl Alternative {
    /// Of two leaves with one path, the later one counts: so does the reference matcher.
    fn set(&mut self, leaf: &Leaf) {
        match self.leaves.iter_mut().find(|other| other.path == leaf.path) {
            Some(other) => *other = leaf.clone(),
            None => self.leaves.push(leaf.clone()),
        }
    }
}
