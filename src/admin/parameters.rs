//! The parameters of a query string.

use crate::aws::{AccountId, Home, Region};
use crate::clock::Timestamp;
use crate::wire::DateTime;
use crate::wire::query::Form;

/// A query string, decoded.
#[derive(Debug)]
pub(super) struct Parameters<'a> {
    form: Form<'a>,
    home: Home,
}

/// From where on entries are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Since {
    /// From this moment on.
    Moment(Timestamp),
    /// After the entry with this number.
    Sequence(u64),
}

impl<'a> Parameters<'a> {
    pub(super) fn parse(query: &'a str, home: Home) -> Option<Self> {
        let form = Form::parse(query, b"").ok()?;
        Some(Self { form, home })
    }

    /// A parameter's value; one that is empty counts as absent.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.form.get(name).filter(|value| !value.is_empty())
    }

    /// The account that parameter `name` asks for, or the server's own; nothing if it is none.
    pub(super) fn account(&self, name: &str) -> Option<AccountId> {
        match self.text(name) {
            Some(text) => AccountId::parse(text),
            None => Some(self.home.account),
        }
    }

    /// The region asked for, or the server's own; nothing if it is none.
    pub(super) fn region(&self) -> Option<Region> {
        match self.text("region") {
            Some(name) => Region::parse(name),
            None => Some(self.home.region),
        }
    }

    /// A phone number. Its `+` is a space where the client did not encode it, as many do not.
    pub(super) fn phone_number(&self) -> Option<String> {
        let text = self.text("phoneNumber")?;
        Some(match text.strip_prefix(' ') {
            Some(digits) => format!("+{digits}"),
            None => text.to_owned(),
        })
    }

    /// From where on entries are wanted, by default all: a number is an entry's, anything else a moment as
    /// `2026-01-02T03:04:05Z`. Nothing if it is neither.
    pub(super) fn since(&self) -> Option<Since> {
        let Some(text) = self.text("since") else {
            return Some(Since::Sequence(0));
        };
        if let Ok(sequence) = text.parse() {
            return Some(Since::Sequence(sequence));
        }
        // The `+` of an offset is a space where the client did not encode it.
        let DateTime(moment) = DateTime::parse(&text.replace(' ', "+"))?;
        Some(Since::Moment(moment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(query: &str) -> Option<Parameters<'_>> {
        Parameters::parse(query, Home::default())
    }

    fn since(query: &str) -> Option<Since> {
        parse(query).unwrap().since()
    }

    #[test]
    fn since_is_a_number_or_a_moment() {
        assert_eq!(since(""), Some(Since::Sequence(0)));
        assert_eq!(since("since=7"), Some(Since::Sequence(7)));
        let moment = Since::Moment(Timestamp::from_secs(1_767_312_000));
        for same in [
            "2026-01-02T00:00:00Z",
            "2026-01-02T01:00:00+01:00",
            "2026-01-02T01:00:00%2B01:00",
        ] {
            assert_eq!(since(&format!("since={same}")), Some(moment), "{same}");
        }
        for wrong in ["-1", "yesterday", "2026-01-02"] {
            assert_eq!(since(&format!("since={wrong}")), None, "{wrong}");
        }
    }

    #[test]
    fn account_and_region_have_defaults() {
        let parameters = parse("accountId=&x=1").unwrap();
        assert_eq!(parameters.account("accountId"), Some(AccountId::DEFAULT));
        assert_eq!(parameters.region(), Some(Region::default()));
        let parameters = parse("accountId=1&region=EU").unwrap();
        assert_eq!(
            (parameters.account("accountId"), parameters.region()),
            (None, None)
        );
    }

    #[test]
    fn phone_numbers_may_have_a_bare_plus() {
        for query in ["phoneNumber=+1555", "phoneNumber=%2B1555"] {
            let number = parse(query).unwrap().phone_number();
            assert_eq!(number.as_deref(), Some("+1555"), "{query}");
        }
    }

    #[test]
    fn malformed_query_strings_are_refused() {
        assert!(parse("a=%zz").is_none());
    }
}
