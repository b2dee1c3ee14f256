//! From which entry on a client wants a log, such as that of captured deliveries: what several services' routes take.

use super::{Given, Parameter, Refusal, Schema};
use crate::clock::Timestamp;
use crate::wire::DateTime;

/// From which entry on a client wants the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From this time on.
    Time(Timestamp),
    /// After the entry with this number.
    Sequence(u64),
}

impl Since {
    /// Every entry.
    const ALWAYS: Self = Self::Sequence(0);

    /// The parameter.
    pub const PARAMETER: Parameter = Parameter::query(
        "since",
        "A time such as 2026-01-02T03:04:05Z: entries from it on; or the Sequence of an entry: entries after it.",
        Schema::Text,
    );

    /// What a request says.
    pub fn read(given: &Given<'_>) -> Result<Self, Refusal> {
        let since = given.text("since");
        since
            .map_or(Some(Self::ALWAYS), Self::parse)
            .ok_or_else(|| {
                let message =
                    "since is a time such as 2026-01-02T03:04:05Z, or the Sequence of an entry.";
                Refusal::new(400, message)
            })
    }

    /// Whether an entry of this moment and number is wanted.
    pub fn has(self, at: Timestamp, sequence: u64) -> bool {
        match self {
            Self::Time(time) => at >= time,
            Self::Sequence(last) => sequence > last,
        }
    }

    /// Reads an entry's number, or a time such as `2026-01-02T03:04:05Z`; `None` if the text is neither.
    fn parse(text: &str) -> Option<Self> {
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
