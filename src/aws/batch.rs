//! The checks that all batches share: the number of entries, and their ids.

/// Why a batch is refused as a whole, before any of its entries is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchRefused {
    /// No entry.
    Empty,
    /// More than ten entries: how many.
    TooMany(usize),
    /// An entry without an id: which one, counted from one.
    MissingId(usize),
    /// An id that is empty, longer than 80 characters, or has characters other than letters, digits, hyphens and
    /// underscores.
    InvalidId,
    /// The first id that is repeated.
    Repeated(String),
}

const MAX_ENTRIES: usize = 10;
const MAX_ID_LENGTH: usize = 80;

/// Checks a batch by the ids of its entries, in AWS's order of checks.
pub fn check<'a>(ids: impl ExactSizeIterator<Item = Option<&'a str>>) -> Result<(), BatchRefused> {
    match ids.len() {
        0 => return Err(BatchRefused::Empty),
        count if count > MAX_ENTRIES => return Err(BatchRefused::TooMany(count)),
        _ => {}
    }
    let ids = ids
        .enumerate()
        .map(|(place, id)| id.ok_or(BatchRefused::MissingId(place + 1)));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    if !ids.iter().all(|id| is_valid(id)) {
        return Err(BatchRefused::InvalidId);
    }
    match repeated(&ids) {
        Some(id) => Err(BatchRefused::Repeated(id.to_owned())),
        None => Ok(()),
    }
}

/// The first id that stands among those before it. They are few: to compare them all costs less than to hash them.
pub fn repeated<'a>(ids: &[&'a str]) -> Option<&'a str> {
    let mut ids = ids
        .iter()
        .enumerate()
        .map(|(place, id)| (*id, &ids[..place]));
    ids.find_map(|(id, before)| before.contains(&id).then_some(id))
}

fn is_valid(id: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=MAX_ID_LENGTH).contains(&id.len()) && id.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(ids: &[Option<&str>]) -> Result<(), BatchRefused> {
        check(ids.iter().copied())
    }

    #[test]
    fn batches_are_checked_by_count_then_ids() {
        assert_eq!(checked(&[]), Err(BatchRefused::Empty));
        assert_eq!(checked(&[Some("!"); 11]), Err(BatchRefused::TooMany(11)));
        assert_eq!(checked(&[Some("a"), None]), Err(BatchRefused::MissingId(2)));
        for wrong in ["", "a b", "é", &"x".repeat(81)] {
            assert_eq!(
                checked(&[Some(wrong)]),
                Err(BatchRefused::InvalidId),
                "{wrong}"
            );
        }
        let repeated = checked(&[Some("a"), Some("b"), Some("b"), Some("a")]);
        assert_eq!(repeated, Err(BatchRefused::Repeated("b".into())));
        assert_eq!(checked(&[Some("a"), Some("B-_9")]), Ok(()));
    }
}
