//! Moments in texts.

use crate::clock::Timestamp;

/// The moment that `text` names: RFC 3339, with any offset.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    // jiff reads more than this standard: a space for the T, times without seconds, the name of a zone at the end.
    let is_at = |place: usize, marks: &[u8]| {
        text.bytes()
            .nth(place)
            .is_some_and(|at| marks.contains(&at))
    };
    if !is_at(10, b"Tt") || !is_at(16, b":") || text.ends_with(']') {
        return None;
    }
    from_jiff(text.parse().ok()?)
}

/// None before the Unix epoch.
pub(crate) fn from_jiff(moment: jiff::Timestamp) -> Option<Timestamp> {
    let millis = u64::try_from(moment.as_millisecond()).ok()?;
    Some(Timestamp::from_millis(millis))
}

/// What comes after the year 9999 is shown as the end of that year.
pub(crate) fn to_jiff(moment: Timestamp) -> jiff::Timestamp {
    i64::try_from(moment.as_millis())
        .ok()
        .and_then(|millis| jiff::Timestamp::from_millisecond(millis).ok())
        .unwrap_or(jiff::Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_four_centuries_round_trips() {
        for day in 0..150_000 {
            let moment = Timestamp::from_secs(day * 86_400);
            assert_eq!(parse(&to_jiff(moment).to_string()), Some(moment));
        }
    }

    #[test]
    fn moments_after_the_last_year_are_shown_as_its_end() {
        let shown = to_jiff(Timestamp::from_millis(u64::MAX)).to_string();
        assert!(shown.starts_with("9999-12-30T"), "{shown}");
    }
}
