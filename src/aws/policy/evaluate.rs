//! The decision, and the sentence that says why.

use crate::aws::AccountId;

use super::condition::Condition;
use super::document::{Document, Statement};
use super::pattern::{matches, matches_ignoring_case};
use super::request::{Principal, Request};

/// What a policy says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// A statement allows it and none denies it.
    Allowed {
        /// The statement's `Sid`, or its place: `#1`.
        sid: &'a str,
    },
    /// A statement denies it, whatever others allow.
    Denied {
        /// The statement's `Sid`, or its place: `#1`.
        sid: &'a str,
    },
    /// No statement speaks of it.
    NoStatement,
}

impl Decision<'_> {
    /// Whether the request may be done to a resource of account `owner`. Where the policy says nothing, AWS asks the
    /// policies of the caller's own account. Callers here have full rights in theirs and none in others; a service has
    /// no account, so that only the policy can let it in.
    pub fn permits(&self, principal: &Principal<'_>, owner: AccountId) -> bool {
        match self {
            Self::Allowed { .. } => true,
            Self::Denied { .. } => false,
            Self::NoStatement => principal.is_of(owner),
        }
    }
}

/// Why a statement does not speak of a request; the later, the closer.
#[derive(Debug)]
enum Mismatch<'a> {
    Principal,
    Action,
    Resource,
    Condition(&'a Condition),
}

impl Mismatch<'_> {
    const fn closeness(&self) -> u8 {
        match self {
            Self::Principal => 0,
            Self::Action => 1,
            Self::Resource => 2,
            Self::Condition(_) => 3,
        }
    }
}

impl Document {
    /// What the policy says of `request`.
    pub fn evaluate(&self, request: &Request<'_>) -> Decision<'_> {
        let mut decision = Decision::NoStatement;
        for statement in self
            .statements
            .iter()
            .filter(|it| it.mismatch(request).is_none())
        {
            let sid = statement.name.as_str();
            if statement.denies {
                return Decision::Denied { sid };
            }
            if decision == Decision::NoStatement {
                decision = Decision::Allowed { sid };
            }
        }
        decision
    }

    /// Why [`evaluate`](Self::evaluate) decides as it does, in a sentence for whoever wonders. For what no statement
    /// allows it names what is in the way of the statement that comes closest.
    pub fn explain(&self, request: &Request<'_>) -> String {
        match self.evaluate(request) {
            Decision::Allowed { sid } => format!("allowed by statement {sid}"),
            Decision::Denied { sid } => format!("denied by statement {sid}"),
            Decision::NoStatement => {
                let Request {
                    principal, action, ..
                } = request;
                let hint = self
                    .closest(request)
                    .map(|(statement, mismatch)| statement.hint(&mismatch, request));
                let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
                format!("no statement allows {action} for {principal}{hint}")
            }
        }
    }

    /// The first of those statements that would allow the request if the least were different.
    fn closest(&self, request: &Request<'_>) -> Option<(&Statement, Mismatch<'_>)> {
        let mut closest: Option<(&Statement, Mismatch<'_>)> = None;
        for statement in self.statements.iter().filter(|statement| !statement.denies) {
            let Some(mismatch) = statement.mismatch(request) else {
                continue;
            };
            let is_closer = closest
                .as_ref()
                .is_none_or(|(_, other)| mismatch.closeness() > other.closeness());
            if is_closer {
                closest = Some((statement, mismatch));
            }
        }
        closest
    }
}

impl Statement {
    /// What keeps the statement from speaking of `request`, if anything does.
    fn mismatch(&self, request: &Request<'_>) -> Option<Mismatch<'_>> {
        if !self
            .principals
            .matches(|entry| entry.matches(&request.principal))
        {
            return Some(Mismatch::Principal);
        }
        if !self
            .actions
            .matches(|action| matches_ignoring_case(action, request.action))
        {
            return Some(Mismatch::Action);
        }
        let resources = self.resources.as_ref();
        if !resources.is_none_or(|listed| listed.matches(|arn| matches(arn, request.resource))) {
            return Some(Mismatch::Resource);
        }
        let unmet = self
            .conditions
            .iter()
            .find(|condition| !condition.is_met(request));
        unmet.map(Mismatch::Condition)
    }

    fn hint(&self, mismatch: &Mismatch<'_>, request: &Request<'_>) -> String {
        let name = &self.name;
        match mismatch {
            Mismatch::Principal => {
                let entries = self.principals.entries.iter().map(ToString::to_string);
                let entries = listing(&entries.collect::<Vec<_>>(), self.principals.is_negated);
                format!("statement {name} is about {entries}")
            }
            Mismatch::Action => {
                let actions = listing(&self.actions.entries, self.actions.is_negated);
                format!("statement {name} allows {actions}")
            }
            Mismatch::Resource => {
                let resources = self.resources.as_ref();
                let resources = resources.map(|listed| listing(&listed.entries, listed.is_negated));
                let resources = resources.unwrap_or_default();
                format!(
                    "statement {name} is about {resources}, not {}",
                    request.resource
                )
            }
            Mismatch::Condition(condition) => {
                let found = match &*request.values(&condition.key) {
                    [] => "absent".to_owned(),
                    values => values.join(" and "),
                };
                format!(
                    "{} was {found}, statement {name} wants {condition}",
                    condition.key
                )
            }
        }
    }
}

fn listing(entries: &[String], is_negated: bool) -> String {
    let entries = entries.join(", ");
    if is_negated {
        format!("all but {entries}")
    } else {
        entries
    }
}
