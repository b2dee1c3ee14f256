//! The numbers that AWS sets for filter policies: "Filter policy constraints" of its developer guide.

/// How many distinct names a policy may have: all of them in attribute scope, those of leaves in body scope.
pub(super) const KEYS: usize = 5;

/// How many combinations of values: the sum over all alternatives, of the product over their leaves, of matches times
/// depth. Inclusive.
pub(super) const COMBINATIONS: usize = 150;

/// How many stars one pattern may have.
pub(super) const STARS: usize = 3;

/// The most that all patterns with stars may cost, in points: see `complexity.rs`. Inclusive.
pub(super) const WILDCARD_POINTS: usize = 100;

/// How far from 0 the numbers of a policy may be.
pub(super) const NUMBER: u32 = 1_000_000_000;

/// How long a policy may be, in bytes of UTF-8.
pub(super) const SIZE: usize = 256 * 1024;
