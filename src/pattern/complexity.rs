//! Whether a policy is within AWS's limits. Alternatives are counted without being built.

use std::collections::HashSet;

use super::condition::{Condition, Exclusion};
use super::grammar::{Leaf, Term};
use super::limits;
use super::refused::Reason;
use super::wildcard_score;

/// In AWS's order: names, then combinations. The cost of stars is checked last; its position is not recorded.
pub(super) fn check(terms: &[Term]) -> Result<(), Reason> {
    let leaves = leaves(terms);
    let names: HashSet<_> = leaves.iter().map(|leaf| &leaf.path).collect();
    if names.len() > limits::KEYS {
        return Err(Reason::TooManyKeys(limits::KEYS));
    }
    if combinations(terms) > limits::COMBINATIONS {
        return Err(Reason::TooComplex);
    }
    let points = leaves.into_iter().map(wildcard_points);
    if points.sum::<Result<usize, _>>()? > limits::WILDCARD_POINTS {
        return Err(Reason::TooComplex);
    }
    Ok(())
}

/// The same for an event pattern.
pub(super) fn check_event_pattern(terms: &[Term]) -> Result<(), Reason> {
    if alternatives(terms) > limits::ALTERNATIVES {
        return Err(Reason::TooManyAlternatives);
    }
    let leaves = leaves(terms);
    if leaves.len() > limits::LEAVES {
        return Err(Reason::TooManyAlternatives);
    }
    let is_costly =
        |leaf: &&Leaf| wildcard_score::exceeds(&leaf.conditions, limits::WILDCARD_SCORE);
    if leaves.iter().any(is_costly) {
        return Err(Reason::WildcardsTooComplex);
    }
    Ok(())
}

/// How many ways there are to take one branch of each `$or`.
fn alternatives(terms: &[Term]) -> usize {
    let of_term = |term: &Term| match term {
        Term::Leaf(_) => 1,
        Term::Or(branches) => {
            let of_branches = branches.iter().map(|branch| alternatives(branch));
            of_branches.fold(0, usize::saturating_add)
        }
    };
    terms.iter().map(of_term).fold(1, usize::saturating_mul)
}

/// All leaves, including those of all branches.
pub(super) fn leaves(terms: &[Term]) -> Vec<&Leaf> {
    let mut found = Vec::new();
    for term in terms {
        match term {
            Term::Leaf(leaf) => found.push(leaf),
            Term::Or(branches) => found.extend(branches.iter().flat_map(|branch| leaves(branch))),
        }
    }
    found
}

/// The sum over all alternatives of the products of their leaves, without listing them: a product of sums.
fn combinations(terms: &[Term]) -> usize {
    let of_term = |term: &Term| match term {
        Term::Leaf(leaf) => leaf.conditions.len() * leaf.depth,
        Term::Or(branches) => {
            let of_branches = branches.iter().map(|branch| combinations(branch));
            of_branches.fold(0, usize::saturating_add)
        }
    };
    terms.iter().map(of_term).fold(1, usize::saturating_mul)
}

/// The points of a leaf's patterns, times their number. A pattern with one star has one point, with more three;
/// excluding it costs one.
fn wildcard_points(leaf: &Leaf) -> Result<usize, Reason> {
    let (mut points, mut patterns) = (0, 0);
    for condition in &leaf.conditions {
        let (wildcards, is_excluded) = match condition {
            Condition::Wildcard(wildcard) => (std::slice::from_ref(wildcard), false),
            Condition::AnythingBut(Exclusion::Wildcards(wildcards)) => (&**wildcards, true),
            _ => continue,
        };
        for wildcard in wildcards {
            if wildcard.stars() > limits::STARS {
                return Err(Reason::TooManyStars(limits::STARS));
            }
            patterns += 1;
            points += match wildcard.stars() {
                _ if is_excluded => 1,
                stars @ (0 | 1) => stars,
                _ => 3,
            };
        }
    }
    Ok(points * patterns)
}
