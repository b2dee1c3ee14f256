//! Names that somebody may have mistyped.

/// How similar two names must be, from 0 to 1, for one to be suggested for the other: clap's own threshold for flags.
const ALIKE: f64 = 0.7;

/// The known name most similar to `name`, if any is similar enough.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|other| (strsim::jaro(name, other), other))
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, other)| other)
}
