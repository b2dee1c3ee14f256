//! From which entry on a client wants the log.

use crate::clock::Timestamp;
use crate::wire::DateTime;

/// From which entry on a client wants the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// From this time on.
    Time(Timestamp),
    /// After the entry with this number.
    Sequence(u64),
}

impl Since {
    /// Every entry.
    pub(super) const ALWAYS: Self = Self::Sequence(0);

    /// Reads an entry's number, or a time such as `2026-01-02T03:04:05Z`; `None` if the text is neither.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Ok(sequence) = text.parse() {
            return Some(Self::Sequence(sequence));
        }
        // The `+` of an offset is a space if the client did not encode it.
        let DateTime(time) = DateTime::parse(&text.replace(' ', "+"))?;
        Some(Self::Time(time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn since_is_a_number_or_a_moment() {
        assert_eq!(Since::parse("7"), Some(Since::Sequence(7)));
        let time = Since::Time(Timestamp::from_secs(1_767_312_000));
        for same in [
            "2026-01-02T00:00:00Z",
            "2026-01-02T01:00:00+01:00",
            "2026-01-02T01:00:00 01:00",
        ] {
            assert_eq!(Since::parse(same), Some(time), "{same}");
        }
        for wrong in ["-1", "yesterday", "2026-01-02"] {
            assert_eq!(Since::parse(wrong), None, "{wrong}");
        }
    }
}
