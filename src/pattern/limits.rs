//! The numbers that AWS sets for filter policies ("Filter policy constraints" of SNS's developer guide) and event patterns.

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

/// How many alternatives all `$or` of an event pattern may make together. Inclusive.
pub(super) const ALTERNATIVES: usize = 1000;

/// The highest score of a field's wildcards: see `wildcard_score.rs`. AWS accepts 7 and refuses 11; where between them its
/// limit is, is not recorded.
pub(super) const WILDCARD_SCORE: usize = 10;

/// How many leaves an event pattern may have, of all alternatives together. AWS has no such limit, but one on the length of
/// a pattern, which leaves no room for more.
pub(super) const LEAVES: usize = 512;

/// How long a policy may be, in bytes of UTF-8.
pub(super) const SIZE: usize = 256 * 1024;

/// How many steps it may take to find out whether values combine: some hundredths of a second. A filter policy with its
/// five keys takes less for any message; AWS's own bound is not known.
pub(super) const COMBINING: usize = 10_000_000;
