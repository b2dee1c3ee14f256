//! Names that somebody may have mistyped.

/// How similar two names must be, from 0 to 1, for one to be suggested for the other: clap's own threshold for flags.
const ALIKE: f64 = 0.7;

/// `; did you mean orders?` for the known name most similar to `name`, whatever the case of its letters; nothing if none
/// is similar enough.
pub(super) fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(name, known)
        .map(|other| format!("; did you mean {other}?"))
        .unwrap_or_default()
}

fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .map(|other| (strsim::jaro(&name, &other.to_lowercase()), other))
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_suggested() {
        let known = ["queues", "topics"];
        let did_you_mean = |name| did_you_mean(name, known.into_iter());
        assert_eq!(did_you_mean("Queues"), "; did you mean queues?");
        assert_eq!(did_you_mean("topcis"), "; did you mean topics?");
        assert_eq!(did_you_mean("services"), "");
    }
}
