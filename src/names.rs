//! Names that somebody may have mistyped.

/// How similar two names must be, from 0 to 1, for one to be suggested for the other: clap's own threshold for flags.
const ALIKE: f64 = 0.7;

/// Whether a name may have been meant by another, both in small letters: two letters of five differ at most, or
/// one is the beginning of the other. Short names are alike by chance, such as `foo` and `fifotopic`.
fn may_be_meant(name: &str, other: &str) -> bool {
    let length = name.chars().count().max(other.chars().count());
    strsim::osa_distance(name, other) <= (length * 2 / 5).max(1)
        || name.starts_with(other)
        || other.starts_with(name)
}

/// The known name most similar to `name`, whatever the case of their letters, if any is similar enough.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .into_iter()
        .map(|other| (other.to_lowercase(), other))
        .filter(|(lower, _)| may_be_meant(&name, lower))
        .map(|(lower, other)| (strsim::jaro(&name, &lower), other))
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, other)| other)
}

/// The end of a sentence about a name that is not known: `; did you mean orders?`, or nothing if no known one is similar
/// enough.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known)
        .map(|other| format!("; did you mean {other}?"))
        .unwrap_or_default()
}

/// The known name that is one typo away from `name`: a letter too many, too few or wrong, two letters swapped, or the case
/// of letters. A name that is known is none's slip.
pub fn slip_of<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let upper = name.to_ascii_uppercase();
    known
        .into_iter()
        .map(|other| {
            (
                strsim::osa_distance(&upper, &other.to_ascii_uppercase()),
                other,
            )
        })
        .filter(|(distance, other)| *distance <= 1 && *other != name)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_suggested() {
        let known = ["protocol", "topic", "since"];
        assert_eq!(nearest("protcol", known), Some("protocol"));
        assert_eq!(nearest("Topic", known), Some("topic"));
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest("Foo", ["FifoTopic", "root"]), None);
        assert_eq!(nearest("smtp", ["sms", "http"]), None);
        assert_eq!(nearest("Delay", ["DelaySeconds"]), Some("DelaySeconds"));
        assert_eq!(did_you_mean("protcol", known), "; did you mean protocol?");
        assert_eq!(did_you_mean("x", known), "");
    }

    #[test]
    fn one_slip_is_one_letter() {
        let known = ["PORT", "LOG", "LOG_FORMAT"];
        for (name, meant) in [
            ("PROT", "PORT"),
            ("POR", "PORT"),
            ("PORTS", "PORT"),
            ("PART", "PORT"),
            ("port", "PORT"),
            ("LOGFORMAT", "LOG_FORMAT"),
            ("LOG-FORMAT", "LOG_FORMAT"),
        ] {
            assert_eq!(slip_of(name, known), Some(meant), "{name}");
        }
        for name in ["PORT", "BIN", "PID", "URL", "LOG_FILES", ""] {
            assert_eq!(slip_of(name, known), None, "{name}");
        }
    }
}
