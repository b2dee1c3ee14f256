//! From JSON to the terms of a policy, or to the first error, with the position of AWS's parser at that moment.
//!
//! In reading order: this file reads names, nesting and `$or`; `matches.rs` the list of a leaf and most operators;
//! `anything_but.rs` and `numeric.rs` the two with a grammar of their own. How a position comes about: the parser looks
//! at a value when it reads the name before it, but at a string's text only when it is needed. See `Node::opened` and
//! `Node::closed`.

mod anything_but;
mod matches;
mod numeric;

use super::condition::Condition;
use super::dialect::Dialect;
use super::json::{Node, Token};
use super::refused::{Fault, Reason};

type Parsed<T> = Result<T, Fault>;

/// How deep objects and `$or` may nest, together: the stack has an end. Of filter policies, a leaf's depth is a factor of
/// the combinations and each `$or` around it adds at least one, so that deeper ones are beyond that limit anyway. Event
/// patterns have no limit that is known.
const MAX_LEVEL: usize = super::limits::COMBINATIONS;

/// The total length of the paths of all leaves. Few distinct ones are allowed, but a long name around many leaves is part
/// of each.
const MAX_PATHS: usize = 64 * super::limits::SIZE;

/// Names that may not stand in a branch of `$or`. In filter policies they keep it from being read as more than a name.
const RESERVED: [&str; 24] = [
    "exactly",
    "prefix",
    "suffix",
    "equals-ignore-case",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "regex",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// One of the requirements that must all be met.
#[derive(Debug)]
pub(super) enum Term {
    Leaf(Leaf),
    /// At least one of the branches must be met, with all its terms.
    Or(Vec<Vec<Term>>),
}

/// A name whose value must meet one of the conditions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    /// The names that lead to it, joined with dots. A dot inside a name is no different.
    pub(super) path: Box<str>,
    /// How many objects it is in.
    pub(super) depth: usize,
    pub(super) conditions: Vec<Condition>,
}

pub(super) fn parse(root: Node<'_, '_>, dialect: Dialect) -> Parsed<Vec<Term>> {
    if *root.token() != Token::ObjectStart {
        return Err(Fault::at(root.opened(), Reason::NotAnObject));
    }
    let mut reader = Reader {
        dialect,
        paths: 0,
        first_in_or: None,
    };
    let mut terms = Vec::new();
    let surroundings = Surroundings {
        path: None,
        depth: 1,
        level: 1,
        forbids_reserved: false,
    };
    reader.object(root, surroundings, &mut terms)?;
    Ok(terms)
}

struct Reader {
    dialect: Dialect,
    /// The length of all paths so far.
    paths: usize,
    /// The first member of the text's first `$or`, with the position of its value.
    first_in_or: Option<(Box<str>, usize)>,
}

/// The surroundings of an object.
#[derive(Clone, Copy)]
struct Surroundings<'p> {
    path: Option<&'p str>,
    depth: usize,
    level: usize,
    /// Whether it is in an `$or` of an event pattern, at whatever depth.
    forbids_reserved: bool,
}

impl Reader {
    fn object(
        &mut self,
        object: Node<'_, '_>,
        around: Surroundings<'_>,
        terms: &mut Vec<Term>,
    ) -> Parsed<()> {
        if around.level > MAX_LEVEL {
            return Err(self.dialect.too_complex().into());
        }
        let mut is_empty = true;
        for (name, value) in object.members() {
            is_empty = false;
            terms.extend(self.member(name, value, around)?);
        }
        if is_empty {
            return Err(Fault::at(object.closed(), Reason::EmptyObject));
        }
        Ok(())
    }

    fn member(
        &mut self,
        name: &str,
        value: Node<'_, '_>,
        around: Surroundings<'_>,
    ) -> Parsed<Vec<Term>> {
        let level = around.level + 1;
        let is_pattern = self.dialect == Dialect::EventPattern;
        if name == "$or" && (is_pattern || is_or(value)) {
            let inside = Surroundings {
                level,
                forbids_reserved: is_pattern,
                ..around
            };
            let is_outermost = is_pattern && !around.forbids_reserved;
            let branches = self.or(value, inside);
            return match branches {
                Err(fault) if is_outermost => Err(self.rename_operator(fault)),
                branches => Ok(vec![Term::Or(branches?)]),
            };
        }
        if around.forbids_reserved && RESERVED.contains(&name) {
            return Err(Fault::at(value.opened(), Reason::Reserved(name.into())));
        }
        let path = match around.path {
            Some(path) => format!("{path}.{name}"),
            None => name.to_owned(),
        };
        self.paths += path.len();
        if self.paths > MAX_PATHS {
            return Err(self.dialect.too_complex().into());
        }
        let mut terms = Vec::new();
        match value.token() {
            Token::ObjectStart => {
                let around = Surroundings {
                    path: Some(&path),
                    depth: around.depth + 1,
                    level,
                    ..around
                };
                self.object(value, around, &mut terms)?;
            }
            Token::ArrayStart => terms.push(Term::Leaf(Leaf {
                path: path.into(),
                depth: around.depth,
                conditions: matches::read_list(value, self.dialect)?,
            })),
            _ => {
                let reason = Reason::ObjectOrArray(name.into());
                return Err(Fault::at(value.opened(), reason));
            }
        }
        Ok(terms)
    }

    fn see_branch(&mut self, branch: Node<'_, '_>) {
        if self.first_in_or.is_none() {
            let first = branch.members().next();
            self.first_in_or = first.map(|(name, value)| (name.into(), value.opened()));
        }
    }

    /// Of an operator in an `$or` that there is not, AWS's refusal names the first member of the first branch of the text's
    /// first `$or`: it comes from a second reading, in which `$or` is a name and its branches are matches.
    fn rename_operator(&self, fault: Fault) -> Fault {
        match (fault.reason(), &self.first_in_or) {
            (Reason::MatchType(_), Some((name, at))) => {
                Fault::at(*at, Reason::MatchType((&**name).into()))
            }
            _ => fault,
        }
    }

    /// The branches of an `$or`. That of a filter policy has been found to have the form of one.
    fn or(&mut self, value: Node<'_, '_>, around: Surroundings<'_>) -> Parsed<Vec<Vec<Term>>> {
        if *value.token() != Token::ArrayStart {
            return Err(Fault::at(value.opened(), Reason::OrArray));
        }
        let mut branches = Vec::new();
        for branch in value.elements() {
            if *branch.token() != Token::ObjectStart {
                return Err(Fault::at(branch.opened(), Reason::OrBranch));
            }
            self.see_branch(branch);
            let mut terms = Vec::new();
            self.object(branch, around, &mut terms)?;
            branches.push(terms);
        }
        if branches.len() < 2 {
            return Err(Fault::at(value.closed(), Reason::OrBranches));
        }
        Ok(branches)
    }
}

/// Whether the value of a member called `$or` has the form of one; otherwise it is an ordinary name.
fn is_or(value: Node<'_, '_>) -> bool {
    let is_branch = |element: Node<'_, '_>| {
        *element.token() == Token::ObjectStart
            && !element.members().any(|(name, _)| RESERVED.contains(&name))
    };
    *value.token() == Token::ArrayStart
        && value.elements().nth(1).is_some()
        && value.elements().all(is_branch)
}
