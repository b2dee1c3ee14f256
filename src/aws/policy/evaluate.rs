//! The decision, the statement that made it, and the sentence that explains it.

use std::fmt;

use crate::aws::AccountId;

use super::condition::Condition;
use super::document::{Document, Listed, Statement};
use super::pattern::{matches, matches_ignoring_case};
use super::principal::PrincipalEntry;
use super::request::{Principal, Request};

/// A policy's decision about a request. Displays the reason as a sentence.
#[derive(Clone, Debug)]
pub enum Decision<'a> {
    /// This statement allows it and none denies it.
    Allowed(&'a Statement),
    /// This statement denies it, whatever others allow.
    Denied(&'a Statement),
    /// No statement applies to it.
    NoStatement(NoStatement<'a>),
}

/// A request that no statement applies to.
#[derive(Clone, Debug)]
pub struct NoStatement<'a> {
    /// The principal of the request.
    pub principal: Principal<'a>,
    /// The action of the request.
    pub action: &'a str,
    /// The first of the statements that come closest to allowing the request. None: no statement allows anything.
    pub nearest: Option<NearMiss<'a>>,
}

/// A statement that does not apply to a request, and the part that does not match.
#[derive(Clone, Debug)]
pub struct NearMiss<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// The part that does not match.
    pub mismatch: Mismatch<'a>,
}

/// Why a statement does not apply to a request; a later variant is closer to a match.
#[derive(Clone, Debug)]
pub enum Mismatch<'a> {
    /// It applies to other principals.
    Principal(&'a Listed<PrincipalEntry>),
    /// It applies to other actions.
    Action(&'a Listed<String>),
    /// It applies to other resources.
    Resource {
        /// The resources of the statement.
        wanted: &'a Listed<String>,
        /// The resource of the request.
        found: &'a str,
    },
    /// One of its conditions is not met.
    Condition {
        /// The condition.
        unmet: &'a Condition,
        /// The request's values for the condition's key.
        found: Vec<&'a str>,
    },
}

impl Decision<'_> {
    /// Whether the request is permitted on a resource of account `owner`. Where the policy says nothing, AWS consults
    /// the policies of the caller's own account. Callers here have full rights in their own account and none in others;
    /// a service has no account, so that only the policy can permit its request.
    pub fn permits(&self, principal: &Principal<'_>, owner: AccountId) -> bool {
        match self {
            Self::Allowed(_) => true,
            Self::Denied(_) => false,
            Self::NoStatement(_) => principal.is_of(owner),
        }
    }
}

impl Mismatch<'_> {
    const fn nearness(&self) -> u8 {
        match self {
            Self::Principal(_) => 0,
            Self::Action(_) => 1,
            Self::Resource { .. } => 2,
            Self::Condition { .. } => 3,
        }
    }
}

impl Document {
    /// The decision about `request`, with the statement that made it.
    pub fn evaluate<'a>(&'a self, request: &Request<'a>) -> Decision<'a> {
        let mut allowed = None;
        let mut nearest: Option<NearMiss<'a>> = None;
        for statement in &self.statements {
            match statement.mismatch(request) {
                None if statement.denies => return Decision::Denied(statement),
                None => allowed = allowed.or(Some(statement)),
                Some(_) if statement.denies => {}
                Some(mismatch) => {
                    let is_nearer = nearest
                        .as_ref()
                        .is_none_or(|other| mismatch.nearness() > other.mismatch.nearness());
                    if is_nearer {
                        nearest = Some(NearMiss {
                            statement,
                            mismatch,
                        });
                    }
                }
            }
        }
        match allowed {
            Some(statement) => Decision::Allowed(statement),
            None => Decision::NoStatement(NoStatement {
                principal: request.principal,
                action: request.action,
                nearest,
            }),
        }
    }
}

impl Statement {
    /// The part of the statement that does not match `request`, if any.
    fn mismatch<'a>(&'a self, request: &Request<'a>) -> Option<Mismatch<'a>> {
        if !self
            .principals
            .matches(|entry| entry.matches(&request.principal))
        {
            return Some(Mismatch::Principal(&self.principals));
        }
        if !self
            .actions
            .matches(|action| matches_ignoring_case(action, request.action))
        {
            return Some(Mismatch::Action(&self.actions));
        }
        if let Some(wanted) = &self.resources
            && !wanted.matches(|arn| matches(arn, request.resource))
        {
            let found = request.resource;
            return Some(Mismatch::Resource { wanted, found });
        }
        let unmet = self
            .conditions
            .iter()
            .find(|condition| !condition.is_met(request))?;
        let found = request.values(&unmet.key);
        Some(Mismatch::Condition { unmet, found })
    }
}

impl fmt::Display for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(statement) => write!(f, "allowed by statement {}", statement.name),
            Self::Denied(statement) => write!(f, "denied by statement {}", statement.name),
            Self::NoStatement(NoStatement {
                principal,
                action,
                nearest,
            }) => {
                write!(f, "no statement allows {action} for {principal}")?;
                match nearest {
                    Some(near_miss) => write!(f, "; {near_miss}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl fmt::Display for NearMiss<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.statement.name;
        match &self.mismatch {
            Mismatch::Principal(wanted) => write!(f, "statement {name} is about {wanted}"),
            Mismatch::Action(wanted) => write!(f, "statement {name} allows {wanted}"),
            Mismatch::Resource { wanted, found } => {
                write!(f, "statement {name} is about {wanted}, not {found}")
            }
            Mismatch::Condition { unmet, found } => {
                let found = if found.is_empty() {
                    "absent".to_owned()
                } else {
                    found.join(" and ")
                };
                write!(
                    f,
                    "{} was {found}, statement {name} wants {unmet}",
                    unmet.key
                )
            }
        }
    }
}

impl<T: fmt::Display> fmt::Display for Listed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_negated {
            f.write_str("all but ")?;
        }
        for (place, entry) in self.entries.iter().enumerate() {
            let separator = if place > 0 { ", " } else { "" };
            write!(f, "{separator}{entry}")?;
        }
        Ok(())
    }
}
